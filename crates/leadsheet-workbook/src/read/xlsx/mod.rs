//! Our own reader of `.xlsx` and `.xlsm`: as fast as unpacking allows, and nothing in a file can knock it over. One
//! bad cell costs a notice, never the sheet.

mod cell;
mod inflate;
mod iso_date;
mod notices;
mod package;
mod shared_strings;
mod sheet_part;
mod spelling;
mod styles;
#[cfg(test)]
mod tests;
mod workbook_part;
pub(super) mod xml;

use std::io::{Read, Seek};
use std::sync::Arc;

use leadsheet_core::{Texts, Values};

use self::inflate::End;
use self::notices::Notices;
use self::package::{Package, Relationship};
use self::shared_strings::{Oddity, SharedStrings};
use self::sheet_part::{Root, Shared, SheetPart};
use self::styles::Styles;
use self::workbook_part::{Tab, WorkbookPart};
use self::xml::Event;
use super::Progress;
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::NoticeKind;
use crate::sheet::{FileKind, Sheet, Workbook};

/// Reads an `.xlsx` or `.xlsm` package from wherever it lies.
pub(super) fn read<R: Read + Seek + Send>(
    source: R,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    let mut package = Package::open(source, limits)?;
    let content_types = ContentTypes::read(&mut package)?;
    let main = main_part(&mut package, &content_types)?;
    let main_name = package.part_name(main).to_owned();
    let relationships = package.relationships(&main_name)?;
    let workbook = WorkbookPart::read(&mut package, main)?;
    let mut notices = Notices::default();
    if workbook.broken {
        if workbook.tabs.is_empty() {
            return Err(package::damaged(&main_name, "it breaks off"));
        }
        notices.add(None, NoticeKind::Truncated);
    }
    let related = |kind: &str| {
        relationships
            .iter()
            .find(|one| one.kind == kind)
            .and_then(|one| one.part)
    };
    let styles_part = related("styles").or_else(|| beside(&package, &main_name, "styles.xml"));
    let strings_part =
        related("sharedStrings").or_else(|| beside(&package, &main_name, "sharedStrings.xml"));
    let styles = match styles_part {
        Some(part) => Styles::read(&mut package, part)?,
        None => Styles::default(),
    };
    let sheets = find_sheets(
        &package,
        &main_name,
        workbook.tabs,
        &relationships,
        &mut notices,
    );

    let packed = |part: usize| package.part(part).map_or(0, |part| part.packed);
    let total =
        strings_part.map_or(0, packed) + sheets.iter().map(|(_, part)| packed(*part)).sum::<u64>();
    let mut done = 0;
    progress(done, total);

    let (texts, odd) = match strings_part {
        Some(part) => read_strings(&mut package, part, limits, &mut notices)?,
        None => (Texts::new(), Vec::new()),
    };
    done += strings_part.map_or(0, |part| package.part(part).map_or(0, |part| part.packed));
    progress(done, total);
    let shared = Shared {
        styles: &styles,
        is_1904: workbook.is_1904,
        odd: &odd,
        limits: *limits,
        values: Values::new(Arc::new(texts)),
    };
    let mut read = Vec::new();
    let mut cells = 0;
    for (tab, part) in sheets {
        let name = package.part_name(part).to_owned();
        let sheet = Sheet {
            name: tab.name.clone(),
            visibility: tab.visibility,
            ..Sheet::default()
        };
        notices.begin(Some(read.len()));
        let mut reader = SheetPart::new(&shared, &mut notices, &mut cells, sheet);
        let end = package.windows(part).and_then(|mut windows| {
            inflate::feed(&mut windows, &name, |window, last| {
                reader.consume(window, last)
            })
        });
        let (root, ended) = (reader.root(), reader.ended());
        let sheet = reader.finish();
        done += package.part(part).map_or(0, |part| part.packed);
        progress(done, total);
        let why = match (end?, root) {
            (End::Whole, Root::Worksheet) if ended => None,
            (End::Broken(why), Root::Worksheet) if ended => {
                notices.add(None, NoticeKind::Other(format!("{name}: {why}")));
                None
            }
            (End::Whole | End::Broken(_), Root::Worksheet) => {
                notices.add(None, NoticeKind::Truncated);
                None
            }
            (End::Whole, Root::Unknown) => Some("it is empty".to_owned()),
            (End::Whole, Root::Other) => {
                notices.begin(None);
                notices.add(None, NoticeKind::NotAWorksheet(tab.name));
                continue;
            }
            (End::Broken(why), _) => Some(why),
        };
        match why {
            Some(why) => {
                notices.begin(None);
                notices.add(None, NoticeKind::SheetLost(tab.name, why));
            }
            None => read.push(sheet),
        }
    }
    notices.begin(None);
    let kind = content_types.kind(&main_name);
    Ok(Workbook {
        kind,
        sheets: read,
        notices: notices.into_list(),
    })
}

fn read_strings<R: Read + Seek>(
    package: &mut Package<R>,
    part: usize,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<(Texts, Vec<(u32, Oddity)>), ReadError> {
    let name = package.part_name(part).to_owned();
    let mut strings = SharedStrings::new(limits);
    let end = inflate::feed(&mut package.windows(part)?, &name, |window, last| {
        strings.consume(window, last)
    })?;
    if end != End::Whole {
        notices.add(None, NoticeKind::Truncated);
    }
    Ok((strings.texts, strings.odd))
}

/// What the package says its parts are.
#[derive(Debug, Default)]
struct ContentTypes {
    /// Part and type.
    parts: Vec<(String, String)>,
    macros: bool,
}

impl ContentTypes {
    fn read<R: Read + Seek>(package: &mut Package<R>) -> Result<Self, ReadError> {
        let mut types = Self {
            macros: package
                .find_by(|name| name.ends_with("vbaProject.bin"))
                .is_some(),
            ..Self::default()
        };
        // Some packages have none; nothing in it is needed where the relationships are sound.
        let Some(part) = package.find("[Content_Types].xml") else {
            return Ok(types);
        };
        package.for_each_tag(part, |event, _| {
            if let Event::Start {
                name: b"Override",
                attributes,
                ..
            } = event
            {
                let text = |name: &[u8]| attributes.text(name).unwrap_or_default();
                types.parts.push((
                    text(b"PartName").trim_start_matches(['/', '\\']).to_owned(),
                    text(b"ContentType"),
                ));
            }
        })?;
        Ok(types)
    }

    fn kind(&self, main: &str) -> FileKind {
        let said = self
            .parts
            .iter()
            .find(|(part, _)| part.eq_ignore_ascii_case(main));
        if self.macros || said.is_some_and(|(_, kind)| kind.contains("macroEnabled")) {
            FileKind::Xlsm
        } else {
            FileKind::Xlsx
        }
    }
}

/// The workbook part: where the package's relationships lead, else what the content types call so, else the usual
/// place.
fn main_part<R: Read + Seek>(
    package: &mut Package<R>,
    types: &ContentTypes,
) -> Result<usize, ReadError> {
    let related = package
        .relationships("")?
        .into_iter()
        .find(|one| one.kind == "officeDocument");
    let by_type = || {
        let main = |kind: &str| {
            kind.contains("sheet.main+xml")
                || kind.contains("sheet.macroEnabled.main+xml")
                || kind.contains("template.main+xml")
                || kind.contains("template.macroEnabled.main+xml")
        };
        types
            .parts
            .iter()
            .find(|(_, kind)| main(kind))
            .and_then(|(part, _)| package.find(part))
    };
    let usual = || {
        let named = |name: &str| {
            name.rsplit('/')
                .next()
                .is_some_and(|file| file.eq_ignore_ascii_case("workbook.xml"))
        };
        package
            .find("xl/workbook.xml")
            .or_else(|| package.find_by(named))
    };
    let main = related
        .and_then(|one| one.part)
        .or_else(by_type)
        .or_else(usual);
    let main = main.ok_or(ReadError::NotAWorkbook(Foreign::Archive))?;
    let name = package.part_name(main).to_ascii_lowercase();
    if name.ends_with(".bin") {
        return Err(ReadError::Unsupported("a binary workbook in this place"));
    }
    if !name.ends_with(".xml") || name.starts_with("word/") || name.starts_with("ppt/") {
        return Err(ReadError::NotAWorkbook(Foreign::Unknown));
    }
    Ok(main)
}

/// A part in the workbook part's folder.
fn beside<R: Read + Seek>(package: &Package<R>, main: &str, file: &str) -> Option<usize> {
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    package.find(&format!("{folder}/{file}"))
}

/// The worksheets' parts; what is no worksheet, or has no part, becomes a notice.
fn find_sheets<R: Read + Seek>(
    package: &Package<R>,
    main: &str,
    tabs: Vec<Tab>,
    relationships: &[Relationship],
    notices: &mut Notices,
) -> Vec<(Tab, usize)> {
    let mut sheets = Vec::new();
    for (position, tab) in (1..).zip(tabs) {
        let related = tab
            .relationship
            .as_ref()
            .and_then(|id| relationships.iter().find(|one| one.id == *id));
        match related {
            Some(one) if one.kind != "worksheet" => {
                notices.add(None, NoticeKind::NotAWorksheet(tab.name));
            }
            Some(Relationship {
                part: Some(part), ..
            }) => sheets.push((tab, *part)),
            _ => match beside(package, main, &format!("worksheets/sheet{position}.xml")) {
                Some(part) => sheets.push((tab, part)),
                None => notices.add(
                    None,
                    NoticeKind::SheetLost(tab.name, "its part is missing".to_owned()),
                ),
            },
        }
    }
    sheets
}
