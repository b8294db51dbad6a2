//! A mainland mobile as a value of its own: eleven bytes in place, for a table may hold as many as it has leads.

use std::fmt;
use std::ops::Deref;

/// A mainland mobile: eleven digits beginning 13 to 19 (S4), without country code or separators.
///
/// ```
/// use leadsheet_core::Mobile;
/// let mobile = Mobile::of_digits("13800000001").expect("eleven digits");
/// assert_eq!(mobile.as_str(), "13800000001");
/// assert!(Mobile::of_digits("12300000001").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mobile([u8; 11]);

impl Mobile {
    /// A text that is a mobile and nothing else.
    pub fn of_digits(text: &str) -> Option<Self> {
        let digits: [u8; 11] = text.as_bytes().try_into().ok()?;
        let is_mobile =
            matches!(digits, [b'1', b'3'..=b'9', ..]) && digits.iter().all(u8::is_ascii_digit);
        is_mobile.then_some(Self(digits))
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits as one whole number, which is as good a name and quicker to compare.
    pub fn number(&self) -> u64 {
        let digits = self.0.iter();
        digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    }
}

impl Deref for Mobile {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
