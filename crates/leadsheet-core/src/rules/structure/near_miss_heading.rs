use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A heading that is nearly one the template wants and the sheet lacks. It is taken for that one.
    ///
    /// ## Why it matters
    /// If it is a slip, other programs will not know the column. If it is not, the column is checked and counted as
    /// something it was never meant to be.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索来原 |
    /// |---|---|
    /// | ZH-20240520-001 | 行业展会 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索来源 |
    /// |---|---|
    /// | ZH-20240520-001 | 行业展会 |
    ///
    /// ## What to do
    /// Correct the heading. If another column is meant, give it a heading that says so.
    pub(super) static NEAR_MISS_HEADING = {
        code: "S103", name: "near-miss-heading", severity: Warning, since: "0.1.0",
        source: [Spreadsheets, Practice],
        check: Check::Sheet(near_miss_heading),
    }
}

fn near_miss_heading(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    if sheet.ledger.is_none() {
        return;
    }
    for near_miss in &sheet.recognition.near_misses {
        let message = Message::new("near-miss-heading", "")
            .with("value", &near_miss.header)
            .with("meant", &near_miss.meant);
        let finding = findings.cell(near_miss.cell, message);
        finding.header = Some(near_miss.header.as_str().into());
        finding.value.clone_from(&finding.header);
        finding.suggestion = Some(near_miss.meant.clone());
    }
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::recognition::{BookSheet, NearMiss, Recognition};
    use crate::rules::testing::{findings_in_sheet, table};

    fn sheet() -> BookSheet {
        BookSheet {
            visible: true,
            recognition: Recognition {
                near_misses: vec![NearMiss {
                    cell: CellRef::new(2, 1),
                    header: "线索来原".into(),
                    meant: "线索来源".into(),
                    field: Field::Source,
                }],
                ..Recognition::default()
            },
            ledger: Some(table("| customer |\n| 北辰机电 |")),
            ..BookSheet::default()
        }
    }

    #[test]
    fn a_heading_nearly_right_is_found_where_it_stands() {
        assert_eq!(
            findings_in_sheet("S103", sheet(), &Policy::default()),
            "B3 near-miss-heading value=线索来原 meant=线索来源 → 线索来源"
        );
    }

    #[test]
    fn a_sheet_that_no_template_fits_has_another_rule() {
        let unrecognised = BookSheet {
            ledger: None,
            ..sheet()
        };
        assert_eq!(
            findings_in_sheet("S103", unrecognised, &Policy::default()),
            ""
        );
    }

    #[test]
    fn headings_that_match_and_those_nobody_knows_are_clean() {
        let clean = BookSheet {
            recognition: Recognition::default(),
            ..sheet()
        };
        assert_eq!(findings_in_sheet("S103", clean, &Policy::default()), "");
    }
}
