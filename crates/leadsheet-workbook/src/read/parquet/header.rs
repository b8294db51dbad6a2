//! The header of a page (Thrift's compact protocol), read by ourselves because its claims must be looked at before
//! anything is unpacked by them.

use parquet::basic::Encoding;

/// What stands before a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) unpacked: usize,
    pub(super) packed: usize,
    pub(super) kind: Kind,
}

/// Which page follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Dictionary {
        values: u32,
        encoding: Encoding,
    },
    Data {
        values: u32,
        encoding: Encoding,
        levels: Encoding,
    },
    /// Of version 2: its levels are not packed.
    Data2 {
        values: u32,
        nulls: u32,
        rows: u32,
        encoding: Encoding,
        level_bytes: [u32; 2],
        is_packed: bool,
    },
    /// An index, which nobody needs to read.
    Other,
}

impl Kind {
    /// Whether the values of the page are numbers of those in a dictionary.
    pub(super) const fn names_values(self) -> bool {
        let (Self::Data { encoding, .. } | Self::Data2 { encoding, .. }) = self else {
            return false;
        };
        matches!(
            encoding,
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
        )
    }
}

/// Nesting that a header may have: it has two levels, and statistics a third.
const DEEPEST: u8 = 8;

/// The header at the beginning of `bytes` and its length; `None` where there is none that is sound.
pub(super) fn header(bytes: &[u8]) -> Option<(Header, usize)> {
    let mut input = Input { bytes, at: 0 };
    let (mut page_type, mut unpacked, mut packed) = (None, None, None);
    let mut fields = [[None; 8]; 3];
    let mut id = 0;
    while let Some(kind) = input.field(&mut id)? {
        match (id, kind) {
            (1, I32) => page_type = Some(input.integer()?),
            (2, I32) => unpacked = usize::try_from(input.integer()?).ok(),
            (3, I32) => packed = usize::try_from(input.integer()?).ok(),
            (5, STRUCT) => input.numbers(&mut fields[0])?,
            (7, STRUCT) => input.numbers(&mut fields[1])?,
            (8, STRUCT) => input.numbers(&mut fields[2])?,
            (_, kind) => input.skip(kind, DEEPEST)?,
        }
    }
    let [data, dictionary, data2] = fields;
    let count = |number: Option<i64>| u32::try_from(number?).ok();
    let kind = match page_type? {
        0 => Kind::Data {
            values: count(data[1])?,
            encoding: encoding(data[2])?,
            levels: level_encoding(data[3])?,
        },
        2 => Kind::Dictionary {
            values: count(dictionary[1])?,
            encoding: encoding(dictionary[2])?,
        },
        3 => Kind::Data2 {
            values: count(data2[1])?,
            nulls: count(data2[2])?,
            rows: count(data2[3])?,
            encoding: encoding(data2[4])?,
            level_bytes: [count(data2[5])?, count(data2[6])?],
            is_packed: data2[7] != Some(0),
        },
        _ => Kind::Other,
    };
    let header = Header {
        unpacked: unpacked?,
        packed: packed?,
        kind,
    };
    Some((header, input.at))
}

/// Columns without levels are said to have them bit by bit, as files of ten years ago have.
fn level_encoding(number: Option<i64>) -> Option<Encoding> {
    match number? {
        4 => Some(Encoding::RLE),
        number => encoding(Some(number)),
    }
}

fn encoding(number: Option<i64>) -> Option<Encoding> {
    Some(match number? {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}

const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

struct Input<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(bytes).ok()?)?;
        (end <= self.bytes.len()).then(|| self.at = end)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The type of the next field, whose number goes to `id`; `None` inside at the end of the struct.
    #[expect(clippy::option_option, reason = "nothing more, and nothing sound")]
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *id = match byte >> 4 {
            0 => self.integer()?,
            delta => id.checked_add(i64::from(delta))?,
        };
        Some(Some(byte & 0x0F))
    }

    /// The numbers and truth values of a struct, by field number.
    fn numbers(&mut self, numbers: &mut [Option<i64>; 8]) -> Option<()> {
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            let number = match kind {
                TRUE => 1,
                FALSE => 0,
                I16 | I32 | I64 => self.integer()?,
                kind => {
                    self.skip(kind, DEEPEST)?;
                    continue;
                }
            };
            let place = usize::try_from(id).ok().and_then(|id| numbers.get_mut(id));
            if let Some(place) = place {
                *place = Some(number);
            }
        }
        Some(())
    }

    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            TRUE | FALSE => {}
            BYTE => self.pass(1)?,
            I16 | I32 | I64 => drop(self.unsigned()?),
            DOUBLE => self.pass(8)?,
            BINARY => {
                let length = self.unsigned()?;
                self.pass(length)?;
            }
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
            }
            LIST | SET => {
                let head = self.byte()?;
                let length = match head >> 4 {
                    15 => self.unsigned()?,
                    short => u64::from(short),
                };
                self.skip_each(length, &[head & 0x0F], depth)?;
            }
            MAP => {
                let length = self.unsigned()?;
                if length > 0 {
                    let kinds = self.byte()?;
                    self.skip_each(length, &[kinds >> 4, kinds & 0x0F], depth)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn skip_each(&mut self, length: u64, kinds: &[u8], depth: u8) -> Option<()> {
        // Every element takes a byte at least; a truth value too, once it stands in a list.
        if length > (self.bytes.len() - self.at) as u64 {
            return None;
        }
        for _ in 0..length {
            for &kind in kinds {
                match kind {
                    TRUE | FALSE => self.pass(1)?,
                    kind => self.skip(kind, depth)?,
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written down from the specification, field by field: type 0, 1,000 bytes unpacked, 300 packed, a data page of
    /// 120 values in a dictionary.
    const DATA: [u8; 18] = [
        0x15, 0x00, // 1: data page
        0x15, 0xD0, 0x0F, // 2: 1,000
        0x15, 0xD8, 0x04, // 3: 300
        0x2C, // 5: struct
        0x15, 0xF0, 0x01, // 1: 120
        0x15, 0x10, // 2: dictionary
        0x15, 0x06, // 3: run lengths
        0x00, 0x00,
    ];

    #[test]
    fn a_header_is_read_as_the_specification_spells_it() {
        let expected = Header {
            unpacked: 1000,
            packed: 300,
            kind: Kind::Data {
                values: 120,
                encoding: Encoding::RLE_DICTIONARY,
                levels: Encoding::RLE,
            },
        };
        assert_eq!(header(&DATA), Some((expected, DATA.len())));
    }

    #[test]
    fn a_header_that_breaks_off_or_lies_is_none() {
        for end in 0..DATA.len() {
            assert_eq!(header(&DATA[..end]), None);
        }
        // A list of four billion in a page header of ten bytes.
        assert_eq!(
            header(&[0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0]),
            None
        );
        // A size below zero.
        assert_eq!(header(&[0x15, 0, 0x15, 1, 0x15, 1, 0]), None);
        // Structs in structs.
        assert_eq!(header(&[0x1C; 5000]), None);
    }
}
