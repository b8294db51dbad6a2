//! From a workbook to a book: each sheet recognised, each table taken out.

use leadsheet_core::{Book, BookSheet, Ledger};

use crate::sheet::{Sheet, Visibility, Workbook};
use crate::template::{Templates, extract, recognise};

impl Workbook {
    /// Recognises every sheet and takes the tables out. The cells' memory becomes the tables'.
    pub fn into_book(self, path: &str, templates: &Templates) -> Book {
        let sheets = self
            .sheets
            .into_iter()
            .map(|sheet| into_book_sheet(sheet, templates));
        Book {
            path: path.to_owned(),
            sheets: sheets.collect(),
        }
    }

    /// The table of each sheet, where a template fits it; the workbook stays as it is.
    pub fn ledgers(&self, templates: &Templates) -> Vec<Option<Ledger>> {
        let ledger = |sheet: &Sheet| {
            recognise(sheet, templates)
                .layout
                .map(|layout| extract(sheet.clone(), &layout))
        };
        self.sheets.iter().map(ledger).collect()
    }
}

fn into_book_sheet(sheet: Sheet, templates: &Templates) -> BookSheet {
    let recognised = recognise(&sheet, templates);
    BookSheet {
        name: sheet.name.clone(),
        visible: sheet.visibility == Visibility::Visible,
        used: sheet.used(),
        recognition: recognised.recognition,
        ledger: recognised.layout.map(|layout| extract(sheet, &layout)),
    }
}
