//! The text of a BIFF stream. From BIFF8 on it is UTF-16 whatever CODEPAGE says, in two bytes a unit or, where all
//! upper bytes are zero, in one; before, it is in the code page of the machine that wrote it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, WINDOWS_1252};

/// The body of a record and of the CONTINUE records after it, read as one.
pub(crate) struct Body<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

/// A text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// The text, with U+FFFD for what is no text.
    pub(crate) text: String,
    /// Whether all of it was there and was text.
    pub(crate) sound: bool,
}

impl<'a> Body<'a> {
    /// Reads `first` and then `rest`.
    pub(crate) fn new(first: &'a [u8], rest: Vec<&'a [u8]>) -> Self {
        let mut parts = rest;
        parts.insert(0, first);
        Self {
            parts,
            part: 0,
            at: 0,
        }
    }

    /// What is left of the part that is being read; of the next one with something in it at the end of a part.
    fn rest_of_part(&mut self) -> &'a [u8] {
        while let Some(part) = self.parts.get(self.part) {
            if self.at < part.len() {
                return &part[self.at..];
            }
            self.part += 1;
            self.at = 0;
        }
        &[]
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        let byte = self.rest_of_part().first().copied()?;
        self.at += 1;
        Some(byte)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut bytes: u64) {
        while bytes > 0 {
            let rest = self.rest_of_part().len() as u64;
            if rest == 0 {
                return;
            }
            let step = rest.min(bytes);
            self.at += step as usize;
            bytes -= step;
        }
    }

    /// A unicode string of `units` UTF-16 units: flags, counts, the units, formatting runs, phonetic guides.
    /// `None` where the body ends before the string begins.
    pub(crate) fn unicode(&mut self, units: u16) -> Option<Read> {
        let flags = self.u8()?;
        let runs = if flags & 0x08 == 0 {
            Some(0)
        } else {
            self.u16()
        };
        let phonetic = if flags & 0x04 == 0 {
            Some(0)
        } else {
            self.u32()
        };
        let (Some(runs), Some(phonetic)) = (runs, phonetic) else {
            return Some(Read {
                text: String::new(),
                sound: false,
            });
        };
        let read = self.units(usize::from(units), flags & 1 == 1);
        self.skip(u64::from(runs) * 4 + u64::from(phonetic));
        Some(read)
    }

    /// The units of a string. Where they go on in the next record, that begins with a byte that says anew how
    /// wide they are.
    pub(crate) fn units(&mut self, count: usize, mut wide: bool) -> Read {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            if self
                .parts
                .get(self.part)
                .is_none_or(|part| self.at >= part.len())
            {
                if self.rest_of_part().is_empty() {
                    break;
                }
                wide = self.u8().is_some_and(|flags| flags & 1 == 1);
            }
            let missing = count - units.len();
            let rest = self
                .parts
                .get(self.part)
                .and_then(|part| part.get(self.at..))
                .unwrap_or_default();
            if wide {
                let taken = rest.len().min(missing * 2);
                units.extend(
                    rest[..taken]
                        .chunks_exact(2)
                        .map(|unit| u16::from_le_bytes([unit[0], unit[1]])),
                );
                self.at += taken;
            } else {
                let taken = rest.len().min(missing);
                units.extend(rest[..taken].iter().map(|&unit| u16::from(unit)));
                self.at += taken;
            }
        }
        let whole = units.len() == count;
        let text = String::from_utf16(&units);
        let sound = whole && text.is_ok();
        Read {
            text: text.unwrap_or_else(|_| String::from_utf16_lossy(&units)),
            sound,
        }
    }

    /// All bytes that are left, up to `count`.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            let rest = self.rest_of_part();
            if rest.is_empty() {
                break;
            }
            let taken = rest.len().min(count - bytes.len());
            bytes.extend_from_slice(&rest[..taken]);
            self.at += taken;
        }
        bytes
    }
}

/// How the bytes of texts before BIFF8 are to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CodePage {
    /// One that the encoding standard of the web knows.
    Encoding(&'static Encoding),
    /// Another one of one byte a character: its upper half.
    UpperHalf(&'static str),
}

impl CodePage {
    /// The code page of this number; `None` for one that is not known or is none.
    pub(crate) fn by_number(number: u16) -> Option<Self> {
        let label = match number {
            367 | 1252 | 0x8001 => "windows-1252",
            437 => return Some(Self::UpperHalf(IBM_437)),
            850 => return Some(Self::UpperHalf(IBM_850)),
            852 => return Some(Self::UpperHalf(IBM_852)),
            866 => "ibm866",
            874 => "windows-874",
            932 | 10001 => "shift_jis",
            936 | 10008 => "gbk",
            949 | 1361 | 10003 => "euc-kr",
            950 | 10002 => "big5",
            1250 => "windows-1250",
            1251 => "windows-1251",
            1253 => "windows-1253",
            1254 => "windows-1254",
            1255 => "windows-1255",
            1256 => "windows-1256",
            1257 => "windows-1257",
            1258 => "windows-1258",
            10000 | 0x8000 => "macintosh",
            10007 | 10017 => "x-mac-cyrillic",
            10029 => return Some(Self::UpperHalf(MAC_CENTRAL_EUROPE)),
            20866 => "koi8-r",
            54936 => "gb18030",
            65001 => "utf-8",
            _ => return None,
        };
        Encoding::for_label(label.as_bytes()).map(Self::Encoding)
    }

    /// Decodes a text.
    pub(crate) fn decode(self, bytes: &[u8]) -> Read {
        match self {
            Self::Encoding(encoding) => {
                let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                Read {
                    text: text.into_owned(),
                    sound: !has_errors,
                }
            }
            Self::UpperHalf(upper) => {
                let upper: Vec<char> = upper.chars().collect();
                let character = |&byte: &u8| match usize::from(byte).checked_sub(128) {
                    Some(position) => upper
                        .get(position)
                        .copied()
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                    None => char::from(byte),
                };
                Read {
                    text: bytes.iter().map(character).collect(),
                    sound: true,
                }
            }
        }
    }
}
/// The upper halves of code pages that no browser needs, as Unicode's mapping tables have them.
const IBM_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const IBM_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const IBM_852: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";
const MAC_CENTRAL_EUROPE: &str = "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u{a0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ";

/// The encoding of texts whose code page nobody names, by the bytes of all of them; `None` where they are ASCII,
/// which every code page reads alike.
pub(crate) fn guess(texts: &[u8]) -> Option<&'static Encoding> {
    if texts.is_ascii() {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(texts, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    let sound = |encoding: &'static Encoding| {
        encoding
            .decode_without_bom_handling_and_without_replacement(texts)
            .is_some()
    };
    // A handful of Chinese characters can pass for Western text to a detector made for pages; pairs of upper
    // bytes throughout do not happen there.
    if guessed.is_single_byte() && sound(GB18030) && upper_bytes_come_in_pairs(texts) {
        return Some(GB18030);
    }
    Some(if guessed == encoding_rs::GBK {
        GB18030
    } else {
        guessed
    })
}

/// Whether bytes that are said to be Western text are Chinese: programs that wrote BIFF5 in China often left the
/// 1252 of the library they used in CODEPAGE.
pub(crate) fn chinese_in_disguise(texts: &[u8]) -> Option<&'static Encoding> {
    let upper = texts.iter().filter(|byte| !byte.is_ascii()).count();
    if upper < 8 || !upper_bytes_come_in_pairs(texts) {
        return None;
    }
    guess(texts).filter(|&encoding| encoding == GB18030 || encoding == BIG5)
}

fn upper_bytes_come_in_pairs(texts: &[u8]) -> bool {
    texts.split(u8::is_ascii).all(|run| run.len() % 2 == 0)
        && texts.iter().any(|byte| !byte.is_ascii())
}

/// The encoding of code page 1252, which is taken where nothing says otherwise.
pub(crate) const WESTERN: CodePage = CodePage::Encoding(WINDOWS_1252);
