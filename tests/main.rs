//! What leadsheet promises, checked from outside: the command as a user runs it, workbooks as other programs wrote
//! them, figures as other programs count them.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

/// Blank workbooks: what they offer, and that what is filled in reads back.
mod blank;
/// The page of a report in a real browser.
mod browser;
/// The command's contract: exit status, streams, languages, shapes.
mod command;
/// Import forms of CRMs, written and read.
mod crm;
/// Whom to call, as a list and as a calendar.
mod due;
/// The examples in the rules' documentation say what the rules do.
mod examples;
/// The figures of the fixtures, against those that pandas and a pencil give.
mod figures;
/// Every planted mistake is found at its cell, and nothing else is called an error.
mod findings;
/// What once brought a reader down, or was made to, is read again.
mod finds;
/// What is put right in place: what becomes of a cell, and that nothing else does.
mod fixing;
/// Forms, sheets per customer and tick boxes: read where they stand, written flat.
mod forms;
/// Cells that are hard to keep come back.
mod hard_cells;
/// Many workbooks as a folder of tables.
mod ingest;
/// Texts that a spreadsheet program would run.
mod injection;
/// Records in JSON, out and in.
mod json_lines;
/// Many workbooks in one report are one table.
mod many_files;
/// What is put into the user's own workbook, and comes out again.
mod marking;
/// A workbook that can be shared: what is hidden and what is left.
mod masking;
/// Many people's workbooks become one: what is kept, what is taken once, what is listed.
mod merge;
/// Findings as SARIF, CSV and text, and in one order.
mod outputs;
/// Parquet out and in.
mod parquet;
/// What a reader must see: kinds, dates, addresses, against the fixtures' own lists and calamine.
mod reading;
/// What the README shows is what happens.
mod readme;
/// Files that cannot be read end in one clear message.
mod refusals;
/// A report in a file says what the report on the terminal says.
mod report_files;
/// What was read can be written, and reads back the same.
mod round_trip;
/// Mistakes planted one by one are found, all of them and no others: precision and recall.
mod seeded;
/// Questions in SQL.
mod sql;
/// From one template into another.
mod templates;
/// Promises about the sources themselves.
mod tidy;
/// The figures beside conversion, against those that pandas and scipy give.
mod topics;
/// What other products count wrong, and is right here.
mod traps;

mod run;
