use crate::field::{Field, FieldKind};
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::ContactPoint;

declare_rule! {
    /// ## What it finds
    /// Something in 联系方式 that is no phone number, e-mail address or 微信号.
    ///
    /// ## Why it matters
    /// Whoever takes over the customer cannot reach them, and the row cannot be matched with the customer's others.
    ///
    /// ## Example that fails
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 韩琳 | 见名片 |
    ///
    /// ## Example that passes
    /// | 联系人 | 联系方式 |
    /// |---|---|
    /// | 韩琳 | 010-84664163 |
    ///
    /// ## What to do
    /// Write the number or address itself; a remark goes into 备注. Several are parted by `、`.
    pub(super) static UNREADABLE_CONTACT = {
        code: "C402", name: "unreadable-contact", severity: Warning, since: "0.1.0",
        source: [NumberingPlans, Practice],
        check: Check::Cell(&[FieldKind::Contact], unreadable_contact),
    }
}

fn unreadable_contact(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Contact(contact) = cell.parsed else {
        return None;
    };
    if !Field::PHONES.contains(&cell.field) {
        return None;
    }
    let unreadable = contact.points().iter().find_map(|point| match point {
        ContactPoint::Unreadable(text) => Some(text.clone()),
        _ => None,
    });
    // `/` and the like part the ways to reach somebody; alone they are nothing.
    let unreadable =
        unreadable.or_else(|| contact.points().is_empty().then(|| cell.value.display()))?;
    let message = Message::new("unreadable-contact", "").with("value", unreadable);
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn words_and_dashes_reach_nobody() {
        let table = "
            | contact | phone               |
            | 韩琳    | 见名片              |
            | 沈越    | /                   |
            | 魏可    | 13800000001、前台转 |
            | 秦航    | -                   |";
        insta::assert_snapshot!(findings("C402", table), @r"
        B2 unreadable-contact value=见名片
        B3 unreadable-contact value=/
        B4 unreadable-contact value=前台转
        B5 unreadable-contact value=-
        ");
    }

    #[test]
    fn whatever_reaches_somebody_is_clean() {
        let table = "
            | phone                      |
            | 13800000001                |
            | 138****5678                |
            | 010-84664163               |
            | li@example.com             |
            | 微信：lilei_2024           |
            | 手机 13800000001           |
            | 13800000001/li@example.com |";
        assert_eq!(findings("C402", table), "");
    }

    #[test]
    fn wrong_numbers_blank_cells_and_nicknames_are_not_its_business() {
        let table = "
            | phone      | wechat | email |
            | 1380000401 | 小李   | li@   |
            |            |        |       |
            | #N/A       |        |       |";
        assert_eq!(findings("C402", table), "");
    }
}
