//! Records of JSON as sheets: what `convert` writes as `.json` and `.jsonl`, and any list of objects. Keys that are field
//! keys become the field's usual heading, others are the heading themselves.
//!
//! JSON has no dates: a text that is spelled exactly as ours are, `2024-05-20` or `10:30:00`, is one. What is nested in a
//! record is kept as JSON text.

mod records;
#[cfg(test)]
mod tests;

use std::io::{Read, Seek};

use serde::de::DeserializeSeed;

use self::records::{Record, Sheets, Top};
use super::Progress;
use super::encoding::{self, Decoded};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Workbook};

/// Reads records; `None` where the text is no JSON after all.
pub(super) fn read<R: Read + Seek>(
    mut source: R,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Option<Workbook>, ReadError> {
    let found = encoding::find(&mut source, None, limits)?;
    let mut decoded = Decoded::new(source, found, progress)?;
    let mut text = Vec::new();
    while decoded.append_to(&mut text)? {}
    let text = String::from_utf8_lossy(&text);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut notices = Vec::new();
    let sheets = if is_a_record_a_line(text) {
        Some(lines(text, limits)?)
    } else {
        document(text, limits, &mut notices)?
    };
    let Some(sheets) = sheets else {
        return Ok(None);
    };
    if found.guessed {
        notices.push(Notice {
            sheet: None,
            cell: None,
            kind: NoticeKind::EncodingGuessed(found.name()),
        });
    }
    Ok(Some(Workbook {
        kind: FileKind::Json,
        sheets: sheets.finish(&mut notices)?,
        notices,
    }))
}

/// Whether the first line that says something is an object, and there are others.
fn is_a_record_a_line(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_object = |line: &str| {
        line.trim_start().starts_with('{')
            && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
    };
    lines.next().is_some_and(is_object) && lines.next().is_some()
}

fn lines<'l>(text: &str, limits: &'l Limits) -> Result<Sheets<'l>, ReadError> {
    let mut sheets = Sheets::new(limits);
    let mut table = sheets.table();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut json = serde_json::Deserializer::from_str(line);
        let read = Record(&mut table).deserialize(&mut json);
        let is_record = read.and_then(|()| json.end()).is_ok();
        table.check()?;
        if !is_record {
            table.not_a_record(line)?;
        }
        table.next_row();
    }
    sheets.take(table);
    Ok(sheets)
}

fn document<'l>(
    text: &str,
    limits: &'l Limits,
    notices: &mut Vec<Notice>,
) -> Result<Option<Sheets<'l>>, ReadError> {
    let mut sheets = Sheets::new(limits);
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Top(&mut sheets).deserialize(&mut json);
    sheets.check()?;
    if read.and_then(|()| json.end()).is_err() {
        if sheets.is_empty() {
            return Ok(None);
        }
        notices.push(Notice {
            sheet: None,
            cell: None,
            kind: NoticeKind::Truncated,
        });
    }
    Ok(Some(sheets))
}
