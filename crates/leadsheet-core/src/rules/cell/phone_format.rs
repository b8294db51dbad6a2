use crate::field::{Field, FieldKind};
use crate::lead::Leads;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::half_width;
use crate::value::ContactPoint;

declare_rule! {
    /// ## What it finds
    /// A mobile written with blanks, dashes or +86 in a column whose others are 11 digits and nothing else. Where it is no
    /// slip but a habit, in one of ten numbers of a long column, none is told.
    ///
    /// ## Why it matters
    /// It is the same number here, but a search or a look-up in the spreadsheet does not find it.
    ///
    /// ## Example that fails
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 李雷 | 13800000001 |
    /// | 韩梅 | +86 139-0000-0002 |
    ///
    /// ## Example that passes
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 李雷 | 13800000001 |
    /// | 韩梅 | 13900000002 |
    ///
    /// ## What to do
    /// Write the 11 digits, `13900000002`, or let `--fix` do it. Cells that hold more than the number are left as they are.
    pub(super) static PHONE_FORMAT = {
        code: "C405", name: "phone-format", severity: Info, since: "0.1.0",
        source: [Spreadsheets, NumberingPlans],
        check: Check::Table(phone_format),
    }
}

/// In shorter columns one in ten is a handful.
const LONG: usize = 50;

fn phone_format(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let ledger = reading.ledger();
    for (position, column) in ledger.columns().iter().enumerate() {
        if column.field.map(Field::kind) != Some(FieldKind::Contact) {
            continue;
        }
        let (mut plain, mut dressed) = (0_usize, 0_usize);
        let stored = column.stored_distinct().iter();
        let values = column.distinct().iter().zip(stored);
        let digits_of: Vec<Option<&str>> = values
            .zip(reading.parsed_column(position))
            .map(|((&id, &stored), parsed)| {
                let digits = only_mobile(parsed)?;
                // So few bytes can hold nothing but the digits.
                if ledger.values().text_len(id)? == digits.len() {
                    plain += 1;
                    return None;
                }
                let text = ledger.values().get(id).as_text()?;
                let text = half_width(text);
                let text = text.trim();
                if text == digits {
                    plain += 1;
                    return None;
                }
                dressed += 1;
                (id == stored && is_dressed(text)).then_some(digits)
            })
            .collect();
        let is_habit = plain + dressed >= LONG && dressed * 10 >= plain + dressed;
        if dressed == 0 || dressed > plain || is_habit {
            continue;
        }
        for (row, code) in column.codes().iter().enumerate() {
            if let Some(digits) = digits_of[code as usize] {
                let value = ledger.value(row, column).text();
                let message = Message::new("phone-format", "").with("value", value.trim());
                let finding = findings.data(ledger, row, column, message);
                finding.suggestion = Some(digits.to_owned());
                finding.fixable = true;
            }
        }
    }
}

/// The mobile of a cell that holds one and nothing else.
fn only_mobile(parsed: &Parsed) -> Option<&str> {
    match parsed {
        Parsed::Contact(contact) => match contact.points() {
            [ContactPoint::Mobile(digits)] => Some(digits),
            _ => None,
        },
        _ => None,
    }
}

/// Whether there is nothing but digits and what people put between them: no name, no label.
fn is_dressed(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '.'))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_number_in_another_dress_is_found() {
        let table = "
            | contact | phone             |
            | 李雷    | 13800000001       |
            | 韩梅    | 13900000002       |
            | 沈越    | +86 138-0000-0003 |
            | 魏可    | 138 0000 0004     |";
        insta::assert_snapshot!(findings("C405", table), @r"
        B4 phone-format value=+86 138-0000-0003 → 13800000003 (fixable)
        B5 phone-format value=138 0000 0004 → 13800000004 (fixable)
        ");
    }

    #[test]
    fn cells_that_hold_more_and_other_numbers_are_clean() {
        let table = "
            | phone                  |
            | 13800000001            |
            | 13800000002            |
            | 13800000003            |
            | 13800000004（王经理）  |
            | 手机：13800000005      |
            | 138 0000 0006、a@b.cn  |
            | 138****0007            |
            | 010-8466 4163          |
            | +44 20 7946 0000       |";
        assert_eq!(findings("C405", table), "");
    }

    #[test]
    fn a_column_that_dresses_its_numbers_may() {
        let table = "
            | phone         |
            | 138 0000 0001 |
            | 138 0000 0002 |
            | 13800000003   |";
        assert_eq!(findings("C405", table), "");
    }
}
