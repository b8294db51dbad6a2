//! From a workbook to a book: each sheet recognised, each table taken out.

use leadsheet_core::{Book, BookSheet, Ledger};

use crate::sheet::{Sheet, Visibility, Workbook};
use crate::template::{Recognised, Templates, extract, extract_form, recognise};

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
            let recognised = recognise(sheet, templates);
            recognised.template()?;
            ledger_of(sheet.clone(), &recognised)
        };
        self.sheets.iter().map(ledger).collect()
    }
}

/// The table of a sheet, flat or in a form.
fn ledger_of(sheet: Sheet, recognised: &Recognised<'_>) -> Option<Ledger> {
    match (&recognised.layout, &recognised.form) {
        (Some(layout), _) => Some(extract(sheet, layout)),
        (None, Some(form)) => Some(extract_form(sheet, form)),
        (None, None) => None,
    }
}

fn into_book_sheet(sheet: Sheet, templates: &Templates) -> BookSheet {
    let recognised = recognise(&sheet, templates);
    BookSheet {
        name: sheet.name.clone(),
        visible: sheet.visibility == Visibility::Visible,
        used: sheet.used(),
        hidden_rows: sheet.hidden_rows.clone(),
        hidden_columns: sheet.hidden_columns.clone(),
        recognition: recognised.recognition.clone(),
        ledger: ledger_of(sheet, &recognised),
    }
}
