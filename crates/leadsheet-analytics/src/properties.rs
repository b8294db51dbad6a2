//! What holds for every report, whatever the tables: checked against a count by hand over core's leads, and by
//! asking the same of the same rows in another order.

use std::collections::HashMap;

use leadsheet_core::{Book, Field, Lead, Leads, Outcome, Policy, Reading, Row};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::testing::{book, by, day, random_column, random_rows, random_table};
use crate::{
    Group, NOT_FILLED_IN, PeriodBasis, Rate, Report, ReportDefinition, Topic, Window, report,
};

fn report_of(books: &[Book], definition: &ReportDefinition) -> Report {
    report(books, &Policy::default(), definition).unwrap()
}

fn one_table(rows: &[Vec<&str>]) -> [Book; 1] {
    [book("a.xlsx", [random_table(rows)])]
}

fn march(by_date: PeriodBasis, definition: ReportDefinition) -> ReportDefinition {
    ReportDefinition {
        window: Window {
            from: Some(day("2025-03-01")),
            to: Some(day("2025-03-31")),
            by: by_date,
        },
        ..definition
    }
}

/// Won, lost and all leads by name of group, counted from core's leads alone.
fn counted_by_hand(
    rows: &[Vec<&str>],
    is_counted: impl Fn(&Lead<'_>) -> bool,
    name: impl Fn(&Lead<'_>) -> String,
) -> HashMap<String, Rate> {
    let (ledger, policy) = (random_table(rows), Policy::default());
    let reading = Reading::new(&ledger, &policy);
    let leads = Leads::new(&reading);
    let mut counts: HashMap<String, (u32, u32, u32)> = HashMap::new();
    for lead in leads.iter().filter(is_counted) {
        let (all, won, lost) = counts.entry(name(&lead)).or_default();
        *all += 1;
        *won += u32::from(lead.outcome() == Outcome::Won);
        *lost += u32::from(lead.outcome() == Outcome::Lost);
    }
    let rate = |(name, (all, won, lost))| (name, Rate::new(all, won, lost));
    counts.into_iter().map(rate).collect()
}

fn name_in(row: Row<'_>, field: Field) -> String {
    match row.term(field) {
        Some(term) => term.canonical.clone(),
        None if row.is_blank(field) => NOT_FILLED_IN.to_owned(),
        None => row.value(field).display(),
    }
}

fn as_map(groups: &[Group]) -> HashMap<String, Rate> {
    groups
        .iter()
        .map(|group| (group.key.clone(), group.rate))
        .collect()
}

proptest! {
    // A report over a dozen rows costs the same few milliseconds of planning as one over thousands.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn figures_are_those_counted_by_hand(rows in random_rows()) {
        let report = report_of(&one_table(&rows), &by(&["source", "grade", "owner"]));
        let all = |_: &Lead<'_>| true;
        for (dimension, expected) in report.conversion.iter().zip([
            counted_by_hand(&rows, all, |lead| name_in(lead.first(), Field::Source)),
            counted_by_hand(&rows, all, |lead| name_in(lead.first(), Field::Grade)),
            counted_by_hand(&rows, all, |lead| name_in(lead.latest(), Field::Owner)),
        ]) {
            prop_assert_eq!(as_map(&dimension.groups), expected, "{}", dimension.name);
        }
    }

    #[test]
    fn windows_take_the_leads_a_hand_would_take(rows in random_rows()) {
        let inside = |day: Option<chrono::NaiveDate>| {
            day.is_some_and(|day| day.to_string().starts_with("2025-03"))
        };
        for (basis, is_counted) in [
            (PeriodBasis::Created, &(|lead: &Lead<'_>| inside(lead.created())) as &dyn Fn(&Lead<'_>) -> bool),
            (PeriodBasis::Closed, &|lead: &Lead<'_>| inside(lead.closed())),
            (PeriodBasis::FollowedUp, &|lead: &Lead<'_>| {
                lead.rows().any(|row| inside(row.date(Field::FollowUpDate)))
            }),
        ] {
            let total = report_of(&one_table(&rows), &march(basis, by(&[]))).total.unwrap();
            let expected = counted_by_hand(&rows, is_counted, |_| String::new());
            prop_assert_eq!(total, expected.get("").copied().unwrap_or_default(), "{:?}", basis);
        }
    }

    /// What is worked out in plain code takes the same leads as what the frame counts.
    #[test]
    fn topics_take_the_leads_that_conversion_takes(rows in random_rows()) {
        for basis in [PeriodBasis::Created, PeriodBasis::FollowedUp, PeriodBasis::Closed] {
            let shown = all_topics(by(&["source"]));
            for definition in [march(basis, shown.clone()), shown] {
                let report = report_of(&one_table(&rows), &definition);
                let total = report.total.unwrap();
                let by_owner = report.credit.map(|it| it.by_owner).unwrap_or_default();
                let leads: f64 = by_owner.iter().map(|it| it.leads).sum();
                let won: f64 = by_owner.iter().map(|it| it.won).sum();
                prop_assert!((leads - f64::from(total.leads)).abs() < 1e-9, "{leads} {total:?}");
                prop_assert!((won - f64::from(total.won)).abs() < 1e-9, "{won} {total:?}");
            }
        }
    }

    /// Every key that puts a lead in one group: the groups add up to the total, crossed or not, in every window.
    #[test]
    fn groups_add_up_to_the_total(rows in random_rows(), within in proptest::option::of(0..60_u32)) {
        let keys = ["source", "grade", "owner", "month", "week", "file", "source*grade", "quarter*owner"];
        for basis in [PeriodBasis::Created, PeriodBasis::FollowedUp, PeriodBasis::Closed] {
            for definition in [by(&keys), march(basis, by(&keys))] {
                let report = report_of(&one_table(&rows), &ReportDefinition { within_days: within, ..definition });
                let total = report.total.unwrap();
                for dimension in &report.conversion {
                    let sum = |of: fn(&Rate) -> u32| dimension.groups.iter().map(|group| of(&group.rate)).sum::<u32>();
                    let sums = (sum(|rate| rate.leads), sum(|rate| rate.won), sum(|rate| rate.lost), sum(|rate| rate.open));
                    prop_assert_eq!(sums, (total.leads, total.won, total.lost, total.open), "{}", dimension.name);
                }
            }
        }
    }

    /// Everybody is won, lost or open and nobody twice, in every group of every grouping, the stages included.
    #[test]
    fn won_lost_and_open_are_all_leads_of_a_group(rows in random_rows()) {
        for definition in [by(&["stage", "stage*owner", "source*grade*owner"]), march(PeriodBasis::Closed, by(&["stage"]))] {
            let report = report_of(&one_table(&rows), &definition);
            for group in report.conversion.iter().flat_map(|dimension| &dimension.groups) {
                let rate = group.rate;
                prop_assert_eq!(rate.won + rate.lost + rate.open, rate.leads, "{}", group.key);
                prop_assert!(rate.low <= rate.rate && rate.rate <= rate.high, "{:?}", rate);
            }
        }
    }

    /// Two windows that divide all days divide the dated leads, and their groups.
    #[test]
    fn periods_side_by_side_add_up_to_both_together(rows in random_rows(), cut in 0..100_u64) {
        let middle = day("2025-02-20") + chrono::Days::new(cut);
        let window = |from, to| ReportDefinition {
            window: Window { from, to, by: PeriodBasis::Created },
            ..by(&["source"])
        };
        let (start, end) = (day("2000-01-01"), day("2099-12-31"));
        let [early, late, both] = [(start, middle), (middle.succ_opt().unwrap(), end), (start, end)]
            .map(|(from, to)| report_of(&one_table(&rows), &window(Some(from), Some(to))));
        let sum = |of: fn(&Rate) -> u32| of(&early.total.unwrap()) + of(&late.total.unwrap());
        let total = both.total.unwrap();
        prop_assert_eq!((sum(|it| it.leads), sum(|it| it.won), sum(|it| it.lost)), (total.leads, total.won, total.lost));
        let (early, late) = (as_map(&early.conversion[0].groups), as_map(&late.conversion[0].groups));
        for group in &both.conversion[0].groups {
            let parts = [&early, &late].map(|it| it.get(&group.key).map_or(0, |rate| rate.leads));
            prop_assert_eq!(parts[0] + parts[1], group.rate.leads, "{}", group.key);
        }
    }

    /// What topics count by group adds up to their totals.
    #[test]
    fn the_groups_of_topics_add_up_too(rows in random_rows()) {
        let report = report_of(&one_table(&rows), &all_topics(by(&["source"])));
        let activity = report.activity.unwrap();
        for dimension in &activity.by {
            let sum = |of: fn(&crate::ActivityCounts) -> u32| dimension.groups.iter().map(|it| of(&it.counts)).sum::<u32>();
            prop_assert_eq!(sum(|it| it.new_leads), activity.total.new_leads, "{}", dimension.name);
            prop_assert_eq!(sum(|it| it.follow_ups), activity.total.follow_ups, "{}", dimension.name);
        }
        let by_period: u32 = activity.total.follow_ups_by_period.iter().sum();
        prop_assert_eq!(by_period, activity.total.follow_ups);
        if let Some(sales) = report.sales {
            for dimension in &sales.by {
                let orders: u32 = dimension.groups.iter().map(|it| it.figures.orders).sum();
                let amount: rust_decimal::Decimal = dimension.groups.iter().map(|it| it.figures.amount).sum();
                prop_assert_eq!((orders, amount), (sales.total.orders, sales.total.amount), "{}", dimension.name);
            }
        }
        if let Some(response) = report.speed.unwrap().first_response {
            let total = response.total;
            let bands: u32 = response.bands.iter().map(|it| it.leads).sum();
            let grades: u32 = response.by_grade.iter().map(|it| it.response.leads).sum();
            prop_assert_eq!((bands, grades), (total.leads, total.leads));
            prop_assert_eq!(total.same_day + total.next_day + total.later, total.leads);
            prop_assert!(total.within_day + total.within_day_possibly <= total.leads);
        }
        if let Some(overdue) = report.overdue {
            let open: u32 = overdue.by_owner.iter().map(|it| it.counts.open).sum();
            prop_assert_eq!((open, overdue.total.open), (overdue.total.open, report.total.unwrap().open));
        }
        for cohort in report.cohorts.unwrap_or_default() {
            prop_assert!(cohort.won.is_sorted(), "{:?}", cohort.won);
            prop_assert!(cohort.within.is_sorted_by(|one, next| one.leads >= next.leads));
        }
    }

    /// In order is the strictest reading, shown by a row the next.
    #[test]
    fn the_strict_funnel_is_never_wider_than_the_others(rows in random_rows()) {
        let funnel = report_of(&one_table(&rows), &by(&[])).funnel;
        for step in &funnel {
            prop_assert!(step.in_order <= step.shown && step.shown <= step.reached, "{:?}", step);
        }
        prop_assert!(funnel.is_sorted_by(|one, next| one.in_order >= next.in_order));
    }

    #[test]
    fn fewer_leads_reach_each_next_stage(rows in random_rows()) {
        let report = report_of(&one_table(&rows), &by(&["stage"]));
        let reached: Vec<_> = report.funnel.iter().map(|step| step.reached).collect();
        prop_assert!(reached.is_sorted_by(|one, next| one >= next), "{:?}", reached);
        let lost: u32 = report.funnel.iter().map(|step| step.lost_here).sum();
        prop_assert_eq!(lost, report.total.unwrap().lost);
        for (step, group) in report.funnel.iter().zip(&report.conversion[0].groups) {
            prop_assert_eq!(step.stage.canonical(), group.key.as_str());
            prop_assert_eq!(step.reached, group.rate.leads);
            prop_assert_eq!(group.rate.won, report.total.unwrap().won);
        }
    }

    /// On days of their own, rows mean the same wherever they stand: in another order, or in two files.
    #[test]
    fn the_order_of_rows_and_files_changes_nothing(
        (rows, shuffled) in dated_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        cut in any::<Index>(),
    ) {
        let definition = all_topics(by(&["source", "grade", "stage", "owner", "month*source"]));
        let report = report_of(&one_table(&as_slices(&rows)), &definition);
        prop_assert_eq!(&report, &report_of(&one_table(&as_slices(&shuffled)), &definition));

        let shuffled = as_slices(&shuffled);
        let (one, other) = shuffled.split_at(cut.index(shuffled.len() + 1));
        let files = [book("a.xlsx", [random_table(one)]), book("b.xlsx", [random_table(other)])];
        prop_assert_eq!(&report, &report_of(&files, &definition));
        let [one, other] = files;
        prop_assert_eq!(&report, &report_of(&[other, one], &definition));
    }

    /// Trap 1 again: more work on a customer is not one more customer.
    #[test]
    fn one_more_follow_up_is_not_one_more_lead(mut rows in random_rows(), again in any::<Index>(), stage in 0..7_usize) {
        prop_assume!(!rows.is_empty());
        let before = report_of(&one_table(&rows), &by(&[])).leads;
        let mut row = rows[again.index(rows.len())].clone();
        row[random_column(Field::FollowUpDate)] = "2025-05-01";
        row[random_column(Field::Stage)] = ["潜在客户", "意向客户", "高意向客户", "成交客户", "流失客户", "待定", ""][stage];
        rows.push(row);
        prop_assert_eq!(report_of(&one_table(&rows), &by(&[])).leads, before);
    }
}

fn all_topics(definition: ReportDefinition) -> ReportDefinition {
    ReportDefinition {
        show: Topic::ALL.to_vec(),
        ..definition
    }
}

/// Random rows, each on a day of its own, without numbers of the team's own (which mean something else in each file).
fn dated_rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    random_rows().prop_map(|rows| {
        let dated = |(days, row): (u64, Vec<&str>)| {
            let mut row: Vec<String> = row.into_iter().map(str::to_owned).collect();
            let day = day("2025-03-01") + chrono::Days::new(days * 3);
            row[random_column(Field::FollowUpDate)] = day.to_string();
            let number = &mut row[random_column(Field::LeadId)];
            if !number.starts_with("ZH-202503") {
                number.clear();
            }
            row
        };
        (0..).zip(rows).map(dated).collect()
    })
}

fn as_slices(rows: &[Vec<String>]) -> Vec<Vec<&str>> {
    rows.iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect()
}
