//! Our own reader of `.xlsx` and `.xlsm`: as fast as unpacking allows, and nothing in a file can knock it over. One
//! bad cell costs a notice, never the sheet.

mod cell;
mod inflate;
mod interner;
mod iso_date;
mod notes;
mod notices;
mod package;
mod pipeline;
mod shared_strings;
mod sheet_part;
mod short_texts;
mod spelling;
mod styles;
#[cfg(test)]
mod tests;
mod workbook_part;
pub(super) mod xml;

use std::io::{BufRead, Seek};
use std::sync::Arc;

use hashbrown::HashMap;
use leadsheet_core::{Excuse, Values};

use self::inflate::{End, Windows};
use self::notices::{Notices, quoted};
pub(super) use self::package::Directory;
use self::package::{Package, Relationship};
use self::shared_strings::SharedStrings;
use self::sheet_part::{Root, Shared, SheetPart};
use self::styles::Styles;
use self::workbook_part::{Tab, WorkbookPart};
use self::xml::{Event, Refusal, attribute_text};
use super::Progress;
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::notice::NoticeKind;
use crate::sheet::{FileKind, Sheet, Workbook};

/// Reads an `.xlsx` or `.xlsm` package of this directory from wherever it lies.
pub(super) fn read<R: BufRead + Seek + Send>(
    source: R,
    directory: Directory,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Workbook, ReadError> {
    let mut package = Package::new(source, directory, limits);
    let content_types = ContentTypes::read(&mut package, limits)?;
    let main = main_part(&mut package, &content_types)?;
    let main_name = package.part_name(main).to_owned();
    let relationships = package.relationships(&main_name)?;
    let workbook = WorkbookPart::read(&mut package, main, limits)?;
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

    let kind = content_types.kind(&main_name);
    let strings = strings_part.map(|part| Job::new(&package, part));
    let sheets: Vec<_> = sheets
        .into_iter()
        .map(|(tab, part)| (tab, Job::new(&package, part)))
        .collect();
    let jobs = || strings.iter().chain(sheets.iter().map(|(_, job)| job));
    let parts: Vec<_> = jobs().map(|job| job.part).collect();
    let packed = jobs().map(|job| job.packed).sum();
    let parts_of_sheets = sheets.iter().map(|(_, job)| job.part);
    let excuses = notes::excuses(&mut package, parts_of_sheets, limits, &mut notices)?;
    let contents = Contents {
        strings: strings.as_ref(),
        sheets: &sheets,
        excuses: &excuses,
        styles: &styles,
        is_1904: workbook.is_1904,
        limits,
        progress: &|done| progress(done, packed),
    };
    let sheets = pipeline::with_windows(&mut package, &parts, packed, |windows| {
        contents.read(windows, &mut notices)
    })?;
    package.close();
    Ok(Workbook {
        kind,
        sheets,
        notices: notices.into_list(),
    })
}

/// A part to be unpacked.
#[derive(Debug)]
struct Job {
    part: usize,
    name: String,
    packed: u64,
}

impl Job {
    fn new<R: BufRead + Seek>(package: &Package<R>, part: usize) -> Self {
        Self {
            part,
            name: package.part_name(part).to_owned(),
            packed: package.part(part).map_or(0, |part| part.packed),
        }
    }
}

/// The large parts, and what it takes to read them.
struct Contents<'w> {
    strings: Option<&'w Job>,
    sheets: &'w [(Tab, Job)],
    /// Of each sheet; none at all where there are no notes.
    excuses: &'w [Vec<Excuse>],
    styles: &'w Styles,
    is_1904: bool,
    limits: &'w Limits,
    progress: &'w dyn Fn(u64),
}

impl Contents<'_> {
    fn read(
        &self,
        windows: &mut dyn Windows,
        notices: &mut Notices,
    ) -> Result<Vec<Sheet>, ReadError> {
        let mut done = 0;
        (self.progress)(done);
        let mut strings = SharedStrings::new(self.limits);
        if let Some(job) = self.strings {
            let end = self.feed(windows, job, &mut done, |window, last| {
                strings.consume(window, last)
            })?;
            if end != End::Whole {
                notices.add(None, NoticeKind::Truncated);
            }
        }
        let shared = Shared {
            styles: self.styles,
            is_1904: self.is_1904,
            odd: &strings.odd,
            limits: *self.limits,
            values: Values::new(Arc::new(strings.texts)),
        };
        let mut sheets = Vec::new();
        let mut cells = 0;
        for (position, (tab, job)) in self.sheets.iter().enumerate() {
            notices.begin(Some(sheets.len()));
            let sheet = Sheet {
                name: tab.name.clone(),
                visibility: tab.visibility,
                excuses: self.excuses.get(position).cloned().unwrap_or_default(),
                ..Sheet::default()
            };
            let mut reader = SheetPart::new(&shared, notices, &mut cells, sheet);
            let end = match self.feed(windows, job, &mut done, |window, last| {
                reader.consume(window, last)
            }) {
                Err(ReadError::Unsupported(what)) => Ok(End::Broken(what.to_owned())),
                end => end,
            };
            let (root, ended) = (reader.root(), reader.ended());
            let sheet = reader.finish();
            let lost = match (end?, root) {
                (_, Root::Other) => NoticeKind::NotAWorksheet(quoted(&sheet.name)),
                (End::Whole, Root::Unknown) => {
                    NoticeKind::SheetLost(quoted(&sheet.name), "it is empty".to_owned())
                }
                (End::Broken(why), Root::Unknown) => {
                    NoticeKind::SheetLost(quoted(&sheet.name), why)
                }
                (end, Root::Worksheet) => {
                    match end {
                        _ if !ended => notices.add(None, NoticeKind::Truncated),
                        End::Broken(why) => {
                            notices.add(None, NoticeKind::Other(format!("{}: {why}", job.name)));
                        }
                        End::Whole => {}
                    }
                    sheets.push(sheet);
                    continue;
                }
            };
            notices.begin(None);
            notices.add(None, lost);
        }
        Ok(sheets)
    }

    fn feed(
        &self,
        windows: &mut dyn Windows,
        job: &Job,
        done: &mut u64,
        consume: impl FnMut(&[u8], bool) -> Result<usize, Refusal>,
    ) -> Result<End, ReadError> {
        let before = *done;
        let progress = |read: u64| (self.progress)(before + read.min(job.packed));
        let end = inflate::feed(windows, (job.part, &job.name), &progress, consume);
        *done += job.packed;
        (self.progress)(*done);
        end
    }
}

/// What the package says its parts are.
#[derive(Debug, Default)]
struct ContentTypes {
    /// Part and type.
    parts: Vec<(String, String)>,
    macros: bool,
}

impl ContentTypes {
    fn read<R: BufRead + Seek>(
        package: &mut Package<R>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
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
        package.for_each_tag(part, |event| {
            if let Event::Start {
                name: b"Override",
                attributes,
                ..
            } = event
            {
                package::within("parts", types.parts.len(), limits.parts)?;
                let [part, kind] = attributes.each([b"PartName", b"ContentType"]);
                let text = |raw: Option<&[u8]>| raw.map_or(String::new(), attribute_text);
                let part = text(part);
                let part = part.trim_start_matches(['/', '\\']).to_owned();
                types.parts.push((part, text(kind)));
            }
            Ok(())
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
fn main_part<R: BufRead + Seek>(
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
    let (name, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    if extension == "bin" {
        return Err(ReadError::Unsupported("a binary workbook in this place"));
    }
    let foreign = match name.split('/').next() {
        Some("word") => Foreign::WordDocument,
        Some("ppt") => Foreign::Presentation,
        _ if extension != "xml" => Foreign::Unknown,
        _ => return Ok(main),
    };
    Err(ReadError::NotAWorkbook(foreign))
}

/// A part in the workbook part's folder.
fn beside<R: BufRead + Seek>(package: &Package<R>, main: &str, file: &str) -> Option<usize> {
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    package.find(&format!("{folder}/{file}"))
}

/// The worksheets' parts; what is no worksheet, or has no part, becomes a notice.
fn find_sheets<R: BufRead + Seek>(
    package: &Package<R>,
    main: &str,
    tabs: Vec<Tab>,
    relationships: &[Relationship],
    notices: &mut Notices,
) -> Vec<(Tab, usize)> {
    let by_id: HashMap<_, _> = relationships
        .iter()
        .rev()
        .map(|one| (&one.id, one))
        .collect();
    let mut sheets = Vec::new();
    for (position, tab) in (1..).zip(tabs) {
        let related = tab.relationship.as_ref().and_then(|id| by_id.get(id));
        match related {
            Some(one) if one.kind != "worksheet" => {
                notices.add(None, NoticeKind::NotAWorksheet(quoted(&tab.name)));
            }
            Some(Relationship {
                part: Some(part), ..
            }) => sheets.push((tab, *part)),
            _ => match beside(package, main, &format!("worksheets/sheet{position}.xml")) {
                Some(part) => sheets.push((tab, part)),
                None => notices.add(
                    None,
                    NoticeKind::SheetLost(quoted(&tab.name), "its part is missing".to_owned()),
                ),
            },
        }
    }
    sheets
}
