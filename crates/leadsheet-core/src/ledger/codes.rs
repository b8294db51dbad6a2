//! The codes of a column, as narrow as its dictionary allows: of a term one byte a row.

use std::iter;

/// A number a row, kept in as few bytes as the greatest of them takes.
#[derive(Clone, Debug)]
pub struct Codes(Width);

#[derive(Clone, Debug)]
enum Width {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Codes {
    /// Codes as they come, in no more bytes than the greatest takes: what is narrow is never wide before.
    pub(super) fn of_each(mut codes: impl ExactSizeIterator<Item = u32>) -> Self {
        let len = codes.len();
        let mut one = Vec::with_capacity(len);
        let Some(over) = push_while(&mut one, &mut codes, |code| u8::try_from(code).ok()) else {
            return Self(Width::One(one));
        };
        let mut two = Vec::with_capacity(len);
        two.extend(one.iter().map(|&code| u16::from(code)));
        let mut codes = iter::once(over).chain(codes);
        let Some(over) = push_while(&mut two, &mut codes, |code| u16::try_from(code).ok()) else {
            return Self(Width::Two(two));
        };
        let mut four = Vec::with_capacity(len);
        four.extend(two.iter().map(|&code| u32::from(code)));
        four.push(over);
        four.extend(codes);
        Self(Width::Four(four))
    }

    /// Codes of a byte each.
    pub(super) const fn of_bytes(codes: Vec<u8>) -> Self {
        Self(Width::One(codes))
    }

    /// The code of a row.
    ///
    /// # Panics
    /// Where there is no such row.
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        match &self.0 {
            Width::One(codes) => codes[row].into(),
            Width::Two(codes) => codes[row].into(),
            Width::Four(codes) => codes[row],
        }
    }

    /// Whether a row has this code.
    pub(crate) fn contains(&self, code: u32) -> bool {
        match &self.0 {
            Width::One(codes) => u8::try_from(code).is_ok_and(|code| codes.contains(&code)),
            Width::Two(codes) => u16::try_from(code).is_ok_and(|code| codes.contains(&code)),
            Width::Four(codes) => codes.contains(&code),
        }
    }

    /// Whether these rows have different codes.
    pub(crate) fn differ_in(&self, rows: &[u32]) -> bool {
        fn differ<T: PartialEq>(codes: &[T], rows: &[u32]) -> bool {
            let mut pairs = rows.windows(2);
            pairs.any(|pair| codes[pair[0] as usize] != codes[pair[1] as usize])
        }
        match &self.0 {
            Width::One(codes) => differ(codes, rows),
            Width::Two(codes) => differ(codes, rows),
            Width::Four(codes) => differ(codes, rows),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Width::One(codes) => codes.len(),
            Width::Two(codes) => codes.len(),
            Width::Four(codes) => codes.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of each row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }
}

/// Adds codes as long as they are narrow enough, and gives the first that is not.
fn push_while<T>(
    narrow: &mut Vec<T>,
    codes: &mut impl Iterator<Item = u32>,
    as_narrow: impl Fn(u32) -> Option<T>,
) -> Option<u32> {
    for code in codes {
        match as_narrow(code) {
            Some(code) => narrow.push(code),
            None => return Some(code),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Codes;

    #[test]
    fn codes_come_back_from_every_width() {
        for greatest in [0, 1, 255, 256, 65_535, 65_536, u32::MAX - 1] {
            let given = vec![0, greatest, greatest / 2];
            let codes = Codes::of_each(given.iter().copied());
            assert_eq!(codes.iter().collect::<Vec<_>>(), given);
            assert!(codes.contains(greatest));
            assert_eq!(codes.contains(3), given.contains(&3));
            assert_eq!(codes.differ_in(&[0, 1, 0]), greatest != 0);
            assert!(!codes.differ_in(&[2, 2]) && !codes.differ_in(&[1]) && !codes.differ_in(&[]));
        }
    }
}
