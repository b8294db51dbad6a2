use crate::field::{Field, FieldKind};
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::ContactPoint;

declare_rule! {
    /// ## What it finds
    /// An e-mail address that cannot be one: no host, no `@`, a blank inside.
    ///
    /// ## Why it matters
    /// Mail to it comes back or goes to nobody, and programs that import the table refuse the row.
    ///
    /// ## Example that fails
    /// | 联系人 | 邮箱 |
    /// |---|---|
    /// | 李雷 | lilei@example |
    ///
    /// ## Example that passes
    /// | 联系人 | 邮箱 |
    /// |---|---|
    /// | 李雷 | lilei@example.com |
    ///
    /// ## What to do
    /// Correct it to the form `name@example.com`; several are parted by `、`.
    pub(super) static MALFORMED_EMAIL = {
        code: "C403", name: "malformed-email", severity: Error, since: "0.1.0",
        source: [Practice],
        check: Check::Cell(&[FieldKind::Contact], malformed_email),
    }
}

fn malformed_email(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Contact(contact) = cell.parsed else {
        return None;
    };
    let malformed = contact.points().iter().find_map(|point| match point {
        ContactPoint::BadEmail(text) => Some(text),
        // In a column for e-mail nothing else is expected; a sound phone number there reaches somebody all the same.
        ContactPoint::Unreadable(text) | ContactPoint::Wechat(text)
            if cell.field == Field::Email =>
        {
            Some(text)
        }
        _ => None,
    })?;
    Some(Flaw::new(
        Message::new("malformed-email", "").with("value", malformed),
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn what_no_mail_can_reach_is_found() {
        let table = "
            | contact | phone         | email             |
            | 李雷    | lilei@        |                   |
            | 韩梅    |               | hanmei@example    |
            | 沈越    |               | shenyue_2024      |
            | 魏可    |               | wei ke@example.com |";
        insta::assert_snapshot!(findings("C403", table), @r"
        B2 malformed-email value=lilei@
        C3 malformed-email value=hanmei@example
        C4 malformed-email value=shenyue_2024
        C5 malformed-email value=wei ke@example.com
        ");
    }

    #[test]
    fn addresses_and_other_ways_to_reach_somebody_are_clean() {
        let table = "
            | phone           | email                       | wechat   |
            | li@example.com  | Li.Lei+crm@mail.example.com | li_lei01 |
            | lilei_2024      | a@b.cn、c@d.cn              |          |
            | 13800000001     | 13800000001                 |          |
            | 见备注          |                             |          |
            | l***@example.com | l***@example.com           |          |";
        assert_eq!(findings("C403", table), "");
    }
}
