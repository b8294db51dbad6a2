//! What people write beside a number: what it is, whose it is, what else it is good for.

/// What a label says the value behind it is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Label {
    Wechat,
    Qq,
    /// An account whose form nobody prescribes.
    Account,
    /// A phone number or an e-mail address; the value says which.
    Other,
}

/// Labels in lower case, the longer before those they begin with.
const LABELS: [(Label, &[&str]); 5] = [
    (Label::Other, &["微信同号", "手机微信", "电话微信"]),
    (
        Label::Wechat,
        &["微信号", "微信", "wechat", "weixin", "vx", "wx"],
    ),
    (Label::Qq, &["qq号码", "qq号", "qq"]),
    (
        Label::Account,
        &["line", "skype", "telegram", "钉钉", "飞书", "釘釘", "飛書"],
    ),
    (
        Label::Other,
        &[
            "手机号码",
            "手机号",
            "手机",
            "手機號碼",
            "手機號",
            "手機",
            "移动电话",
            "行動電話",
            "联系电话",
            "聯絡電話",
            "办公电话",
            "公司电话",
            "电话号码",
            "电话",
            "電話",
            "座机",
            "传真",
            "热线",
            "电子邮箱",
            "电子邮件",
            "电邮",
            "邮箱",
            "邮件",
            "電子郵件",
            "信箱",
            "whatsapp",
            "mobile",
            "phone",
            "tel",
            "cell",
            "e-mail",
            "email",
            "mail",
            "mob",
        ],
    ),
];

/// Splits `微信：abc` into its label and value.
pub(super) fn split_label(part: &str) -> (Option<Label>, &str) {
    // A number has no label; most cells are done here.
    if part.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | '*')) {
        return (None, part);
    }
    for (label, words) in LABELS {
        for word in words {
            let Some(head) = part.get(..word.len()) else {
                continue;
            };
            let rest = &part[word.len()..];
            // A word in Latin letters must end where the value begins: `telford88` is no phone number.
            let ends = !word.is_ascii()
                || rest.starts_with(|c: char| !c.is_ascii_alphabetic() && c != '_');
            if ends && head.eq_ignore_ascii_case(word) {
                let value = rest.trim_start_matches([':', ' ', '-', '.', '=', '#', '】', ']', ')']);
                return (Some(label), value);
            }
        }
    }
    (None, part)
}

/// `part` without the words around its number, and whether they say that it is the `WeChat` id too; `None` where there is
/// not exactly one run of number, or no word.
pub(super) fn without_remark(part: &str) -> Option<(String, bool)> {
    let is_of_number =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '.');
    let start = part.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let tail = &part[start..];
    let end = tail.find(|c| !is_of_number(c)).unwrap_or(tail.len());
    let (number, behind) = tail.split_at(end);
    let before = &part[..start];
    let words = [before, behind];
    let is_words = |text: &str| {
        !text.contains(|c: char| c.is_ascii_digit() || c.is_ascii_alphabetic() || c == '@')
    };
    if words.iter().all(|words| words.trim().is_empty()) || !words.into_iter().all(is_words) {
        return None;
    }
    let is_wechat_too = words
        .iter()
        .any(|words| words.contains("微信") || words.contains("同微") || words.contains("微同"));
    let number = number.trim_matches(|c| matches!(c, ' ' | '-' | '(' | ')' | '.'));
    Some((number.to_owned(), is_wechat_too))
}
