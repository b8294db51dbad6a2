use super::unknown_term::ticked_boxes;
use crate::field::FieldKind;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A cell of tick boxes in which more than one box is ticked, where the column takes one term.
    ///
    /// ## Why it matters
    /// A customer is of one class, a follow-up is made in one way. With two boxes ticked it counts as neither: the row
    /// stands in a line of its own in every report.
    ///
    /// ## Example that fails
    /// | 客户类别 | 跟进人 |
    /// |---|---|
    /// | □准客户 ☑意向客户 ☑优质潜在客户 □一般潜在客户 | 李雷 |
    ///
    /// ## Example that passes
    /// | 客户类别 | 跟进人 |
    /// |---|---|
    /// | □准客户 ☑意向客户 □优质潜在客户 □一般潜在客户 | 李雷 |
    ///
    /// ## What to do
    /// Leave the box ticked that says it best. Two ways of following up on one day are two follow-ups.
    pub(super) static SEVERAL_BOXES_TICKED = {
        code: "C503", name: "several-boxes-ticked", severity: Warning, since: "0.1.0",
        source: [FollowUpRecords],
        check: Check::Cell(&[FieldKind::Term], several_boxes_ticked),
    }
}

fn several_boxes_ticked(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    (ticked_boxes(cell) > 1).then(|| {
        Flaw::new(Message::new("several-boxes-ticked", "").with("value", cell.value.display()))
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use crate::rules::testing::{findings_of, table};

    fn findings(rows: &str) -> String {
        let mut ledger = table(&format!("| method | category | remark |\n{rows}"));
        ledger.read_tick_boxes().unwrap();
        findings_of("C5", ledger, &Policy::default())
    }

    #[test]
    fn two_ticked_boxes_are_found_with_their_labels() {
        let rows = "
            | ☑直接登门;☐邀约登门;☑电话跟进 | ☐准客户 ■意向客户 ■优质潜在客户 | |
            | √电话 √微信                   |                                 | |";
        insta::assert_snapshot!(findings(rows), @r"
        A2 several-boxes-ticked value=直接登门、电话跟进
        B2 several-boxes-ticked value=意向客户、优质潜在客户
        A3 several-boxes-ticked value=电话、微信
        ");
    }

    #[test]
    fn one_box_none_and_free_text_are_clean() {
        let rows = "
            | ☐直接登门;?邀约登门;☐电话跟进  | ☐准客户 ☐意向客户 | ☑要合同 ☑要发票 |
            | ☑其他：托人带话                | （√）准客户       |                 |
            | 电话                           | 准客户            |                 |";
        assert_eq!(findings(rows), "");
    }
}
