### What a report says about itself: what was counted, by which date, and what could not be.

report-note-leads = rows: { $rows }, leads: { $count }; each customer is counted once, however many follow-ups it has, and the latest one says won, lost or open
report-note-no-table = no table of follow-ups was recognised; there is nothing to count
report-note-unidentified = { $count ->
    [one] one row names no customer (no number, no mobile, no name) and is
   *[other] { $count } rows name no customer (no number, no mobile, no name) and are
 } counted in no lead
report-note-undated-rows = { $count ->
    [one] one row has no readable follow-up date; it counts
   *[other] { $count } rows have no readable follow-up date; they count
 } as later than every dated row of the same lead
report-note-no-outcome = no column says whether a lead was won (stage, conversion status, result, sales stage, order status), so there is no conversion to count
report-note-without-outcome = { $count ->
    [one] one lead is left out: it stands
   *[other] { $count } leads are left out: they stand
 } only in tables without a column that says won or lost

report-note-all = all leads are counted, whenever they came
report-note-created = counted: { $count ->
    [one] the one lead that came
   *[other] the { $count } leads that came
 } { $bounds ->
    [from] on or after { $from }
    [to] on or before { $to }
   *[both] from { $from } to { $to }
 }, won at any time since
report-note-followed-up = counted: { $count ->
    [one] the one lead
   *[other] the { $count } leads
 } with a follow-up { $bounds ->
    [from] on or after { $from }
    [to] on or before { $to }
   *[both] from { $from } to { $to }
 } ({ $rows } follow-ups), won at any time
report-note-closed = counted: { $count ->
    [one] the one lead
   *[other] the { $count } leads
 } with a closing date { $bounds ->
    [from] on or after { $from }
    [to] on or before { $to }
   *[both] from { $from } to { $to }
 }, whenever they came; this is the share won among leads closed, not among leads that came
report-note-not-created = { $count ->
    [one] one lead has
   *[other] { $count } leads have
 } neither a date in the number nor a follow-up date and cannot be placed in the period
report-note-not-followed-up = { $count ->
    [one] one lead has
   *[other] { $count } leads have
 } no follow-up date and cannot be placed in the period
report-note-not-closed = { $count ->
    [one] one lead has
   *[other] { $count } leads have
 } no closing date (most of these are still open) and cannot be placed in the period

report-note-within = won means closed within { $days } days of the day the lead came; { $count ->
    [0] no lead is younger than that on { $today }
    [one] one lead younger than that on { $today } is left out
   *[other] { $count } leads younger than that on { $today } are left out
 }
report-note-within-not-created = { $count ->
    [one] one lead is left out because the day it
   *[other] { $count } leads are left out because the day they
 } came is not known
report-note-latest-grade = grades are those of each lead's latest follow-up; a grade that was raised because the deal was won explains nothing

report-note-no-column = no table has a column `{ $key }`, so nothing can be counted by it
report-note-column-missing = `{ $key }`: { $count ->
    [one] one lead stands in a table without this column and is
   *[other] { $count } leads stand in tables without this column and are
 } counted as not filled in
report-note-no-stage = no table has a stage column, so there is neither a funnel nor a conversion by stage
report-note-unknown-stage = { $count ->
    [one] one open lead shows no known stage and is
   *[other] { $count } open leads show no known stage and are
 } not in the funnel
report-note-reopened = { $count ->
    [one] one lead was won once but its latest follow-up says otherwise: it
   *[other] { $count } leads were won once but their latest follow-up says otherwise: they
 } reached the last stage and { $count ->
    [one] is
   *[other] are
 } not counted as won

### How a report is laid out: titles, what the figures mean, charts.

report-title = Lead conversion
report-conversion-by = Conversion by { $key }
report-funnel-title = The funnel: how far leads come
report-notes = What was counted and what could not be
report-sort = sort by this column
report-chart-rate = Share won by { $key }, with won/leads and the 95 % interval
report-chart-leads = Leads by { $key }
report-chart-leads-over-time = Leads and won leads by { $key }
report-about-lead = A lead is one customer, however many follow-ups it has; its latest follow-up says whether it is won, lost or open.
report-about-rate = Rate = won ÷ leads. The 95 % interval (Wilson) is the range in which the true rate lies, as far as so few or so many leads can tell: where two intervals overlap widely, the difference may be chance.
report-about-small = Grey rows have fewer than 10 leads.
report-about-first = Source and grade are those of the lead's first follow-up: a grade raised because the deal was won explains nothing.
report-about-stage = A lead counts at every stage it has reached: up to the highest that its rows show, a won lead at all of them, a lost one at least at the first.
report-about-funnel = Went on: reached the next stage too. Lost here: lost with this as its highest stage. Still here: neither.
