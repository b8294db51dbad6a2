## Errors of the command

command-error = error
command-no-such-file = { $path }: there is no such file; look at the spelling, or drag the file into the window
command-is-a-folder = { $path } is a folder; name one file in it
command-nothing-matches = { $path }: no file matches
command-bad-pattern = { $path } is no pattern
command-folder-without-workbooks = { $path }: no workbook in this folder or below it (.xlsx, .xlsm, .xls, .et, .xlsb, .ods, .csv)
command-cannot-read = cannot read { $path }
command-unknown-rule = no rule is called `{ $name }`; `leadsheet explain --all` lists them
command-unknown-key = cannot count by `{ $key }`; known are { $keys }, and two of them crossed with `*`
command-key-twice = cannot count by `{ $grouping }`: `{ $key }` is in it twice
command-file-before-command = { $path } stands before the command; name the files behind it: leadsheet check { $path }
config-unknown-setting = line { $line }: there is no setting `{ $name }` here; there are: { $known }
config-wrong-value = line { $line }: `{ $shown }` gives this setting what it does not take ({ $reason })
config-bad-syntax = line { $line }: `{ $shown }` cannot be read; a quotation mark, a comma or a bracket may be missing here or in the line before ({ $reason })
config-unknown-rule = line { $line }: no rule is called `{ $name }`; `leadsheet explain --all` lists them
config-no-such-template = line { $line }: no template is called `{ $name }`; `leadsheet template list` lists them
command-no-such-template = no template is called `{ $name }`; `leadsheet template list` lists them
command-no-such-sheet = there is no sheet `{ $name }`; there are: { $names }
command-no-table = no table of follow-ups was recognised; `leadsheet inspect` shows what the file holds, `leadsheet template show lead-ledger` the headings that are looked for
command-nothing-to-write = the workbook is empty; there is nothing to write
command-one-table = a parquet file holds one table, and there are several: { $sheets }. Say which with --sheet NAME
command-ingest-stdin = ingest reads files, not standard input: give it the workbook's name
command-ingest-unfinished = { $path } holds no table yet: run leadsheet ingest once more
command-ingest-gone = { $path } is no longer there; its tables stay until --prune
command-ingest-pruned = { $path } is no longer there; its tables were taken out
command-ingested = { $new } workbooks new, { $changed } changed, { $unchanged } unchanged, { $failed } not readable, { $gone } gone; { $without-table } of those read have no table. { $path } holds { $tables } tables of { $rows } rows
command-period-reversed = the period ends ({ $to }) before it begins ({ $from })
command-unknown-topic = a report has no part called `{ $name }`; there are: { $names }, and all, none
command-compare-what = --compare needs a period to compare: name it with --from and --to
command-compare-how = --compare cannot be `{ $value }`; write previous, or two days: 2024-01-01..2024-03-31
command-report-format = { $path }: the ending of the name must say what to write: .xlsx, .html, .json or .csv
command-onto-itself = { $path } is the file that is read; give --in-place to replace it (the old one is kept as .bak)
command-there-already = { $path } is there already and was left alone; choose another name, or give --replace (the old file is kept as .bak)
command-blank-type = { $path }: a blank workbook is written as .xlsx, .xls or .ods
command-written = written: { $path }
command-more-notices = { $count ->
    [one] one more place that could not be read faithfully (--verbose shows it)
   *[other] { $count } more places that could not be read faithfully (--verbose shows them)
 }

## Wrong command lines

usage-missing = { $argument } is missing; --help shows how it goes
usage-unknown = there is no option { $argument }; --help shows how it goes
usage-not-one-of = { $argument } cannot be `{ $value }`; possible are { $valid }
usage-no-value = { $argument } needs a value
usage-bad-value = { $argument } cannot be `{ $value }`; a day is written 2025-07-01, a number of days as a whole number
usage-unknown-command = there is no command `{ $command }`; leadsheet --help lists them
usage-no-command = a command is missing; --help shows how it goes
usage-conflict = { $argument } does not go with another option

## What a conversion could not carry over

loss-formulas = { $sheet }: { $count ->
    [one] one formula was written as its result
   *[other] { $count } formulas were written as their results
 }
loss-sheet = { $sheet }: this sheet was left out; choose it with --sheet
loss-around = { $sheet }: what stands above or below the table (title, banner, totals, notes) was left out; .xlsx without --template keeps it
loss-guarded = { $count ->
    [one] one text that a spreadsheet would run as a formula got an apostrophe in front
   *[other] { $count } texts that a spreadsheet would run as formulas got an apostrophe in front
 }
loss-control-characters = { $sheet }: { $count ->
    [one] one text has a control character, which .ods cannot hold; it became �
   *[other] { $count } texts have control characters, which .ods cannot hold; they became �
 }
loss-dates = { $sheet }: { $count ->
    [one] one date before 1900, which a workbook cannot count, was written as text
   *[other] { $count } dates before 1900, which a workbook cannot count, were written as text
 }
loss-other = not everything could be carried over

## What a conversion made of terms

convert-terms = Terms that the template says otherwise, or not at all:
convert-column = column
convert-old = term
convert-new = became
convert-target = in column
convert-cells = cells
convert-no-such-term = (no such term; the column stays)

## Findings

severity-error = error
severity-warning = warning
severity-info = note
list-comma = {", "}
check-rows-and-leads = { $rows } rows, { $leads } leads
check-no-table = no table of follow-ups recognised
check-suggestion = → { $value }
check-skipped = row { $row } passed over: { $reason }
check-more = … { $count ->
    [one] and one more
   *[other] and { $count } more
 }; all of them: leadsheet check "{ $path }"
check-left-out = … { $count ->
    [one] and one more finding
   *[other] and { $count } more findings
 } on this sheet: { $rules }; with -v all of them
skipped-blank = empty
skipped-total = a total
skipped-example = an example
skipped-foot = a note or signature
skipped-repeatedheader = the heading again
skipped-emptyblock = a block nobody filled in
hidden-sheet = this sheet is hidden; it is read all the same
hidden-rows = hidden rows, read all the same: { $rows }
hidden-columns = hidden columns, read all the same: { $columns }
skipped-hint = how to fill in
summary-files = { $count ->
    [one] 1 file
   *[other] { $count } files
 }
summary-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
summary-leads = { $count ->
    [one] 1 lead
   *[other] { $count } leads
 }
summary-errors = { $count ->
    [one] 1 error
   *[other] { $count } errors
 }
summary-warnings = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
 }
summary-infos = { $count ->
    [one] 1 note
   *[other] { $count } notes
 }
check-excused = { $count ->
    [one] one finding is let stand by a note in the sheet
   *[other] { $count } findings are let stand by notes in the sheet
 }
summary-by-rule = By rule
summary-by-person = By person (who has what to repair)
summary-code = code
summary-severity = severity
summary-count = findings
summary-fixable = fixable
summary-says = what is the matter
summary-owner = owner
summary-error-count = errors
summary-warning-count = warnings
summary-info-count = notes
summary-rules = rules
summary-nobody = (no owner)
summary-more-rules = … { $count ->
    [one] and one more rule
   *[other] and { $count } more rules
 }; with -v all of them
summary-more-persons = … { $count ->
    [one] and one more person
   *[other] and { $count } more persons
 }; with -v all of them
summary-explain = what a code means and what to do: leadsheet explain { $code }

## Explanations

explain-excuse = To let a single finding stand: `leadsheet: ignore { $code }` in a note on the cell, in one on the heading for its column, or in 备注 for its row.
explain-finds = What it finds
explain-why = Why it matters
explain-fails = Example that fails
explain-passes = Example that passes
explain-todo = What to do
explain-source = Source
rule-source-and = ;{" "}
rule-source-lead-ledger = 销售线索管理客户跟进记录表 (the lead ledger) and its instructions
rule-source-follow-up-records = 客户跟进记录表 and 客户沟通记录表 (the follow-up records), with their legend
rule-source-follow-up-statistics = 客户跟进记录统计表 (the statistics table), its sample, and the rules of a sales office beside it
rule-source-pipeline = 客户流向管理表 (the pipeline)
rule-source-order-tracking = 跟单客户管理表 (order tracking)
rule-source-spreadsheets = what spreadsheet programs do with such a cell
rule-source-numbering-plans = the numbering plans of telephone networks
rule-source-practice = what whoever reads such tables asks about first

## Templates

template-name = name
template-title = title
template-columns = columns
template-banner = Above the table: { $label }
template-synonyms = also: { $synonyms }
template-required = always
template-regular = usual
template-optional = if wanted

## Reports

report-headline = Conversion: { $leads } leads in { $rows } rows
report-window = Period { $from } to { $to }, by { $basis }
report-total = total
report-leads = leads
report-won = won
report-lost = lost
report-open = open
report-rate = rate
report-interval = 95 % interval
report-funnel = funnel
report-reached = reached
report-next = to the next
report-overall = of all
report-lost-here = lost here
report-went-on = went on
report-still-here = still here
report-low = 95 % from
report-high = 95 % to
basis-created = the day the lead came
basis-followed-up = any follow-up
basis-closed = the day it was won or lost
key-month = month
key-quarter = quarter
key-week = week
key-file = file
key-folder = folder
key-sheet = sheet
key-template = template

## Inspection

inspect-sheet = sheet
inspect-visible = shown
inspect-used = used
inspect-cells = cells
inspect-merges = merged
inspect-template = template
inspect-runner-up = next best
inspect-yes = yes
inspect-no = hidden
inspect-form = { $sheet }: a form with { $records } records
inspect-heading = { $sheet }: heading in row { $row }
inspect-nearest = { $sheet }: no template fits; nearest is { $template } ({ $score } of 1), which also wants { $missing }
inspect-nearest-complete = { $sheet }: no template fits; nearest is { $template } ({ $score } of 1)
inspect-heading-rows = { $sheet }: heading in rows { $rows }
decided-usual = it may mean something else too; this is the usual meaning
decided-columns = another column has its first meaning already
decided-values = { $fit } of { $of } values below it are a { $field }
decided-values-against = only { $fit } of { $of } values below it would be a { $field }
decided-group = it stands under { $group }
decided-team = your configuration says so

## Template definitions

definition-no-definition = { $file } is no template definition: { $cause }
definition-blank = { $file }, line { $line }, { $key }: something must be written here
definition-column-twice = { $file }, line { $line }, { $key }: the column { $value } is defined a second time; delete one of the two
definition-heading-twice = { $file }, line { $line }, { $key }: `{ $value }` already means the column { $other }; a heading can mean only one column
definition-group-twice = { $file }, line { $line }, { $key }: the group `{ $value }` is defined a second time; delete one of the two
definition-unknown-group = { $file }, line { $line }, { $key }: no [[group]] is called `{ $value }`; define it, or correct its name here
definition-term-twice = { $file }, line { $line }, { $key }: the term `{ $value }` is listed a second time
definition-outcome-twice = { $file }, line { $line }, { $key }: the outcome of { $value } is defined a second time; delete one of the two
definition-no-terms = { $file }, line { $line }, { $key }: the column { $value } holds no terms, so it cannot say who was won or lost
definition-unknown-term = { $file }, line { $line }, { $key }: `{ $value }` is no term of this column; list it under the column's terms first
