//! Reading: bytes to [`Workbook`], one folder a format, chosen by the bytes and never by the name; the name only
//! says whether a text that does not look like a table is meant to be one.

pub(crate) mod biff;
mod cells;
#[cfg(test)]
pub(crate) mod corpus;
mod csv;
mod encoding;
mod html;
mod json;
mod named_format;
pub(crate) mod number_format;
mod ods;
#[cfg(feature = "parquet")]
mod parquet;
mod parts;
mod sniff;
mod source;
mod untyped;
pub(crate) mod xls;
mod xlsb;
mod xlsx;
mod xml_spreadsheet;

use std::fs::File;
use std::io::{BufRead, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use leadsheet_core::Needs;

use self::csv::Called;
use self::source::Source;

pub(crate) use self::number_format::{FormatClass, builtin, classify, is_general};
pub(crate) use self::sniff::{Content, sniff};
pub(crate) use self::xlsx::xml::resolve_escapes;
#[cfg(test)]
pub(crate) use self::xlsx::xml::unescape;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::notice::{Notice, NoticeKind};
use crate::sheet::{FileKind, Workbook};
use crate::template::Templates;

/// What the sheet of a file without sheets is called.
const NAMELESS: &str = "Sheet1";

/// Called with the bytes that were read and those there are.
pub type Progress<'p> = &'p (dyn Fn(u64, u64) + Sync);

/// What will be asked of the tables of a file.
#[derive(Clone, Copy)]
pub struct Needed<'n> {
    /// The templates by which they will be recognised.
    pub templates: &'n Templates,
    /// What is needed of them.
    pub needs: &'n Needs,
}

/// How a file is read.
#[derive(Clone, Copy, Default)]
pub struct OpenOptions<'p> {
    /// What it may ask for.
    pub limits: Limits,
    /// What is needed of its tables, if not everything. A reader may leave out what is not, and put
    /// [`LEFT_OUT`](leadsheet_core::LEFT_OUT) in the place of values: that of parquet does, where a table is recognised by
    /// its columns alone. All others read everything.
    pub needed: Option<Needed<'p>>,
    /// Told how far reading has come; may be called from another thread.
    pub progress: Option<Progress<'p>>,
}

/// Reads the workbook at `path`. Its name decides one thing only: a text called `.csv`, `.tsv`, `.tab` or `.txt` is
/// read as a table whatever it looks like. Where the extension promises something else than the bytes hold, that is
/// a notice.
///
/// # Errors
/// [`ReadError`] where the file cannot be read at all.
pub fn workbook_from_path(path: &Path, options: &OpenOptions<'_>) -> Result<Workbook, ReadError> {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let called = match &extension {
        Some(extension) if promises(extension, FileKind::Csv) => Called::Table,
        _ => Called::SomethingElse,
    };
    let mut workbook = read(Source::new(File::open(path)?)?, called, options)?;
    // A text has no name for its only sheet, and no more has another program's parquet; spreadsheet programs take the
    // file's.
    let is_nameless = match workbook.kind {
        FileKind::Csv => true,
        FileKind::Json | FileKind::Parquet => {
            workbook.sheets.iter().all(|sheet| sheet.name == NAMELESS)
        }
        _ => false,
    };
    if is_nameless && let ([sheet], Some(stem)) = (&mut workbook.sheets[..], path.file_stem()) {
        sheet.name = sheet_name(&stem.to_string_lossy()).unwrap_or(sheet.name.clone());
    }
    if let Some(extension) = extension
        && !promises(&extension, workbook.kind)
    {
        let kind = NoticeKind::WrongExtension(extension, workbook.kind.extension());
        workbook.notices.insert(
            0,
            Notice {
                sheet: None,
                cell: None,
                kind,
            },
        );
    }
    Ok(workbook)
}

/// Reads a workbook from its bytes.
///
/// # Errors
/// As [`workbook_from_path`].
pub fn workbook_from_bytes(bytes: &[u8], options: &OpenOptions<'_>) -> Result<Workbook, ReadError> {
    read(Cursor::new(bytes), Called::SomethingElse, options)
}

/// The workbook that a parquet file of ours was taken from, by the path it was named by; `None` for any other file.
#[cfg(feature = "parquet")]
pub fn parquet_origin(path: &Path) -> Option<String> {
    parquet::origin(path)
}

fn read<R: BufRead + Seek + Send>(
    mut source: R,
    called: Called,
    options: &OpenOptions<'_>,
) -> Result<Workbook, ReadError> {
    let silent = |_, _| {};
    let progress = options.progress.unwrap_or(&silent);
    let (content, directory) = sniff::sniff_with(&mut source, |archive| {
        xlsx::Directory::of(archive, &options.limits)
    })?;
    match content {
        Content::Xlsx => {
            let directory = directory.transpose()?.unwrap_or_default();
            xlsx::read(source, directory, &options.limits, progress)
        }
        Content::Compound | Content::Biff => {
            xls::read(&all(&mut source, &options.limits)?, &options.limits)
        }
        Content::Xlsb => xlsb::read(&all(&mut source, &options.limits)?, &options.limits),
        Content::Ods => ods::read(&all(&mut source, &options.limits)?, &options.limits),
        Content::FlatOds => ods::read_flat(&all(&mut source, &options.limits)?, &options.limits),
        Content::XmlSpreadsheet => xml_spreadsheet::read(source, &options.limits, progress),
        Content::Html => html::read(source, &options.limits, progress),
        Content::Json => match json::read(&mut source, &options.limits, progress)? {
            Some(workbook) => Ok(workbook),
            None => csv::read(source, called, &options.limits, progress),
        },
        #[cfg(feature = "parquet")]
        Content::Parquet => parquet::read(source, &options.limits, options.needed, progress),
        #[cfg(not(feature = "parquet"))]
        Content::Parquet => Err(ReadError::Unsupported("parquet")),
        Content::Text => csv::read(source, called, &options.limits, progress),
        Content::Other(what) => Err(ReadError::NotAWorkbook(what)),
        Content::Empty => Err(ReadError::Empty),
    }
}

/// Everything from the start; a file that is not packed is its own size.
pub(crate) fn all<R: Read + Seek>(source: &mut R, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source
        .take(limits.unpacked_bytes + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.unpacked_bytes {
        return Err(ReadError::Limit {
            part: "the file".to_owned(),
            limit: "unpacked_bytes",
            maximum: limits.unpacked_bytes,
        });
    }
    Ok(bytes)
}

/// As much of a file's name as a tab can show; the characters that none may have become `_`.
fn sheet_name(stem: &str) -> Option<String> {
    let mut name = String::new();
    let mut units = 0;
    for character in stem.trim().chars() {
        units += character.len_utf16();
        if units > 31 {
            break;
        }
        let is_forbidden = character.is_control() || r"[]:*?/\".contains(character);
        name.push(if is_forbidden { '_' } else { character });
    }
    let name = name.trim_matches('\'');
    (!name.is_empty()).then(|| name.to_owned())
}

fn promises(extension: &str, kind: FileKind) -> bool {
    match kind {
        FileKind::Xlsx | FileKind::Xlsm => {
            matches!(extension, "xlsx" | "xlsm" | "xltx" | "xltm" | "xlam")
        }
        FileKind::Xls => matches!(extension, "xls" | "xlt" | "et" | "ett" | "xla" | "xlw"),
        FileKind::Csv => matches!(extension, "csv" | "tsv" | "tab" | "txt"),
        FileKind::Html => matches!(extension, "html" | "htm"),
        FileKind::XmlSpreadsheet => extension == "xml",
        FileKind::Json => matches!(extension, "json" | "jsonl" | "ndjson"),
        FileKind::Parquet => matches!(extension, "parquet" | "parq" | "pq"),
        kind => extension == kind.extension(),
    }
}
