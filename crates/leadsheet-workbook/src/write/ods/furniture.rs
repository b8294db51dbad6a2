//! What guides whoever fills a sheet in: what may be entered, rows in colours, filters, and how the sheet is shown.

use std::fmt::Write as _;

use leadsheet_core::{CellRange, CellRef, MAX_ROWS, column_letters};

use super::styles::{LINED, colour_name};
use super::xml::{attribute, paragraphs};
use crate::write::draft::{Draft, Limit, RowColours};
use crate::write::guide::Entry;

/// What may be entered, for cells to name by number (ODF 1.3 part 3 §9.4.5).
pub(super) fn validations<'d>(drafts: impl Iterator<Item = &'d Draft<'d>>) -> String {
    let mut xml = String::new();
    let limits = drafts.flat_map(|draft| draft.limits.iter().map(|limit| (&draft.name, limit)));
    for ((sheet, limit), number) in limits.zip(1..) {
        let kind = if limit.entry.is_strict() {
            "stop"
        } else {
            "warning"
        };
        let _ = write!(
            xml,
            "<table:content-validation table:name=\"val{number}\" table:condition=\"of:{}\" \
             table:allow-empty-cell=\"true\" table:display-list=\"unsorted\" \
             table:base-cell-address=\"{}\"><table:error-message table:title=\"{}\" \
             table:display=\"true\" table:message-type=\"{kind}\">",
            attribute(&condition(limit)),
            attribute(&address(sheet, limit.cells.first)),
            attribute(&limit.title)
        );
        paragraphs(&mut xml, &limit.refusal);
        xml += "</table:error-message></table:content-validation>";
    }
    if xml.is_empty() {
        return xml;
    }
    format!("<table:content-validations>{xml}</table:content-validations>")
}

fn condition(limit: &Limit) -> String {
    match &limit.entry {
        Entry::Term { terms, .. } => {
            let terms: Vec<String> = terms.iter().map(|term| quoted(term)).collect();
            format!("cell-content-is-in-list({})", terms.join(";"))
        }
        // To the end of the day: a follow-up may come with its time.
        Entry::Date {
            earliest,
            days_ahead,
        } => format!(
            "cell-content-is-date() and cell-content-is-between({},TODAY()+{days_ahead}.99999)",
            earliest.format("DATE(%Y;%-m;%-d)")
        ),
        Entry::Share => {
            "cell-content-is-decimal-number() and cell-content-is-between(0,1)".to_owned()
        }
        Entry::Amount => "cell-content-is-decimal-number() and cell-content()>=0".to_owned(),
        // Digits alone that begin with 1 are a mobile; anything else may be a land line, WeChat or a mask.
        Entry::Phone => {
            let cell = format!("[.${}]", limit.cells.first);
            format!(
                "is-true-formula(OR(LEFT({cell};1)<>\"1\";ISERROR(VALUE({cell}));LEN({cell})=11))"
            )
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// `'线索跟进'.A2`
fn address(sheet: &str, cell: CellRef) -> String {
    format!("'{}'.{cell}", sheet.replace('\'', "''"))
}

fn range(sheet: &str, cells: CellRange) -> String {
    let sheet_and_first = address(sheet, cells.first);
    format!("{sheet_and_first}:{}", address(sheet, cells.last))
}

/// Rows in colours by what they hold, as LibreOffice keeps them.
pub(super) fn conditional_formats(sheet: &str, colours: &RowColours) -> String {
    let (first, last) = colours.columns;
    let cells = CellRange {
        first: CellRef::new(colours.first_row, first),
        last: CellRef::new(MAX_ROWS - 1, last),
    };
    let base = attribute(&address(sheet, cells.first)).into_owned();
    let mut conditions = String::new();
    let mut condition = |style: &str, formula: &str| {
        let formula = attribute(formula);
        let _ = write!(
            conditions,
            "<calcext:condition calcext:apply-style-name=\"{style}\" \
             calcext:value=\"formula-is({formula})\" calcext:base-cell-address=\"{base}\"/>"
        );
    };
    for rule in &colours.rules {
        condition(
            colour_name(rule.colour),
            &rule.formula(colours.first_row, ";"),
        );
    }
    if colours.lined {
        let row = colours.first_row + 1;
        let [left, right] = [first, last].map(column_letters);
        condition(LINED, &format!("COUNTA(${left}{row}:${right}{row})>0"));
    }
    if conditions.is_empty() {
        return conditions;
    }
    format!(
        "<calcext:conditional-formats><calcext:conditional-format \
         calcext:target-range-address=\"{}\">{conditions}</calcext:conditional-format>\
         </calcext:conditional-formats>",
        attribute(&range(sheet, cells))
    )
}

/// The ranges that have a filter.
pub(super) fn filters<'d>(drafts: impl Iterator<Item = &'d Draft<'d>>) -> String {
    let mut xml = String::new();
    let filtered = drafts.filter_map(|draft| Some((&draft.name, draft.filter?)));
    for ((sheet, cells), number) in filtered.zip(0..) {
        let _ = write!(
            xml,
            "<table:database-range table:name=\"__Anonymous_Sheet_DB__{number}\" \
             table:target-range-address=\"{}\" table:display-filter-buttons=\"true\"/>",
            attribute(&range(sheet, cells))
        );
    }
    if xml.is_empty() {
        return xml;
    }
    format!("<table:database-ranges>{xml}</table:database-ranges>")
}

/// How the document is shown: which sheet, and what of each stays in sight.
pub(super) fn settings(drafts: &[Draft<'_>]) -> String {
    let item = |name: &str, kind: &str, value: &str| {
        format!(
            "<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}</config:config-item>"
        )
    };
    let mut tables = String::new();
    for draft in drafts {
        let (rows, columns) = draft.frozen;
        let frozen = |count: u32| if count > 0 { "2" } else { "0" };
        // The pane below the frozen rows, to the right of the frozen columns.
        let pane = match (rows > 0, columns > 0) {
            (true, true) => "3",
            (false, true) => "1",
            _ => "2",
        };
        let items = [
            item("CursorPositionX", "int", "0"),
            item("CursorPositionY", "int", &rows.to_string()),
            item("HorizontalSplitMode", "short", frozen(columns)),
            item("VerticalSplitMode", "short", frozen(rows)),
            item("HorizontalSplitPosition", "int", &columns.to_string()),
            item("VerticalSplitPosition", "int", &rows.to_string()),
            item("ActiveSplitRange", "short", pane),
            item("PositionLeft", "int", "0"),
            item("PositionRight", "int", &columns.to_string()),
            item("PositionTop", "int", "0"),
            item("PositionBottom", "int", &rows.to_string()),
            item("ShowGrid", "boolean", &(!draft.is_bare).to_string()),
        ];
        let _ = write!(
            tables,
            "<config:config-item-map-entry config:name=\"{}\">{}</config:config-item-map-entry>",
            attribute(&draft.name),
            items.concat()
        );
    }
    let active = drafts.iter().find(|draft| draft.is_active);
    let active = active.map_or_else(String::new, |draft| {
        item("ActiveTable", "string", &attribute(&draft.name))
    });
    format!(
        "<office:settings><config:config-item-set config:name=\"ooo:view-settings\">\
         <config:config-item-map-indexed config:name=\"Views\"><config:config-item-map-entry>{}\
         <config:config-item-map-named config:name=\"Tables\">{tables}</config:config-item-map-named>\
         {active}</config:config-item-map-entry></config:config-item-map-indexed>\
         </config:config-item-set></office:settings>",
        item("ViewId", "string", "view1")
    )
}

/// A formula of ours, which has no quotes but around texts, as OpenDocument spells it: `;` between arguments,
/// references in brackets.
pub(super) fn open_formula(formula: &str) -> String {
    let mut open = String::from("of:");
    let mut in_text = false;
    let mut reference = String::new();
    for character in formula.chars().chain(['\0']) {
        let is_of_reference =
            !in_text && (character == '$' || character == ':' || character.is_ascii_alphanumeric());
        if is_of_reference {
            reference.push(character);
            continue;
        }
        if reference.starts_with('$') {
            let cells: Vec<String> = reference
                .split(':')
                .map(|cell| format!(".{cell}"))
                .collect();
            let _ = write!(open, "[{}]", cells.join(":"));
        } else {
            open += &reference;
        }
        reference.clear();
        in_text ^= character == '"';
        match character {
            '\0' => {}
            ',' if !in_text => open.push(';'),
            other => open.push(other),
        }
    }
    open
}
