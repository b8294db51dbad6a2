//! CSV out, for spreadsheet programs and import forms.

use leadsheet_core::Value;

use super::table::OutputTable;
use crate::error::WriteError;

/// Tells spreadsheet programs, which otherwise read Chinese as gibberish, that this is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn to_csv(table: &OutputTable<'_>) -> Result<(Vec<u8>, usize), WriteError> {
    let failed = |error: csv::Error| WriteError::Compose(error.to_string());
    let mut guarded = 0;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer
        .write_record(table.columns.iter().map(|column| column.header.as_str()))
        .map_err(failed)?;
    for row in 0..table.len() {
        for column in &table.columns {
            let value = table.value(row, column);
            let shown = value.display();
            match value {
                Value::Text(_) if would_run(&shown) => {
                    guarded += 1;
                    writer.write_field(format!("'{shown}")).map_err(failed)?;
                }
                _ => writer.write_field(shown).map_err(failed)?,
            }
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| WriteError::Compose(error.to_string()))?;
    Ok((bytes, guarded))
}

/// Whether a spreadsheet program would run the text as a formula (CWE-1236). A signed number or a phone number with
/// its country code is harmless. A text that already begins with an apostrophe gets another, so that taking one off
/// gives every text back.
pub fn would_run(text: &str) -> bool {
    if text.starts_with(['\t', '\r']) {
        return true;
    }
    // Some programs pass over blanks.
    let shown = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    match shown.chars().next() {
        Some('=' | '@' | '＝' | '＠' | '\'') => true,
        Some('+' | '-' | '＋' | '－') => !shown
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | ',' | '(' | ')' | '%')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::LedgerBuilder;

    #[test]
    fn texts_that_would_run_are_guarded_and_harmless_ones_are_not() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd",
            "\t=1",
            "＝1+1",
            "'quoted",
            " =1+1",
            "\n@SUM(A1)",
            "\u{3000}=1",
        ] {
            assert!(would_run(text), "{text}");
        }
        for text in [
            "+86 13800000001",
            "-5",
            " -5",
            "-12.5%",
            "",
            "预算-20万",
            "10=10",
        ] {
            assert!(!would_run(text), "{text}");
        }
    }

    #[test]
    fn a_table_reads_back_as_it_was() {
        let mut builder = LedgerBuilder::new("表", "lead-ledger");
        builder.column("客户名称", None).column("预算,万", None);
        builder
            .row(&[
                Value::Text("甲\"乙\"\n丙"),
                Value::Number {
                    value: 0.1,
                    format: "",
                },
            ])
            .unwrap();
        builder
            .row(&[Value::Text("=1+1"), Value::Text("00123")])
            .unwrap();
        let ledger = builder.build();
        let (bytes, guarded) = to_csv(&OutputTable::of_ledger(&ledger)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}客户名称,\"预算,万\"\r\n\"甲\"\"乙\"\"\n丙\",0.1\r\n'=1+1,00123\r\n"
        );
        assert_eq!(guarded, 1);
    }
}
