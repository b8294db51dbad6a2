//! The encoding of text that no record names: byte order mark, then strict UTF-8, then what the file declares if it
//! is true, then a guess among what Chinese offices produce, with Western text as the last resort. The whole file
//! is looked at, because the first character that is not ASCII may stand in its last line.

use std::io::{self, Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, CoderResult, Decoder, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

use super::Progress;
use crate::error::ReadError;
use crate::limits::Limits;

/// Bytes read at a time.
const CHUNK: usize = 64 << 10;
/// Bytes the guess is made from, counted from the first that is not ASCII.
const SAMPLE: usize = 512 << 10;
/// Characters of three bytes or more per bad sequence from which on a file is damaged UTF-8 rather than no UTF-8.
const SOUND_PER_BAD: usize = 20;
/// Upper bytes below which East Asian texts other than Chinese ones are not believed in.
const ENOUGH: usize = 400;

/// The encoding of a file, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) encoding: &'static Encoding,
    /// Length of the byte order mark.
    pub(super) mark: u64,
    /// Nothing in the file says so.
    pub(super) guessed: bool,
}

impl Found {
    const fn sure(encoding: &'static Encoding, mark: u64) -> Self {
        Self {
            encoding,
            mark,
            guessed: false,
        }
    }

    const fn guessed(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            mark: 0,
            guessed: true,
        }
    }

    /// The encoding's name as people write it.
    pub(super) fn name(self) -> &'static str {
        if self.encoding == GB18030 {
            "GB18030"
        } else {
            self.encoding.name()
        }
    }
}

/// Finds the encoding of a file and refuses one that is larger than it may be. `declared` is what the text itself
/// says; that is believed only where it can be true, for many a template says gb2312 whatever the program behind it writes.
pub(super) fn find<R: Read + Seek>(
    source: &mut R,
    declared: Option<&'static Encoding>,
    limits: &Limits,
) -> Result<Found, ReadError> {
    if source.seek(SeekFrom::End(0))? > limits.unpacked_bytes {
        return Err(ReadError::Limit {
            part: "the file".to_owned(),
            limit: "unpacked_bytes",
            maximum: limits.unpacked_bytes,
        });
    }
    source.seek(SeekFrom::Start(0))?;
    let mut utf8 = Utf8Check::default();
    let mut sample = Vec::new();
    let mut chunk = Vec::with_capacity(CHUNK);
    for first in [true].into_iter().chain(std::iter::repeat(false)) {
        chunk.clear();
        source.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
        if first && let Some(found) = by_beginning(&chunk) {
            return Ok(found);
        }
        if chunk.is_empty() {
            break;
        }
        utf8.feed(&chunk);
        if sample.len() < SAMPLE {
            let beginning = if sample.is_empty() {
                chunk.iter().position(|byte| !byte.is_ascii())
            } else {
                Some(0)
            };
            sample.extend(
                chunk
                    .get(beginning.unwrap_or(chunk.len())..)
                    .unwrap_or_default(),
            );
        } else if utf8.is_hopeless() {
            break;
        }
    }
    utf8.end();
    Ok(if utf8.bad == 0 {
        Found::sure(UTF_8, 0)
    } else if utf8.is_damaged() {
        Found::guessed(UTF_8)
    } else {
        match declared
            .map(superset)
            .filter(|&encoding| is_sound(encoding, &sample))
        {
            Some(encoding) => Found::sure(encoding, 0),
            None => Found::guessed(guess(&sample)),
        }
    })
}

/// What the first bytes tell: a byte order mark, or UTF-16 without one.
pub(super) fn by_beginning(head: &[u8]) -> Option<Found> {
    match Encoding::for_bom(head) {
        Some((encoding, mark)) => Some(Found::sure(encoding, mark as u64)),
        None => wide(head).map(Found::guessed),
    }
}

/// UTF-16 without a mark. A table always has some of the signs counted here, and read the wrong way round each of
/// them is a letter of a script that no table mixes with its own.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    if !head.contains(&0) {
        return None;
    }
    let signs = |unit: fn([u8; 2]) -> u16| {
        head.chunks_exact(2)
            .filter(|pair| {
                let unit = unit([pair[0], pair[1]]);
                matches!(
                    unit,
                    0x09 | 0x0A | 0x0D | 0x22 | 0x2C | 0x2D | 0x31..=0x39 | 0x3B | 0x3C | 0x7C
                )
            })
            .count()
    };
    let (little, big) = (signs(u16::from_le_bytes), signs(u16::from_be_bytes));
    let (encoding, unit): (_, fn([u8; 2]) -> u16) = if little > 3 * big {
        (UTF_16LE, u16::from_le_bytes)
    } else if big > 3 * little {
        (UTF_16BE, u16::from_be_bytes)
    } else {
        return None;
    };
    let mut units: Vec<u16> = head
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]))
        .collect();
    // The other half of a last character may stand beyond the bytes looked at.
    units.pop_if(|last| (0xD800..0xDC00).contains(last));
    let is_text =
        |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r');
    char::decode_utf16(units)
        .all(|character| character.is_ok_and(is_text))
        .then_some(encoding)
}

/// The encoding that programs mean by the name of an older one, which it includes.
fn superset(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// Whether the text decodes without an error; an end in the middle of a character is none.
fn is_sound(encoding: &'static Encoding, text: &[u8]) -> bool {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return false;
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut rest = text;
    let mut scratch = [0; 4096];
    loop {
        let (result, read, _) =
            decoder.decode_to_utf8_without_replacement(rest, &mut scratch, false);
        match result {
            encoding_rs::DecoderResult::InputEmpty => return true,
            encoding_rs::DecoderResult::OutputFull => rest = rest.get(read..).unwrap_or_default(),
            encoding_rs::DecoderResult::Malformed(..) => return false,
        }
    }
}

/// The likeliest encoding of text that is no UTF-8.
fn guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guessed = superset(detector.guess(None, Utf8Detection::Deny));
    let upper = sample.iter().filter(|byte| !byte.is_ascii()).count();
    if (guessed == GB18030 || guessed == BIG5 || upper >= ENOUGH) && is_sound(guessed, sample) {
        return guessed;
    }
    // A detector made for pages takes a handful of Chinese characters for anything; the few thousand characters in
    // use lie in one part of either code, where pairs of Western letters hardly ever fall.
    let common = [
        (GB18030, is_common_gb2312 as fn(u8, u8) -> bool),
        (BIG5, is_common_big5),
    ]
    .map(|(encoding, is_common)| (encoding, share(sample, is_common)));
    let [(_, simplified), (_, traditional)] = common;
    let (encoding, share) = if simplified >= traditional {
        (GB18030, simplified)
    } else {
        (BIG5, traditional)
    };
    if share >= 0.8 {
        encoding
    } else if upper < ENOUGH && come_in_pairs(sample) && is_sound(GB18030, sample) {
        // Rarer characters, as in names; the accents of Western words stand alone.
        GB18030
    } else if is_sound(guessed, sample) {
        guessed
    } else {
        WINDOWS_1252
    }
}

/// Punctuation, and the level of GB 2312 that holds the common characters.
fn is_common_gb2312(lead: u8, trail: u8) -> bool {
    matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7) && trail >= 0xA1
}

/// Punctuation, and the level of Big5 that holds the common characters.
fn is_common_big5(lead: u8, trail: u8) -> bool {
    matches!(lead, 0xA1..=0xC6) && matches!(trail, 0x40..=0x7E | 0xA1..=0xFE)
}

/// The part of the two-byte characters that are common ones.
fn share(sample: &[u8], is_common: fn(u8, u8) -> bool) -> f64 {
    let (mut all, mut common) = (0_u32, 0_u32);
    let mut bytes = sample.iter();
    while let Some(&lead) = bytes.next() {
        if lead.is_ascii() {
            continue;
        }
        let Some(&trail) = bytes.next() else { break };
        all += 1;
        common += u32::from(is_common(lead, trail));
    }
    f64::from(common) / f64::from(all.max(1))
}

/// Whether upper bytes always stand in even numbers together.
fn come_in_pairs(sample: &[u8]) -> bool {
    sample.split(u8::is_ascii).all(|run| run.len() % 2 == 0)
}

/// Counts what is UTF-8 and what is not, over the borders of chunks.
#[derive(Default)]
struct Utf8Check {
    /// Characters of three bytes and more.
    sound: usize,
    bad: usize,
    carried: Vec<u8>,
}

impl Utf8Check {
    fn feed(&mut self, chunk: &[u8]) {
        // A character of which the beginning was carried is put together first.
        let mut chunk = chunk;
        while let Some(first) = self.carried.first().copied() {
            let Some((&next, rest)) = chunk.split_first() else {
                return;
            };
            let length = if first >= 0xF0 {
                4
            } else if first >= 0xE0 {
                3
            } else {
                2
            };
            self.carried.push(next);
            match std::str::from_utf8(&self.carried) {
                Ok(_) => {
                    self.sound += usize::from(length > 2);
                    self.carried.clear();
                    chunk = rest;
                }
                Err(error) if error.error_len().is_none() => chunk = rest,
                Err(_) => {
                    self.bad += 1;
                    self.carried.clear();
                }
            }
        }
        while !chunk.is_empty() {
            let (sound, rest) = match std::str::from_utf8(chunk) {
                Ok(_) => (chunk, &[][..]),
                Err(error) => {
                    let (sound, rest) = chunk.split_at(error.valid_up_to());
                    match error.error_len() {
                        Some(length) => {
                            self.bad += 1;
                            (sound, rest.get(length..).unwrap_or_default())
                        }
                        None => {
                            self.carried = rest.to_vec();
                            (sound, &[][..])
                        }
                    }
                }
            };
            self.sound += sound.iter().filter(|&&byte| byte >= 0xE0).count();
            chunk = rest;
        }
    }

    fn end(&mut self) {
        self.bad += usize::from(!self.carried.is_empty());
    }

    fn is_damaged(&self) -> bool {
        self.bad > 0 && self.bad.saturating_mul(SOUND_PER_BAD) <= self.sound
    }

    fn is_hopeless(&self) -> bool {
        self.bad > 1_000 && !self.is_damaged()
    }
}

/// The text of a file in UTF-8, decoded as it is read.
pub(super) struct Decoded<'p, R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    last: bool,
    ended: bool,
    has_errors: bool,
    done: u64,
    total: u64,
    progress: Progress<'p>,
    /// Decoded and not yet asked for by [`Read::read`].
    ready: Vec<u8>,
    taken: usize,
}

impl<'p, R: Read + Seek> Decoded<'p, R> {
    /// The text from its beginning.
    pub(super) fn new(
        mut source: R,
        found: Found,
        progress: Progress<'p>,
    ) -> Result<Self, ReadError> {
        let total = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(found.mark))?;
        Ok(Self {
            source,
            decoder: found.encoding.new_decoder_without_bom_handling(),
            raw: Vec::with_capacity(CHUNK),
            at: 0,
            last: false,
            ended: false,
            has_errors: false,
            done: found.mark,
            total,
            progress,
            ready: Vec::new(),
            taken: 0,
        })
    }

    /// Appends the next piece, whole characters only. `false` once there is no more.
    pub(super) fn append_to(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.at == self.raw.len() && !self.last {
            self.raw.clear();
            self.at = 0;
            let length = self
                .source
                .by_ref()
                .take(CHUNK as u64)
                .read_to_end(&mut self.raw)?;
            self.last = length == 0;
            self.done += length as u64;
            (self.progress)(self.done, self.total);
        }
        let rest = self.raw.get(self.at..).unwrap_or_default();
        let filled = text.len();
        // The longest that anything can become; a decoder needs room for one character in any case.
        text.resize(filled + 3 * rest.len() + 16, 0);
        let room = text.get_mut(filled..).unwrap_or_default();
        let (result, read, written, has_errors) =
            self.decoder.decode_to_utf8(rest, room, self.last);
        text.truncate(filled + written);
        self.at += read;
        self.has_errors |= has_errors;
        self.ended = self.last && result == CoderResult::InputEmpty;
        Ok(!self.ended || written > 0)
    }

    /// Whether anything was no text so far; U+FFFD stands in its place.
    pub(super) const fn has_errors(&self) -> bool {
        self.has_errors
    }
}

impl<R: Read + Seek> Read for Decoded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() {
            let mut ready = std::mem::take(&mut self.ready);
            ready.clear();
            self.taken = 0;
            let more = self.append_to(&mut ready);
            self.ready = ready;
            if !more? && self.ready.is_empty() {
                return Ok(0);
            }
        }
        let rest = self.ready.get(self.taken..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.taken += length;
        Ok(length)
    }
}

/// The encoding that markup names near its beginning, as `charset=` or `encoding=`.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    ["charset", "encoding"].iter().find_map(|word| {
        memchr::memmem::find_iter(&head, word.as_bytes()).find_map(|start| {
            let rest = head.get(start + word.len()..)?.trim_ascii_start();
            let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
            let label: Vec<u8> = rest
                .iter()
                .skip_while(|byte| matches!(byte, b'"' | b'\''))
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
                .copied()
                .collect();
            Encoding::for_label(&label)
        })
    })
}

/// Whether the chunks together are UTF-8.
#[cfg(test)]
pub(super) fn is_utf8<'t>(chunks: impl Iterator<Item = &'t [u8]>) -> bool {
    let mut check = Utf8Check::default();
    chunks.for_each(|chunk| check.feed(chunk));
    check.end();
    check.bad == 0
}
