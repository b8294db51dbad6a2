//! Notices gathered while a workbook is read. A sheet with a million bad cells is told apart from one with a
//! thousand by a count, not by a million notices.

use std::mem::{self, Discriminant};

use leadsheet_core::CellRef;

use crate::notice::{Notice, NoticeKind};

/// Notices of one kind that are kept for one sheet.
const KEPT: u64 = 1_000;
/// Characters of a cell's text that a notice repeats.
const QUOTED: usize = 100;

/// The notices of a workbook in the making.
#[derive(Debug, Default)]
pub(super) struct Notices {
    list: Vec<Notice>,
    sheet: Option<usize>,
    counts: Vec<(Discriminant<NoticeKind>, String, u64)>,
}

impl Notices {
    /// What follows is about this sheet, or about the workbook.
    pub(super) fn begin(&mut self, sheet: Option<usize>) {
        self.end();
        self.sheet = sheet;
    }

    /// Adds a notice about a cell, or about the sheet.
    pub(super) fn add(&mut self, cell: Option<CellRef>, kind: NoticeKind) {
        let discriminant = mem::discriminant(&kind);
        match self
            .counts
            .iter_mut()
            .find(|(known, ..)| *known == discriminant)
        {
            Some((.., count)) => {
                *count += 1;
                if *count > KEPT {
                    return;
                }
            }
            None => self.counts.push((discriminant, kind.message().id(), 1)),
        }
        self.list.push(Notice {
            sheet: self.sheet,
            cell,
            kind,
        });
    }

    /// Says how many were not kept.
    fn end(&mut self) {
        for (_, of, count) in self.counts.drain(..).filter(|(.., count)| *count > KEPT) {
            self.list.push(Notice {
                sheet: self.sheet,
                cell: None,
                kind: NoticeKind::More {
                    of,
                    count: count - KEPT,
                },
            });
        }
        self.sheet = None;
    }

    pub(super) fn into_list(mut self) -> Vec<Notice> {
        self.end();
        self.list
    }
}

/// As much of a cell's text as a notice repeats.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
