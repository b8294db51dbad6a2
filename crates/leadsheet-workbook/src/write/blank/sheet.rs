//! The table of a blank workbook: title and banner where the template has them, headings, and what guides each column.

use std::borrow::Cow;

use leadsheet_core::{
    BannerKind, CellRange, CellRef, Field, MAX_ROWS, Outcome, TermId, Vocabulary, column_letters,
};

use super::samples::Sample;
use super::{heading, instructions, meaning};
use crate::template::{BannerDefinition, ColumnDefinition, TemplateDefinition};
use crate::write::draft::{CellNote, DATE, Draft, Filling, Limit, Page, RowColours, width_of};
use crate::write::guide::{Entry, Guide, OwnTerms};
use crate::write::look::{Look, is_prose};

/// Columns up to the customer stay in sight when scrolling sideways, but not more than this.
const MOST_FROZEN: u32 = 3;
/// A column is as wide as its longest term, but no wider than this for its sake.
const MOST_FOR_TERMS: f64 = 20.0;
/// The last day that a workbook can count.
const LAST_DAY: u32 = 2_958_465;

/// Which row holds what, counted from 0.
struct Rows {
    title: Option<u32>,
    banner: Option<u32>,
    section: Option<u32>,
    group: Option<u32>,
    header: u32,
}

impl Rows {
    fn of(template: &TemplateDefinition, guide: &Guide<'_>) -> Self {
        let mut next = 0;
        let mut take = |wanted: bool| {
            wanted.then(|| {
                next += 1;
                next - 1
            })
        };
        let has_banner = !template.banners.is_empty();
        let title = take(has_banner || template.section.is_some());
        let banner = take(has_banner);
        let section = take(section_of(template, guide).is_some());
        let group = take(!template.groups.is_empty());
        Self {
            title,
            banner,
            section,
            group,
            header: next,
        }
    }

    const fn first_data(&self) -> u32 {
        self.header + 1
    }
}

/// The table, ready to be filled in.
pub(super) fn draft(
    name: String,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    guide: &Guide<'_>,
) -> Draft<'static> {
    let rows = Rows::of(template, guide);
    let last = (columns.len() as u32).saturating_sub(1);
    let places = banner_places(template, columns.len() as u32);
    let mut draft = Draft {
        name,
        is_active: true,
        ..Draft::default()
    };
    for (column, index) in columns.iter().zip(0..) {
        let label = places
            .iter()
            .find(|(_, label, _)| *label == index)
            .map(|(_, _, text)| width_of([label_of(text, guide).into_owned()].into_iter()));
        // The arrow of the filter takes as much room as a letter and a half.
        let shown = width_of([heading(column, guide).into_owned()].into_iter()) + 1.5;
        let longest = match guide.entry(Some(template), column.field, &OwnTerms::default()) {
            Some(Entry::Term { terms, .. }) => width_of(terms.into_iter()).min(MOST_FOR_TERMS),
            _ => 0.0,
        };
        let width = column.width.unwrap_or(12.0).max(shown).max(longest);
        draft.widen(index, width.max(label.unwrap_or_default()));
        draft.column(index).look = Some(Look::column(column.field));
    }
    if let Some(row) = rows.title {
        let title = guide.wording_of(&template.title, &template.english);
        draft.across(row, (0, last), &title, &Look::title());
        draft.heights.insert(row, 32.0);
    }
    if let (Some(row), Some(section)) = (rows.section, section_of(template, guide)) {
        draft.across(row, (0, last), &section, &Look::section());
        draft.heights.insert(row, 22.0);
    }
    if let Some(row) = rows.banner {
        draft.heights.insert(row, 22.0);
        for (kind, column, banner) in places {
            let label = label_of(banner, guide);
            draft.text(CellRef::new(row, column), &*label, &Look::label());
            let value = CellRef::new(row, column + 1);
            banner_value(&mut draft, kind, value, &label, guide);
        }
        won_count(&mut draft, template, columns, samples, &rows, guide);
    }
    if let Some(row) = rows.group {
        groups(&mut draft, template, columns, row, guide);
    }
    headings(&mut draft, template, columns, &rows, guide);
    let first = rows.first_data();
    let none = OwnTerms::default();
    for (column, index) in columns.iter().zip(0..) {
        if let Some(entry) = guide.entry(Some(template), column.field, &none) {
            let cells = CellRange {
                first: CellRef::new(first, index),
                last: CellRef::new(MAX_ROWS - 1, index),
            };
            let heading = heading(column, guide);
            draft.limits.push(limit(cells, &heading, entry, guide));
        }
    }
    let known: Vec<(u32, Field, &OwnTerms)> = columns
        .iter()
        .zip(0..)
        .map(|(column, index)| (index, column.field, &none))
        .collect();
    draft.row_colours = Some(RowColours {
        first_row: first,
        columns: (0, last),
        rules: guide.row_rules(Some(template), &known),
        lined: true,
    });
    fill(&mut draft, columns, samples, first);
    set_up(&mut draft, columns, &rows, last, guide);
    draft
}

fn limit(cells: CellRange, heading: &str, entry: Entry, guide: &Guide<'_>) -> Limit {
    Limit {
        cells,
        title: guide.say("error-title"),
        refusal: guide.refusal(&entry, heading),
        entry,
    }
}

fn section_of<'t>(template: &'t TemplateDefinition, guide: &Guide<'_>) -> Option<Cow<'t, str>> {
    let section = template.section.as_deref()?;
    let english = template.section_english.as_deref().unwrap_or(section);
    Some(guide.wording_of(section, english))
}

/// Freezes, filters and prepares for printing.
fn set_up(
    draft: &mut Draft<'_>,
    columns: &[&ColumnDefinition],
    rows: &Rows,
    last: u32,
    guide: &Guide<'_>,
) {
    let customer = columns
        .iter()
        .position(|column| column.field == Field::Customer);
    let frozen = customer.map_or(0, |position| position as u32 + 1);
    let frozen = if frozen > MOST_FROZEN { 0 } else { frozen };
    draft.frozen = (rows.first_data(), frozen);
    draft.filter = Some(CellRange {
        first: CellRef::new(rows.header, 0),
        last: CellRef::new(MAX_ROWS - 1, last),
    });
    draft.page = Some(Page {
        repeated: Some((rows.group.unwrap_or(rows.header), rows.header)),
        footer: Some(guide.say("page")),
    });
}

/// The upper of two heading rows: each group over the columns that stand under it.
fn groups(
    draft: &mut Draft<'_>,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    row: u32,
    guide: &Guide<'_>,
) {
    draft.heights.insert(row, 24.0);
    let mut first = 0;
    for side_by_side in columns.chunk_by(|one, other| one.group == other.group) {
        let last = first + side_by_side.len() as u32 - 1;
        if let Some(name) = &side_by_side[0].group {
            let group = template.groups.iter().find(|group| group.name == *name);
            let english = group.map_or(name, |group| &group.english);
            let text = guide.wording_of(name, english);
            draft.across(row, (first, last), &text, &Look::group());
        }
        first = last + 1;
    }
}

fn headings(
    draft: &mut Draft<'_>,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    rows: &Rows,
    guide: &Guide<'_>,
) {
    draft.heights.insert(rows.header, 30.0);
    for (column, index) in columns.iter().zip(0..) {
        let cell = CellRef::new(rows.header, index);
        let text = heading(column, guide);
        draft.text(cell, &*text, &Look::heading(column.required));
        let lines = [
            guide.say(instructions::need(column)),
            meaning(column, template, guide),
            instructions::hint(column.field, template, guide),
        ];
        let text = lines.join("\n");
        draft.notes.push(CellNote {
            cell,
            height: 34 + 18 * instructions::lines(&text, 36.0) as u32,
            text,
        });
    }
}

/// The labels above the table side by side, each with room for its value to the right: kind, column, definition.
fn banner_places(
    template: &TemplateDefinition,
    width: u32,
) -> Vec<(BannerKind, u32, &BannerDefinition)> {
    let count = template.banners.len() as u32;
    let step = (width / count.max(1)).max(2);
    let places = template.banners.iter().zip(0..);
    places
        .map(|(banner, position)| (banner.kind, position * step, banner))
        .collect()
}

fn label_of<'a>(banner: &'a BannerDefinition, guide: &Guide<'_>) -> Cow<'a, str> {
    guide.wording_of(&banner.label, &banner.english)
}

fn banner_value(
    draft: &mut Draft<'_>,
    kind: BannerKind,
    cell: CellRef,
    label: &str,
    guide: &Guide<'_>,
) {
    if !matches!(kind, BannerKind::QueryFrom | BannerKind::QueryTo) {
        return;
    }
    let look = Look {
        number_format: DATE.to_owned(),
        ..Look::labelled()
    };
    draft.put(cell, Filling::Nothing, look);
    let entry = Entry::Date {
        earliest: guide.policy.earliest_date,
        days_ahead: guide.policy.plan_ahead_days,
    };
    let cells = CellRange {
        first: cell,
        last: cell,
    };
    draft.limits.push(limit(cells, label, entry, guide));
}

/// The number of won customers as a formula: within the period where one is given, else of all rows.
fn won_count(
    draft: &mut Draft<'_>,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    rows: &Rows,
    guide: &Guide<'_>,
) {
    let Some(row) = rows.banner else { return };
    let places = banner_places(template, columns.len() as u32);
    let place = |kind| places.iter().find(|(found, ..)| *found == kind);
    let Some(&(_, label, _)) = place(BannerKind::WonCount) else {
        return;
    };
    let position = |field| columns.iter().position(|column| column.field == field);
    let Some((outcome, vocabulary)) = Outcome::FIELDS
        .into_iter()
        .find_map(|field| Some((position(field)?, guide.vocabulary(Some(template), field)?)))
    else {
        return;
    };
    let field = columns[outcome].field;
    let won: Vec<Cow<'_, str>> = (0..vocabulary.terms().len() as TermId)
        .filter(|&id| is_won(template, &vocabulary, field, id))
        .map(|id| guide.spelling(&vocabulary, id))
        .collect();
    let range = |position: usize| {
        let letters = column_letters(position as u32);
        format!("${letters}${}:${letters}${MAX_ROWS}", rows.first_data() + 1)
    };
    let sum = |count: &dyn Fn(&str) -> String| {
        let counts: Vec<String> = won
            .iter()
            .map(|term| count(&term.replace('"', "\"\"")))
            .collect();
        counts.join("+")
    };
    let results = range(outcome);
    let all = sum(&|term| format!("COUNTIF({results},\"{term}\")"));
    let day = |kind| {
        let &(_, label, _) = place(kind)?;
        Some(format!("${}${}", column_letters(label + 1), row + 1))
    };
    let period = (
        day(BannerKind::QueryFrom),
        day(BannerKind::QueryTo),
        position(Field::ClosedDate),
    );
    let formula = match period {
        (Some(from), Some(to), Some(closed)) => {
            let closed = range(closed);
            let between = |days: &str| {
                format!("{days},\">=\"&N({from}),{days},\"<\"&IF(N({to})=0,{LAST_DAY},{to}+1)")
            };
            let inside = sum(&|term| {
                let by_closing = format!("COUNTIFS({results},\"{term}\",{})", between(&closed));
                match position(Field::FollowUpDate) {
                    // A won customer without a closing date counts on the day of the follow-up that says so.
                    Some(follow_up) => {
                        let otherwise = between(&range(follow_up));
                        format!(
                            "{by_closing}+COUNTIFS({results},\"{term}\",{closed},\"\",{otherwise})"
                        )
                    }
                    None => by_closing,
                }
            });
            format!("=IF(AND(N({from})=0,N({to})=0),{all},{inside})")
        }
        _ => format!("={all}"),
    };
    let shows_won = |sample: &&Vec<Option<Sample>>| matches!(&sample[outcome], Some(Sample::Text(text)) if won.iter().any(|won| won == text));
    let counted = samples.iter().filter(shows_won).count();
    draft.put(
        CellRef::new(row, label + 1),
        Filling::Formula(formula, counted as f64),
        Look::labelled(),
    );
}

/// Whether a term says that a lead is won, in the template's own view where it has one.
fn is_won(
    template: &TemplateDefinition,
    vocabulary: &Vocabulary,
    field: Field,
    id: TermId,
) -> bool {
    match template.outcome.iter().find(|rule| rule.field == field) {
        Some(rule) => rule
            .won
            .iter()
            .any(|term| vocabulary.find(term) == Some(id)),
        None => Outcome::of_builtin(field, id) == Some(Outcome::Won),
    }
}

fn fill(
    draft: &mut Draft<'_>,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    first: u32,
) {
    for (sample, row) in samples.iter().zip(first..) {
        let highest = sample
            .iter()
            .zip(columns)
            .filter_map(|(value, column)| match value {
                Some(Sample::Text(text)) if is_prose(column.field) => {
                    Some(instructions::lines(text, column.width.unwrap_or(12.0)))
                }
                _ => None,
            });
        let height = 16.0 * highest.max().unwrap_or(1) as f64 + 4.0;
        draft.heights.insert(row, height);
        for ((value, column), index) in sample.iter().zip(columns).zip(0..) {
            let filling = match value {
                None => continue,
                Some(Sample::Text(text)) => Filling::Text(text.clone()),
                Some(Sample::Number(number)) => Filling::Number(*number),
                Some(Sample::Date(date)) => Filling::Date(*date),
            };
            let look = Look::column(column.field).sample();
            draft.put(CellRef::new(row, index), filling, look);
        }
    }
}
