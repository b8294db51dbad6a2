//! Phone numbers: the mainland's own by length and first digits, which new ranges do not change; other countries' by the
//! world's numbering plans.

use super::{ContactPoint, Mobile};

/// A phone number in half-width characters; `None` where it is none.
pub(super) fn phone(text: &str) -> Option<ContactPoint> {
    let (number, extension) = split_extension(text);
    let is_of_number = |c: char| c.is_ascii_digit() || "+-() .".contains(c);
    if !number.chars().all(is_of_number) {
        return None;
    }
    let plus = number.trim_start_matches(['(', ' ']).starts_with('+');
    let all: String = number.chars().filter(char::is_ascii_digit).collect();
    let international = plus || (all.starts_with("00") && all.len() > 10);
    let digits = if international {
        all.strip_prefix("00").filter(|_| !plus).unwrap_or(&all)
    } else {
        all.as_str()
    };
    let national = match digits.strip_prefix("86") {
        Some(rest) if international || Mobile::of_digits(rest).is_some() => Some(rest),
        _ if international => None,
        _ => Some(digits),
    };
    let Some(national) = national else {
        return Some(foreign(digits));
    };
    let with_extension = |digits: &str| match extension {
        Some(extension) => format!("{digits}-{extension}"),
        None => digits.to_owned(),
    };
    // As mobiles of other places were dialled once: behind a zero.
    let mobile = national.strip_prefix('0').unwrap_or(national);
    if let Some(mobile) = Mobile::of_digits(mobile) {
        return Some(ContactPoint::Mobile(mobile));
    }
    let point = match (national.len(), national.as_bytes()) {
        (10, _) if national.starts_with("400") || national.starts_with("800") => {
            ContactPoint::Landline(with_extension(national))
        }
        // 010 is the only area code that begins with 01.
        (10..=12, [b'0', b'2'..=b'9', ..] | [b'0', b'1', b'0', ..]) => {
            ContactPoint::Landline(with_extension(national))
        }
        // A land line behind +86 drops its trunk zero.
        (9..=11, [b'2'..=b'9', ..] | [b'1', b'0', ..]) if international => {
            ContactPoint::Landline(with_extension(&format!("0{national}")))
        }
        (7..=8, [b'2'..=b'8', ..]) => ContactPoint::LocalNumber(with_extension(national)),
        (6.., _) => ContactPoint::BadMobile(national.to_owned()),
        _ => return None,
    };
    Some(point)
}

/// A number behind the country code of another country.
fn foreign(digits: &str) -> ContactPoint {
    let number = format!("+{digits}");
    // E.164 allows 15 digits; no country has numbers of fewer than 7 with its code.
    let sound = (7..=15).contains(&digits.len()) && is_of_a_plan(&number);
    if sound {
        ContactPoint::International(number)
    } else {
        ContactPoint::BadInternational(number)
    }
}

/// Whether the country has such a number.
#[cfg(feature = "numbering-plans")]
fn is_of_a_plan(number: &str) -> bool {
    phonenumber::parse(None, number).is_ok_and(|number| phonenumber::is_valid(&number))
}

#[cfg(not(feature = "numbering-plans"))]
const fn is_of_a_plan(_: &str) -> bool {
    true
}

/// `010-84664163-8001`, `84664163转8001`, `… ext 8001`: the number and its extension.
fn split_extension(text: &str) -> (&str, Option<&str>) {
    for mark in ["转", "轉", "分机", "分機", "ext.", "ext", "EXT", "Ext", "#"] {
        if let Some((number, extension)) = text.split_once(mark) {
            let extension = extension.trim_start_matches(['.', ':', ' ']).trim();
            let is_extension =
                (1..=6).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_digit());
            return (number.trim(), is_extension.then_some(extension));
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
