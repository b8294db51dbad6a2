//! What a file is, by its bytes.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipResult;

use super::encoding;
use crate::error::{Foreign, ReadError};
use crate::part_name::normalised;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A package with an Office Open XML workbook, or one too damaged to tell.
    Xlsx,
    /// A compound file: a binary workbook, an encrypted package, or something else that its streams tell.
    Compound,
    /// A bare stream of workbook records, as Excel wrote them before compound files.
    Biff,
    /// A package with a binary Office Open XML workbook.
    Xlsb,
    /// An `OpenDocument` package.
    Ods,
    /// An `OpenDocument` spreadsheet in one XML file.
    FlatOds,
    /// XML Spreadsheet 2003.
    XmlSpreadsheet,
    /// A table in columns, Apache Parquet.
    Parquet,
    /// A web page.
    Html,
    /// Text that begins like records in JSON.
    Json,
    /// Any other text; whether it is a table is for its reader to say.
    Text,
    /// Something else.
    Other(Foreign),
    /// Nothing.
    Empty,
}

/// Bytes looked at: enough for a byte order mark, an XML declaration and the first elements.
const LOOK: u64 = 4096;

/// Looks at the beginning of a file and goes back there.
pub(crate) fn sniff<R: Read + Seek>(source: &mut R) -> Result<Content, ReadError> {
    sniff_with(source, |_| ()).map(|(content, _)| content)
}

/// The same, with what `opened` makes of the file's directory where it is [`Content::Xlsx`]: nobody need read it again.
pub(super) fn sniff_with<R: Read + Seek, T>(
    source: &mut R,
    opened: impl FnOnce(ZipResult<ZipArchive<&mut R>>) -> T,
) -> Result<(Content, Option<T>), ReadError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(LOOK as usize);
    source.by_ref().take(LOOK).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    let content = by_head(&head);
    if content != Content::Xlsx {
        return Ok((content, None));
    }
    let archive = ZipArchive::new(&mut *source);
    // Where it cannot be read, the workbook's reader says what is wrong with it.
    let content = archive.as_ref().map_or(Content::Xlsx, by_parts);
    let opened = (content == Content::Xlsx).then(|| opened(archive));
    source.seek(SeekFrom::Start(0))?;
    Ok((content, opened))
}

fn by_head(head: &[u8]) -> Content {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if head.is_empty() {
        Content::Empty
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        Content::Xlsx
    } else if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Content::Compound
    } else if matches!(head, [0x09, 0x00 | 0x02 | 0x04 | 0x08, 4..=16, 0, ..]) {
        Content::Biff
    } else if starts(b"PAR1") || starts(b"PARE") {
        Content::Parquet
    } else if starts(b"%PDF") {
        Content::Other(Foreign::Pdf)
    } else if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"GIF8") || starts(b"BM") {
        Content::Other(Foreign::Image)
    } else if starts(b"Rar!") || starts(b"7z\xBC\xAF") || starts(b"\x1F\x8B") {
        Content::Other(Foreign::Archive)
    } else if starts(b"{\\rtf") {
        Content::Other(Foreign::WordDocument)
    } else {
        by_text(head)
    }
}

fn by_text(head: &[u8]) -> Content {
    let found = encoding::by_beginning(head);
    if found.is_none() && head.contains(&0) {
        return Content::Other(Foreign::Unknown);
    }
    let text = match found {
        Some(found) => found.encoding.decode(head).0,
        None => String::from_utf8_lossy(head),
    };
    let text = text.trim_start().to_lowercase();
    if text.starts_with("mime-version:") {
        Content::Other(Foreign::Mail)
    } else if begins_like_json(&text) {
        Content::Json
    } else if !text.starts_with('<') {
        Content::Text
    } else if text.contains("opendocument:xmlns:office") {
        Content::FlatOds
    } else if text.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && text.contains("workbook")
    {
        Content::XmlSpreadsheet
    } else if MARKUP.iter().any(|tag| text.contains(tag)) {
        Content::Html
    } else {
        Content::Text
    }
}

/// `{"` or `[{`: an object, or a list of them.
fn begins_like_json(text: &str) -> bool {
    let begins = |rest: &str, with: char| rest.trim_start().starts_with(with);
    match text.strip_prefix('{') {
        Some(rest) => begins(rest, '"'),
        None => text.strip_prefix('[').is_some_and(|rest| begins(rest, '{')),
    }
}

/// With what a web page, or the part of one that web systems save as a workbook, may begin.
const MARKUP: [&str; 10] = [
    "<html",
    "<!doctype html",
    "<head",
    "<meta",
    "<body",
    "<style",
    "<table",
    "<tr",
    "<div",
    "<br",
];

/// What a zip archive holds, by the names of its parts.
fn by_parts<R: Read + Seek>(archive: &ZipArchive<R>) -> Content {
    let [mut binary, mut word, mut slides] = [false; 3];
    let [mut content, mut mimetype, mut types, mut workbook] = [false; 4];
    for name in archive.file_names().filter_map(Result::ok) {
        let name = normalised(&name);
        let path = name.to_lowercase();
        binary |= path.starts_with("xl/workbook.bin");
        word |= path.starts_with("word/");
        slides |= path.starts_with("ppt/");
        content |= path.starts_with("content.xml");
        mimetype |= path.starts_with("mimetype");
        types |= path.starts_with("[content_types].xml");
        workbook |= path.ends_with("workbook.xml");
    }
    if binary {
        Content::Xlsb
    } else if word {
        Content::Other(Foreign::WordDocument)
    } else if slides {
        Content::Other(Foreign::Presentation)
    } else if content && mimetype {
        Content::Ods
    } else if types || workbook {
        Content::Xlsx
    } else {
        Content::Other(Foreign::Archive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn bytes_tell_what_a_file_is() {
        for (bytes, content) in [
            (&b""[..], Content::Empty),
            (b"%PDF-1.7", Content::Other(Foreign::Pdf)),
            (b"\x89PNG\r\n", Content::Other(Foreign::Image)),
            ("今天天气很好".as_bytes(), Content::Text),
            (b"<html><table><tr><td>1", Content::Html),
            (b"\xEF\xBB\xBF \n<TABLE>", Content::Html),
            (b"\xFF\xFE<\0t\0a\0b\0l\0e\0>\0", Content::Html),
            (b"a,<table>\n", Content::Text),
            (b" {\n \"a\": 1}", Content::Json),
            (b"\xEF\xBB\xBF[ {\"a\":1}]", Content::Json),
            (b"{a},1\n", Content::Text),
            (b"[1]\t2\n", Content::Text),
            (b"<a>,1\n", Content::Text),
            (b"a\0,\0b\0\n\0", Content::Text),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Content::XmlSpreadsheet,
            ),
            (b"MIME-Version: 1.0\r\n", Content::Other(Foreign::Mail)),
            (b"\x00\x01\x02\x03", Content::Other(Foreign::Unknown)),
            (b"\x09\x08\x10\x00\x00\x06", Content::Biff),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Content::Compound),
            (b"PK\x03\x04 broken", Content::Xlsx),
            (b"PAR1 broken", Content::Parquet),
        ] {
            assert_eq!(
                sniff(&mut Cursor::new(bytes)).unwrap(),
                content,
                "{bytes:?}"
            );
        }
    }
}
