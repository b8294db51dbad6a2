use crate::field::Field;
use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::compact_key;

declare_rule! {
    /// ## What it finds
    /// A lead whose rows name more than one person responsible.
    ///
    /// ## Why it matters
    /// Two people may be calling the same customer without knowing of each other. Figures by person give the whole
    /// lead to the latest one.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 负责人 |
    /// |---|---|---|
    /// | XS-20250221-002 | 2025-03-03 | 周岚 |
    /// | XS-20250221-002 | 2025-03-19 | 吴桐 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 负责人 |
    /// |---|---|---|
    /// | XS-20250221-002 | 2025-03-03 | 周岚 |
    /// | XS-20250221-002 | 2025-03-19 | 周岚 |
    ///
    /// ## What to do
    /// Nothing, if the lead was handed over. Otherwise agree on one person and write that name into the next row.
    pub(super) static SEVERAL_OWNERS = {
        code: "L106", name: "several-owners", severity: Info, since: "0.1.0",
        needs: [Owner],
        source: [LeadLedger],
        varying: [Owner],
        check: Check::Lead(several_owners),
    }
}

fn several_owners(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let Some(column) = lead.first().reading().column(Field::Owner) else {
        return;
    };
    let mut named = lead.rows().filter(|row| !row.is_blank(Field::Owner));
    let Some(first) = named.next() else { return };
    let code = column.code(first.index());
    for row in named {
        if column.code(row.index()) == code {
            continue;
        }
        let (before, value) = (first.value(Field::Owner), row.value(Field::Owner));
        let (before, value) = (before.display(), value.display());
        if compact_key(&before) != compact_key(&value) {
            let message = Message::new("several-owners", "")
                .with("value", value.trim())
                .with("before", before.trim());
            let finding = findings.row(&row, Field::Owner, message);
            finding.related.extend(first.cell(Field::Owner));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn the_first_row_of_another_person_is_shown() {
        let table = "
            | lead_id         | follow_up_date | owner |
            | XS-20250221-002 | =2025-03-03    | 周岚  |
            | XS-20250221-002 | =2025-03-19    | 吴桐  |
            | XS-20250221-002 | =2025-03-26    | 吴桐  |
            | XS-20250221-002 | =2025-04-02    | 周岚  |";
        assert_eq!(
            findings("L106", table),
            "C3 several-owners value=吴桐 before=周岚 beside C2"
        );
    }

    #[test]
    fn one_person_however_spelt_is_clean() {
        let table = "
            | lead_id | follow_up_date | owner  |
            | A001    | =2025-03-03    | 周岚   |
            | A001    | =2025-03-10    | 周 嵐␣ |
            | A001    | =2025-03-19    |        |
            | A002    | =2025-03-19    | 吴桐   |";
        assert_eq!(findings("L106", table), "");
    }

    #[test]
    fn a_table_without_owners_is_clean() {
        assert_eq!(
            findings(
                "L106",
                "| lead_id | contact |\n| A001 | 王敏 |\n| A001 | 李雷 |"
            ),
            ""
        );
    }
}
