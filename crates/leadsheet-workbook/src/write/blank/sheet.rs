//! The table of a blank workbook: title and banner where the template has them, headings, and what guides each column.

use std::borrow::Cow;

use leadsheet_core::{
    BannerKind, CellRef, Field, MAX_ROWS, Outcome, TermId, Vocabulary, column_letters,
};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, Note, Worksheet};

use super::samples::Sample;
use super::{heading, instructions, meaning};
use crate::error::WriteError;
use crate::template::{BannerDefinition, ColumnDefinition, TemplateDefinition};
use crate::write::furnish::{
    Lists, colour_rows, column_format, is_prose, limit, limit_to, line_rows,
};
use crate::write::guide::{Entry, Guide, OwnTerms};
use crate::write::xlsx::{DATE, header_format, narrow, serial, width_of};

/// Columns up to the customer stay in sight when scrolling sideways, but not more than this.
const MOST_FROZEN: u32 = 3;
/// A column is as wide as its longest term, but no wider than this for its sake.
const MOST_FOR_TERMS: f64 = 20.0;
/// A4.
const PAPER: u8 = 9;
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

pub(super) fn write(
    worksheet: &mut Worksheet,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    guide: &Guide<'_>,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    let rows = Rows::of(template, guide);
    let last = (columns.len() as u32).saturating_sub(1);
    let places = banner_places(template, columns.len() as u32);
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
        worksheet
            .set_column_width(narrow(index)?, width.max(label.unwrap_or_default()))?
            .set_column_format(narrow(index)?, &column_format(Some(column.field)))?;
    }
    if let Some(row) = rows.title {
        let title = guide.wording_of(&template.title, &template.english);
        across(worksheet, row, last, &title, &title_format())?;
        worksheet.set_row_height(row, 32)?;
    }
    if let (Some(row), Some(section)) = (rows.section, section_of(template, guide)) {
        across(worksheet, row, last, &section, &section_format())?;
        worksheet.set_row_height(row, 22)?;
    }
    if let Some(row) = rows.banner {
        worksheet.set_row_height(row, 22)?;
        for (kind, column, banner) in places {
            let label = label_of(banner, guide);
            worksheet.write_string_with_format(row, narrow(column)?, &*label, &label_format())?;
            let value = CellRef::new(row, column + 1);
            banner_value(worksheet, kind, value, &label, guide, lists)?;
        }
        won_count(worksheet, template, columns, samples, &rows, guide)?;
    }
    if let Some(row) = rows.group {
        groups(worksheet, template, columns, row, guide)?;
    }
    headings(worksheet, template, columns, &rows, guide)?;
    let first = rows.first_data();
    let none = OwnTerms::default();
    for (column, index) in columns.iter().zip(0..) {
        if let Some(entry) = guide.entry(Some(template), column.field, &none) {
            let cell = CellRef::new(first, index);
            limit(
                worksheet,
                cell,
                &heading(column, guide),
                &entry,
                guide,
                lists,
            )?;
        }
    }
    let known: Vec<(u32, Field, &OwnTerms)> = columns
        .iter()
        .zip(0..)
        .map(|(column, index)| (index, column.field, &none))
        .collect();
    let rules = guide.row_rules(Some(template), &known);
    colour_rows(worksheet, first, (0, last), &rules)?;
    line_rows(worksheet, first, (0, last))?;
    fill(worksheet, columns, samples, first)?;
    set_up(worksheet, columns, &rows, last, guide)
}

fn section_of<'t>(template: &'t TemplateDefinition, guide: &Guide<'_>) -> Option<Cow<'t, str>> {
    let section = template.section.as_deref()?;
    let english = template.section_english.as_deref().unwrap_or(section);
    Some(guide.wording_of(section, english))
}

/// Freezes, filters and prepares for printing.
fn set_up(
    worksheet: &mut Worksheet,
    columns: &[&ColumnDefinition],
    rows: &Rows,
    last: u32,
    guide: &Guide<'_>,
) -> Result<(), WriteError> {
    let customer = columns
        .iter()
        .position(|column| column.field == Field::Customer);
    let frozen = customer.map_or(0, |position| position as u32 + 1);
    let frozen = if frozen > MOST_FROZEN { 0 } else { frozen };
    let first = rows.first_data();
    worksheet
        .set_freeze_panes(first, narrow(frozen)?)?
        .autofilter(rows.header, 0, MAX_ROWS - 1, narrow(last)?)?
        .set_selection(first, 0, first, 0)?
        .set_landscape()
        .set_paper_size(PAPER)
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(rows.group.unwrap_or(rows.header), rows.header)?
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_footer(format!("&C{}", guide.say("page")));
    Ok(())
}

/// The upper of two heading rows: each group over the columns that stand under it.
fn groups(
    worksheet: &mut Worksheet,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    row: u32,
    guide: &Guide<'_>,
) -> Result<(), WriteError> {
    worksheet.set_row_height(row, 24)?;
    let mut first = 0;
    for side_by_side in columns.chunk_by(|one, other| one.group == other.group) {
        let last = first + side_by_side.len() as u32 - 1;
        if let Some(name) = &side_by_side[0].group {
            let group = template.groups.iter().find(|group| group.name == *name);
            let english = group.map_or(name, |group| &group.english);
            let text = guide.wording_of(name, english);
            let format = group_format();
            if first == last {
                worksheet.write_string_with_format(row, narrow(first)?, &*text, &format)?;
            } else {
                worksheet.merge_range(row, narrow(first)?, row, narrow(last)?, &text, &format)?;
            }
        }
        first = last + 1;
    }
    Ok(())
}

fn headings(
    worksheet: &mut Worksheet,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    rows: &Rows,
    guide: &Guide<'_>,
) -> Result<(), WriteError> {
    worksheet.set_row_height(rows.header, 30)?;
    for (column, index) in columns.iter().zip(0..) {
        let format = header_format(column.required);
        let text = heading(column, guide);
        worksheet.write_string_with_format(rows.header, narrow(index)?, &*text, &format)?;
        let lines = [
            guide.say(instructions::need(column)),
            meaning(column, template, guide),
            instructions::hint(column.field, template, guide),
        ];
        let text = lines.join("\n");
        let note = Note::new(text.as_str())
            .set_author("leadsheet")
            .add_author_prefix(false)
            .set_width(260)
            .set_height(34 + 18 * instructions::lines(&text, 36.0) as u32);
        worksheet.insert_note(rows.header, narrow(index)?, &note)?;
    }
    Ok(())
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
    worksheet: &mut Worksheet,
    kind: BannerKind,
    cell: CellRef,
    label: &str,
    guide: &Guide<'_>,
    lists: &mut Lists,
) -> Result<(), WriteError> {
    if !matches!(kind, BannerKind::QueryFrom | BannerKind::QueryTo) {
        return Ok(());
    }
    let format = value_format().set_num_format(DATE);
    worksheet.write_blank(cell.row, narrow(cell.column)?, &format)?;
    let entry = Entry::Date {
        earliest: guide.policy.earliest_date,
        days_ahead: guide.policy.plan_ahead_days,
    };
    limit_to(worksheet, (cell, cell.row), label, &entry, guide, lists)
}

/// The number of won customers as a formula: within the period where one is given, else of all rows.
fn won_count(
    worksheet: &mut Worksheet,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    rows: &Rows,
    guide: &Guide<'_>,
) -> Result<(), WriteError> {
    let Some(row) = rows.banner else {
        return Ok(());
    };
    let places = banner_places(template, columns.len() as u32);
    let place = |kind| places.iter().find(|(found, ..)| *found == kind);
    let Some(&(_, label, _)) = place(BannerKind::WonCount) else {
        return Ok(());
    };
    let position = |field| columns.iter().position(|column| column.field == field);
    let Some((outcome, vocabulary)) = Outcome::FIELDS
        .into_iter()
        .find_map(|field| Some((position(field)?, guide.vocabulary(Some(template), field)?)))
    else {
        return Ok(());
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
    worksheet.write_formula_with_format(
        row,
        narrow(label + 1)?,
        Formula::new(formula).set_result(counted.to_string()),
        &value_format(),
    )?;
    Ok(())
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
    worksheet: &mut Worksheet,
    columns: &[&ColumnDefinition],
    samples: &[Vec<Option<Sample>>],
    first: u32,
) -> Result<(), WriteError> {
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
        worksheet.set_row_height(row, height)?;
        for ((value, column), index) in sample.iter().zip(columns).zip(0..) {
            let index = narrow(index)?;
            let format = column_format(Some(column.field))
                .set_italic()
                .set_font_color(Color::RGB(0x59_5959));
            match value {
                None => {}
                Some(Sample::Text(text)) => {
                    worksheet.write_string_with_format(row, index, text, &format)?;
                }
                Some(Sample::Number(number)) => {
                    worksheet.write_number_with_format(row, index, *number, &format)?;
                }
                Some(Sample::Date(date)) => {
                    let days = serial(*date).unwrap_or_default();
                    worksheet.write_number_with_format(row, index, days, &format)?;
                }
            }
        }
    }
    Ok(())
}

/// A text over the whole width of the table.
fn across(
    worksheet: &mut Worksheet,
    row: u32,
    last: u32,
    text: &str,
    format: &Format,
) -> Result<(), WriteError> {
    if last == 0 {
        worksheet.write_string_with_format(row, 0, text, format)?;
    } else {
        worksheet.merge_range(row, 0, row, narrow(last)?, text, format)?;
    }
    Ok(())
}

fn title_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
}

fn section_format() -> Format {
    Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xF2_F2F2))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
}

fn group_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x1F_3864))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
}

fn label_format() -> Format {
    Format::new()
        .set_bold()
        .set_align(FormatAlign::Right)
        .set_align(FormatAlign::VerticalCenter)
}

fn value_format() -> Format {
    Format::new()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
}
