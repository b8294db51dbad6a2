use crate::category::Outcome;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// Two columns of one row that cannot both be right: 成交 in one, 流失, 未成交 or an open stage in the other.
    ///
    /// ## Why it matters
    /// Every conversion figure rests on the outcome. Here 当前状态 counts before 转化状态, 跟进结果, 销售阶段 and
    /// 订单状态; whoever counts by another column gets another rate.
    ///
    /// ## Example that fails
    /// | 线索编号 | 当前状态 | 跟进结果 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 流失客户 | 成交 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 当前状态 | 跟进结果 |
    /// |---|---|---|
    /// | ZH-20240520-001 | 成交客户 | 成交 |
    ///
    /// ## What to do
    /// Correct the column that was not kept up to date.
    pub(super) static OUTCOME_CONTRADICTION = {
        code: "R206", name: "outcome-contradiction", severity: Error, since: "0.1.0",
        source: [FollowUpStatistics, Pipeline],
        check: Check::Row(outcome_contradiction),
    }
}

/// What a column commits itself to.
#[derive(Clone, Copy, PartialEq)]
enum Claim {
    Won,
    Lost,
    Open,
    /// Open or lost: 未成交 may mean "not yet", and a lost deal keeps the sales stage it had.
    NotWon,
}

impl Claim {
    fn contradicts(self, other: Self) -> bool {
        match (self, other) {
            (Claim::NotWon, other) | (other, Claim::NotWon) => other == Claim::Won,
            _ => self != other,
        }
    }
}

fn outcome_contradiction(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    if row.outcome_fields().nth(1).is_none() {
        return;
    }
    let mut claims = row
        .outcome_fields()
        .filter_map(|field| claim(row, field).map(|claim| (field, claim)));
    let Some((first, counted)) = claims.next() else {
        return;
    };
    for (field, claim) in claims {
        if claim.contradicts(counted) {
            let message = Message::new("outcome-contradiction", "")
                .with("value", row.value(field).display())
                .with("other", row.value(first).display());
            let finding = findings.row(row, field, message);
            finding.related.extend(row.cell(first));
        }
    }
}

fn claim(row: &Row<'_>, field: Field) -> Option<Claim> {
    Some(match (field, row.outcome_in(field)?) {
        (_, Outcome::Won) => Claim::Won,
        (Field::Result, Outcome::Lost) | (Field::SalesStage, Outcome::Open) => Claim::NotWon,
        // A cancelled order says nothing of the customer's others.
        (Field::OrderStatus, _) => return None,
        (_, Outcome::Lost) => Claim::Lost,
        (_, Outcome::Open) => Claim::Open,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn won_in_one_column_and_not_in_another_is_found() {
        let table = "
            | lead_id         | stage      | result | conversion_status | sales_stage | order_status |
            | ZH-20240520-001 | 流失客户   | 成交   |                   |             |              |
            | ZH-20240520-002 | 成交客户   | 未成交 |                   |             |              |
            | ZH-20240520-003 | 意向客户   |        | 流失客户          |             |              |
            | ZH-20240520-004 |            |        | 成交客户          | 报价        |              |
            | ZH-20240520-005 | 高意向客户 |        |                   |             | 生产中       |";
        insta::assert_snapshot!(findings("R206", table), @r"
        C2 outcome-contradiction value=成交 other=流失客户 beside B2
        C3 outcome-contradiction value=未成交 other=成交客户 beside B3
        D4 outcome-contradiction value=流失客户 other=意向客户 beside B4
        E5 outcome-contradiction value=报价 other=成交客户 beside D5
        F6 outcome-contradiction value=生产中 other=高意向客户 beside B6
        ");
    }

    #[test]
    fn columns_that_agree_are_clean() {
        let table = "
            | stage    | result | conversion_status | sales_stage | order_status |
            | 成交客户 | 成交   | 成交客户          | 售后服务    | 已完成       |
            | 流失客户 | 未成交 | 流失客户          |             |              |
            |          | 成交   |                   |             |              |
            |          |        |                   |             |              |";
        assert_eq!(findings("R206", table), "");
    }

    #[test]
    fn not_yet_bought_is_no_contradiction_to_an_open_stage() {
        let table = "
            | stage      | result | sales_stage |
            | 意向客户   | 未成交 | 报价        |
            | 高意向客户 |        | 方案制定    |";
        assert_eq!(findings("R206", table), "");
    }

    #[test]
    fn a_lost_deal_keeps_its_sales_stage_and_a_cancelled_order_says_nothing() {
        let table = "
            | stage    | sales_stage | order_status |
            | 流失客户 | 报价        |              |
            | 成交客户 |             | 已取消       |
            | 意向客户 |             | 已取消       |";
        assert_eq!(findings("R206", table), "");
    }

    #[test]
    fn unknown_words_contradict_nothing() {
        assert_eq!(
            findings("R206", "| stage | result |\n| 成交客户 | 差不多了 |"),
            ""
        );
    }
}
