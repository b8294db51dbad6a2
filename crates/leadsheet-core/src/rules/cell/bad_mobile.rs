use crate::field::{Field, FieldKind};
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::ContactPoint;

declare_rule! {
    /// ## What it finds
    /// A number that should be a mainland mobile and is not one: other than 11 digits, or not beginning with 13
    /// to 19. Seven or eight digits are a land line without its area code, but not under the heading 手机.
    ///
    /// ## Why it matters
    /// A digit too few or too many means nobody can be called, and the number cannot tell two customers apart.
    ///
    /// ## Example that fails
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 蒋航 | 1380000401 |
    ///
    /// ## Example that passes
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 蒋航 | 13800000401 |
    ///
    /// ## What to do
    /// Ask for the number again. Land lines are written with their area code (`010-84664163`), numbers of other
    /// countries with `+`, and hidden digits as stars (`138****5678`).
    pub(super) static BAD_MOBILE = {
        code: "C401", name: "bad-mobile", severity: Error, since: "0.1.0",
        source: [OrderTracking, NumberingPlans],
        check: Check::Cell(&[FieldKind::Contact], bad_mobile),
    }
}

fn bad_mobile(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Contact(contact) = cell.parsed else {
        return None;
    };
    // A WeChat column may hold QQ numbers and whatever else people are found under.
    if cell.field == Field::Wechat {
        return None;
    }
    let digits = contact.points().iter().find_map(|point| match point {
        ContactPoint::BadMobile(digits) => Some(digits),
        ContactPoint::LocalNumber(digits) if cell.asks_for_mobile => Some(digits),
        _ => None,
    })?;
    let variant = match digits.len() {
        _ if digits.starts_with('0') => "landline",
        11 => "start",
        _ => "",
    };
    let message = Message::new("bad-mobile", variant)
        .with("value", digits)
        .with("digits", digits.len());
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{LedgerBuilder, Value};
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of};

    #[test]
    fn a_digit_too_few_or_too_many_is_counted() {
        let table = "
            | contact | phone                    |
            | 蒋航    | 1380000401               |
            | 韩琳    | 138-0000-00013           |
            | 沈越    | =12800000001             |
            | 魏可    | 13800000001、1390000002  |
            | 卫平    | 0571-8888                |";
        insta::assert_snapshot!(findings("C401", table), @r"
        B2 bad-mobile value=1380000401 digits=10
        B3 bad-mobile value=138000000013 digits=12
        B4 bad-mobile-start value=12800000001 digits=11
        B5 bad-mobile value=1390000002 digits=10
        B6 bad-mobile-landline value=05718888 digits=8
        ");
    }

    #[test]
    fn under_the_heading_mobile_a_number_of_eight_digits_is_no_land_line() {
        let under = |heading: &str| {
            let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
            builder.column(heading, Some(Field::Phone));
            for number in ["84664163", "010-84664163", "13800000001"] {
                builder.row(&[Value::Text(number)]).unwrap();
            }
            findings_of("C401", builder.build(), &Policy::default())
        };
        let said = "A2 bad-mobile value=84664163 digits=8";
        for heading in ["手机", "手機號碼", "Mobile Phone", "联系人手机"] {
            assert_eq!(under(heading), said, "{heading}");
        }
        for heading in ["联系方式", "手机/座机", "电话", "Phone", "手机或电话"] {
            assert_eq!(under(heading), "", "{heading}");
        }
    }

    #[test]
    fn every_number_that_can_be_called_is_clean() {
        let table = "
            | phone             |
            | 13800000001       |
            | =13800000001      |
            | +86 138 0000 0001 |
            | 010-84664163-8001 |
            | 400-820-8820      |
            | 84664163          |
            | +44 20 7946 0000  |";
        assert_eq!(findings("C401", table), "");
    }

    #[test]
    fn masks_ids_and_words_are_not_its_business() {
        let table = "
            | phone          | wechat    | remark     |
            | 138****5678    | 123456789 | 1380000401 |
            | li@example.com |           |            |
            | 见备注         |           |            |
            |                |           |            |";
        assert_eq!(findings("C401", table), "");
    }
}
