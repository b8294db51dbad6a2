## The merged workbook

merge-origin-file = Source file
merge-origin-sheet = Source sheet
merge-origin-row = Source row
merge-origin-copies = Also in

merge-conflicts = Conflicts
merge-conflicts-lead = Lead
merge-conflicts-what = What differs
merge-conflicts-stands = Stands
merge-conflicts-stands-at = Where
merge-conflicts-other = Other
merge-conflicts-other-at = Where the other is
merge-conflicts-why = Why

merge-duplicates = Duplicates
merge-duplicates-kept = Row kept
merge-duplicates-other = Same row

merge-what-outcome = won or lost
merge-what-twice = one customer registered twice
merge-what-number = one number, different customers
merge-what-mobile = one mobile, different customers

merge-why-first = the first follow-up says so
merge-why-latest = the latest follow-up says so
merge-why-order = dates do not tell; by file, sheet and row
merge-why-earlier = the earlier registration stands
merge-why-stronger = registered with full name and phone
merge-why-both = both are kept, please ask; perhaps one household or a shared phone
merge-why-both-numbers = both are kept; give one of them another number

## The summary of a merge

merge-summary = { $count ->
    [one] 1 file merged: { $in } rows in, { $out } out
   *[other] { $count } files merged: { $in } rows in, { $out } out
}
merge-table = { $count ->
    [one] `{ $sheet }`: { $out } rows, { $leads } leads, from 1 file
   *[other] `{ $sheet }`: { $out } rows, { $leads } leads, from { $count } files
}
merge-duplicates-found = { $count ->
    [one] 1 row stands in several files and was taken once
   *[other] { $count } rows stand in several files and were taken once
}
merge-conflicts-found = { $count ->
    [one] 1 conflict:
   *[other] { $count } conflicts:
}
merge-conflict = { $lead }, { $what }: `{ $stands }` stands ({ $at }), not `{ $other }` ({ $elsewhere }); { $why }
merge-conflict-both = { $lead }, { $what }: `{ $stands }` ({ $at }) and `{ $other }` ({ $elsewhere }); { $why }
merge-more = … and { $count } more (all of them with --verbose or --format json)
merge-left-out-sheets = Sheets not merged (no follow-up table in them): { $names }
merge-left-out-around = { $count ->
    [one] on 1 sheet what stands above or below the table (title, banner, totals, notes) was not taken over
   *[other] on { $count } sheets what stands above or below the table (title, banner, totals, notes) was not taken over
}
merge-left-out-formulas = { $count ->
    [one] 1 formula was written as its result
   *[other] { $count } formulas were written as their results
}
merge-and-more = { $names } and { $count } more
merge-one-table = this format holds one table, and here are { $count } ({ $names }); bring them together with --template, or write .xlsx
merge-without-lists = this format has no room for the list of { $names }; write .xlsx, or use --format json
merge-no-room = { $path }: there is no room for more than 4 GiB of different texts
