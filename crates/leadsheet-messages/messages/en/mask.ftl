## What masking did

mask-written = written: { $path }: { $cells ->
    [0] nobody was named in its cells
    [one] one cell masked
   *[other] { $cells } cells masked
 }
mask-kinds = hidden in them: { $kinds }
mask-kind = { $count } { $kind }
mask-separator = { ", " }
mask-kind-name = { $count ->
    [one] name
   *[other] names
 }
mask-kind-phone = phone { $count ->
    [one] number
   *[other] numbers
 }
mask-kind-email = e-mail { $count ->
    [one] address
   *[other] addresses
 }
mask-kind-account = { $count ->
    [one] account
   *[other] accounts
 } (WeChat, QQ and others)
mask-kind-identity = identity { $count ->
    [one] number
   *[other] numbers
 }
mask-kind-bank = bank { $count ->
    [one] number
   *[other] numbers
 }
mask-kind-address = house or room { $count ->
    [one] number
   *[other] numbers
 }
mask-kind-organisation = { $count ->
    [one] firm
   *[other] firms
 }
mask-kind-author = { $count ->
    [one] author
   *[other] authors
 }
mask-kind-other = other
mask-sheets = { $count ->
    [one] one sheet was called by somebody's name and has
   *[other] { $count } sheets were called by somebody's name and have
 } another name now; formulas follow
mask-left-out = left out, as nobody can look into it: { $what ->
    [picture] a picture (a grey field is in its place)
    [macros] macros
    [printer] the settings of a printer
    [embedded] an embedded object (its frame stays)
    [signature] the digital signature
    [undo] what leadsheet clean needs to give the workbook back as it was
    [properties] the document properties (title, author, firm)
    [query] a stored query
   *[unknown] data of an unknown kind
 } ({ $place })
mask-backup = { $path } is the workbook as it was, with everybody in it: do not share it, and delete it when you no longer need it
mask-look = please look through the copy before you share it: nicknames, first names alone and what pictures tell are not found
mask-ending = { $path }: a workbook is masked as it is, so the name must end in .{ $extension }; or write the tables anew, as .xlsx, .xls, .csv or .json
mask-too-large = { $path }: a sheet has more different values than can be written anew
