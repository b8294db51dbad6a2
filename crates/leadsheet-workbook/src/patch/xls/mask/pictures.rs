//! Pictures in a drawing: their bytes give way to a grey pixel, and blanks up to where they ended.

use crate::patch::mask::GREY;

/// The heads of records that hold a picture (MS-ODRAW §2.2.23): EMF, WMF, PICT, JPEG, PNG, DIB, TIFF, JPEG in CMYK.
const PICTURES: [u16; 8] = [
    0xF01A, 0xF01B, 0xF01C, 0xF01D, 0xF01E, 0xF01F, 0xF029, 0xF02A,
];
/// The container of all pictures and its entries.
const STORE: u16 = 0xF001;
const ENTRY: u16 = 0xF007;
const GROUP: u16 = 0xF000;

/// Blanks the pictures in a drawing group; gives how many there were that were none of ours.
pub(super) fn blank(bytes: &mut [u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + 8) {
        let head: [u8; 8] = head.try_into().unwrap_or_default();
        let kind = u16::from_le_bytes([head[2], head[3]]);
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let end = (at + 8).saturating_add(length).min(bytes.len());
        if PICTURES.contains(&kind) {
            count += usize::from(blank_one(&mut bytes[at..end], kind));
            at = end;
        } else if kind == ENTRY {
            // Its own fields take 36 bytes, a name and the picture follow.
            let name = bytes.get(at + 8 + 33).copied().unwrap_or_default();
            at += 8 + 36 + usize::from(name);
        } else if kind == STORE || kind == GROUP {
            at += 8;
        } else {
            at = end;
        }
    }
    count
}

/// Blanks one picture; gives whether it was another one before.
fn blank_one(record: &mut [u8], kind: u16) -> bool {
    let instance = u16::from_le_bytes([record[0], record[1]]) >> 4;
    // One or two checksums, then what the kind has before its data.
    let has_two = matches!(
        instance,
        0x3D5 | 0x217 | 0x543 | 0x46B | 0x6E3 | 0x6E1 | 0x7A9 | 0x6E5
    );
    let head = 8
        + if has_two { 32 } else { 16 }
        + if matches!(kind, 0xF01A..=0xF01C) {
            34
        } else {
            1
        };
    let Some(data) = record.get_mut(head..) else {
        return false;
    };
    let mut grey = vec![0; data.len()];
    if let (Some(room), 0xF01D..=0xF02A) = (grey.get_mut(..GREY.len()), kind) {
        room.copy_from_slice(&GREY);
    }
    let changes = data != &grey[..];
    data.copy_from_slice(&grey);
    changes
}
