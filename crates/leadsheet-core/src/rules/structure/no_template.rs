use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A sheet with contents that no template fits. Hidden and empty sheets are passed over, and so is a sheet with
    /// nothing in common with any template beside one that was recognised: instructions, say.
    ///
    /// ## Why it matters
    /// Nothing in it is checked, counted or converted.
    ///
    /// ## Example that fails
    /// | 品名 | 规格 | 库存 |
    /// |---|---|---|
    /// | 扫码枪 | 2D | 40 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 联系方式 | 跟进日期 | 跟进方式 |
    /// |---|---|---|---|
    /// | 北辰机电 | 13800000001 | 2024-05-20 | 电话 |
    ///
    /// ## What to do
    /// Add the headings that the nearest template wants, or describe the sheet in a template of your own and pass it
    /// with `--template-file`.
    pub(super) static NO_TEMPLATE = {
        code: "S101", name: "no-template", severity: Error, since: "0.1.0",
        source: [Practice],
        check: Check::Sheet(no_template),
    }
}

/// Below this score a sheet is about something else: at most a few headings of a template occur in it.
const UNRELATED: f64 = 0.3;

fn no_template(_: &Context<'_>, book: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    if !sheet.visible || sheet.used.is_none() || sheet.ledger.is_some() {
        return;
    }
    let nearest = sheet.recognition.best.as_ref();
    let is_unrelated = nearest.is_none_or(|nearest| nearest.score < UNRELATED);
    if is_unrelated && book.ledgers().next().is_some() {
        return;
    }
    let message = match nearest {
        Some(nearest) if !nearest.missing.is_empty() => Message::new("no-template", "")
            .with("template", &nearest.template)
            .with("missing", nearest.missing_headings()),
        _ => Message::new("no-template", "unrelated"),
    };
    findings.sheet(message);
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::place::{CellRange, CellRef};
    use crate::recognition::{Book, BookSheet, Candidate, Recognition};
    use crate::rules::testing::{findings_in_book, missing, table};

    fn unrecognised(score: f64) -> BookSheet {
        BookSheet {
            name: "库存".into(),
            visible: true,
            used: Some(CellRange::new(CellRef::new(0, 0), CellRef::new(3, 3))),
            recognition: Recognition {
                best: Some(Candidate {
                    template: "lead-ledger".into(),
                    score,
                    missing: missing(&[(Field::LeadId, "线索编号"), (Field::Customer, "客户名称")]),
                }),
                ..Recognition::default()
            },
            ..BookSheet::default()
        }
    }

    fn recognised() -> BookSheet {
        BookSheet {
            ledger: Some(table("| customer |\n| 北辰机电 |")),
            ..unrecognised(1.0)
        }
    }

    fn findings(sheets: Vec<BookSheet>) -> String {
        let book = Book {
            path: "t.xlsx".into(),
            sheets,
        };
        findings_in_book("S101", book)
    }

    #[test]
    fn a_sheet_that_no_template_fits_is_found_with_the_nearest_one() {
        assert_eq!(
            findings(vec![unrecognised(0.4)]),
            "- no-template template=lead-ledger missing=线索编号、客户名称"
        );
        assert_eq!(
            findings(vec![recognised(), unrecognised(0.4)]),
            "- no-template template=lead-ledger missing=线索编号、客户名称"
        );
    }

    #[test]
    fn alone_in_its_workbook_even_an_unrelated_sheet_is_found() {
        let mut sheet = unrecognised(0.0);
        sheet.recognition.best = None;
        assert_eq!(findings(vec![sheet]), "- no-template-unrelated");
    }

    #[test]
    fn recognised_hidden_and_empty_sheets_are_clean() {
        let hidden = BookSheet {
            visible: false,
            ..unrecognised(0.4)
        };
        let empty = BookSheet {
            used: None,
            ..unrecognised(0.0)
        };
        assert_eq!(findings(vec![recognised(), hidden, empty]), "");
    }

    #[test]
    fn instructions_beside_a_table_are_clean() {
        assert_eq!(findings(vec![recognised(), unrecognised(0.2)]), "");
    }
}
