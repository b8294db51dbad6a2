use chrono::NaiveDate;

use crate::category::Outcome;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::plan::{Plan, PlannedDay};
use crate::rules::{Check, Context, Findings, declare_rule, is_filled, meant_date};
use crate::value::infer_year;

declare_rule! {
    /// ## What it finds
    /// A next step of an open lead that lacks its day, the year of its day, or the person who does it. Where nine in ten of
    /// many plans name nobody, 负责人 says whose they are, and is asked instead.
    ///
    /// ## Why it matters
    /// A step that belongs to nobody and to no day is not taken. Without a year the reminder rests on a guess, and
    /// next year nobody knows what `5月22日` meant.
    ///
    /// ## Example that fails
    /// | 线索编号 | 跟进日期 | 下一步计划 | 负责人 |
    /// |---|---|---|---|
    /// | ZY-20240520-001 | 2024-05-20 | 5月22日发送案例及报价单 | 李雷 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 跟进日期 | 下一步计划 | 负责人 |
    /// |---|---|---|---|
    /// | ZY-20240520-001 | 2024-05-20 | 2024-05-22前李雷发送案例及报价单 | 李雷 |
    ///
    /// ## What to do
    /// Name the day with its year and who does it: `2024-05-22前李雷发送案例及报价单`. Where the table has a
    /// column 计划跟进日期 or 完成时限, the day may stand there.
    pub(super) static VAGUE_NEXT_STEP = {
        code: "R301", name: "vague-next-step", severity: Warning, since: "0.1.0",
        needs: [NextStep],
        source: [LeadLedger],
        check: Check::Table(vague_next_step),
    }
}

fn vague_next_step(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let Some(column) = reading.column(Field::NextStep) else {
        return;
    };
    let (plans, outcome) = (reading.plans(), reading.stated_outcomes());
    let is_owners = is_the_owners(leads);
    for (row, code) in reading.rows().zip(column.codes().iter()) {
        let is_open = || outcome(row.index()).unwrap_or_default() == Outcome::Open;
        let Some(plan) = plans.get(code).filter(|_| is_open()) else {
            continue;
        };
        let names_somebody = plan.names_somebody()
            || names_its_owner(&row)
            || is_owners && is_filled(&row, Field::Owner);
        let is_dated = matches!(plan.day(), PlannedDay::Full)
            || is_filled(&row, Field::NextDate)
            || is_filled(&row, Field::DueDate);
        let lacks_nothing = is_dated && names_somebody;
        if !lacks_nothing && !row.is_blank(Field::NextStep) {
            report(&row, plan.day(), is_dated, names_somebody, findings);
        } else if lacks_nothing
            && let Some(day) = plan.last_day(None)
            && meant_date(context, &row, Field::FollowUpDate).is_some_and(|talked| day < talked)
        {
            let message = Message::new("vague-next-step", "past").with("date", day);
            let finding = findings.row(&row, Field::NextStep, message);
            finding.related.extend(row.cell(Field::FollowUpDate));
        }
    }
}

/// Whether the team leaves it to 负责人 to say who takes the next step: nine in ten of its plans name nobody.
fn is_the_owners(leads: &Leads<'_>) -> bool {
    const MANY: usize = 20;
    /// So many plans show how a team writes them.
    const ENOUGH: usize = 500;
    let reading = leads.reading();
    let (Some(column), Some(_)) = (
        reading.column(Field::NextStep),
        reading.column(Field::Owner),
    ) else {
        return false;
    };
    let plans = reading.plans();
    let (mut written, mut nameless) = (0_usize, 0_usize);
    for (row, code) in reading.rows().zip(column.codes().iter()) {
        if row.is_blank(Field::NextStep) || row.is_blank(Field::Owner) {
            continue;
        }
        if written == ENOUGH {
            break;
        }
        written += 1;
        let names = plans.get(code).is_some_and(Plan::names_somebody);
        nameless += usize::from(!names && !names_its_owner(&row));
    }
    written >= MANY && nameless * 10 >= written * 9
}

fn report(
    row: &Row<'_>,
    day: PlannedDay<'_>,
    is_dated: bool,
    names_somebody: bool,
    findings: &mut Findings<'_>,
) {
    let day = if is_dated { PlannedDay::Full } else { day };
    let (variant, date) = match (day, names_somebody) {
        (PlannedDay::Full, _) => ("person", None),
        (PlannedDay::WithoutYear { written, .. }, true) => ("year", Some(written)),
        (PlannedDay::WithoutYear { written, .. }, false) => ("year-person", Some(written)),
        (PlannedDay::Impossible(written), true) => ("impossible", Some(written)),
        (PlannedDay::Impossible(written), false) => ("impossible-person", Some(written)),
        (PlannedDay::None, true) => ("date", None),
        (PlannedDay::None, false) => ("date-person", None),
    };
    let mut message = Message::new("vague-next-step", variant);
    if let Some(date) = date {
        message = message.with("date", date);
    }
    let finding = findings.row(row, Field::NextStep, message);
    if let PlannedDay::WithoutYear { month, day, .. } = day {
        let follow_up = row.date(Field::FollowUpDate);
        let meant: Option<NaiveDate> = follow_up.and_then(|date| infer_year(month, day, date));
        finding.suggestion = meant.map(|date| date.to_string());
    }
}

fn names_its_owner(row: &Row<'_>) -> bool {
    let plan = row.value(Field::NextStep).as_text().unwrap_or_default();
    [Field::Owner, Field::Planner]
        .into_iter()
        .filter_map(|field| row.value(field).as_text())
        .map(str::trim)
        .any(|person| !person.is_empty() && plan.contains(person))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_day_before_the_follow_up_is_no_plan() {
        let table = "
            | customer | follow_up_date | next_step                              | owner |
            | 北辰机电 | =2024-05-20    | 李雷2024-02-27前发报价单               | 李雷  |
            | 南汀贸易 | =2024-05-20    | 按2024-05-10的方案，李雷2024-05-27上门 | 李雷  |
            | 远汐星槎 | =2024-05-20    | 李雷2024-05-20晚上发报价单             | 李雷  |
            | 望川灯塔 | =2042-05-20    | 李雷2024-05-27发报价单                 | 李雷  |";
        assert_eq!(
            findings("R301", table),
            "C2 vague-next-step-past date=2024-02-27 beside B2"
        );
    }

    #[test]
    fn what_a_plan_lacks_is_said() {
        let table = "
            | follow_up_date | next_step               | owner |
            | =2024-05-20    | 5月22日发送案例及报价单 | 李*   |
            | =2023-12-30    | 1月5日林柯回访          | 林柯  |
            | =2024-02-12    | 林柯下周再联系          | 林柯  |
            | =2024-05-18    | 每月1次行业资讯推送     | 刘*   |
            | =2024-01-20    | 2024-02-05再打电话      | 何苗  |
            | =2024-01-20    | 2月30日何苗回访         | 何苗  |
            | =2024-05-20    | 由于出差2024-05-30再谈  | 何苗  |
            | =2024-01-20    | 2月30日再问             | 何苗  |
            |                | 3月17日回访             |       |";
        insta::assert_snapshot!(findings("R301", table), @r"
        B2 vague-next-step-year-person date=5月22日 → 2024-05-22
        B3 vague-next-step-year date=1月5日 → 2024-01-05
        B4 vague-next-step-date
        B5 vague-next-step-date-person
        B6 vague-next-step-person
        B7 vague-next-step-impossible date=2月30日
        B8 vague-next-step-person
        B9 vague-next-step-impossible-person date=2月30日
        B10 vague-next-step-year-person date=3月17日
        ");
    }

    #[test]
    fn a_day_with_its_year_and_a_person_are_enough() {
        let table = "
            | follow_up_date | next_step                       | owner |
            | =2024-05-20    | 林柯于2024-05-22前回访          | 林柯  |
            | =2024-05-20    | 2024年5月22日由技术部上门演示   | 林柯  |
            | =2024-05-20    | 2024/5/22 @何苗 寄合同          | 林柯  |
            | =2024-05-20    | ２０２４年５月２２日何苗寄合同  | 林柯  |
            | =2024-05-20    |                                 | 何苗  |";
        assert_eq!(findings("R301", table), "");
    }

    #[test]
    fn the_day_may_stand_in_a_column_of_its_own() {
        let table = "
            | next_step      | next_date   | due_date | owner |
            | 林柯再联系     | =2024-05-22 |          | 林柯  |
            | 5月22日林柯送样 |            | 2024-5-22 | 林柯 |";
        assert_eq!(findings("R301", table), "");
    }

    #[test]
    fn where_plans_name_nobody_the_owner_takes_the_step() {
        let step = |day: usize, step: &str, owner: &str| {
            format!("| =2024-05-20 | 2024-05-{day:02}{step} | {owner} |\n")
        };
        let head = "| follow_up_date | next_step | owner |\n".to_owned();
        let plans: String = (1..=20)
            .map(|day| step(day + 5, "前送样", "林柯"))
            .collect();
        let said = "B2 vague-next-step-past date=2024-05-06";
        let plans = head.clone() + &plans;
        assert!(findings("R301", &plans).starts_with(said));
        let plans: String = (1..=10)
            .map(|day| step(day + 20, "前送样", "林柯"))
            .collect();
        let many = format!("{head}{plans}{plans}");
        assert_eq!(findings("R301", &many), "");
        let unowned = format!("{many}{}", step(22, "前送样", ""));
        assert_eq!(findings("R301", &unowned), "B22 vague-next-step-person");
        // Where half of them name somebody, or there are only a few, those that do not are slips.
        let named: String = (1..=10)
            .map(|day| step(day + 20, "前林柯送样", "林柯"))
            .collect();
        assert_eq!(
            findings("R301", &format!("{head}{plans}{named}"))
                .lines()
                .count(),
            10
        );
        assert_eq!(
            findings("R301", &format!("{head}{plans}")).lines().count(),
            10
        );
    }

    #[test]
    fn who_is_won_or_lost_needs_no_next_step() {
        let table = "
            | next_step    | owner | stage    |
            | 节日问候     | 林柯  | 流失客户 |
            | 安排启动会   | 林柯  | 成交客户 |";
        assert_eq!(findings("R301", table), "");
    }
}
