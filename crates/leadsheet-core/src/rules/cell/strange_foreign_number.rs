use crate::field::{Field, FieldKind};
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::ContactPoint;

declare_rule! {
    /// ## What it finds
    /// A number with the code of another country that is no number of that country's plan, or with a code that no country
    /// has.
    ///
    /// ## Why it matters
    /// A call abroad that goes nowhere is noticed late, and the number cannot tell two customers apart.
    ///
    /// ## Example that fails
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | Li Lei | +44 20 7946 |
    ///
    /// ## Example that passes
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | Li Lei | +44 20 7946 0000 |
    ///
    /// ## What to do
    /// Ask for the number again. Plans change now and then: a number that has been called is right, whatever is said here.
    pub(super) static STRANGE_FOREIGN_NUMBER = {
        code: "C404", name: "strange-foreign-number", severity: Warning, since: "0.1.0",
        source: [NumberingPlans],
        check: Check::Cell(&[FieldKind::Contact], strange_foreign_number),
    }
}

fn strange_foreign_number(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Contact(contact) = cell.parsed else {
        return None;
    };
    if cell.field == Field::Wechat {
        return None;
    }
    let number = contact.points().iter().find_map(|point| match point {
        ContactPoint::BadInternational(number) => Some(number),
        _ => None,
    })?;
    let message = Message::new("strange-foreign-number", "").with("value", number);
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn numbers_that_no_plan_has_are_found() {
        let table = "
            | contact | phone            |
            | Li Lei  | +44 20           |
            | Han Mei | 0012345678901234567 |";
        insta::assert_snapshot!(findings("C404", table), @r"
        B2 strange-foreign-number value=+4420
        B3 strange-foreign-number value=+12345678901234567
        ");
    }

    #[test]
    fn numbers_of_any_country_are_clean() {
        let table = "
            | phone              | wechat |
            | +44 20 7946 0000   | +44 20 |
            | +852 9123 4567     |        |
            | +86 138 0000 0001  |        |
            | 13800000001        |        |
            | 010-84664163       |        |";
        assert_eq!(findings("C404", table), "");
    }
}
