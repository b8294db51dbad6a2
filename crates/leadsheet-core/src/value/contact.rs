//! Ways to reach a customer: mainland mobiles and land lines, foreign numbers, e-mail, `WeChat` ids, and their
//! masked forms. Several may share a cell.

use email_address::EmailAddress;

use crate::ledger::Value;
use crate::text::nfkc;

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContactPoint {
    /// Mainland mobile: 11 digits beginning 13 to 19 (S4), without country code or separators.
    Mobile(String),
    /// Mainland land line with area code, or a 400/800 number: digits, an extension after `-`.
    Landline(String),
    /// Seven or eight digits without an area code.
    LocalNumber(String),
    /// A number of another country, `+` and digits.
    International(String),
    /// E-mail address, lower-cased.
    Email(String),
    /// `WeChat` id.
    Wechat(String),
    /// Partly hidden (`138****5678`); never an identity.
    Masked(String),
    /// Digits like a mobile's, but not 11 of them or not beginning 13 to 19.
    BadMobile(String),
    /// Has an `@`, yet is no e-mail address.
    BadEmail(String),
    /// Something else.
    Unreadable(String),
}

/// Everything that a contact cell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactReading {
    /// In the order written.
    pub points: Vec<ContactPoint>,
}

impl ContactReading {
    /// The first unmasked mobile: the identity of a lead without a number.
    pub fn mobile(&self) -> Option<&str> {
        self.points.iter().find_map(|point| match point {
            ContactPoint::Mobile(digits) => Some(digits.as_str()),
            _ => None,
        })
    }
}

/// Reads a cell of a contact column (phone, e-mail, `WeChat`, or all of them).
pub fn parse_contact(value: Value<'_>) -> ContactReading {
    let shown = value.display();
    let text = nfkc(&shown);
    let mut points = Vec::new();
    for part in text.split(['、', ',', ';', '/', '|', '\n', '\r', '。']) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        match classify(part) {
            // Two numbers may stand side by side with a blank between; one number may have blanks inside.
            ContactPoint::Unreadable(_)
            | ContactPoint::BadMobile(_)
            | ContactPoint::BadEmail(_)
                if part.split_whitespace().count() > 1
                    && part
                        .split_whitespace()
                        .all(|word| is_sound(&classify(word))) =>
            {
                points.extend(part.split_whitespace().map(classify));
            }
            point => points.push(point),
        }
    }
    ContactReading { points }
}

const fn is_sound(point: &ContactPoint) -> bool {
    !matches!(
        point,
        ContactPoint::Unreadable(_) | ContactPoint::BadMobile(_) | ContactPoint::BadEmail(_)
    )
}

fn classify(part: &str) -> ContactPoint {
    let (label, bare) = split_label(part);
    if bare.contains('@') {
        return if EmailAddress::is_valid(bare)
            && bare
                .rsplit('@')
                .next()
                .is_some_and(|host| host.contains('.'))
        {
            ContactPoint::Email(bare.to_lowercase())
        } else {
            ContactPoint::BadEmail(bare.to_owned())
        };
    }
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    if is_masked(bare) && digits > 0 {
        return ContactPoint::Masked(bare.to_owned());
    }
    if label == Some(Label::Wechat) {
        return ContactPoint::Wechat(bare.to_owned());
    }
    if let Some(point) = phone(bare) {
        return point;
    }
    if is_wechat_id(bare) {
        ContactPoint::Wechat(bare.to_owned())
    } else {
        ContactPoint::Unreadable(bare.to_owned())
    }
}

#[derive(PartialEq)]
enum Label {
    Wechat,
    Other,
}

/// Splits `微信：abc` into its label and value.
fn split_label(part: &str) -> (Option<Label>, &str) {
    const WECHAT: [&str; 5] = ["微信号", "微信", "wechat", "WeChat", "VX"];
    const OTHER: [&str; 12] = [
        "手机号码",
        "手机号",
        "手机",
        "移动电话",
        "联系电话",
        "电话",
        "座机",
        "电子邮箱",
        "邮箱",
        "邮件",
        "Tel",
        "Email",
    ];
    let after = |labels: &[&str]| {
        labels
            .iter()
            .find_map(|label| part.strip_prefix(label))
            .map(|rest| rest.trim_start_matches([':', ' ', '-']))
    };
    if let Some(rest) = after(&WECHAT) {
        (Some(Label::Wechat), rest)
    } else if let Some(rest) = after(&OTHER) {
        (Some(Label::Other), rest)
    } else {
        (None, part)
    }
}

/// A star anywhere, or `x` and `×` between digits.
fn is_masked(text: &str) -> bool {
    text.contains('*')
        || (text.contains(['x', 'X', '×'])
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || "xX×-+ ".contains(c)))
}

fn phone(text: &str) -> Option<ContactPoint> {
    let (number, extension) = split_extension(text);
    if number
        .chars()
        .any(|c| !(c.is_ascii_digit() || "+-() .".contains(c)))
    {
        return None;
    }
    let plus = number.trim_start().starts_with('+');
    let all: String = number.chars().filter(char::is_ascii_digit).collect();
    let international = plus || (all.starts_with("00") && all.len() > 10);
    let digits = if international {
        all.strip_prefix("00").filter(|_| !plus).unwrap_or(&all)
    } else {
        all.as_str()
    };
    let national = match digits.strip_prefix("86") {
        Some(rest) if international || rest.len() == 11 => Some(rest),
        _ if international => None,
        _ => Some(digits),
    };
    let Some(national) = national else {
        let sound = (7..=15).contains(&digits.len());
        return Some(if sound {
            ContactPoint::International(format!("+{digits}"))
        } else {
            ContactPoint::BadMobile(all)
        });
    };
    let with_extension = |digits: &str| match extension {
        Some(extension) => format!("{digits}-{extension}"),
        None => digits.to_owned(),
    };
    let point = match (national.len(), national.as_bytes()) {
        (11, [b'1', b'3'..=b'9', ..]) => ContactPoint::Mobile(national.to_owned()),
        (10, _) if national.starts_with("400") || national.starts_with("800") => {
            ContactPoint::Landline(with_extension(national))
        }
        (10..=12, [b'0', ..]) => ContactPoint::Landline(with_extension(national)),
        // A land line behind +86 drops its trunk zero.
        (9..=11, [b'1'..=b'9', ..]) if international => {
            ContactPoint::Landline(with_extension(&format!("0{national}")))
        }
        (7..=8, [b'2'..=b'8', ..]) => ContactPoint::LocalNumber(with_extension(national)),
        (6.., _) => ContactPoint::BadMobile(national.to_owned()),
        _ => return None,
    };
    Some(point)
}

/// `010-84664163-8001`, `84664163转8001`, `… ext 8001`: the number and its extension.
fn split_extension(text: &str) -> (&str, Option<&str>) {
    for mark in ["转", "轉", "ext.", "ext", "EXT"] {
        if let Some((number, extension)) = text.split_once(mark) {
            return (number, Some(extension.trim()));
        }
    }
    let mut parts = text.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(area), Some(local), Some(extension))
            if area.starts_with('0')
                && (7..=8).contains(&local.len())
                && (1..=5).contains(&extension.len()) =>
        {
            (&text[..area.len() + 1 + local.len()], Some(extension))
        }
        _ => (text, None),
    }
}

/// A letter first, then letters, digits, `_`, `-`; 6 to 20 in all (`WeChat`'s own rule for chosen ids).
fn is_wechat_id(text: &str) -> bool {
    (6..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Vec<ContactPoint> {
        parse_contact(Value::Text(text)).points
    }

    #[test]
    fn a_mainland_mobile_is_known_in_every_spelling() {
        let mobile = [ContactPoint::Mobile("13800000001".into())];
        for text in [
            "13800000001",
            "138 0000 0001",
            "138-0000-0001",
            "+86 13800000001",
            "008613800000001",
            "8613800000001",
            "１３８０００００００１",
            "手机：13800000001",
            "(+86)138-0000-0001",
        ] {
            assert_eq!(points(text), mobile, "{text}");
        }
        assert_eq!(
            parse_contact(Value::Number {
                value: 13_800_000_001.0,
                format: ""
            })
            .points,
            mobile
        );
    }

    #[test]
    fn other_ways_to_reach_somebody_are_told_apart() {
        assert_eq!(
            points("010-84664163"),
            [ContactPoint::Landline("01084664163".into())]
        );
        assert_eq!(
            points("010-84664163-8001"),
            [ContactPoint::Landline("01084664163-8001".into())]
        );
        assert_eq!(
            points("0755-84664163转801"),
            [ContactPoint::Landline("075584664163-801".into())]
        );
        assert_eq!(
            points("400-820-8820"),
            [ContactPoint::Landline("4008208820".into())]
        );
        assert_eq!(
            points("84664163"),
            [ContactPoint::LocalNumber("84664163".into())]
        );
        assert_eq!(
            points("+44 20 7946 0000"),
            [ContactPoint::International("+442079460000".into())]
        );
        assert_eq!(
            points("Li.Lei@Example.com"),
            [ContactPoint::Email("li.lei@example.com".into())]
        );
        assert_eq!(
            points("微信：lilei_2024"),
            [ContactPoint::Wechat("lilei_2024".into())]
        );
        assert_eq!(
            points("lilei_2024"),
            [ContactPoint::Wechat("lilei_2024".into())]
        );
    }

    #[test]
    fn a_mask_is_its_own_class() {
        for text in ["138****5678", "*5678", "138xxxx5678", "王*138****5678"] {
            assert!(
                matches!(points(text)[..], [ContactPoint::Masked(_)]),
                "{text}"
            );
        }
        assert_eq!(parse_contact(Value::Text("138****5678")).mobile(), None);
    }

    #[test]
    fn wrong_numbers_stay_wrong() {
        for text in ["1380000000", "12345678901", "138000000012", "23800000001"] {
            assert!(
                matches!(points(text)[..], [ContactPoint::BadMobile(_)]),
                "{text}: {:?}",
                points(text)
            );
        }
        assert!(matches!(points("li@")[..], [ContactPoint::BadEmail(_)]));
        assert!(matches!(
            points("见备注")[..],
            [ContactPoint::Unreadable(_)]
        ));
        assert_eq!(points(" "), []);
    }

    #[test]
    fn several_may_share_a_cell() {
        let both = [
            ContactPoint::Mobile("13800000001".into()),
            ContactPoint::Email("a@b.cn".into()),
        ];
        for text in [
            "13800000001/a@b.cn",
            "13800000001 a@b.cn",
            "13800000001、a@b.cn",
            "13800000001\na@b.cn",
        ] {
            assert_eq!(points(text), both, "{text}");
        }
    }
}
