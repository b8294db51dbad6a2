//! Small numbers as parquet writes them: runs of one number, and groups of eight packed bit by bit. Levels and places
//! in a dictionary are such numbers. (The library's own decoder hands out the values behind them, each looked up
//! again; here the numbers are what counts.)

use parquet::errors::Result;

use super::pages::damaged;

/// Takes `count` numbers of `width` bits out of `bytes`.
pub(super) fn numbers(
    mut bytes: &[u8],
    width: u32,
    count: usize,
    numbers: &mut Vec<u32>,
) -> Result<()> {
    let broken = || damaged("a page has fewer values than it says");
    if width > 32 {
        return Err(damaged("a page packs its values in too many bits"));
    }
    numbers.clear();
    while numbers.len() < count {
        let (head, rest) = unsigned(bytes).ok_or_else(broken)?;
        let left = count - numbers.len();
        let run = usize::try_from(head >> 1).unwrap_or(usize::MAX);
        if head & 1 == 0 {
            let length = width.div_ceil(8) as usize;
            let (number, behind) = rest.split_at_checked(length).ok_or_else(broken)?;
            let mut whole = [0; 4];
            whole[..length].copy_from_slice(number);
            if run == 0 {
                return Err(broken());
            }
            numbers.resize(numbers.len() + run.min(left), u32::from_le_bytes(whole));
            bytes = behind;
        } else {
            // The last group may break off behind the last number.
            let length = run.saturating_mul(width as usize).min(rest.len());
            let (packed, behind) = rest.split_at(length);
            let wanted = run.saturating_mul(8).min(left);
            if wanted == 0 || (wanted as u64 * u64::from(width)).div_ceil(8) > packed.len() as u64 {
                return Err(broken());
            }
            unpack(packed, width, wanted, numbers);
            bytes = behind;
        }
    }
    Ok(())
}

/// A number of seven bits a byte, and what stands behind it.
fn unsigned(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (&byte, position) in bytes.iter().zip(0..5) {
        number |= u64::from(byte & 0x7F) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[position + 1..]));
        }
    }
    None
}

fn unpack(packed: &[u8], width: u32, count: usize, numbers: &mut Vec<u32>) {
    let mask = (1_u64 << width) - 1;
    let number = |position: usize| {
        let bit = position * width as usize;
        let bytes = &packed[bit / 8..];
        let word = match bytes.first_chunk::<8>() {
            Some(word) => u64::from_le_bytes(*word),
            None => {
                let mut word = [0; 8];
                word[..bytes.len()].copy_from_slice(bytes);
                u64::from_le_bytes(word)
            }
        };
        (word >> (bit % 8) & mask) as u32
    };
    numbers.extend((0..count).map(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
        let mut read = Vec::new();
        numbers(bytes, width, count, &mut read).ok().map(|()| read)
    }

    /// The example of the format's specification: 0 to 7 in three bits each.
    #[test]
    fn packed_numbers_are_those_of_the_specification() {
        let packed = [0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(read(&packed, 3, 8), Some((0..8).collect()));
        assert_eq!(read(&packed, 3, 5), Some((0..5).collect()));
    }

    #[test]
    fn runs_and_groups_follow_each_other() {
        let bytes = [0x0A, 0x02, 0x03, 0b0000_0001, 0b0000_0000, 0x04, 0x03];
        // Five twos; a group of eight in two bits, of which the first is one; two threes.
        let expected = [2, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 3, 3];
        assert_eq!(read(&bytes, 2, 15).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn numbers_without_bits_are_zeros() {
        assert_eq!(read(&[0x06], 0, 3), Some(vec![0; 3]));
        assert_eq!(read(&[0x03], 0, 8), Some(vec![0; 8]));
    }

    #[test]
    fn what_breaks_off_or_never_ends_is_refused() {
        for (bytes, width) in [
            (&[][..], 1),
            (&[0x0A], 2),
            (&[0x03, 0x00], 3),
            (&[0x00, 0x01], 1),
            (&[0x01], 1),
            (&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1),
            (&[0x02, 0, 0, 0, 0, 0], 33),
        ] {
            assert_eq!(read(bytes, width, 5), None, "{bytes:?}");
        }
    }
}
