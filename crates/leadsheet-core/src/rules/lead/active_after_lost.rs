use crate::category::Outcome;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, gives_reason};

declare_rule! {
    /// ## What it finds
    /// A follow-up after the day a lead was lost, though nothing says that it was taken up again: an open stage with
    /// a reason.
    ///
    /// ## Why it matters
    /// Either the customer is back and is still counted among the lost, or time goes into a lead that was given up.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20250409-001 | 2025-05-09 | 流失客户 | 流失：预算取消 |
    /// | ZH-20250409-001 | 2025-06-10 | 流失客户 | 流失：预算取消 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 当前状态 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20250409-001 | 2025-05-09 | 流失客户 | 流失：预算取消 |
    /// | ZH-20250409-001 | 2025-06-10 | 意向客户 | 重新启动：预算批下来了 |
    ///
    /// ## What to do
    /// If the customer is back, set an open stage and say why in 状态变更原因 (or 备注, where there is no such
    /// column). Otherwise check the date, or start a new lead.
    pub(super) static ACTIVE_AFTER_LOST = {
        code: "L105", name: "active-after-lost", severity: Warning, since: "0.1.0",
        source: [LeadLedger],
        check: Check::Table(active_after_lost),
    }
}

fn active_after_lost(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    // 未成交 alone may mean "not yet".
    let says = [Field::Stage, Field::ConversionStatus].into_iter();
    let says: Vec<_> = says
        .filter_map(|field| leads.reading().outcomes_in(field))
        .collect();
    let is_lost = |row: usize| says.iter().any(|says| says(row) == Some(Outcome::Lost));
    let having = leads.having(is_lost);
    for lead in leads.iter().filter(|lead| having[lead.index()]) {
        find_in_lead(&lead, |row| is_lost(row.index()), findings);
    }
}

fn find_in_lead(
    lead: &Lead<'_>,
    says_lost: impl Fn(&Row<'_>) -> bool,
    findings: &mut Findings<'_>,
) {
    let date = |row: &Row<'_>| row.date(Field::FollowUpDate);
    let mut given_up: Option<Row<'_>> = None;
    let mut said = false;
    for row in lead.rows_in_order() {
        let is_lost = says_lost(&row);
        let Some(loss) = given_up else {
            given_up = is_lost.then_some(row);
            said = false;
            continue;
        };
        // A table without dates has its rows in order.
        let is_later = date(&loss) < date(&row) || date(&row).is_none();
        let is_reopened = !is_lost && row.stated_outcome().is_some() && gives_reason(&row);
        if is_later && !is_reopened && !said {
            let message = match date(&loss) {
                Some(day) => Message::new("active-after-lost", "").with("lost", day),
                None => Message::new("active-after-lost", "undated"),
            };
            let finding = findings.row(&row, Field::FollowUpDate, message);
            finding.related.extend(loss.cell(Field::Stage));
            said = true;
        }
        if !is_lost && row.stated_outcome().is_some() {
            given_up = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_follow_up_after_the_loss_is_found_once() {
        let table = "
            | lead_id         | follow_up_date | stage    | stage_reason   |
            | ZH-20250409-001 | =2025-05-09    | 流失客户 | 流失：预算取消 |
            | ZH-20250409-001 | =2025-06-10    | 流失客户 | 流失：预算取消 |
            | ZH-20250409-001 | =2025-06-20    | 流失客户 |                |
            | ZH-20250409-002 | =2025-05-09    | 流失客户 | 流失：预算取消 |
            | ZH-20250409-002 | =2025-06-10    | 意向客户 |                |
            | ZH-20250409-003 | =2025-05-09    | 流失客户 | 流失：预算取消 |
            | ZH-20250409-003 | =2025-06-10    |          | 再问一次       |";
        insta::assert_snapshot!(findings("L105", table), @r"
        B3 active-after-lost lost=2025-05-09 beside C2
        B6 active-after-lost lost=2025-05-09 beside C5
        B8 active-after-lost lost=2025-05-09 beside C7
        ");
    }

    #[test]
    fn a_table_without_dates_tells_by_its_rows() {
        let table = "
            | lead_id | stage    |
            | A001    | 流失客户 |
            | A001    | 意向客户 |";
        assert_eq!(
            findings("L105", table),
            "A3 active-after-lost-undated beside B2"
        );
    }

    #[test]
    fn a_reopening_with_its_reason_is_clean() {
        let table = "
            | lead_id | follow_up_date | stage    | stage_reason |
            | A001    | =2025-05-09    | 流失客户 | 预算取消     |
            | A001    | =2025-06-10    | 意向客户 | 预算又批了   |
            | A001    | =2025-06-20    | 成交客户 |              |";
        assert_eq!(findings("L105", table), "");
    }

    #[test]
    fn two_notes_on_the_day_of_the_loss_are_clean() {
        let table = "
            | lead_id | follow_up_date | stage    | stage_reason |
            | A001    | =2025-05-01    | 意向客户 |              |
            | A001    | =2025-05-09    | 流失客户 | 预算取消     |
            | A001    | =2025-05-09    | 流失客户 | 预算取消     |";
        assert_eq!(findings("L105", table), "");
    }

    #[test]
    fn not_bought_yet_is_not_lost() {
        let table = "
            | lead_id | follow_up_date | result |
            | A001    | =2025-05-01    | 未成交 |
            | A001    | =2025-05-09    | 成交   |";
        assert_eq!(findings("L105", table), "");
    }
}
