### What the rules of the catalogue say: a title for each code, a sentence for each message id.
### Sentences are lower-case, without a full stop, the offending value in backticks.

## Sheet

S101 = No template fits
no-template = no template fits; nearest is { $template }, which also wants { $missing }
no-template-unrelated = no template fits, and none comes near

S102 = Missing required column
missing-required-column = template { $template } also wants { $missing }
missing-required-column-team = leadsheet.toml also wants { $fields }

S103 = Near-miss heading
near-miss-heading = `{ $value }` is read as `{ $meant }`; correct the heading

S104 = Duplicate heading
duplicate-heading = `{ $value }` means the same as `{ $first }` further left, which is the one read

S105 = Error value
error-value = `{ $value }` instead of a value

S106 = Uncalculated formula
uncalculated-formula = formula without a result; open the file in a spreadsheet program and save it

S107 = Merged cells in the data
merged-data = { $range } are merged; the value is taken for every row they cover

S108 = Blank row
blank-row = an empty row with data below; sorting and filters stop here
blank-row-several = { $rows } empty rows with data below; sorting and filters stop here

S109 = Value without a label
unlabelled-value = `{ $value }` has no label that says what it is

S120 = Not evaluable
not-evaluable-recorded = { $rule } cannot be checked: no column tells when rows were written down
not-evaluable-outcome = { $rule } cannot be checked: no column tells which leads are won, lost or open
not-evaluable-came = { $rule } cannot be checked: no column tells the day on which a lead came

## Cell: dates

C201 = Not a date
not-a-date = `{ $value }` is not a date; type it as `2024-05-20`
not-a-date-short-year = `{ $value }` has a year of two digits that could be the day; type it as `2024-05-20`

C202 = Ambiguous date
ambiguous-date = `{ $value }` is { $month-first } or { $day-first }; write the year first

C203 = Impossible date
impossible-date = `{ $value }` is a day that no calendar has

C204 = Year missing
year-missing = `{ $value }` has no year; { $inferred } is taken, the nearest one not before the follow-up
year-missing-unknown = `{ $value }` has no year, and the follow-up has no date to tell it from
year-missing-follow-up = `{ $value }` has no year, so the row has no date

C205 = Implausible date
implausible-date-early = `{ $value }` is before { $limit }, the earliest date taken for real
implausible-date-future = `{ $value }` is after today, { $limit }
implausible-date-far = `{ $value }` is after { $limit }, further ahead than anybody plans

C206 = Date as text
date-as-text = `{ $value }` is text among real dates; sorting and filters pass it over
date-as-text-number = `{ $value }` is a bare number among real dates; give the cell a date format
date-as-text-serial = `{ $value }` is how the program stores { $date }; give the cell a date format

## Cell: lead numbers

C301 = Malformed lead number
malformed-lead-id = `{ $value }` is not of the form source-YYYYMMDD-number

C302 = Impossible date in lead number
impossible-lead-id-date = the date in `{ $value }` is a day that no calendar has

## Cell: contacts

C401 = Bad mobile number
bad-mobile = mobile `{ $value }` has { $digits } digits, not 11
bad-mobile-landline = land line `{ $value }` has { $digits } digits with its area code, not 10 to 12
bad-mobile-start = mobile `{ $value }` does not begin with 13 to 19

C402 = Unreadable contact
unreadable-contact = `{ $value }` is no phone number, e-mail address or WeChat id

C403 = Malformed e-mail address
malformed-email = `{ $value }` is not an e-mail address

C404 = Strange foreign number
strange-foreign-number = `{ $value }` is not a number of the country its code names

C405 = Phone format
phone-format = mobile `{ $value }` is not written like the others of its column

## Cell: terms

C501 = Unknown term
unknown-term = `{ $value }` is not in this column's list
unknown-term-near = `{ $value }` is not in this column's list; `{ $nearest }` comes nearest
unknown-term-several = `{ $value }` is more than one term; choose one

C502 = Undeclared term
undeclared-term = `{ $value }` is not declared for this column
undeclared-term-near = `{ $value }` is not declared for this column; `{ $nearest }` comes nearest
undeclared-term-several = `{ $value }` is more than one term; choose one

C503 = Several boxes ticked
several-boxes-ticked = `{ $value }` are all ticked; only one box may be

C504 = Term spelling
term-spelling = `{ $value }` is mostly spelled `{ $usual }` in this column
term-spelling-untidy = `{ $value }` is `{ $usual }` in full-width letters or with blanks inside it: write `{ $usual }`

## Cell: numbers

C601 = Bad amount
bad-amount = `{ $value }` is not an amount of money
bad-amount-negative = amount `{ $value }` is negative
bad-amount-currency = `{ $value }` is in another currency; sums would mix it with yuan

C602 = Amount without two decimals
amount-decimals = amount `{ $value }` does not show two decimals
amount-decimals-hidden = holds `{ $value }` and shows two decimals; round it
amount-decimals-fraction = amount `{ $value }` has more than two decimals; round it

C603 = Percentage out of range
percent-out-of-range = `{ $value }` is not between 0 % and 100 %
percent-out-of-range-unreadable = `{ $value }` is not a percentage
percent-out-of-range-ambiguous = `{ $value }` may be a fraction or a percentage; write it with `%`

C604 = Number as text
number-as-text = `{ $value }` is text among real numbers; sums pass it over

## Cell: typing

C701 = Stray white space
stray-white-space = blanks before or behind `{ $value }`

C702 = Full-width digits
full-width-digits = full-width characters in `{ $value }`

C703 = Formula as text
formula-as-text = `{ $value }` would run as a formula; ask where it came from

C704 = Blank in a name
blank-in-name = `{ $value }` is written `{ $usual }` elsewhere in this column

## Row

R101 = Row without customer
row-without-customer = nothing tells whose row this is; it holds only { $columns }

R102 = Missing value
missing-value-nobody = `{ $value }` names nobody, and every row wants a name here
missing-value = empty, though every row needs a value here

R103 = Left out
left-out = filled in the other rows, empty here

R201 = Closing date on a lost lead
closing-date-on-lost = closed on `{ $value }`, yet `{ $result }`

R202 = Closing date without result
closing-date-without-result = closed on `{ $date }`, but the result is empty
closing-date-without-result-open = `{ $value }`, yet closed on `{ $date }`

R205 = Full progress, not won
full-progress-not-won = at 100 %, but nothing says it is won
full-progress-not-won-stated = at 100 %, yet `{ $result }`

R206 = Outcome contradiction
outcome-contradiction = `{ $value }` here, `{ $other }` in the column that counts

R207 = Reason contradiction
reason-contradiction = the reason says `{ $value }`, the stage `{ $stage }`

R301 = Vague next step
vague-next-step-year = `{ $date }` has no year
vague-next-step-year-person = `{ $date }` has no year, and nobody is named
vague-next-step-impossible = `{ $date }` is a day that no calendar has
vague-next-step-impossible-person = `{ $date }` is a day that no calendar has, and nobody is named
vague-next-step-past = planned for { $date }, before the follow-up
vague-next-step-date = no day is named
vague-next-step-date-person = neither a day nor a person is named
vague-next-step-person = nobody is named

R302 = Ready to buy, without a plan
ready-without-plan = ready to buy, but no next contact is planned
ready-without-plan-late = ready to buy, but the next contact is only on { $planned }

R303 = Recorded late
recorded-late = written down on { $value }, more than { $hours } hours after the follow-up of { $follow-up }

R305 = Category contradiction
category-contradiction = `{ $value }`, yet `{ $other }`

R306 = Incomplete plan
incomplete-plan = a plan without { $missing }

R304 = Unreadable date of a talk
unreadable-entry-date = cannot tell which day `{ $value }` is; write it as 2024-09-30
unreadable-entry-date-impossible = there is no such day as `{ $value }`
unreadable-entry-date-year = `{ $value }` has no year and the row no date to take it from; write the year

R307 = Plan before follow-up
plan-before-follow-up = planned for { $planned }, before the follow-up of { $date }

R401 = Order without number
order-without-number = `{ $value }`, but no order number

R402 = Order without amount
order-without-amount-zero = `{ $value }`, and the amount is 0
order-without-amount = `{ $value }`, but no amount

R403 = Delivery before order
delivery-before-order = delivered on { $value }, ordered on { $ordered }

R404 = Delivery overdue
delivery-overdue = promised for { $promised }, { $days } days ago, and still `{ $status }`

R405 = Unexplained dissatisfaction
unexplained-dissatisfaction = `{ $value }`, but nothing says why

R406 = Order without status
order-without-status = order `{ $order }` has no status

## Lead

L101 = Conflicting customer
conflicting-customer = `{ $value }` here, `{ $other }` in other rows of this lead number

L102 = Shared mobile
shared-mobile = `{ $value }` is also the mobile of `{ $other }`; one customer, or one household?
shared-mobile-household = `{ $value }` is also the mobile of `{ $other }`; if they are relatives, they count as one customer

L103 = Stage going backwards
stage-backwards = `{ $value }` after `{ $before }`, and no reason is given

L104 = Stage skipped
stage-skipped = `{ $value }` straight after `{ $before }`, and no reason is given

L105 = Active after lost
active-after-lost = followed up after it was lost on { $lost }, without being taken up again
active-after-lost-undated = followed up after it was lost, without being taken up again

L106 = Several owners
several-owners = `{ $value }` here, `{ $before }` before; handed over?

L107 = Lead number prefix
lead-id-prefix = prefix `{ $prefix }` stands for `{ $meant }`, but the source is `{ $source }`
lead-id-prefix-shared = prefix `{ $prefix }` stands for several sources: { $sources }

L108 = Gap in lead numbers
lead-id-gap = `{ $missing }` is missing before this one
lead-id-gap-several = `{ $first }` to `{ $last }` are missing before this one
lead-id-gap-number = number { $number } is missing before this one
lead-id-gap-running = numbers do not begin at 001 each day

L109 = Overdue
overdue = no follow-up for { $days } days; { $grade ->
    [none] a lead without a grade
   *[other] grade { $grade }
} wants one within { $allowed }
overdue-planned = planned for { $planned }, { $days } days ago; { $grade ->
    [none] a lead without a grade
   *[other] grade { $grade }
} wants a follow-up within { $allowed }

L110 = Duplicate lead
duplicate-lead = same customer as `{ $other }`
duplicate-lead-unnumbered = `{ $contact }` has another number as well, `{ $other }`; is it one person?
duplicate-lead-weaker = same customer as `{ $other }`, which has the full name and a phone number and stands

L111 = Won without closing date
won-without-closing-date = won, but no row of the lead has a closing date

L112 = Closed before follow-up
closed-before-follow-up = closed on { $value }, before the follow-up of { $follow-up }

L113 = Lead number after follow-up
lead-id-after-follow-up = the date in `{ $value }` is after the first follow-up, { $follow-up }

L114 = Reason missing
reason-missing-won = won, but no reason is given
reason-missing-lost = lost, but no reason is given

L115 = High intent, unproven
unproven-high-intent = high intent, but nothing is said of { $missing }

L116 = Changed attribute
changed-attribute = `{ $value }` here, `{ $before }` before, and no note says why

L117 = Slow first response
slow-first-response = came on { $came }, first followed up { $days } days later

L118 = Forgotten customer
forgotten-customer = nobody has contacted this customer for { $days } days

L119 = Not called
not-called = neither called nor met for { $days } days, only written to; a call is due within { $allowed }

L120 = Shared order number
shared-order-number = `{ $value }` is also an order of `{ $other }`
shared-order-number-amount = `{ $value }` here, `{ $other }` in another row of this order

L121 = Similar customer
similar-customer = `{ $value }` and `{ $other }` ({ $lead }) have one contact; one customer?
similar-customer-form = `{ $value }` and `{ $other }` ({ $lead }): if they are one firm, spell it alike
similar-customer-form-unnumbered = `{ $value }` and `{ $other }`: if they are one firm, spell it alike
similar-customer-unnumbered = `{ $value }` and `{ $other }` have one contact; one customer?

L122 = Order going backwards
order-backwards = `{ $value }` after `{ $before }`

L123 = Swapped digits
swapped-digits = `{ $value }` and `{ $other }` differ by two digits that changed places; one number?

L124 = Sales stage backwards
sales-stage-backwards = `{ $value }` after `{ $before }`, and no reason is given
sales-stage-backwards-skipped = `{ $value }` straight after `{ $before }`, and no reason is given

L125 = Repeated row
repeated-row = the same as row { $row }

L126 = Won without amount
won-without-amount = won, but what was sold is not filled in

L127 = One firm, two people
firm-of-two-people = `{ $other }` follows this firm as well, through `{ $contact }`

## Workbook

W101 = Banner count mismatch
banner-count-mismatch = says { $stated } closed, the rows give { $counted }

W102 = Conflicting tables
conflicting-table-customer = `{ $value }` here, `{ $other }` under the same number in { $file }, { $sheet }!{ $cell }
conflicting-table-source = `{ $value }` here, `{ $other }` under the same number in { $file }, { $sheet }!{ $cell }
conflicting-table-grade = grade `{ $value }` here, but `{ $other }` for the same day and number at { $sheet }!{ $cell } of { $file }
conflicting-table-phone = mobile `{ $value }` here, but `{ $other }` for the same day and number at { $sheet }!{ $cell } of { $file }
conflicting-table-owner = `{ $value }` is responsible here, but `{ $other }` for the same day and number at { $sheet }!{ $cell } of { $file }
conflicting-table-won = won here, lost under the same number in { $file }, { $sheet }!{ $cell }
conflicting-table-lost = lost here, won under the same number in { $file }, { $sheet }!{ $cell }

W103 = Followed twice
followed-twice = followed by `{ $value }` here and by `{ $other }` in { $file }, { $sheet }!{ $cell }
