//! The answer: plain values, none of an engine's, and how it is put together.

use leadsheet_core::{Book, Message, Policy, Stage};
use serde::{Serialize, Serializer};

use crate::definition::{GradeAt, Key, PeriodBasis, ReportDefinition, Window};
use crate::error::AnalyticsError;
use crate::frame::{self, Frame, KeyColumn};
use crate::groups::{compare_with_others, explains, groups};
use crate::measure::activity::Activity;
use crate::measure::cohort::Cohort;
use crate::measure::comparison::Comparison;
use crate::measure::credit::Credit;
use crate::measure::overdue::Overdue;
use crate::measure::quality::Quality;
use crate::measure::sales::Sales;
use crate::measure::speed::Speed;
use crate::measure::{
    Asked, activity, cohort, comparison, conversion, credit, funnel, lead, overdue, period,
    quality, sales, speed,
};
use crate::notes::Notes;
use crate::rate::Rate;
use crate::statistics::Difference;
use crate::tables::{Gathered, Table};
use crate::topics::Topic;

/// What the tables say, counted by leads.
///
/// Serialised it is the object that `leadsheet report --format json` prints, but for its `schema` and its notes, which
/// get their words from the message catalogue. Absent is what the tables cannot give, and a note says why.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The leads that were counted.
    pub window: Window,
    /// Data rows in all tables.
    pub rows: usize,
    /// Leads these rows are about, in the window or not.
    pub leads: u32,
    /// Conversion of all leads counted; `None` where no table can say what became of a lead.
    pub total: Option<Rate>,
    /// Conversion by each grouping that was asked for.
    #[serde(serialize_with = "as_map")]
    pub conversion: Vec<Dimension>,
    /// How many leads came how far; empty where no table shows stages.
    pub funnel: Vec<FunnelStep>,
    /// How fast leads are worked, where that was asked for. The topics that follow are likewise, and absent where the
    /// tables cannot give them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// New leads and follow-ups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// Leads behind the pace of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdue: Option<Overdue>,
    /// Amounts sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales: Option<Sales>,
    /// How completely rows are filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Leads by the month they came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<Vec<Cohort>>,
    /// Leads that several people share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Conversion beside that of another period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What was counted and what could not be; what is said of one topic stands with it.
    #[serde(skip)]
    pub notes: Vec<Message>,
    /// What is said of the cohorts.
    #[serde(skip)]
    pub cohort_notes: Vec<Message>,
}

impl Report {
    /// Every note: those of the report, then those of its topics.
    pub fn every_note(&self) -> impl Iterator<Item = &Message> {
        let topics = [
            self.speed.as_ref().map(|it| &it.notes),
            self.activity.as_ref().map(|it| &it.notes),
            self.overdue.as_ref().map(|it| &it.notes),
            self.sales.as_ref().map(|it| &it.notes),
            self.quality.as_ref().map(|it| &it.notes),
            Some(&self.cohort_notes),
            self.credit.as_ref().map(|it| &it.notes),
            self.comparison.as_ref().map(|it| &it.notes),
        ];
        let topics = topics.into_iter().flatten().flatten();
        self.notes.iter().chain(topics)
    }
}

/// Conversion by one grouping.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// The grouping as it was asked for, `source` or `source*grade`.
    pub name: String,
    /// Its groups in their own order; none where no table has the column.
    pub groups: Vec<Group>,
}

/// Leads that have something in common.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// What it is: a canonical term, a period, the sheet's own text, or [`NOT_FILLED_IN`](crate::NOT_FILLED_IN).
    /// Of a crossed grouping [`Group::keys`] joined by ` × `.
    pub key: String,
    /// The same by key of the grouping.
    #[serde(skip_serializing_if = "is_single")]
    pub keys: Vec<String>,
    /// Its conversion.
    #[serde(flatten)]
    pub rate: Rate,
    /// How far its rate lies above that of all other groups together; see [`Difference`]. `None` where there is no other,
    /// and where the key is itself what became of the lead, or how long ago it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against_others: Option<Difference>,
}

/// One step of the funnel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunnelStep {
    /// The stage.
    pub stage: Stage,
    /// Leads that came so far or farther.
    pub reached: u32,
    /// The share of them that reached the next stage; `None` at the last.
    pub next_rate: Option<f64>,
    /// `reached` as a share of the leads that reached the first stage.
    pub overall_rate: Option<f64>,
    /// Lost leads that came so far and no farther.
    pub lost_here: u32,
    /// Leads of which a follow-up shows this very stage, in any order.
    pub shown: u32,
    /// Leads whose follow-ups show every stage up to this one, one after the other: the strict reading.
    pub in_order: u32,
    /// The share of these that went on so to the next; `None` at the last.
    pub next_rate_in_order: Option<f64>,
}

/// Counts the leads of all tables of `books`.
///
/// # Errors
/// Where the window ends before it begins, or the tables are greater than any sheet can be.
pub fn report(
    books: &[Book],
    policy: &Policy,
    definition: &ReportDefinition,
) -> Result<Report, AnalyticsError> {
    check_window(&definition.window)?;
    let compared = compared_window(definition)?;
    let tables = Table::read(books, policy);
    let gathered = Gathered::new(&tables);
    let mut notes = Notes::new(&tables, &gathered);
    let mut answer = Report {
        window: definition.window,
        rows: gathered.rows(),
        leads: gathered.len(),
        ..Report::default()
    };
    let has_outcome = tables.iter().any(Table::has_outcome);
    if has_outcome || !definition.show.is_empty() {
        let mut columns = KeyColumn::all(definition);
        let collapsed = frame::leads(&gathered, &mut columns, definition)?;
        let known = collapsed.known;
        if has_outcome {
            let leads = (collapsed.leads, collapsed.follow_ups_in_window);
            let counted = count(leads, &columns, &mut notes, &tables, definition)?;
            if let Some(window) = compared {
                answer.comparison = compare(&counted, window, &tables, &gathered, definition)?;
            }
            answer.total = counted.total;
            answer.conversion = counted.conversion;
            answer.funnel = counted.funnel;
        }
        let asked = Asked {
            gathered: &gathered,
            known: &known,
            policy,
            definition,
        };
        for &topic in &definition.show {
            show(&mut answer, &mut notes, topic, &asked);
        }
    }
    answer.notes = notes.into_messages();
    Ok(answer)
}

/// Adds one topic to the answer, or a note why the tables cannot give it.
fn show(answer: &mut Report, notes: &mut Notes, topic: Topic, asked: &Asked<'_, '_>) {
    let is_there = match topic {
        Topic::Speed => {
            answer.speed = Some(speed::speed(asked));
            true
        }
        Topic::Activity => {
            answer.activity = Some(activity::activity(asked));
            true
        }
        Topic::Overdue => {
            answer.overdue = overdue::overdue(asked);
            answer.overdue.is_some()
        }
        Topic::Sales => {
            answer.sales = sales::sales(asked);
            answer.sales.is_some()
        }
        Topic::Quality => {
            answer.quality = quality::quality(asked);
            answer.quality.is_some()
        }
        Topic::Cohorts => {
            let (cohorts, cohort_notes) = cohort::cohorts(asked);
            answer.cohorts = (!cohorts.is_empty()).then_some(cohorts);
            answer.cohort_notes = cohort_notes;
            answer.cohorts.is_some()
        }
        Topic::Credit => {
            answer.credit = credit::credit(asked);
            answer.credit.is_some()
        }
    };
    if !is_there {
        notes.no_topic(topic);
    }
}

/// The window that a report is compared with.
fn compared_window(definition: &ReportDefinition) -> Result<Option<Window>, AnalyticsError> {
    let Some(compare) = definition.compare else {
        return Ok(None);
    };
    let (Some(from), Some(to)) = (definition.window.from, definition.window.to) else {
        return Err(AnalyticsError::NothingToCompare);
    };
    let (from, to) = compare
        .days(from, to)
        .ok_or(AnalyticsError::NothingToCompare)?;
    let window = Window {
        from: Some(from),
        to: Some(to),
        by: definition.window.by,
    };
    check_window(&window)?;
    Ok(Some(window))
}

fn compare(
    after: &Counted,
    window: Window,
    tables: &[Table<'_>],
    gathered: &Gathered<'_>,
    definition: &ReportDefinition,
) -> Result<Option<Comparison>, AnalyticsError> {
    let definition = ReportDefinition {
        window,
        show: Vec::new(),
        ..definition.clone()
    };
    let mut columns = KeyColumn::all(&definition);
    let collapsed = frame::leads(gathered, &mut columns, &definition)?;
    let leads = (collapsed.leads, collapsed.follow_ups_in_window);
    let mut of_other = Notes::none();
    let before = count(leads, &columns, &mut of_other, tables, &definition)?;
    let mut notes = Vec::new();
    if definition.within_days.is_none() && window.by == PeriodBasis::Created {
        notes.push(Message::new("report-note", "compared-unripe"));
    }
    let (Some(total_before), Some(total_after)) = (before.total, after.total) else {
        return Ok(None);
    };
    Ok(Some(comparison::comparison(
        window,
        (total_before, &before.conversion),
        (total_after, &after.conversion),
        notes,
    )))
}

fn check_window(window: &Window) -> Result<(), AnalyticsError> {
    match (window.from, window.to) {
        (Some(from), Some(to)) if from > to => Err(AnalyticsError::EmptyWindow { from, to }),
        _ => Ok(()),
    }
}

/// The figures that rest on outcomes.
struct Counted {
    total: Option<Rate>,
    conversion: Vec<Dimension>,
    funnel: Vec<FunnelStep>,
}

fn count(
    (mut leads, follow_ups_in_window): (Frame, usize),
    columns: &[KeyColumn],
    notes: &mut Notes,
    tables: &[Table<'_>],
    definition: &ReportDefinition,
) -> Result<Counted, AnalyticsError> {
    take_window(&mut leads, follow_ups_in_window, definition, notes)?;
    let count = |keys: &[&KeyColumn]| leads.count(keys, definition.within_days);
    let mut counted = Counted {
        total: count(&[])?
            .first()
            .map(|total| Rate::new(total.leads, total.won, total.lost)),
        conversion: Vec::new(),
        funnel: Vec::new(),
    };
    for (position, grouping) in definition.by.iter().enumerate() {
        if definition.by[..position].contains(grouping) {
            continue;
        }
        let of_key = |&key: &Key| columns.iter().find(|column| column.key == key);
        let keys: Vec<_> = grouping.keys().iter().filter_map(of_key).collect();
        let mut groups = if keys.iter().all(|key| key.is_in_any(tables)) {
            groups(grouping, &keys, count(&keys)?)
        } else {
            Vec::new()
        };
        if explains(grouping, definition) {
            compare_with_others(&mut groups);
        }
        counted.conversion.push(Dimension {
            name: grouping.to_string(),
            groups,
        });
    }
    for column in columns {
        if !column.is_in_any(tables) {
            notes.no_column(column.key);
        } else if column.key == Key::STAGE {
            counted.funnel = funnel::funnel(&count(&[column])?, &leads.paths()?);
            let unknown = leads.lacking(column)?;
            notes.stages(unknown, leads.how_many(lead::is_reopened())?);
        } else {
            notes.column_missing(column.key, leads.lacking(column)?);
        }
    }
    Ok(counted)
}

/// Leaves out the leads outside the window, and those too young to be judged.
fn take_window(
    leads: &mut Frame,
    follow_ups_in_window: usize,
    definition: &ReportDefinition,
    notes: &mut Notes,
) -> Result<(), AnalyticsError> {
    let ReportDefinition {
        window,
        within_days,
        today,
        ..
    } = *definition;
    notes.leads_without_outcome(leads.keep(conversion::has_outcome())?);
    if window.is_bounded() {
        let undated = leads.keep(period::is_dated(window.by))?;
        let days = leads.first_and_last(period::known_day(window.by))?;
        leads.keep(period::in_window(&window))?;
        if let (0, Some((first, last))) = (leads.len()?, days) {
            notes.nothing_in_window(window.by, first, last);
        }
        notes.window(&window, leads.len()?, follow_ups_in_window);
        notes.undated_leads(window.by, undated);
    } else {
        notes.no_window();
    }
    if let Some(days) = within_days {
        let undated = leads.keep(period::is_created())?;
        let young = leads.keep(period::is_old_enough(days, today))?;
        notes.within(days, today, young, undated);
    }
    if definition.grade_at == GradeAt::Latest {
        notes.latest_grade();
    }
    Ok(())
}

fn as_map<S: Serializer>(dimensions: &[Dimension], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        dimensions
            .iter()
            .map(|dimension| (&dimension.name, &dimension.groups)),
    )
}

#[expect(clippy::ptr_arg, reason = "serde passes the field as it is")]
fn is_single(keys: &Vec<String>) -> bool {
    keys.len() == 1
}

#[cfg(test)]
mod tests {
    use leadsheet_core::Policy;

    use super::*;
    use crate::AnalyticsError;
    use crate::testing::{LEDGER, book, by, day, figures_of, table};

    /// The figures of a report over [`LEDGER`] as the command prints them.
    #[test]
    fn a_report_serialises_to_the_object_that_is_promised() {
        let books = [book("a.xlsx", [table(LEDGER)])];
        let report = report(&books, &Policy::default(), &by(&["source", "source*month"])).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            json["window"],
            serde_json::json!({"from": null, "to": null, "by": "created"})
        );
        assert_eq!((&json["rows"], &json["leads"]), (&8.into(), &6.into()));
        assert_eq!(
            json["conversion"]["source"][1],
            serde_json::json!({"key": "行业展会", "leads": 1, "won": 1, "lost": 0, "open": 0,
                "rate": 1.0, "low": json["conversion"]["source"][1]["low"], "high": 1.0,
                "against_others": json["conversion"]["source"][1]["against_others"]})
        );
        assert_eq!(
            json["conversion"]["source*month"][0]["keys"],
            serde_json::json!(["线上推广", "2025-03"])
        );
        assert_eq!(
            json["funnel"][3],
            serde_json::json!({"stage": "成交客户", "reached": 2, "next_rate": null, "overall_rate": 0.4, "lost_here": 0,
                "shown": 2, "in_order": 0, "next_rate_in_order": null})
        );
    }

    #[test]
    fn a_grouping_asked_for_twice_is_answered_once() {
        assert_eq!(
            figures_of(
                "customer | grade | stage\n甲 | A | 成交客户",
                &by(&["grade", "grade"])
            ),
            "1+0+0=1\ngrade:\n  A 1+0+0=1"
        );
    }

    #[test]
    fn a_window_that_ends_before_it_begins_is_refused() {
        let mut definition = by(&[]);
        definition.window.from = Some(day("2025-03-02"));
        definition.window.to = Some(day("2025-03-01"));
        let refused = report(&[], &Policy::default(), &definition);
        assert!(matches!(refused, Err(AnalyticsError::EmptyWindow { .. })));
    }

    #[test]
    fn a_table_without_rows_has_no_rates() {
        let report = report(
            &[book("a.xlsx", [table("customer | source | stage")])],
            &Policy::default(),
            &by(&["source", "stage"]),
        )
        .unwrap();
        assert_eq!(report.total, Some(Rate::new(0, 0, 0)));
        assert_eq!(report.conversion[0].groups, []);
        assert_eq!(report.conversion[1].groups.len(), Stage::LADDER.len());
    }
}
