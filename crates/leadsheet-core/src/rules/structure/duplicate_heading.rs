use crate::field::FieldKind;
use crate::message::Message;
use crate::place::CellRef;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// Two columns with the same meaning: the same heading twice, or a heading and its synonym. 手机 beside 电话 are
    /// two ways to reach somebody and no duplicates.
    ///
    /// ## Why it matters
    /// Only the first is read. What people write into the second is checked and counted by nobody.
    ///
    /// ## Example that fails
    /// | 客户名称 | 负责人 | 业务员 |
    /// |---|---|---|
    /// | 北辰机电 | 李雷 | |
    /// | 南汀贸易 | | 韩梅 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 负责人 |
    /// |---|---|
    /// | 北辰机电 | 李雷 |
    /// | 南汀贸易 | 韩梅 |
    ///
    /// ## What to do
    /// Bring both together in one column and delete the other, or give it a heading that says what it really holds.
    pub(super) static DUPLICATE_HEADING = {
        code: "S104", name: "duplicate-heading", severity: Error, since: "0.1.0",
        source: [Spreadsheets],
        check: Check::Sheet(duplicate_heading),
    }
}

fn duplicate_heading(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    let heading = |cell: CellRef| {
        let column = ledger.column_at(cell);
        column.map(|column| column.header.clone())
    };
    for &(field, one, other) in &sheet.recognition.duplicates {
        // The column further left is the one that is read.
        let (first, second) = if one.column <= other.column {
            (one, other)
        } else {
            (other, one)
        };
        let (value, taken) = (heading(second), heading(first));
        if field.kind() == FieldKind::Contact && value != taken {
            continue;
        }
        let message = Message::new("duplicate-heading", "")
            .with("value", value.clone().unwrap_or_default())
            .with("first", taken.unwrap_or_default());
        let finding = findings.cell(second, message);
        finding.header = value.map(Into::into);
        finding.value.clone_from(&finding.header);
        finding.field = Some(field);
        finding.related.push(first);
    }
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{LedgerBuilder, Value};
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::recognition::{BookSheet, Recognition};
    use crate::rules::testing::findings_in_sheet;

    fn sheet(duplicates: Vec<(Field, CellRef, CellRef)>) -> BookSheet {
        let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
        builder.column("客户名称", Some(Field::Customer));
        builder.column("负责人", Some(Field::Owner));
        builder.column("业务员", Some(Field::Owner));
        builder
            .row(&[Value::Text("北辰机电"), Value::Text("李雷")])
            .unwrap();
        BookSheet {
            visible: true,
            recognition: Recognition {
                duplicates,
                ..Recognition::default()
            },
            ledger: Some(builder.build()),
            ..BookSheet::default()
        }
    }

    #[test]
    fn the_second_column_of_one_meaning_is_found() {
        let duplicate = (Field::Owner, CellRef::new(0, 2), CellRef::new(0, 1));
        assert_eq!(
            findings_in_sheet("S104", sheet(vec![duplicate]), &Policy::default()),
            "C1 duplicate-heading value=业务员 first=负责人 beside B1"
        );
    }

    #[test]
    fn one_column_for_each_meaning_is_clean() {
        assert_eq!(
            findings_in_sheet("S104", sheet(vec![]), &Policy::default()),
            ""
        );
    }

    #[test]
    fn a_mobile_and_a_phone_are_two_ways_to_reach_somebody() {
        let phones = (Field::Phone, CellRef::new(0, 2), CellRef::new(0, 1));
        assert_eq!(
            findings_in_sheet("S104", sheet(vec![phones]), &Policy::default()),
            ""
        );
    }

    #[test]
    fn a_sheet_that_no_template_fits_is_not_judged() {
        let duplicate = (Field::Owner, CellRef::new(0, 2), CellRef::new(0, 1));
        let unrecognised = BookSheet {
            ledger: None,
            ..sheet(vec![duplicate])
        };
        assert_eq!(
            findings_in_sheet("S104", unrecognised, &Policy::default()),
            ""
        );
    }
}
