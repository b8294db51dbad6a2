//! What `--fix` has put right, cell by cell: what was there, what is there now, and which rules asked for it.

use std::io::Write;

use anstyle::Style;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;

use crate::Session;
use crate::commands::check::Checked;
use crate::commands::patched::Fixed;

const BOLD: Style = Style::new().bold();

/// The JSON shape of one.
#[derive(Serialize)]
pub(crate) struct Fix<'a> {
    file: &'a str,
    sheet: &'a str,
    cell: String,
    row: u32,
    header: &'a str,
    field: &'static str,
    old: &'a str,
    new: String,
    codes: &'a [&'static str],
}

impl<'a> Fix<'a> {
    pub(crate) fn of(checked: &'a Checked, fixed: &'a Fixed) -> Self {
        let correction = &fixed.correction;
        Self {
            file: &checked.books[fixed.book].path,
            sheet: &fixed.sheet,
            cell: correction.cell.to_string(),
            row: correction.cell.row_number(),
            header: &correction.header,
            field: correction.field.key(),
            old: &correction.old,
            new: correction.new.display(),
            codes: &correction.rules,
        }
    }
}

/// Lists them by file and sheet.
pub(crate) fn listed(
    session: &Session,
    checked: &Checked,
    fixes: &[Fixed],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let same_sheet =
        |one: &Fixed, other: &Fixed| one.book == other.book && one.sheet == other.sheet;
    for of_sheet in fixes.chunk_by(same_sheet) {
        let Some(first) = of_sheet.first() else {
            continue;
        };
        let (path, sheet) = (&checked.books[first.book].path, &first.sheet);
        let about = session.say("fixes-listed");
        writeln!(out, "\n{BOLD}{path} › {sheet}{BOLD:#}  {about}")?;
        let mut table = Table::new();
        table.load_style(NOTHING);
        for fixed in of_sheet {
            let correction = &fixed.correction;
            let change = format!(
                "{} → {}",
                visible(&correction.old),
                visible(&correction.new.display())
            );
            table.add_row(vec![
                correction.cell.to_string(),
                correction.header.replace('\n', " "),
                change,
                correction.rules.join(" "),
            ]);
        }
        for line in table.lines() {
            writeln!(out, " {}", line.trim_end())?;
        }
    }
    Ok(())
}

/// A text whose blanks at the ends, and whose line breaks, can be seen.
fn visible(text: &str) -> String {
    let is_plain =
        text.trim() == text && !text.contains(['\n', '\r', '\t', '\u{200b}', '\u{feff}']);
    if is_plain {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}
