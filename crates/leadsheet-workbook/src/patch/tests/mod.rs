//! Patching seen from outside: packages as the zip crate lists them, cells as calamine reads them.

mod annotating;
pub(super) mod book;
mod cells;
mod corpus;
mod fixing;
mod packages;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;

use calamine::{Data, Reader as _};
use leadsheet_core::{CellRef, Severity};
use zip::ZipArchive;

use super::*;
use crate::error::ReadError;
use crate::{OpenOptions, workbook_from_bytes};

/// Name, header fields and packed bytes of every entry, as the zip crate sees them.
fn entries(bytes: &[u8]) -> Vec<(String, (String, Vec<u8>))> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = Vec::new();
    for position in 0..archive.len() {
        let mut file = archive.by_index_raw(position).unwrap();
        let mut packed = Vec::new();
        file.read_to_end(&mut packed).unwrap();
        let head = format!(
            "{:?} {:?} {:?} {} {} {:?} {:?} {:?}",
            file.compression(),
            file.last_modified(),
            file.unix_mode(),
            file.crc32(),
            file.size(),
            file.extra_data(),
            file.comment(),
            file.flags(),
        );
        entries.push((
            String::from_utf8_lossy(file.name_raw()).into_owned(),
            (head, packed),
        ));
    }
    entries
}

/// The unpacked parts by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for position in 0..archive.len() {
        let mut file = archive.by_index(position).unwrap();
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let mut content = Vec::new();
        if file.read_to_end(&mut content).is_err() {
            content = b"unreadable".to_vec();
        }
        parts.insert(name, content);
    }
    parts
}

/// Values and formulas of every worksheet, as calamine reads them.
fn cells(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    let mut sheets = BTreeMap::new();
    let Ok(mut workbook) = calamine::Xlsx::new(Cursor::new(bytes.to_vec())) else {
        return sheets;
    };
    for name in workbook.sheet_names() {
        let mut lines = Vec::new();
        if let Ok(range) = workbook.worksheet_range(&name) {
            let (row, column) = range.start().unwrap_or_default();
            lines.extend(
                range
                    .used_cells()
                    .filter(|cell| *cell.2 != Data::Empty)
                    .map(|cell| {
                        format!(
                            "{}!{} {:?}",
                            cell.0 as u32 + row,
                            cell.1 as u32 + column,
                            cell.2
                        )
                    }),
            );
        }
        if let Ok(range) = workbook.worksheet_formula(&name) {
            let (row, column) = range.start().unwrap_or_default();
            lines.extend(
                range
                    .used_cells()
                    .filter(|cell| !cell.2.is_empty())
                    .map(|cell| {
                        format!(
                            "{}!{} ={}",
                            cell.0 as u32 + row,
                            cell.1 as u32 + column,
                            cell.2
                        )
                    }),
            );
        }
        sheets.insert(name, lines);
    }
    sheets
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

fn patch(bytes: &[u8]) -> Patch {
    Patch::from_bytes(bytes.to_vec(), &Limits::default()).unwrap()
}

fn read(bytes: &[u8]) -> Result<crate::Workbook, ReadError> {
    workbook_from_bytes(bytes, &OpenOptions::default())
}

/// Annotations about these cells, the severities in turn.
pub(super) fn annotations(places: &[(&str, CellRef)]) -> Annotations {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let remarks =
        places
            .iter()
            .zip(severities.iter().cycle())
            .map(|(&(sheet, cell), &severity)| Remark {
                severity,
                code: "C203".into(),
                sheet: sheet.into(),
                cell: Some(cell),
                owner: "何苗".into(),
                header: "跟进日期".into(),
                value: "2025年2月30日".into(),
                message: format!("`{cell}` 的日期不存在 <&>"),
                advice: "改成存在的日期".into(),
            });
    let legend = severities.map(|severity| Legend {
        severity,
        word: severity.as_str().into(),
        meaning: "说明".into(),
    });
    Annotations {
        sheet: FindingsSheet {
            name: "检查结果".into(),
            title: "检查结果".into(),
            lines: vec!["一行说明".into()],
            legend: legend.to_vec(),
            persons: vec![PersonLine {
                name: "何苗".into(),
                share: "1 错".into(),
            }],
            headings: [
                "严重程度",
                "代码",
                "工作表",
                "单元格",
                "跟进人",
                "列名",
                "当前值",
                "问题",
                "怎么办",
            ]
            .map(String::from),
        },
        remarks: remarks.collect(),
    }
}

fn annotated(bytes: &[u8], places: &[(&str, CellRef)]) -> Result<Vec<u8>, PatchError> {
    let mut out = Cursor::new(Vec::new());
    let patch = Patch::from_bytes(bytes.to_vec(), &Limits::default())?;
    patch.annotate(&annotations(places), &mut out)?;
    Ok(out.into_inner())
}

fn cleaned(bytes: &[u8]) -> Result<(Vec<u8>, Vec<PatchNotice>), PatchError> {
    let mut out = Cursor::new(Vec::new());
    let patch = Patch::from_bytes(bytes.to_vec(), &Limits::default())?;
    let notices = patch.clean(|| read(bytes), &mut out)?;
    Ok((out.into_inner(), notices))
}
