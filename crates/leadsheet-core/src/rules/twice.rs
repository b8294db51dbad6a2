//! Which of many hashes turn up twice, told in two bits each. Of hundreds of thousands of leads few have anything in
//! common; the others need be neither kept nor sorted.

/// Hashes that were met once, and more than once. May take one for another, and then says twice of what was met once;
/// never misses one.
#[derive(Debug)]
pub(crate) struct Twice {
    /// Two bits a place: whether it was met, and whether again.
    places: Vec<u64>,
    shift: u32,
}

impl Twice {
    /// Room for so many.
    pub(crate) fn with_room_for(count: usize) -> Self {
        /// One in so many is taken for another.
        const PLACES_EACH: usize = 8;
        const PLACES_A_WORD: usize = 32;
        let places = (count * PLACES_EACH).next_power_of_two().max(PLACES_A_WORD);
        Self {
            places: vec![0; places / PLACES_A_WORD],
            shift: u64::BITS - places.trailing_zeros(),
        }
    }

    /// One more.
    pub(crate) fn note(&mut self, hash: u64) {
        let (word, shift) = self.place(hash);
        let word = &mut self.places[word];
        let was_met = *word >> shift & 1;
        *word |= (was_met << 1 | 1) << shift;
    }

    /// Whether it was noted.
    pub(crate) fn is_noted(&self, hash: u64) -> bool {
        let (word, shift) = self.place(hash);
        self.places[word] >> shift & 1 == 1
    }

    /// Whether it was noted twice.
    pub(crate) fn is_twice(&self, hash: u64) -> bool {
        let (word, shift) = self.place(hash);
        self.places[word] >> shift & 0b10 != 0
    }

    fn place(&self, hash: u64) -> (usize, u32) {
        let place = hash.wrapping_mul(SPREAD) >> self.shift;
        ((place >> 5) as usize, (place as u32 & 31) * 2)
    }
}

/// Both in one hash.
pub(crate) const fn hash_of(one: u32, other: u64) -> u64 {
    other ^ (one as u64 + 1).wrapping_mul(SPREAD).rotate_left(29)
}

/// The golden ratio in 64 bits: the upper bits of a product with it depend on every bit.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::{Twice, hash_of};

    #[test]
    fn what_is_met_twice_is_never_missed_and_little_else_is_told() {
        for count in [0_u32, 1, 7, 1000, 50_000] {
            let mut twice = Twice::with_room_for(count as usize + count as usize / 10);
            let hash = |number| hash_of(number % 700, 13_000_000_000 + u64::from(number) * 37);
            (0..count).for_each(|number| twice.note(hash(number)));
            (0..count / 10).for_each(|number| twice.note(hash(number)));
            assert!((0..count).all(|number| twice.is_noted(hash(number))));
            assert!((0..count / 10).all(|number| twice.is_twice(hash(number))));
            let taken = (count / 10..count).filter(|&number| twice.is_twice(hash(number)));
            let taken = taken.count();
            assert!(taken <= count as usize / 4 + 2, "{taken} of {count}");
        }
    }
}
