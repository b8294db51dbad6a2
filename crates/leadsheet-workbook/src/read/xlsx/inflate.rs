//! Parts unpacked window by window, counted against the limits as they grow: what the headers claim is not believed.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crc_fast::{CrcAlgorithm, Digest as Checksum};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::package::Part;
use super::xml::Refusal;
use crate::error::ReadError;
use crate::limits::Limits;

/// Bytes unpacked at once.
const WINDOW: usize = 512 << 10;
/// The same, at least.
const LEAST: usize = 4 << 10;
/// Room before a window for what the one before it left unread.
const HEADROOM: usize = 16 << 10;
/// The longest single cell, shared string or tag: a cell holds 32,767 characters, each at most in a run of its own.
const LONGEST_PIECE: usize = 64 << 20;
/// Growth is looked at from here on: small parts may well be nothing but repetition.
const RATIO_FREE: u64 = 1 << 20;

/// How a part ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Where it should.
    Whole,
    /// Before that, and why. Everything up to there was unpacked.
    Broken(String),
}

/// Some bytes of a part, in order.
#[derive(Debug)]
pub(super) struct Window {
    /// [`HEADROOM`] bytes of no meaning, the window's, and more of no meaning.
    buffer: Vec<u8>,
    /// Where the window's bytes end.
    length: usize,
    /// Set with the last window.
    end: Option<End>,
    /// Packed bytes of this part that were read so far.
    packed: u64,
}

impl Window {
    /// Its memory, for another window.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// A window of these bytes.
    #[cfg(test)]
    pub(super) fn of(bytes: &[u8], last: bool) -> Self {
        let mut buffer = vec![0; HEADROOM];
        buffer.extend_from_slice(bytes);
        Self {
            length: buffer.len(),
            buffer,
            end: last.then_some(End::Whole),
            packed: 0,
        }
    }

    /// What it holds from here on.
    fn from(&self, start: usize) -> &[u8] {
        self.buffer.get(start..self.length).unwrap_or_default()
    }

    /// Whether no further window of the part follows.
    pub(super) const fn is_last(&self) -> bool {
        self.end.is_some()
    }
}

/// Where the windows of parts come from: unpacked on demand, or by another thread.
pub(super) trait Windows {
    /// Turns to the next part.
    fn begin(&mut self, part: usize) -> Result<(), ReadError>;
    /// The next window of the part. Not called again after the last.
    fn next(&mut self) -> Result<Window, ReadError>;
    /// Takes a window's memory back.
    fn recycle(&mut self, window: Window);
}

/// Hands the windows of a part to `consume`, which says how many bytes it is done with. The rest comes again
/// together with the next window; the flag says that there is none.
/// `progress` is told how many packed bytes of the part were read.
pub(super) fn feed(
    windows: &mut dyn Windows,
    (part, name): (usize, &str),
    progress: &dyn Fn(u64),
    mut consume: impl FnMut(&[u8], bool) -> Result<usize, Refusal>,
) -> Result<End, ReadError> {
    let refused = |refusal| match refusal {
        Refusal::Doctype => ReadError::Doctype(name.to_owned()),
        Refusal::Limit(limit, maximum) => ReadError::Limit {
            part: name.to_owned(),
            limit,
            maximum,
        },
    };
    windows.begin(part)?;
    let mut left: Vec<u8> = Vec::new();
    let mut wanted = 0;
    loop {
        let mut window = windows.next()?;
        let last = window.is_last();
        // What was left unread goes before the window where it fits there, else the window goes behind it.
        let long = left.len() > HEADROOM;
        let start = HEADROOM.saturating_sub(left.len());
        if long {
            left.extend_from_slice(window.from(HEADROOM));
        } else if let Some(room) = window.buffer.get_mut(start..HEADROOM) {
            room.copy_from_slice(&left);
        }
        let bytes = if long { &left[..] } else { window.from(start) };
        let mut used = 0;
        if bytes.len() >= wanted || last {
            used = match consume(bytes, last) {
                Ok(used) => used.min(bytes.len()),
                // Tags that are never closed are an attack, or the work of a bad disk: the checksum tells.
                Err(refusal @ Refusal::Limit("depth", _)) => {
                    let end = match window.end.take() {
                        Some(end) => end,
                        None => rest(windows)?,
                    };
                    return if end == End::Whole {
                        Err(refused(refusal))
                    } else {
                        Ok(end)
                    };
                }
                Err(refusal) => return Err(refused(refusal)),
            };
            // What does not fit one window is looked at again only when there is twice as much of it.
            wanted = if used == 0 { bytes.len() * 2 } else { 0 };
        }
        if long {
            left.drain(..used);
        } else {
            left.clear();
            left.extend_from_slice(window.from(start + used));
        }
        let mut end = window.end.take();
        progress(window.packed);
        windows.recycle(window);
        if end.is_none() && left.len() > LONGEST_PIECE {
            rest(windows)?;
            end = Some(End::Broken("an element is too long".to_owned()));
        }
        if let Some(end) = end {
            return Ok(end);
        }
    }
}

/// Leaves the rest of a part unread and says how it ends.
fn rest(windows: &mut dyn Windows) -> Result<End, ReadError> {
    loop {
        let mut window = windows.next()?;
        let end = window.end.take();
        windows.recycle(window);
        if let Some(end) = end {
            return Ok(end);
        }
    }
}

/// Unpacks parts one after another and keeps count.
#[derive(Debug)]
pub(super) struct Inflater {
    limits: Limits,
    unpacked: u64,
    tools: Tools,
    part: State,
}

/// What unpacking needs memory for.
#[derive(Debug)]
struct Tools {
    decompress: Decompress,
    /// Windows that nobody reads any more.
    spare: Vec<Vec<u8>>,
}

thread_local! {
    /// The tools of the file before: a small file is read in little more time than it takes to give memory back to the
    /// system and to ask for it again.
    static KEPT: Cell<Option<Tools>> = const { Cell::new(None) };
}

impl Tools {
    fn new() -> Self {
        KEPT.take().unwrap_or_else(|| Self {
            decompress: Decompress::new(false),
            spare: Vec::new(),
        })
    }

    /// Keeps them for the next file that this thread reads, with a single window.
    fn keep(mut self) {
        self.spare.truncate(1);
        KEPT.set(Some(self));
    }
}

/// How far the current part is unpacked.
#[derive(Debug)]
struct State {
    name: String,
    packed: u64,
    /// How many bytes it unpacks to, as the directory claims.
    claimed: u64,
    deflated: bool,
    checksum_said: u32,
    found: bool,
    packed_read: u64,
    produced: u64,
    checksum: Checksum,
    encoding: Transcoding,
}

impl State {
    /// How large a window to take: small parts in small windows, and a little more than they claim to be, for their end
    /// is only seen behind it, and what is near the end of the room is unpacked byte by byte. Where the directory plainly
    /// lies there are many windows.
    fn expected(&self) -> usize {
        let expected = if self.claimed > self.packed {
            self.claimed.saturating_add(512)
        } else {
            self.packed.saturating_mul(16)
        };
        usize::try_from(expected).map_or(WINDOW, |bytes| bytes.clamp(LEAST, WINDOW))
    }
}

impl Inflater {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            unpacked: 0,
            tools: Tools::new(),
            part: State {
                name: String::new(),
                packed: 0,
                claimed: 0,
                deflated: false,
                checksum_said: 0,
                found: false,
                packed_read: 0,
                produced: 0,
                checksum: checksum_of_nothing(),
                encoding: Transcoding::Unknown,
            },
        }
    }

    /// Goes to the start of a part.
    pub(super) fn begin(
        &mut self,
        source: &mut (impl Read + Seek),
        part: &Part,
    ) -> Result<(), ReadError> {
        if part.encrypted {
            return Err(ReadError::Encrypted);
        }
        let deflated = part
            .deflated
            .ok_or(ReadError::Unsupported("this way of packing a workbook"))?;
        self.tools.decompress.reset(false);
        self.part = State {
            name: part.name.clone(),
            packed: part.packed,
            claimed: part.claimed,
            deflated,
            checksum_said: part.checksum,
            found: go_to_data(source, part)?,
            packed_read: 0,
            produced: 0,
            checksum: checksum_of_nothing(),
            encoding: Transcoding::Unknown,
        };
        Ok(())
    }

    /// The next window of the part.
    pub(super) fn next(&mut self, source: &mut impl BufRead) -> Result<Window, ReadError> {
        let room = HEADROOM + self.part.expected();
        let mut buffer = self.tools.spare.pop().unwrap_or_default();
        if buffer.len() < room {
            // What is in the spare one need not be copied.
            buffer = vec![0; room];
        }
        let mut length = HEADROOM;
        let mut end = None;
        while end.is_none() && length < room {
            let free = buffer.get_mut(length..room).unwrap_or_default();
            let (bytes, ended) = if !self.part.found {
                (
                    0,
                    Some(End::Broken("it is not where the directory says".to_owned())),
                )
            } else if self.part.deflated {
                self.inflate(source, free)?
            } else {
                self.copy(source, free)?
            };
            self.count(bytes)?;
            // Piece by piece, while they are in the cache.
            if let Some(new) = buffer.get(length..length + bytes) {
                self.part.checksum.update(new);
            }
            length += bytes;
            end = ended;
        }
        if end == Some(End::Whole)
            && self.part.checksum.finalize() != u64::from(self.part.checksum_said)
        {
            end = Some(End::Broken("its checksum is wrong".to_owned()));
        }
        let mut window = Window {
            buffer,
            length,
            end,
            packed: self.part.packed_read,
        };
        self.part.encoding.apply(&mut window);
        Ok(window)
    }

    pub(super) fn recycle(&mut self, buffer: Vec<u8>) {
        self.tools.spare.push(buffer);
    }

    /// Unpacks no more.
    pub(super) fn finish(self) {
        self.tools.keep();
    }

    fn inflate(
        &mut self,
        source: &mut impl BufRead,
        room: &mut [u8],
    ) -> Result<(usize, Option<End>), ReadError> {
        let Self { tools, part, .. } = self;
        let decompress = &mut tools.decompress;
        let (in_before, out_before) = (decompress.total_in(), decompress.total_out());
        let status = decompress.decompress(filled(source)?, room, FlushDecompress::None);
        let used = (decompress.total_in() - in_before) as usize;
        let made = (decompress.total_out() - out_before) as usize;
        source.consume(used);
        part.packed_read += used as u64;
        let end = match status {
            Ok(Status::StreamEnd) => Some(End::Whole),
            Ok(_) if used == 0 && made == 0 => {
                Some(End::Broken("the file ends inside it".to_owned()))
            }
            Ok(_) => None,
            Err(error) => Some(End::Broken(error.to_string())),
        };
        Ok((made, end))
    }

    fn copy(
        &mut self,
        source: &mut impl BufRead,
        room: &mut [u8],
    ) -> Result<(usize, Option<End>), ReadError> {
        let left = self.part.packed.saturating_sub(self.part.packed_read);
        if left == 0 {
            return Ok((0, Some(End::Whole)));
        }
        let most = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let ahead = filled(source)?;
        let length = ahead.len().min(most);
        if let (Some(room), Some(ahead)) = (room.get_mut(..length), ahead.get(..length)) {
            room.copy_from_slice(ahead);
        }
        source.consume(length);
        self.part.packed_read += length as u64;
        let end = (length == 0).then(|| End::Broken("the file ends inside it".to_owned()));
        Ok((length, end))
    }

    fn count(&mut self, bytes: usize) -> Result<(), ReadError> {
        let Self { limits, part, .. } = self;
        part.produced += bytes as u64;
        self.unpacked += bytes as u64;
        let passed = |limit, maximum| {
            let part = part.name.clone();
            Err(ReadError::Limit {
                part,
                limit,
                maximum,
            })
        };
        if self.unpacked > limits.unpacked_bytes {
            return passed("unpacked_bytes", limits.unpacked_bytes);
        }
        if part.produced > RATIO_FREE
            && part.produced > part.packed_read.saturating_mul(limits.ratio)
        {
            return passed("ratio", limits.ratio);
        }
        Ok(())
    }
}

/// The checksum of no bytes, as packages count it.
fn checksum_of_nothing() -> Checksum {
    Checksum::new(CrcAlgorithm::Crc32IsoHdlc)
}

/// Moves `source` to the bytes of the part; `false` where there is no header such as the directory promises.
fn go_to_data(source: &mut (impl Read + Seek), part: &Part) -> Result<bool, ReadError> {
    let mut header = [0; 30];
    source.seek(SeekFrom::Start(part.header_start))?;
    match source.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        other => other?,
    }
    let [
        b'P',
        b'K',
        3,
        4,
        ..,
        name_low,
        name_high,
        extra_low,
        extra_high,
    ] = header
    else {
        return Ok(false);
    };
    let name = u16::from_le_bytes([name_low, name_high]);
    let extra = u16::from_le_bytes([extra_low, extra_high]);
    source.seek(SeekFrom::Current(i64::from(name) + i64::from(extra)))?;
    Ok(true)
}

/// What is ahead in a source, as much of it as there is at hand.
fn filled(source: &mut impl BufRead) -> io::Result<&[u8]> {
    loop {
        match source.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            // Asked again, for what was found cannot be handed out of a loop.
            Ok(_) => return source.fill_buf(),
        }
    }
}

/// What must be done to a part's bytes before they are UTF-8.
enum Transcoding {
    /// Not looked at yet.
    Unknown,
    /// Nothing.
    None,
    /// Decode them.
    From(Box<Decoder>),
}

impl std::fmt::Debug for Transcoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Transcoding::Unknown => "Unknown",
            Transcoding::None => "None",
            Transcoding::From(_) => "From",
        })
    }
}

impl Transcoding {
    /// Makes the bytes of a window UTF-8.
    fn apply(&mut self, window: &mut Window) {
        if matches!(self, Transcoding::Unknown) {
            let start = window.from(HEADROOM);
            *self = match declared_encoding(start) {
                Some(encoding) => {
                    Transcoding::From(Box::new(encoding.new_decoder_with_bom_removal()))
                }
                None => {
                    if start.starts_with(BOM) {
                        let text = HEADROOM + BOM.len()..window.length;
                        window.buffer.copy_within(text, HEADROOM);
                        window.length -= BOM.len();
                    }
                    Transcoding::None
                }
            };
        }
        if let Transcoding::From(decoder) = self {
            let mut text = vec![0; HEADROOM];
            decode(decoder, window.from(HEADROOM), &mut text, window.is_last());
            window.length = text.len();
            window.buffer = text;
        }
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

fn decode(decoder: &mut Decoder, mut raw: &[u8], text: &mut Vec<u8>, last: bool) {
    let mut room = vec![0; 64 << 10];
    loop {
        let (result, read, written, _) = decoder.decode_to_utf8(raw, &mut room, last);
        text.extend_from_slice(room.get(..written).unwrap_or_default());
        raw = raw.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

/// How nearly every part begins.
const USUAL_DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"";

/// The encoding of an XML part where it is not UTF-8: by its byte order mark, by the zero bytes of its first
/// character, or by its declaration.
fn declared_encoding(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return Some(UTF_16BE),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return Some(UTF_16LE),
        _ => {}
    }
    let usual = start.get(..USUAL_DECLARATION.len())?;
    if usual.eq_ignore_ascii_case(USUAL_DECLARATION) {
        return None;
    }
    let declaration = start.get(..start.len().min(200))?;
    let declaration = declaration.get(..memmem::find(declaration, b"?>")?)?;
    let after = declaration.get(memmem::find(declaration, b"encoding")? + 8..)?;
    let label = after.split(|byte| matches!(byte, b'"' | b'\'')).nth(1)?;
    // A declaration of UTF-16 that could be read as bytes is wrong about itself.
    Encoding::for_label(label).filter(|encoding| ![UTF_8, UTF_16BE, UTF_16LE].contains(encoding))
}
