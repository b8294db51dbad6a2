## Why a file could not be read: what it is, and what to do

read-error-io = cannot be opened: { $kind ->
    [not-found] it is not there
    [permission-denied] you have no permission to read it
    [a-folder] it is a folder
    [busy] another program is using it
   *[other] { $reason }
 }
read-error-empty = the file is empty (0 bytes); ask for it to be sent again
read-error-not-a-workbook = this is no workbook but { $what ->
    [plain-text] plain text
    [pdf] a PDF document
    [image] an image
    [word-document] a Word document
    [presentation] a presentation
    [archive] an archive
    [mail] a mail message
    [web-page] a web page without a table, perhaps the log-in page instead of the download
   *[unknown] something unknown
 }; open it in the program it came from and save it as .xlsx
read-error-encrypted = the workbook is protected by a password; open it in Excel or WPS, remove the password, save it, and try again
read-error-unsupported = { $what ->
    [parquet] this program was built without Parquet
    [parquet-lz4] a Parquet file packed with LZ4 cannot be read; write it again with snappy, zstd or gzip
    [parquet-brotli] a Parquet file packed with Brotli cannot be read; write it again with snappy, zstd or gzip
    [parquet-lzo] a Parquet file packed with LZO cannot be read; write it again with snappy, zstd or gzip
   *[other] { $what } cannot be read; open it in Excel or WPS and save it as .xlsx
 }
read-error-damaged = the file is damaged ({ $part }: { $reason }); open it in Excel or WPS, let it repair the file, and save it again
read-error-limit = { $part } passes the limit `{ $limit }` ({ $maximum }), as no honest workbook does; if you trust the file, open it in Excel or WPS and save it again
read-error-doctype = { $part } holds a DOCTYPE, which no spreadsheet program writes and attackers do; it is not opened

## Why a file could not be written

write-error-io = cannot write { $path }: { $kind ->
    [not-found] the folder is not there
    [permission-denied] you have no permission to write there
    [read-only] the disk is read-only
    [full] the disk is full, or your share of it
    [a-folder] there is a folder of this name
    [busy] another program is using the file
    [differs] what was written does not read back the same; the disk or network drive may be faulty. The file is as it was
   *[other] { $reason }
 }
write-error-busy = another leadsheet is at work in { $path }; run this again when it has ended
write-error-in-use = did not write { $path }: it is open in Excel, WPS or LibreOffice; close it first. If it is not, delete { $sign }
write-error-unknown-format = { $path }: the ending of the name must say what to write: .xlsx, .xls, .ods, .csv, .json, .jsonl or .parquet
write-error-does-not-fit = { $what } does not fit: { $reason }
write-error-sheet-too-large = { $sheet } has { $rows } rows and { $columns } columns; an .xls holds at most { $most-rows } rows and { $most-columns } columns. Write an .xlsx instead
write-error-text-too-long = { $sheet }!{ $cell }: the text has { $length } characters, and a cell holds at most { $maximum }. Shorten it or spread it over several cells
write-error-nul = { $sheet }!{ $cell }: the text has a character in it that no cell can hold (NUL). Type the cell anew and save the file
write-error-bad-sheet-name = a workbook cannot have a sheet called `{ $name }`: 1 to 31 characters, none of []:*?/\ and no two alike. Rename it in the original
write-error-too-many-formats = there are more different number formats than an .xls holds ({ $maximum }). Write an .xlsx instead
write-error-compose = the workbook cannot be written: { $reason }

## What could not be read faithfully

notice-missing-shared-string = names text number { $value } of the workbook, which is not there; read as empty
notice-bad-boolean = should be true or false and is `{ $value }`; read as text
notice-bad-number = should be a number and is `{ $value }`; read as text
notice-bad-date = should be a date and is `{ $value }`; read as text
notice-date-out-of-range = the number { $value } is formatted as a date and is none between 1900 and 9999; read as a number
notice-not-calculated = holds a formula that was never calculated; open the file in Excel or WPS and save it
notice-digits-lost = the number { $value } has more than 15 digits; the program that saved it has already cut the rest, so numbers of this kind belong into text cells
notice-text-too-long = { $length } characters, more than the 32,767 a cell can hold
notice-unknown-cell-type = a cell of unknown type `{ $value }`; read as text
notice-bad-address = `{ $value }` is no cell address; the cell was placed beside its neighbour
notice-bad-merge = `{ $value }` is no merged range
notice-bad-style = names a style that is not there: { $value }
notice-bad-encoding = bytes that are no text: { $value }
notice-truncated = the file breaks off in this sheet; what came before was read
notice-sheet-lost = the sheet { $sheet } could not be read: { $why }
notice-not-a-worksheet = the sheet { $sheet } holds no cells (a chart, macro or dialogue sheet) and was passed over
notice-wrong-extension = the name ends in .{ $extension }, yet the file is { $kind }; it was read as what it is
notice-encoding-guessed = the text encoding had to be found out and is taken to be { $encoding }
notice-not-a-record = this line is no JSON object; it was kept as text
notice-notes-not-read = the notes on cells could not be read: findings that they let stand are told all the same. Save the workbook as .xlsx, or write `leadsheet: ignore CODE` in 备注
notice-unclosed-quote = begins with a quotation mark that is never closed; the mark was read as a character
notice-column-not-read = the column { $value } holds lists, records or bytes, which no cell can hold; it was left out
notice-beyond-sheet = { $cells } filled cells lie beyond the 1,048,576 rows or 16,384 columns of a sheet (down to row { $row }) and were left out
notice-more = { $count } more of this kind: { $of }
notice-stored-twice = the file stores this cell more than once; the last one was read
notice-other = { $text }
