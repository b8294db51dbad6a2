## Import forms of CRMs

crm-unknown = there is no import form `{ $name }`; there are: { $known }
crm-file-type = { $path }: the import form of a CRM is written as .csv or .xlsx
crm-too-many = there are { $count } leads, and { $crm } takes { $most } at a time; convert sheet by sheet with --sheet, or divide the workbook
crm-form = { $name } is the import form of a CRM and no template for follow-ups; to have it filled: leadsheet convert ledger.xlsx import.csv --to { $name }
crm-unverified = note: the headings of { $crm } could not be checked against the CRM's own form; compare them with the form it gives you before importing
crm-other-files = note: { $crm } takes { $files } only; convert again with that ending
crm-lacking = { $count ->
    [one] one lead that { $crm } will refuse, for want of what it requires
   *[other] { $count } leads that { $crm } will refuse, for want of what it requires
 }
crm-lacking-line = { $sheet }!{ $cell }: nothing for { $headings }
crm-too-long = { $count ->
    [one] one text that { $crm } will refuse, for its length
   *[other] { $count } texts that { $crm } will refuse, for their length
 }
crm-too-long-line = { $sheet }!{ $cell }: { $heading } takes { $most } characters
crm-more = … { $count ->
    [one] one more (--verbose shows it)
   *[other] { $count } more (--verbose shows them)
 }
crm-unlisted = { $heading } is a pick list in the CRM; before importing, see that it has these: { $values }
crm-users = { $heading } takes the e-mail addresses of the CRM's users; replace these before importing: { $values }
crm-described = without a column of their own in the CRM, written into { $heading }: { $columns }
crm-left-out = without a place in the CRM, not written: { $columns }
crm-left-out-column = { $heading } ({ $count ->
    [one] 1 lead
   *[other] { $count } leads
 })
crm-earlier = each lead is written with its latest facts: { $rows } follow-ups became { $leads } leads, and earlier follow-ups are not in the file
crm-nameless = { $sheet }: row { $row } names no customer and was not written
crm-guarded = { $heading }, record { $count }: a spreadsheet would run this text as a formula, so it got an apostrophe in front, which the CRM will take over; better change how the text begins in the table
