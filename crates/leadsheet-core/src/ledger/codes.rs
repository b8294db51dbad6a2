//! The codes of a column, as narrow as its dictionary allows: of a term one byte a row.

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
    /// Codes below `count`.
    pub(super) fn new(codes: Vec<u32>, count: usize) -> Self {
        Self(match count {
            0..=0x100 => Width::One(codes.iter().map(|&code| code as u8).collect()),
            0x101..=0x1_0000 => Width::Two(codes.iter().map(|&code| code as u16).collect()),
            _ => Width::Four(codes),
        })
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

#[cfg(test)]
mod tests {
    use super::Codes;

    #[test]
    fn codes_come_back_from_every_width() {
        for greatest in [0, 1, 255, 256, 65_535, 65_536, u32::MAX - 1] {
            let given = vec![0, greatest, greatest / 2];
            let codes = Codes::new(given.clone(), greatest as usize + 1);
            assert_eq!(codes.iter().collect::<Vec<_>>(), given);
        }
    }
}
