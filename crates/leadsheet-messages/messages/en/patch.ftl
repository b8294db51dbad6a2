## What is put into the user's own workbook

annotate-sheet = Findings
annotate-title = What leadsheet found
annotate-counted = { $rows } rows and { $leads } leads were checked, as of { $today }
annotate-how = A click on the cell leads to it. When all is put right, check again, or take the colours, notes and this sheet out with: leadsheet clean FILE OUT
annotate-error = wrong: a figure or a follow-up suffers from it
annotate-warning = probably wrong; please have a look
annotate-info = worth knowing
annotate-heading-severity = severity
annotate-heading-code = code
annotate-heading-sheet = sheet
annotate-heading-cell = cell
annotate-heading-owner = person
annotate-heading-header = column
annotate-heading-value = value
annotate-heading-message = what is the matter
annotate-heading-advice = what to do
annotate-persons = what to repair (the list below can be filtered by person)
annotate-person = { $errors } errors, { $warnings } warnings, { $infos } infos: { $rules }
annotate-more-persons = { $count ->
    [one] one more person
   *[other] { $count } more persons
 }; filter the list below by person
annotate-suggestion = Probably: { $value }

annotated = written: { $path }: { $count ->
    [0] nothing to mark; sheet { $sheet } says so
    [one] one cell marked; sheet { $sheet } tells why
   *[other] { $count } cells marked; sheet { $sheet } tells why
 }
cleaned = written: { $path }, without the colours, notes and sheet of findings
fixed = written: { $path }: { $count ->
    [0] nothing that can be put right without asking
    [one] one cell put right
   *[other] { $count } cells put right
 }
fixes-listed = put right (old → new)
annotate-onto-itself = { $path } is the file that is checked; give --in-place to mark it in place (the old one is kept as .bak)
annotate-ending = { $path }: the name must end in .{ $extension }, as the workbook that is marked is one
annotate-same-target = --annotate and --fix cannot write the same file
annotate-standard-input = what comes from standard input cannot be marked; name the file

## Why a workbook is not changed

patch-error-format = a .{ $kind } file cannot be marked or corrected in place; convert it first (leadsheet convert FILE NEW.xlsx) and take NEW.xlsx
patch-error-no-such-sheet = there is no worksheet `{ $name }`
patch-error-refused = nothing was written: { $place } { $obstacle ->
    [ill-formed] is damaged; open the file in Excel or WPS, save it, and try again
    [encoding] is in an unusual text encoding; open the file in Excel or WPS, save it, and try again
    [trial] was written by a trial version of Excel 2007; open the file in Excel or WPS, save it, and try again
    [too-large] is larger than any honest workbook makes it
    [alternatives] holds rows in two versions, for older and newer programs; open the file in Excel or WPS, save it, and try again
    [array-formula] is part of a formula over several cells; change that formula by hand
    [shared-formula] holds a formula that other cells repeat; change it by hand
    [damaged] is damaged; open the file in Excel or WPS, save it, and try again
    [too-old] is older than Excel 97; open the file in Excel or WPS, save it as .xlsx, and try again
    [changed-since] was changed by another program since it was marked, in a way that leadsheet cannot undo; open the file and delete the sheet of findings, the notes that begin with [leadsheet] and the colours by hand
    [styles] has no room for another cell format; Excel allows 64,000, in an .xls 4,000
    [not-a-worksheet] is no worksheet
    [date] cannot take that date; workbooks count from 1900 to 9999
    [number] cannot take that number
    [data-model] holds a data model (Power Pivot), which nobody can look into; remove it in Excel and try again
    [unmasked] would still name somebody; please report this, and do not share the workbook
   *[missing] is missing something; open the file in Excel or WPS, save it, and try again
 }
patch-error-not-annotated = there is nothing to take out: leadsheet has not marked this workbook
patch-error-write = cannot be written: { $reason }

patch-notice-signature = the workbook is digitally signed; the signature no longer holds in the new file
patch-notice-without-note = { $count ->
    [one] one marked cell
   *[other] { $count } marked cells
 } got a colour and no note, because somebody's note is there or the sheet has very many; the list of findings has them all
patch-notice-without-fill = { $count ->
    [one] one cell
   *[other] { $count } cells
 } got a note and no colour, because the workbook has no room for another cell format
patch-notice-left-out = { $count ->
    [one] one finding
   *[other] { $count } findings
 } did not fit the sheet of findings; leadsheet check --format csv lists all of them
patch-notice-formulas-kept = { $count ->
    [one] one cell was left as it was because it holds a formula
   *[other] { $count } cells were left as they were because they hold a formula
 }
patch-notice-saved-since = another program has saved the workbook since it was marked; what leadsheet had put in was found by its marks, and everything else was kept
