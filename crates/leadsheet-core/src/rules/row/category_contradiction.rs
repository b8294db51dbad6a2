use crate::category::{CustomerCategory, Evidence, Grade, Intent, Outcome};
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A 客户类别 that another column of its row rules out: a 准客户 or 意向客户 who is lost, a 潜在客户 without need who is sure to
    /// buy or an A lead.
    ///
    /// ## Why it matters
    /// The four categories are defined by need and time: 准客户 and 意向客户 have a need, 优质潜在客户 and 一般潜在客户 have none. Where
    /// another column says the opposite, one of them was not kept up to date, and the wrong customers are called first.
    ///
    /// ## Example that fails
    /// | 客户名称 | 客户类别 | 客户意向 |
    /// |---|---|---|
    /// | 北辰机电 | 一般潜在客户 | 确定购买意向 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 客户类别 | 客户意向 |
    /// |---|---|---|
    /// | 北辰机电 | 准客户 | 确定购买意向 |
    ///
    /// ## What to do
    /// Correct the column that was not kept up to date.
    pub(super) static CATEGORY_CONTRADICTION = {
        code: "R305", name: "category-contradiction", severity: Warning, since: "0.1.0",
        needs: [Category],
        source: [FollowUpRecords],
        check: Check::Row(category_contradiction),
    }
}

fn category_contradiction(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let category = row.term_id(Field::Category).map(usize::from);
    let Some(category) = category.and_then(CustomerCategory::at) else {
        return;
    };
    let fields = [
        Field::Stage,
        Field::ConversionStatus,
        Field::Intent,
        Field::Grade,
    ];
    let rules_it_out = |field: &Field| category.is_ruled_out_by(&evidence(row, *field));
    if let Some(other) = fields.into_iter().find(rules_it_out) {
        let message = Message::new("category-contradiction", "")
            .with("value", row.value(Field::Category).display().trim())
            .with("other", row.value(other).display().trim());
        let finding = findings.row(row, Field::Category, message);
        finding.related.extend(row.cell(other));
    }
}

/// What a column says of the customer.
fn evidence(row: &Row<'_>, field: Field) -> Evidence {
    let has_need = match field {
        Field::Intent => (row.term_id(field) == Some(Intent::Decided as u16)).then_some(true),
        Field::Grade => (row.grade() == Some(Grade::A)).then_some(true),
        // 未成交 alone may mean "not yet".
        Field::Stage | Field::ConversionStatus => {
            (row.outcome_in(field) == Some(Outcome::Lost)).then_some(false)
        }
        _ => None,
    };
    Evidence {
        has_need,
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_category_that_its_row_rules_out_is_found() {
        let table = "
            | customer | category     | intent       | grade | stage    |
            | 北辰机电 | 一般潜在客户 | 确定购买意向 |       |          |
            | 南汀贸易 | 优质潜在客户 |              | A     |          |
            | 远汐星槎 | 准客户       |              |       | 流失客户 |";
        insta::assert_snapshot!(findings("R305", table), @r"
        B2 category-contradiction value=一般潜在客户 other=确定购买意向 beside C2
        B3 category-contradiction value=优质潜在客户 other=A beside D3
        B4 category-contradiction value=准客户 other=流失客户 beside E4
        ");
    }

    #[test]
    fn categories_that_their_rows_bear_out_are_clean() {
        let table = "
            | customer | category     | intent       | grade | stage      | result |
            | 北辰机电 | 准客户       | 确定购买意向 | A     | 高意向客户 |        |
            | 南汀贸易 | 意向客户     | 有意向       | B     | 意向客户   | 未成交 |
            | 远汐星槎 | 优质潜在客户 | 徘徊犹豫     | C     | 潜在客户   |        |
            | 望川灯塔 | 一般潜在客户 |              |       | 流失客户   |        |
            | 砚湾麦浪 | 准客户       |              | A     | 成交客户   | 成交   |
            | 云渡松果 |              | 确定购买意向 | A     |            |        |
            | 青岬竹溪 | 老客户       | 确定购买意向 | A     |            |        |";
        assert_eq!(findings("R305", table), "");
    }
}
