use crate::category::Satisfaction;
use crate::field::Field;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A customer who is dissatisfied, 2 points of 5 or fewer, while 意见和建议 is empty.
    ///
    /// ## Why it matters
    /// A low mark calls for finding out what went wrong and putting it right; a mark alone tells nobody what.
    ///
    /// ## Example that fails
    /// | 客户名称 | 满意度评价 | 意见和建议 |
    /// |---|---|---|
    /// | 北辰机电 | 不满意 | |
    ///
    /// ## Example that passes
    /// | 客户名称 | 满意度评价 | 意见和建议 |
    /// |---|---|---|
    /// | 北辰机电 | 不满意 | 交期太长 |
    ///
    /// ## What to do
    /// Ask, and write down what the customer says.
    pub(super) static UNEXPLAINED_DISSATISFACTION = {
        code: "R405", name: "unexplained-dissatisfaction", severity: Info, since: "0.1.0",
        needs: [Satisfaction, Suggestion],
        source: [OrderTracking],
        check: Check::Row(unexplained_dissatisfaction),
    }
}

fn unexplained_dissatisfaction(_: &Context<'_>, row: &Row<'_>, findings: &mut Findings<'_>) {
    let mark = row.term_id(Field::Satisfaction).map(usize::from);
    let is_low = mark
        .and_then(Satisfaction::at)
        .is_some_and(|mark| mark.points() <= 2);
    if is_low && row.is_blank(Field::Suggestion) {
        let value = row.value(Field::Satisfaction).display();
        let message = Message::new("unexplained-dissatisfaction", "").with("value", value.trim());
        let finding = findings.row(row, Field::Suggestion, message);
        finding.related.extend(row.cell(Field::Satisfaction));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_low_mark_without_a_word_is_found() {
        let table = "
            | customer | satisfaction | suggestion |
            | 北辰机电 | 不满意       |            |
            | 南汀贸易 | =1           | ␣          |";
        insta::assert_snapshot!(findings("R405", table), @r"
        C2 unexplained-dissatisfaction value=不满意 beside B2
        C3 unexplained-dissatisfaction value=1 beside B3
        ");
    }

    #[test]
    fn words_and_better_marks_are_clean() {
        let table = "
            | customer | satisfaction | suggestion |
            | 北辰机电 | 不满意       | 交期太长   |
            | 南汀贸易 | =3           |            |
            | 远汐星槎 | 非常满意     |            |
            | 望川灯塔 |              |            |
            | 砚湾麦浪 | 还行         |            |";
        assert_eq!(findings("R405", table), "");
    }
}
