use crate::field::Field;
use crate::lead::Leads;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, meant_date};

declare_rule! {
    /// ## What it finds
    /// A next contact or a deadline that lies before the follow-up of its row, in a table where such days come after it.
    ///
    /// ## Why it matters
    /// It was over before it was written down, so nobody is reminded on the right day. Most often the year or the month was
    /// typed wrong, or the row was copied and the plan left as it was.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 | 下次联系时间 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-05-20 | 2024-02-27 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 | 下次联系时间 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-05-20 | 2024-05-27 |
    ///
    /// ## What to do
    /// Correct the date that is wrong.
    pub(super) static PLAN_BEFORE_FOLLOW_UP = {
        code: "R307", name: "plan-before-follow-up", severity: Warning, since: "0.1.0",
        needs: [FollowUpDate],
        source: [LeadLedger, Practice],
        check: Check::Table(plan_before_follow_up),
    }
}

/// Of so many plans one at most may lie before its follow-up; where more do, the column says when this follow-up had been
/// planned for, and not the next one.
const OF: usize = 5;

fn plan_before_follow_up(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    for field in [Field::NextDate, Field::DueDate] {
        if reading.column(field).is_none() {
            continue;
        }
        let (mut all, mut early) = (0, Vec::new());
        for row in reading.rows() {
            let Some(planned) = row.date(field) else {
                continue;
            };
            let Some(date) = meant_date(context, &row, Field::FollowUpDate) else {
                continue;
            };
            all += 1;
            if planned < date && planned >= context.policy.earliest_date {
                early.push((row, planned, date));
            }
        }
        if early.len() * OF > all && early.len() > 1 {
            continue;
        }
        for (row, planned, date) in early {
            let message = Message::new("plan-before-follow-up", "")
                .with("planned", planned)
                .with("date", date);
            let finding = findings.row(&row, field, message);
            finding.related.extend(row.cell(Field::FollowUpDate));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_plan_that_was_over_before_it_was_made_is_found() {
        let table = "
            | customer | follow_up_date | next_date   | due_date    |
            | 北辰机电 | =2024-05-20    | =2024-02-27 | =2024-05-22 |
            | 南汀贸易 | =2024-05-20    | =2024-05-27 | =2024-05-02 |
            | 远汐星槎 | =2024-05-20    | =2024-05-27 |             |";
        insta::assert_snapshot!(findings("R307", table), @r"
        C2 plan-before-follow-up planned=2024-02-27 date=2024-05-20 beside B2
        D3 plan-before-follow-up planned=2024-05-02 date=2024-05-20 beside B3
        ");
    }

    #[test]
    fn plans_of_the_day_and_dates_that_nobody_can_mean_are_clean() {
        let table = "
            | customer | follow_up_date | next_date   |
            | 北辰机电 | =2024-05-20    | =2024-05-20 |
            | 南汀贸易 | =2042-05-20    | =2024-05-27 |
            | 远汐星槎 | =2024-05-20    | =1924-05-27 |
            | 望川灯塔 |                | =2024-05-27 |
            | 砚湾麦浪 | =2024-05-20    | 下周        |";
        assert_eq!(findings("R307", table), "");
    }

    #[test]
    fn a_column_that_says_when_this_follow_up_was_planned_for_is_another_thing() {
        let table = "
            | customer | follow_up_date | next_date   |
            | 北辰机电 | =2024-05-20    | =2024-05-18 |
            | 南汀贸易 | =2024-05-20    | =2024-05-20 |
            | 远汐星槎 | =2024-05-24    | =2024-05-23 |";
        assert_eq!(findings("R307", table), "");
    }
}
