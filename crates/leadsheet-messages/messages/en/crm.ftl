## Import forms of CRMs

crm-unknown = there is no import form `{ $name }`; there are: { $known }, or a file that describes one of your own (FORM.toml)
crm-no-form = { $file } describes no import form: { $cause }
crm-form-blank = { $file }: a column has no heading; write one, or delete the column
crm-form-heading-twice = { $file }: the heading `{ $value }` is there twice; delete one of the two columns
crm-form-field-twice = { $file }: two columns say field = "{ $value }"; leave it with one and write from = ["{ $value }"] in the other
crm-form-unfilled = { $file }: nothing fills the column `{ $value }`; give it a field, from, or rest = true
crm-form-two-rests = { $file }: `{ $value }` is the second column with rest = true; only one can take what is left
crm-form-empty = { $file }: the import form `{ $value }` has no columns
crm-form-unknown-heading = { $file }: at-least-one names `{ $value }`, and no column is called so
crm-form-date-format = { $file }: date-format cannot be `{ $value }`; write it like %Y-%m-%d
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
