//! Ways to reach a customer: mainland mobiles and land lines, foreign numbers, e-mail, `WeChat` and QQ ids, and their
//! masked forms. Several may share a cell.

mod label;
mod mobile;
mod phone;
#[cfg(test)]
mod tests;

use email_address::EmailAddress;

use crate::ledger::Value;
use crate::text::nfkc;

use label::{Label, split_label, without_remark};
use phone::phone;

pub use mobile::Mobile;

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContactPoint {
    /// Mainland mobile.
    Mobile(Mobile),
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
    /// QQ number.
    Qq(String),
    /// An account elsewhere that the cell names: LINE, Skype, 钉钉.
    Account(String),
    /// Partly hidden (`138****5678`); never an identity.
    Masked(String),
    /// Digits like a mobile's, but not 11 of them or not beginning 13 to 19.
    BadMobile(String),
    /// Begins with a country code, and yet no country has such a number.
    BadInternational(String),
    /// Has an `@`, yet is no e-mail address.
    BadEmail(String),
    /// Something else.
    Unreadable(String),
}

impl ContactPoint {
    /// Whether somebody can be reached so, or could be but for a mask.
    pub const fn is_sound(&self) -> bool {
        !matches!(
            self,
            ContactPoint::Unreadable(_)
                | ContactPoint::BadMobile(_)
                | ContactPoint::BadInternational(_)
                | ContactPoint::BadEmail(_)
        )
    }
}

/// Everything that a contact cell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactReading {
    points: Points,
}

/// One takes no room of its own: nearly every cell holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Points {
    One(ContactPoint),
    Others(Vec<ContactPoint>),
}

impl Default for Points {
    fn default() -> Self {
        Self::Others(Vec::new())
    }
}

impl From<Vec<ContactPoint>> for ContactReading {
    fn from(mut points: Vec<ContactPoint>) -> Self {
        let points = match (points.len(), points.pop()) {
            (1, Some(point)) => Points::One(point),
            (_, last) => {
                points.extend(last);
                Points::Others(points)
            }
        };
        Self { points }
    }
}

impl ContactReading {
    /// In the order written.
    pub fn points(&self) -> &[ContactPoint] {
        match &self.points {
            Points::One(point) => std::slice::from_ref(point),
            Points::Others(points) => points,
        }
    }

    /// The first unmasked mobile: the identity of a lead without a number.
    pub fn mobile(&self) -> Option<&str> {
        self.points().iter().find_map(|point| match point {
            ContactPoint::Mobile(mobile) => Some(mobile.as_str()),
            _ => None,
        })
    }
}

/// Reads a cell of a contact column (phone, e-mail, `WeChat`, or all of them).
pub fn parse_contact(value: Value<'_>) -> ContactReading {
    let shown = value.text();
    let text = &*shown;
    // Nearly every cell holds a mobile and nothing else.
    if let Some(mobile) = Mobile::of_digits(text) {
        return ContactReading {
            points: Points::One(ContactPoint::Mobile(mobile)),
        };
    }
    let text = nfkc(text);
    let mut points = Vec::new();
    for part in text.split(['、', ',', ';', '/', '|', '\n', '\r', '。']) {
        let part = part.trim();
        if !part.is_empty() {
            read_part(part, &mut points);
        }
    }
    points.into()
}

/// Adds what stands between two separators.
fn read_part(part: &str, points: &mut Vec<ContactPoint>) {
    let point = classify(part);
    if point.is_sound() {
        points.push(point);
        return;
    }
    // Two numbers may stand side by side with a blank between; one number may have blanks inside.
    let words = || part.split_whitespace();
    if words().count() > 1 && words().all(|word| classify(word).is_sound()) {
        points.extend(words().map(classify));
        return;
    }
    // `13800000001（微信同号）`, `王经理 13800000001`: whose it is, or what else it is, beside the number itself.
    let Some((bare, is_wechat_too)) = without_remark(part) else {
        points.push(point);
        return;
    };
    let bare = classify(&bare);
    if let (ContactPoint::Mobile(mobile), true) = (&bare, is_wechat_too) {
        let wechat = ContactPoint::Wechat(mobile.to_string());
        points.push(bare);
        points.push(wechat);
    } else if bare.is_sound() && !matches!(bare, ContactPoint::Wechat(_)) {
        points.push(bare);
    } else {
        points.push(point);
    }
}

fn classify(part: &str) -> ContactPoint {
    let (label, bare) = split_label(part);
    if is_masked(bare) {
        return ContactPoint::Masked(bare.to_owned());
    }
    if bare.contains('@') {
        let has_host = bare
            .rsplit('@')
            .next()
            .is_some_and(|host| host.contains('.'));
        return if has_host && EmailAddress::is_valid(bare) {
            ContactPoint::Email(bare.to_lowercase())
        } else {
            ContactPoint::BadEmail(bare.to_owned())
        };
    }
    match label {
        Some(Label::Wechat) if !bare.is_empty() => return ContactPoint::Wechat(bare.to_owned()),
        Some(Label::Account) if !bare.is_empty() => return ContactPoint::Account(bare.to_owned()),
        Some(Label::Qq) if is_qq(bare) => return ContactPoint::Qq(bare.to_owned()),
        _ => {}
    }
    if let Some(point) = phone(bare) {
        return point;
    }
    if is_wechat_id(bare) {
        ContactPoint::Wechat(bare.to_owned())
    } else {
        ContactPoint::Unreadable(part.to_owned())
    }
}

/// Digits of which some are hidden: behind stars, behind the signs that people and web pages put for them between digits,
/// or cut off behind the first three.
fn is_masked(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Three stars hide what is no number too: `w***`.
    if text.contains("***") {
        return true;
    }
    if text.contains(['*', '★', '●', '•', '█']) {
        return digits > 0 || text.contains('@');
    }
    let is_cut = matches!(text.as_bytes(), [b'1', b'3'..=b'9', b'0'..=b'9']);
    let is_veil = |c: char| "xX×#?·_".contains(c);
    let is_hidden = digits >= 4
        && text.chars().filter(|&c| is_veil(c)).count() > 1
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || is_veil(c) || "-+ ".contains(c));
    is_cut || is_hidden
}

/// A letter first, then letters, digits, `_`, `-`; 6 to 20 in all (`WeChat`'s own rule for chosen ids).
fn is_wechat_id(text: &str) -> bool {
    (6..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Five to eleven digits, the first not 0.
fn is_qq(text: &str) -> bool {
    (5..=11).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|byte| byte.is_ascii_digit())
}
