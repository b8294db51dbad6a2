### What the rules of the catalogue say: a title for each code, a sentence for each message id.
### Sentences are lower-case, without a full stop, the offending value in backticks.

## Cell: dates

C201 = Not a date
not-a-date = `{ $value }` is not a date; type it as `2024-05-20`

C202 = Ambiguous date
ambiguous-date = `{ $value }` is { $month-first } or { $day-first }; write the year first

C203 = Impossible date
impossible-date = `{ $value }` is a day that no calendar has

C204 = Year missing
year-missing = `{ $value }` has no year; it is guessed from the follow-up date
year-missing-follow-up = `{ $value }` has no year, so the row has no date

C205 = Implausible date
implausible-date-early = `{ $value }` is before { $limit }, the earliest date taken for real
implausible-date-future = `{ $value }` is after today, { $limit }
implausible-date-far = `{ $value }` is after { $limit }, further ahead than anybody plans

C206 = Date as text
date-as-text = `{ $value }` is text among real dates; sorting and filters pass it over
date-as-text-number = `{ $value }` is a bare number among real dates; give the cell a date format

## Cell: lead numbers

C301 = Malformed lead number
malformed-lead-id = `{ $value }` is not of the form source-YYYYMMDD-number

C302 = Impossible date in lead number
impossible-lead-id-date = the date in `{ $value }` is a day that no calendar has

## Cell: contacts

C401 = Bad mobile number
bad-mobile = mobile `{ $value }` has { $digits } digits, not 11
bad-mobile-start = mobile `{ $value }` does not begin with 13 to 19

C402 = Unreadable contact
unreadable-contact = `{ $value }` is no phone number, e-mail address or WeChat id

C403 = Malformed e-mail address
malformed-email = `{ $value }` is not an e-mail address

## Cell: terms

C501 = Unknown term
unknown-term = `{ $value }` is not in this column's list
unknown-term-near = `{ $value }` is not in this column's list; `{ $nearest }` comes nearest
unknown-term-several = `{ $value }` is more than one term; choose one

C502 = Undeclared term
undeclared-term = `{ $value }` is not declared for this column
undeclared-term-near = `{ $value }` is not declared for this column; `{ $nearest }` comes nearest
undeclared-term-several = `{ $value }` is more than one term; choose one

## Cell: numbers

C601 = Bad amount
bad-amount = `{ $value }` is not an amount of money
bad-amount-negative = amount `{ $value }` is negative

C602 = Amount without two decimals
amount-decimals = amount `{ $value }` does not show two decimals
amount-decimals-fraction = amount `{ $value }` has more than two decimals; round it

C603 = Percentage out of range
percent-out-of-range = `{ $value }` is not between 0 % and 100 %
percent-out-of-range-unreadable = `{ $value }` is not a percentage

## Cell: typing

C701 = Stray white space
stray-white-space = blanks before or behind `{ $value }`

C702 = Full-width digits
full-width-digits = full-width digits in `{ $value }`

## Row

R101 = Row without customer
row-without-customer = nothing tells whose row this is; it holds only { $columns }

R102 = Missing value
missing-value = empty, though every row needs a value here

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

R301 = Vague next step
vague-next-step-year = `{ $date }` has no year
vague-next-step-year-person = `{ $date }` has no year, and nobody is named
vague-next-step-impossible = `{ $date }` is a day that no calendar has
vague-next-step-impossible-person = `{ $date }` is a day that no calendar has, and nobody is named
vague-next-step-date = no day is named
vague-next-step-date-person = neither a day nor a person is named
vague-next-step-person = nobody is named
