//! Records of which nobody need know what they are: texts in them are found as they lie there, and overwritten by masks of
//! just their length, so that nothing moves.

use leadsheet_core::{MaskEdit, MaskKind, Masker};

/// What stands for hidden characters: names of ranges and sheets cannot hold stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Veil {
    Stars,
    Words,
}

/// Masks every text in some bytes; gives how many places were changed.
pub(super) fn sweep(bytes: &mut [u8], masker: &Masker, veil: Veil) -> u64 {
    let mut changed = 0;
    for start in [0, 1] {
        changed += wide(bytes, start, masker, veil);
    }
    changed + narrow(bytes, masker, veil)
}

/// Texts of two bytes a character.
fn wide(bytes: &mut [u8], start: usize, masker: &Masker, veil: Veil) -> u64 {
    let units: Vec<u16> = bytes
        .get(start..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
        .collect();
    let is_text = |unit: &u16| matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0xD7FF | 0xF900..=0xFFEF);
    let mut changed = 0;
    for (first, last) in runs(&units, is_text) {
        let characters: Vec<char> = units[first..last]
            .iter()
            .filter_map(|unit| char::from_u32(u32::from(*unit)))
            .collect();
        for (position, character) in hidden(&characters, masker, veil, &mut changed) {
            let at = start + (first + position) * 2;
            bytes[at..at + 2].copy_from_slice(&(character as u16).to_le_bytes());
        }
    }
    changed
}

/// Texts of one byte a character.
fn narrow(bytes: &mut [u8], masker: &Masker, veil: Veil) -> u64 {
    let is_text = |byte: &u8| matches!(byte, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0xFF);
    let mut changed = 0;
    for (first, last) in runs(bytes, is_text) {
        let characters: Vec<char> = bytes[first..last]
            .iter()
            .map(|byte| char::from(*byte))
            .collect();
        // A word that stands for a name is no Latin letter.
        let _ = veil;
        for (position, character) in hidden(&characters, masker, Veil::Stars, &mut changed) {
            let letter = if veil == Veil::Words && character == '*' {
                'x'
            } else {
                character
            };
            bytes[first + position] = letter as u8;
        }
    }
    changed
}

/// Where texts begin and end that are long enough to name anybody.
fn runs<T>(units: &[T], is_text: impl Fn(&T) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut first = None;
    for (position, unit) in units.iter().enumerate() {
        match (is_text(unit), first) {
            (true, None) => first = Some(position),
            (false, Some(start)) => {
                runs.push((start, position));
                first = None;
            }
            _ => {}
        }
    }
    runs.extend(first.map(|start| (start, units.len())));
    runs.retain(|(first, last)| last - first >= 2);
    runs
}

/// The characters of a run that change, and what they become. A count or a flag beside a text may look like a letter of
/// it, so the run is looked at without its ends as well.
fn hidden(
    characters: &[char],
    masker: &Masker,
    veil: Veil,
    changed: &mut u64,
) -> Vec<(usize, char)> {
    let mut new: Vec<(usize, char)> = Vec::new();
    let length = characters.len();
    // A count and the mark of wide characters look like one of these letters together.
    let is_count = matches!(characters.first(), Some('\u{100}'..='\u{1ff}'));
    let (near, far) = if is_count { (1, 0) } else { (0, 1) };
    for (first, last) in [
        (near, length),
        (far, length),
        (near, length - 1),
        (far, length - 1),
    ] {
        let Some(run) = characters.get(first..last).filter(|run| run.len() > 1) else {
            continue;
        };
        let text: String = run.iter().collect();
        let edits = masker.edits(&text);
        if edits.is_empty() {
            continue;
        }
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for edit in edits {
            let from = places.partition_point(|at| *at < edit.range.start);
            let to = places.partition_point(|at| *at < edit.range.end);
            if new
                .iter()
                .any(|(position, _)| (first + from..first + to).contains(position))
            {
                continue;
            }
            *changed += 1;
            let mask = mask_of_length(&edit, to - from, veil);
            new.extend(
                mask.into_iter()
                    .enumerate()
                    .map(|(position, character)| (first + from + position, character)),
            );
        }
    }
    new
}

/// A mask of just so many characters: more or fewer stars.
pub(super) fn mask_of_length(edit: &MaskEdit, length: usize, veil: Veil) -> Vec<char> {
    let mut mask: Vec<char> = edit.mask.chars().collect();
    let star = mask.iter().position(|c| *c == '*').unwrap_or(mask.len());
    while mask.len() < length {
        mask.insert(star.min(mask.len()), '*');
    }
    while mask.len() > length {
        match mask
            .iter()
            .skip(1)
            .position(|c| *c == '*')
            .filter(|_| mask.iter().filter(|c| **c == '*').count() > 1)
        {
            Some(position) => {
                mask.remove(position + 1);
            }
            None => {
                mask.truncate(length);
                mask.iter_mut().skip(1).for_each(|c| *c = '*');
            }
        }
    }
    if veil == Veil::Words {
        let word = if edit.kind == MaskKind::Name {
            '某'
        } else {
            'x'
        };
        for c in mask.iter_mut().filter(|c| **c == '*') {
            *c = word;
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::{MaskBuilder, MaskOptions};

    fn swept(text: &str, wide: bool, veil: Veil) -> String {
        let mut builder = MaskBuilder::new(MaskOptions::default());
        for name in ["张佳宁", "Li Ming"] {
            builder.person(name);
        }
        let masker = builder.build();
        let encoded: Vec<u8> = if wide {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.bytes().collect()
        };
        let mut bytes = [&[3, u8::from(wide)][..], &encoded, &[0x17]].concat();
        sweep(&mut bytes, &masker, veil);
        let inner = &bytes[2..bytes.len() - 1];
        if wide {
            let units: Vec<u16> = inner
                .chunks_exact(2)
                .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
                .collect();
            String::from_utf16(&units).unwrap()
        } else {
            String::from_utf8(inner.to_vec()).unwrap()
        }
    }

    #[test]
    fn texts_are_overwritten_by_masks_of_their_length() {
        for (text, masked) in [
            ("张佳宁说", "张**说"),
            ("Li Ming", "L******"),
            ("电话13800138000", "电话138****8000"),
            ("zhangsan@example.com", "z*******@example.com"),
            ("010-62345678", "010-****5678"),
            ("a@b.co", "a*****"),
        ] {
            assert_eq!(swept(text, true, Veil::Stars), masked, "{text}");
        }
        assert_eq!(
            swept("tel 138-0013-8000 Li Ming", false, Veil::Stars),
            "tel 138******8000 L******"
        );
        assert_eq!(swept("张佳宁_区", true, Veil::Words), "张某某_区");
        assert_eq!(swept("一切正常", true, Veil::Stars), "一切正常");
    }
}
