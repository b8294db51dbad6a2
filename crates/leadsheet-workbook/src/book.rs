//! From a workbook to a book: each sheet recognised, each table taken out.

use leadsheet_core::{Book, BookSheet, Ledger, SkipReason};

use crate::sheet::{Sheet, Visibility, Workbook};
use crate::template::{Recognised, Templates, extract, extract_form, recognise};
use crate::write::{Loss, says_something_above};

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

    /// As [`Workbook::into_book`], and what its tables leave out: sheets that no template fits, what stands above or
    /// below a table, formulas, of which the results are taken.
    pub fn into_book_with_losses(self, path: &str, templates: &Templates) -> (Book, Vec<Loss>) {
        let mut losses = Vec::new();
        let mut sheets = Vec::with_capacity(self.sheets.len());
        for sheet in self.sheets {
            let formulas = sheet.formulas.len();
            let recognised = recognise(&sheet, templates);
            let stands_above = match (&recognised.layout, &recognised.form) {
                (Some(layout), _) => says_something_above(&sheet, layout),
                (None, form) => form.as_ref().is_some_and(|form| form.has_more),
            };
            let book_sheet = book_sheet(sheet, &recognised);
            let name = || book_sheet.name.clone();
            match &book_sheet.ledger {
                Some(ledger) => {
                    if stands_above || ledger.skipped.iter().any(|row| says_something(row.reason)) {
                        losses.push(Loss::AroundTableLeftOut { sheet: name() });
                    }
                    if formulas > 0 {
                        losses.push(Loss::FormulasAsValues {
                            sheet: name(),
                            count: formulas,
                        });
                    }
                }
                None if book_sheet.used.is_some() => {
                    losses.push(Loss::SheetLeftOut { sheet: name() });
                }
                None => {}
            }
            sheets.push(book_sheet);
        }
        let book = Book {
            path: path.to_owned(),
            sheets,
        };
        (book, losses)
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

/// Whether a row that is no data holds something that its file alone says.
const fn says_something(reason: SkipReason) -> bool {
    matches!(reason, SkipReason::Total | SkipReason::Foot)
}

fn into_book_sheet(sheet: Sheet, templates: &Templates) -> BookSheet {
    let recognised = recognise(&sheet, templates);
    book_sheet(sheet, &recognised)
}

fn book_sheet(sheet: Sheet, recognised: &Recognised<'_>) -> BookSheet {
    BookSheet {
        name: sheet.name.clone(),
        visible: sheet.visibility == Visibility::Visible,
        used: sheet.used(),
        hidden_rows: sheet.hidden_rows.clone(),
        hidden_columns: sheet.hidden_columns.clone(),
        recognition: recognised.recognition.clone(),
        ledger: ledger_of(sheet, recognised),
    }
}
