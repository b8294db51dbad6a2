use crate::category::SalesStage;
use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, meant_date};

declare_rule! {
    /// ## What it finds
    /// A 成交日期 that lies before the follow-up at which it is first written down.
    ///
    /// ## Why it matters
    /// A deal cannot be closed before the talk that closed it. The days from lead to close come out too short, even
    /// below zero, and the sale may fall into the wrong month.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 成交日期 |
    /// |---|---|---|
    /// | ZJ-20250506-001 | 2025-05-15 | 2025-05-12 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 成交日期 |
    /// |---|---|---|
    /// | ZJ-20250506-001 | 2025-05-15 | 2025-05-16 |
    ///
    /// ## What to do
    /// Correct the date that is wrong. Later follow-ups may repeat the date of the sale.
    pub(super) static CLOSED_BEFORE_FOLLOW_UP = {
        code: "L112", name: "closed-before-follow-up", severity: Error, since: "0.1.0",
        needs: [ClosedDate, FollowUpDate],
        source: [FollowUpStatistics],
        check: Check::Lead(closed_before_follow_up),
    }
}

fn closed_before_follow_up(context: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let mut before = None;
    for row in lead.rows() {
        let Some(closed) = meant_date(context, &row, Field::ClosedDate) else {
            continue;
        };
        let is_repeated = before == Some(closed);
        before = Some(closed);
        let Some(followed_up) = meant_date(context, &row, Field::FollowUpDate) else {
            continue;
        };
        if closed < followed_up && !is_repeated && !is_after_sales(&row) {
            let message = Message::new("closed-before-follow-up", "")
                .with("value", closed)
                .with("follow-up", followed_up);
            let finding = findings.row(&row, Field::ClosedDate, message);
            finding.related.extend(row.cell(Field::FollowUpDate));
        }
    }
}

/// Service comes after the sale, and so do its follow-ups.
fn is_after_sales(row: &Row<'_>) -> bool {
    row.term_id(Field::SalesStage) == Some(SalesStage::AfterSales as u16)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_deal_closed_before_its_talk_is_found() {
        let table = "
            | lead_id         | follow_up_date | stage    | closed_date |
            | ZJ-20240506-001 | =2024-05-06    | 意向客户 |             |
            | ZJ-20240506-001 | =2024-05-15    | 成交客户 | =2024-05-12 |";
        assert_eq!(
            findings("L112", table),
            "D3 closed-before-follow-up value=2024-05-12 follow-up=2024-05-15 beside B3"
        );
    }

    #[test]
    fn closed_on_the_day_or_later_is_clean() {
        let table = "
            | lead_id | follow_up_date | closed_date |
            | A001    | =2020-02-01    | =2020-02-02 |
            | A002    | =2020-03-02    | =2020-03-02 |
            | A003    | =2020-03-02    |             |
            | A004    | 待定           | =2020-03-02 |
            | A005    | =2020-03-02    | 3/1/2020    |";
        assert_eq!(findings("L112", table), "");
    }

    #[test]
    fn later_follow_ups_may_repeat_the_date_of_the_sale() {
        let table = "
            | lead_id | follow_up_date | stage    | closed_date |
            | A001    | =2024-05-12    | 成交客户 | =2024-05-12 |
            | A001    | =2024-05-20    | 成交客户 | =2024-05-12 |
            | A001    | =2024-05-28    | 成交客户 | =2024-05-12 |";
        assert_eq!(findings("L112", table), "");
    }

    #[test]
    fn service_comes_after_the_sale() {
        let table = "
            | customer | follow_up_date | sales_stage | closed_date |
            | 北辰机电 | =2024-05-20    | 售后服务    | =2024-05-12 |";
        assert_eq!(findings("L112", table), "");
    }
}
