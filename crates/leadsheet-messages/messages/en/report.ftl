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
report-note-nothing-in-window = No lead belongs to this period: those in the tables { $by ->
    [followed-up] were last followed up
    [closed] were won or lost
   *[created] came
 } from { $first } to { $last }; ask for another period
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
report-funnel-readings = Other readings of the funnel
report-shown = shown by a row
report-in-order = in order
report-next-in-order = to the next, in order
report-about-readings = Reached counts stages that were passed without a row too. Shown by a row: some follow-up shows this very stage, in any order. In order (strict): follow-ups show every stage up to this one, each for the first time after the one before it; who skipped one came no farther.
report-differs-none = No group differs from all others together by more than chance explains (Fisher's exact test, by Holm for { $count } groups).
report-differs-higher = { $name } converts better than all others together: { $rate } ({ $won }/{ $leads }), { $difference }, 95 % interval { $low } to { $high }, p { $p }.
report-differs-lower = { $name } converts worse than all others together: { $rate } ({ $won }/{ $leads }), { $difference }, 95 % interval { $low } to { $high }, p { $p }.
report-differs-method = Differences told are more than chance explains (Fisher's exact test, by Holm for { $count } groups); a group not told here does not surely differ from the others.
report-about-funnel = Went on: reached the next stage too. Lost here: lost with this as its highest stage. Still here: neither.

# Comparison of two periods

report-comparison = comparison
report-comparison-title = Two periods compared
report-compared-periods = { $from } to { $to } beside { $other_from } to { $other_to }.
report-compared-rose = The rate rose from { $before } ({ $won_before } of { $leads_before }) to { $after } ({ $won_after } of { $leads_after }): { $difference }, 95 % interval { $low } to { $high }. Chance alone rarely makes such a difference (p { $p }).
report-compared-fell = The rate fell from { $before } ({ $won_before } of { $leads_before }) to { $after } ({ $won_after } of { $leads_after }): { $difference }, 95 % interval { $low } to { $high }. Chance alone rarely makes such a difference (p { $p }).
report-compared-uncertain = The rate was { $before } ({ $won_before } of { $leads_before }) and is { $after } ({ $won_after } of { $leads_after }): { $difference }, 95 % interval { $low } to { $high }. This may be chance (p { $p }).
report-compared-empty = One of the two periods has no leads; there is nothing to compare.
report-compared-mix = With the same mix of { $key } in both periods: { $before } and { $after }, { $difference } ({ $covered } of the leads stand in groups that both periods have).
report-compared-groups-some = By { $key }, of { $count } groups, these changed by more than chance explains: { $names }.
report-compared-groups-none = By { $key }, none of { $count } groups changed by more than chance explains.
report-about-comparison = A change that disappears with the same mix came from other leads, not from other work. Intervals of differences are Newcombe's; p is Fisher's exact test, in the tables by Holm for looking at several groups at once: below 0.05 chance explains a difference badly.
report-before-leads = leads before
report-before-won = won before
report-before-rate = rate before
report-after-leads = leads
report-after-won = won
report-after-rate = rate
report-change = change
report-p = p (Holm)
report-note-compared-unripe = the leads of the later period have had less time to be won; --within 60 gives both the same

# Speed

report-speed = speed
report-speed-title = Speed: how soon leads are answered, how long they take
report-response-title = First answer, by grade
report-about-response = The time for a first answer is { $hours } hours (first-response-hours in the settings). Where cells tell no hours, whether an answer was in time may not be provable: within 24 hours, an answer on the same day certainly is, one on the next day possibly. So the share in time lies between the two shares shown. What a program sends by itself is no answer.
report-bands-title = First answer, by days and hours after the lead came
report-band-day = { $count ->
    [0] same day
    [one] next day
   *[other] { $count } days
 }
report-band-days = { $first } to { $last } days
report-band-later = { $count } days or more
report-within-hours = within { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
} (of those with hours)
report-hours-to-answer = hours until the first answer
report-p95 = 95 % ≤
report-about-spread = Half of the numbers lie between the quartiles; the median is the middle one. Time in a stage runs from the first follow-up that shows it to the first later one that shows another.
report-same-day = same day
report-next-day = next day
report-later = later
report-within-at-least = ≤ { $hours } h at least
report-within-at-most = ≤ { $hours } h at most
report-inside-title = Conversion of leads answered in time and of the others
report-answered = answered
report-inside = within { $hours } hours, certainly or possibly
report-outside = later
report-gap-certain = Between leads answered within { $hours } hours (certainly or possibly) and the others lie { $difference }, 95 % interval { $low } to { $high }: chance alone rarely makes such a difference (p { $p }).
report-gap-uncertain = Between leads answered within { $hours } hours (certainly or possibly) and the others lie { $difference }, 95 % interval { $low } to { $high }: this may be chance (p { $p }).
report-spread-title = How long, how much
report-measure = what
report-count = leads
report-q1 = a quarter ≤
report-median = median
report-q3 = three quarters ≤
report-mean = mean
report-still-there = still there
report-days-to-close = days until won
report-follow-ups-per-won = follow-ups per won lead
report-days-in-stage = days in { $stage }
report-note-response-days = the day a lead came is that in its number, the hour that of a row written down before the first talk; where a number is given only at the first call, the first answer looks faster than it was
report-note-no-response = neither a lead's number nor the time a row was written down tells when leads came, so how soon they were answered is not known
report-note-response-numberless = { $count ->
    [one] one lead has no day in its number and is
   *[other] { $count } leads have no day in their numbers and are
 } not among the first answers
report-note-response-automatic = { $count ->
    [one] one lead was written to by programs alone and is
   *[other] { $count } leads were written to by programs alone and are
 } not among the first answers
report-note-response-undated = { $count ->
    [one] one lead has no dated follow-up and is
   *[other] { $count } leads have no dated follow-up and are
 } not among the first answers
report-note-response-backwards = { $count ->
    [one] one lead was followed up before the day in its number and is
   *[other] { $count } leads were followed up before the day in their numbers and are
 } not among the first answers; one of the two dates is wrong
report-note-close-undated = { $count ->
    [one] one won lead lacks the day it came or was won and is
   *[other] { $count } won leads lack the day they came or were won and are
 } not in the days until won
report-note-close-backwards = { $count ->
    [one] one won lead was closed before it came and is
   *[other] { $count } won leads were closed before they came and are
 } not in the days until won; one of the two dates is wrong

# Activity

report-activity = activity
report-activity-title = New leads and follow-ups
report-activity-by = New leads and follow-ups by { $key }
report-follow-ups-by = Follow-ups by { $key }
report-new-leads = new leads
report-follow-ups = follow-ups
report-others = others
report-about-activity = A new lead counts on the day it came and for whom its first row names; a follow-up counts on its own day and for whom its own row names.
report-note-activity-running = { $period } is not over yet: its numbers still grow
report-note-sales-running = { $period } is not over yet: its amounts still grow
report-note-activity-window = new leads and follow-ups are those whose own day lies in the period
report-note-activity-undated-leads = { $count ->
    [one] one lead has no day and is
   *[other] { $count } leads have no day and are
 } not among the new leads
report-note-activity-undated = { $count ->
    [one] one follow-up has no readable day and is
   *[other] { $count } follow-ups have no readable day and are
 } not counted
report-note-activity-listed = { $rows } rows list several talks with their dates; they count as { $count } follow-ups
key-day = day
key-year = year

# Overdue

report-overdue = overdue
report-overdue-title = Leads that wait too long
report-overdue-share = share overdue
report-longest = longest wait (days)
report-about-overdue = Open leads that nobody followed up for more days than their grade allows, counted from the latest follow-up or from the day planned for the next one; `leadsheet due` lists whom to call.
report-note-overdue-pace = allowed are { $a } days for A, { $b } for B and { $c } for C or no grade (cadence in the policy), on { $today }, whatever the period of the report

# Shared leads

report-credit = credit
report-credit-title = Shared leads in equal parts
report-about-credit = A lead that two people worked on counts half for each of them, one of three a third. A person shares a lead where any of its rows names them. Parts of leads have no 95 % interval.
report-shared-leads = { $count ->
    [0] No lead is shared.
    [one] One lead is shared.
   *[other] { $count } leads are shared.
 }
report-alone = alone
report-shared = shared

# Sales

report-sales = sales
report-sales-title = Amounts sold
report-sales-by = Amounts sold by { $key }
report-orders = orders
report-amount = amount
report-sales-drop = { $by } { $key }: only { $amount } in { $month }, usually { $usual } a month.
report-about-sales = An order told in several rows counts once, for the latest amount; without an order number the lead is the order. Sold is what was won and not cancelled, on the order date, else the closing date, else the day of the follow-up.
report-about-drop = A drop is named where the last whole month has less than half of the median of the three months before, and these had five orders or more.
report-note-sales-no-outcome = no column says what was won, so every amount is counted
report-note-sales-unsold = { $count ->
    [one] one amount is of an order not won or cancelled and is
   *[other] { $count } amounts are of orders not won or cancelled and are
 } not counted
report-note-sales-unreadable = { $count ->
    [one] one cell is no amount and is
   *[other] { $count } cells are no amounts and are
 } not counted
report-note-sales-undated = { $count ->
    [one] one sale has no day: it is
   *[other] { $count } sales have no day: they are
 } in no month, and in no period that was asked for
report-note-sales-outside = { $count ->
    [one] one sale lies
   *[other] { $count } sales lie
 } outside the period

# Quality

report-quality = quality
report-quality-title = How completely rows are filled in
report-quality-owners = Complete rows by owner
report-about-quality = Counted are the columns that the template wants in every row; a row is complete where all of them are filled in, right or wrong. `leadsheet check` says what is wrong.
report-rows = rows
report-column = column
report-filled = filled in
report-complete = complete
report-share = share

# Cohorts

report-cohorts = cohorts
report-cohorts-title = Leads by the month they came: how many were won how soon
report-about-cohorts = Share of the month's leads won by the end of that month, of the next, and so on. Months that have not come are empty; in brackets stands the running month, which may still grow. So compare down a column, and leave brackets out.
report-cohorts-within = Won within so many days, of the leads that had them
report-within-days = ≤ { $count } days
report-about-within = In the second table each number of days counts only the leads that came so many days ago; in brackets stand months of which not all leads can have had them.
report-after-months = { $count ->
    [0] same month
   *[other] + { $count }
 }
report-note-cohort-undated = { $count ->
    [one] one lead has no day on which it came and is
   *[other] { $count } leads have no day on which they came and are
 } in no month
report-note-cohort-unplaced = { $count ->
    [one] one won lead has no closing day, or one before it came: it is
   *[other] { $count } won leads have no closing day, or one before they came: they are
 } among the leads and never among those won
report-note-no-overdue = no column says which leads are still open, so who is behind is not known
report-note-no-sales = no table has a column of amounts, so there are no sales
report-note-no-quality = no template wants a column in every row, so there is no share of complete rows
report-note-no-cohorts = there are no leads of which the day they came and the outcome are known, so there are no cohorts
report-note-no-credit = no table names owners and says what became of leads, so nothing can be credited

## Whom to call

due-name = due
due-title = Whom to call
due-about = Due is the day planned for the next contact, else the latest follow-up and the days that the policy allows for the lead's grade.
due-headline = To call by { $today }: { $late } overdue, { $now } today, { $later } later
due-day = due
due-late = days late
due-last = last follow-up
due-place = where
due-event = Follow up { $name }
due-event-late = { $count ->
    [one] one day overdue, since { $day }
   *[other] { $count } days overdue, since { $day }
 }
command-due-format = { $path }: the ending of the name must say what to write: .ics, .xlsx or .json
