//! The answer: plain values, none of an engine's, and how it is put together.

use leadsheet_core::{Book, Message, Policy, Stage};
use serde::{Serialize, Serializer};

use crate::definition::{GradeAt, Key, ReportDefinition, Window};
use crate::error::AnalyticsError;
use crate::frame::{self, Collapsed, KeyColumn};
use crate::groups::groups;
use crate::measure::{conversion, funnel, lead, period};
use crate::notes::Notes;
use crate::rate::Rate;
use crate::tables::{Gathered, Table};

/// What the tables say, counted by leads.
///
/// Serialised it is the object that `leadsheet report --format json` prints, but for its `schema` and its notes, which
/// get their words from the message catalogue. Absent is what the tables cannot give, and a note says why.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// What was counted and what could not be.
    #[serde(skip)]
    pub notes: Vec<Message>,
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
    let tables = Table::read(books, policy);
    let gathered = Gathered::new(&tables);
    let mut notes = Notes::new(&tables, &gathered);
    let mut answer = Report {
        window: definition.window,
        rows: gathered.rows(),
        leads: gathered.len(),
        total: None,
        conversion: Vec::new(),
        funnel: Vec::new(),
        notes: Vec::new(),
    };
    if tables.iter().any(Table::has_outcome) {
        count(&mut answer, &mut notes, &tables, &gathered, definition)?;
    }
    answer.notes = notes.into_messages();
    Ok(answer)
}

fn check_window(window: &Window) -> Result<(), AnalyticsError> {
    match (window.from, window.to) {
        (Some(from), Some(to)) if from > to => Err(AnalyticsError::EmptyWindow { from, to }),
        _ => Ok(()),
    }
}

/// Fills in every figure that rests on outcomes.
fn count(
    answer: &mut Report,
    notes: &mut Notes,
    tables: &[Table<'_>],
    gathered: &Gathered<'_>,
    definition: &ReportDefinition,
) -> Result<(), AnalyticsError> {
    let mut columns = KeyColumn::all(definition);
    let mut collapsed = frame::leads(gathered, &mut columns, definition)?;
    take_window(&mut collapsed, definition, notes)?;
    let leads = collapsed.leads;

    let count = |keys: &[&KeyColumn]| leads.count(keys, definition.within_days);
    let total = count(&[])?;
    answer.total = total
        .first()
        .map(|total| Rate::new(total.leads, total.won, total.lost));
    for (position, grouping) in definition.by.iter().enumerate() {
        if definition.by[..position].contains(grouping) {
            continue;
        }
        let of_key = |&key: &Key| columns.iter().find(|column| column.key == key);
        let keys: Vec<_> = grouping.keys().iter().filter_map(of_key).collect();
        let groups = if keys.iter().all(|key| key.is_in_any(tables)) {
            groups(grouping, &keys, count(&keys)?)
        } else {
            Vec::new()
        };
        answer.conversion.push(Dimension {
            name: grouping.to_string(),
            groups,
        });
    }
    for column in &columns {
        if !column.is_in_any(tables) {
            notes.no_column(column.key);
        } else if column.key == Key::STAGE {
            answer.funnel = funnel::funnel(&count(&[column])?);
            let unknown = leads.lacking(column)?;
            notes.stages(unknown, leads.how_many(lead::is_reopened())?);
        } else {
            notes.column_missing(column.key, leads.lacking(column)?);
        }
    }
    Ok(())
}

/// Leaves out the leads outside the window, and those too young to be judged.
fn take_window(
    Collapsed {
        leads,
        follow_ups_in_window,
    }: &mut Collapsed,
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
        leads.keep(period::in_window(&window))?;
        notes.window(&window, leads.len(), *follow_ups_in_window);
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
                "rate": 1.0, "low": json["conversion"]["source"][1]["low"], "high": 1.0})
        );
        assert_eq!(
            json["conversion"]["source*month"][0]["keys"],
            serde_json::json!(["线上推广", "2025-03"])
        );
        assert_eq!(
            json["funnel"][3],
            serde_json::json!({"stage": "成交客户", "reached": 2, "next_rate": null, "overall_rate": 0.4, "lost_here": 0})
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
