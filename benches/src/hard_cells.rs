//! Cells that are hard to keep, as many as wanted and the same on every machine, and whether they come back from a file:
//! the test of the promise takes some ten thousand, the program `come_back` a million.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use leadsheet::{
    CellRef, FileKind, Loss, OutputTable, Sheet, Templates, Value, Values, Visibility, Workbook,
    WorkbookKind,
};

const SEED: u64 = 20_240_520;
/// Columns of the sheet; a million cells then fit the rows of an `.xls`.
const COLUMNS: u32 = 20;
/// One text in so many is as long as a cell can hold.
const RARE: u32 = 10_000;
const LONGEST: usize = 32_767;
const WORDS: [&str; 32] = [
    "客户",
    "跟进记录",
    "线索",
    "高意向客户",
    "張經理",
    "电话沟通😀",
    "👨‍👩‍👧",
    "𠮷野家",
    "_x0041_",
    "_x005F_x0041_",
    "_xD83D_",
    "00123",
    "13800000001",
    "440301199001011234",
    "TRUE",
    "1e5",
    "=1+1",
    "+86 138",
    "-5",
    "@SUM(A1)",
    "'引号",
    "\"quoted\"",
    "<a>&amp;</a>",
    "]]>",
    " 前有空格",
    "后有空格 ",
    "a  b",
    "\t表",
    "两\n行",
    "回\r\n车",
    "é÷ÿĀ",
    "2024-05-20",
];
const NUMBER_FORMATS: [&str; 7] = ["", "", "0.00", "0%", "#,##0.00", "0.00E+00", "0.000\"元\""];
const DATE_FORMATS: [&str; 3] = ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "yyyy/m/d h:mm:ss"];
const NUMBERS: [f64; 10] = [
    0.0,
    -0.0,
    1e308,
    -1e308,
    5e-324,
    f64::MAX,
    0.1 + 0.2,
    536_870_912.0,
    -536_870_913.0,
    9_007_199_254_740_992.0,
];
const ERRORS: [&str; 7] = [
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!",
];

/// A sheet of so many cells.
///
/// # Errors
/// Where there are more different values than a sheet can hold.
pub fn hard_cells(count: u32) -> Result<Workbook> {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut sheet = Sheet {
        name: "线索跟进".to_owned(),
        visibility: Visibility::Visible,
        values: Values::new(Arc::default()),
        ..Sheet::default()
    };
    for number in 0..count {
        let cell = CellRef::new(number / COLUMNS, number % COLUMNS);
        let text;
        let value = match random.u32(0..16) {
            0..7 => {
                text = any_text(&mut random);
                Value::Text(&text)
            }
            7..11 => any_number(&mut random),
            11..14 => any_date(&mut random),
            // From half a day below zero to forty days.
            14 => Value::Time {
                value: TimeDelta::milliseconds(random.i64(-43_200_000..3_456_000_000)),
                format: "[h]:mm:ss",
            },
            _ if random.bool() => Value::Bool(random.bool()),
            _ => Value::Error(ERRORS[random.usize(..ERRORS.len())]),
        };
        let id = sheet.values.add(value)?;
        sheet.grid.set(cell, id);
    }
    Ok(Workbook {
        kind: FileKind::Xlsx,
        sheets: vec![sheet],
        notices: Vec::new(),
    })
}

fn any_text(random: &mut fastrand::Rng) -> String {
    if random.u32(..RARE) == 0 {
        // One unit each, so that it is exactly as long as it may be.
        return ["线", "a", "é"][random.usize(..3)].repeat(LONGEST);
    }
    let words = random.usize(1..4);
    (0..words)
        .map(|_| WORDS[random.usize(..WORDS.len())])
        .collect()
}

fn any_number(random: &mut fastrand::Rng) -> Value<'static> {
    let format = NUMBER_FORMATS[random.usize(..NUMBER_FORMATS.len())];
    let value = match random.u32(..8) {
        0 => NUMBERS[random.usize(..NUMBERS.len())],
        1 | 2 => f64::from(random.i32(-1_000_000..1_000_000)),
        3..6 => f64::from(random.i32(..)) / 100.0,
        // Day 60, the 29 February 1900 that never was.
        6 => {
            return Value::Number {
                value: 60.0,
                format: "yyyy-mm-dd",
            };
        }
        _ => f64::from_bits(random.u64(..)),
    };
    let value = if value.is_finite() { value } else { 0.0 };
    Value::Number { value, format }
}

fn any_date(random: &mut fastrand::Rng) -> Value<'static> {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    // Mostly this century; the first days and the last ones too.
    let days = match random.u32(..8) {
        0 => random.u64(..62),
        // A day that can still be counted from 1904.
        1 => random.u64(..2_957_000),
        _ => random.u64(36_524..60_000),
    };
    let day = first.checked_add_days(Days::new(days)).unwrap_or(first);
    let seconds = if random.bool() && days > 62 {
        random.i64(0..86_400)
    } else {
        0
    };
    Value::Date {
        value: day.and_time(chrono::NaiveTime::MIN) + TimeDelta::seconds(seconds),
        format: DATE_FORMATS[random.usize(..DATE_FORMATS.len())],
    }
}

/// How many cells of a workbook come back from a file of this kind as they were, all of them if it is well.
///
/// # Errors
/// Names the first cell that came back as something else.
pub fn come_back(workbook: &Workbook, kind: WorkbookKind) -> Result<u64> {
    let bytes = written(workbook, kind)?;
    let read = leadsheet::read(&bytes).context("what was written cannot be read")?;
    let (before, after) = (&workbook.sheets[0], &read.sheets[0]);
    let mut cells = 0;
    for (cell, value) in filled(before) {
        let found = after.value(cell);
        if !is_same(value, found) {
            bail!("{kind:?} {cell}: {value:?} came back as {found:?}");
        }
        cells += 1;
    }
    if after.grid.filled() as u64 != cells {
        bail!("{kind:?}: {} cells became {}", cells, after.grid.filled());
    }
    Ok(cells)
}

fn written(workbook: &Workbook, kind: WorkbookKind) -> Result<Vec<u8>> {
    let (bytes, losses) = leadsheet::compose(workbook, &Templates::builtin(), kind)?;
    let is_real = |loss: &&Loss| !matches!(loss, Loss::FormulasAsValues { .. });
    if let Some(loss) = losses.iter().find(is_real) {
        bail!("{kind:?}: {loss:?}");
    }
    Ok(bytes)
}

/// The same for a file that counts its days from 1904: the workbook is written, the file told so, and what is then read
/// must be the days that the numbers mean there, and come back once more.
///
/// # Errors
/// As [`come_back`].
pub fn come_back_from_1904(workbook: &Workbook, kind: WorkbookKind) -> Result<u64> {
    let bytes = counted_from_1904(written(workbook, kind)?, kind)?;
    let read = leadsheet::read(&bytes).context("a file of 1904 cannot be read")?;
    let mut dates = 0;
    for (cell, value) in filled(&workbook.sheets[0]) {
        let Value::Date { value, .. } = value else {
            continue;
        };
        let Some(expected) = in_1904(value) else {
            continue;
        };
        match read.sheets[0].value(cell) {
            Value::Date { value, .. } if value == expected => dates += 1,
            other => bail!("{kind:?} {cell}: {value} of 1900 is {expected} of 1904, not {other:?}"),
        }
    }
    if dates == 0 {
        bail!("{kind:?}: no date was read");
    }
    come_back(&read, kind)
}

/// The day that the number of a day means where days are counted from 1904 (ECMA-376 Part 1 §18.17.4.1): as long after
/// 1904-01-01 as the day was after the last of 1899, one more behind the 29 February 1900 that never was.
fn in_1904(moment: NaiveDateTime) -> Option<NaiveDateTime> {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d)?.and_hms_opt(0, 0, 0);
    let since = moment - day(1899, 12, 31)?;
    let phantom = i64::from(moment >= day(1900, 3, 1)?);
    let expected = day(1904, 1, 1)? + since + TimeDelta::days(phantom);
    (expected < day(9999, 12, 31)?).then_some(expected)
}

fn counted_from_1904(bytes: Vec<u8>, kind: WorkbookKind) -> Result<Vec<u8>> {
    if kind == WorkbookKind::Xls {
        // The record DATEMODE (MS-XLS §2.4.77), in the first sectors of the workbook.
        let mut bytes = bytes;
        let record = [0x22, 0x00, 0x02, 0x00, 0x00, 0x00];
        let mut windows = bytes.windows(record.len());
        let at = windows.position(|bytes| bytes == record);
        bytes[at.context("no DATEMODE")? + 4] = 1;
        return Ok(bytes);
    }
    let mut package = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..package.len() {
        let mut part = package.by_index(position)?;
        if part.name()? != "xl/workbook.xml" {
            changed.raw_copy_file(part)?;
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        changed.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())?;
        let told = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        changed.write_all(told.as_bytes())?;
    }
    Ok(changed.finish()?.into_inner())
}

/// How many cells come back from a `.csv` as they showed, which is all that it can hold.
///
/// # Errors
/// As [`come_back`].
pub fn come_back_from_csv(workbook: &Workbook) -> Result<u64> {
    let table = OutputTable::of_sheet(&workbook.sheets[0]).context("an empty sheet")?;
    let (bytes, _) = leadsheet::to_csv(&table)?;
    // A text is a table for certain where its name says so.
    let name = format!("leadsheet-come-back-{}.csv", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, &bytes)?;
    let read = leadsheet::open(&path).context("what was written cannot be read");
    std::fs::remove_file(&path)?;
    let read = read?;
    let mut cells = 0;
    for (cell, value) in filled(&workbook.sheets[0]) {
        let below = CellRef::new(cell.row + 1, cell.column);
        let (shown, found) = (value.display(), read.sheets[0].value(below).display());
        if shown != found {
            bail!("csv {below}: {shown:?} came back as {found:?}");
        }
        cells += 1;
    }
    Ok(cells)
}

fn filled(sheet: &Sheet) -> impl Iterator<Item = (CellRef, Value<'_>)> {
    let columns = sheet.grid.used_columns();
    columns.flat_map(move |column| {
        let cells = sheet.grid.column(column);
        cells.map(move |(row, id)| (CellRef::new(row, column), sheet.values.get(id)))
    })
}

/// Equal to the last bit: −0 is not 0.
fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    match (one, other) {
        (
            Value::Number { value, format },
            Value::Number {
                value: back,
                format: format_back,
            },
        ) => value.to_bits() == back.to_bits() && format == format_back,
        _ => one == other,
    }
}
