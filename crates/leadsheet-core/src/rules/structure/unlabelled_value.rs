use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A filled cell of a form that has no label: nothing beside or above it says what it is.
    ///
    /// ## Why it matters
    /// It is kept, but nobody can check or count it, and whoever takes over the customer has to guess.
    ///
    /// ## Example that fails
    /// | 客户名称 | 北辰机电 | | 大客户 |
    /// |---|---|---|---|
    /// | 联系人 | 王敏 | 联系方式 | 13800000001 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 北辰机电 | 客户类别 | 意向客户 |
    /// |---|---|---|---|
    /// | 联系人 | 王敏 | 联系方式 | 13800000001 |
    ///
    /// ## What to do
    /// Write what it is into the cell before it (`客户等级`), or move it to where it belongs. What is asked for in
    /// every form of yours can be listed under `labels` in a template of your own.
    pub(super) static UNLABELLED_VALUE = {
        code: "S109", name: "unlabelled-value", severity: Warning, since: "0.1.0",
        source: [FollowUpRecords],
        check: Check::Sheet(unlabelled_value),
    }
}

fn unlabelled_value(_: &Context<'_>, _: &Book, sheet: &BookSheet, findings: &mut Findings<'_>) {
    let Some(ledger) = &sheet.ledger else { return };
    for &cell in &ledger.unlabelled {
        let value = ledger.value_at(cell).display();
        let message = Message::new("unlabelled-value", "").with("value", &value);
        findings.cell(cell, message).value = Some(value.into());
    }
}

#[cfg(test)]
mod tests {
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn values_without_a_label_are_found_where_they_stand() {
        let mut ledger = table("| customer | 大客户 |\n| 北辰机电 | 老客户 |");
        ledger.unlabelled = vec![CellRef::new(1, 1)];
        assert_eq!(
            findings_of("S109", ledger, &Policy::default()),
            "B2 unlabelled-value value=老客户"
        );
    }

    #[test]
    fn columns_without_a_heading_are_not_its_business() {
        assert_eq!(
            findings("S109", "| customer | |\n| 北辰机电 | 老客户 |"),
            ""
        );
    }
}
