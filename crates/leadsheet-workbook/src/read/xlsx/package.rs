//! The zip package around a workbook: its parts by name, and the relationships between them. Names are compared as
//! the packages in the world need it: case, backslashes and leading slashes do not matter.

use std::io::{self, BufRead, Read, Seek};

use hashbrown::HashMap;
use zip::result::{ZipError, ZipResult};
use zip::{CompressionMethod, ZipArchive};

use super::inflate::{self, End, Inflater, Window, Windows};
use super::xml::{Attributes, Event, Refusal, Scanner, attribute_text};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::part_name::{normalised, percent_decoded, without_dots};

/// The longest part that is not made of cells or strings. Even a styles part with all the 65,490 styles that Excel
/// allows is a fraction of it.
const LONGEST_PART: u64 = 128 << 20;

/// One part as the directory names it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its name without a leading slash, slashes forward.
    pub(super) name: String,
    /// Where its local header begins.
    pub(super) header_start: u64,
    /// Its packed size, as the directory claims.
    pub(super) packed: u64,
    /// Its unpacked size, as the directory claims.
    pub(super) claimed: u64,
    /// Its checksum, as the directory claims.
    pub(super) checksum: u32,
    /// How it is packed; `None` for a method that workbooks do not use.
    pub(super) deflated: Option<bool>,
    /// Whether a password is needed.
    pub(super) encrypted: bool,
}

/// What the directory of a package names.
#[derive(Debug, Default)]
pub(in crate::read) struct Directory {
    parts: Vec<Part>,
    exact: HashMap<String, usize>,
    folded: HashMap<String, usize>,
}

/// A package, open.
#[derive(Debug)]
pub(super) struct Package<R> {
    source: R,
    inflater: Inflater,
    directory: Directory,
    depth: u64,
    most_parts: u64,
}

/// One relationship of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last segment of its type, `worksheet` for instance.
    pub(super) kind: String,
    /// The part it leads to, where there is one of that name.
    pub(super) part: Option<usize>,
}

impl Directory {
    /// Takes what is needed of it from an archive, or says why that could not be opened.
    pub(in crate::read) fn of<R: Read + Seek>(
        archive: ZipResult<ZipArchive<R>>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let archive = archive.map_err(directory_error)?;
        if archive.len() as u64 > limits.parts {
            let part = "[package]".to_owned();
            return Err(ReadError::Limit {
                part,
                limit: "parts",
                maximum: limits.parts,
            });
        }
        let mut directory = Self {
            parts: Vec::with_capacity(archive.len()),
            exact: HashMap::with_capacity(archive.len()),
            folded: HashMap::with_capacity(archive.len()),
        };
        for position in 0..archive.len() {
            let entry = archive.by_index_data(position).map_err(directory_error)?;
            let name = match entry.name() {
                Ok(name) => normalised(&name).into_owned(),
                Err(_) => normalised(&String::from_utf8_lossy(entry.name_raw())).into_owned(),
            };
            let folded = directory.folded.entry(name.to_lowercase());
            folded.or_insert(position);
            directory.exact.insert(name.clone(), position);
            directory.parts.push(Part {
                name,
                header_start: entry.header_start(),
                packed: entry.compressed_size(),
                claimed: entry.size(),
                checksum: entry.crc32(),
                deflated: match entry.compression() {
                    CompressionMethod::Stored => Some(false),
                    CompressionMethod::Deflated => Some(true),
                    _ => None,
                },
                encrypted: entry.encrypted(),
            });
        }
        Ok(directory)
    }
}

impl<R: BufRead + Seek> Package<R> {
    /// The package of this directory.
    pub(super) fn new(source: R, directory: Directory, limits: &Limits) -> Self {
        Self {
            source,
            inflater: Inflater::new(limits),
            directory,
            depth: limits.depth,
            most_parts: limits.parts,
        }
    }

    /// Reads no more of it.
    pub(super) fn close(self) {
        self.inflater.finish();
    }

    pub(super) fn part(&self, position: usize) -> Option<&Part> {
        self.directory.parts.get(position)
    }

    /// What the part is called in messages.
    pub(super) fn part_name(&self, position: usize) -> &str {
        self.part(position).map_or("", |part| &part.name)
    }

    /// The part of this name; exactly so if there is one, else whatever its case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = normalised(name);
        let Directory { exact, folded, .. } = &self.directory;
        exact
            .get(&*name)
            .or_else(|| folded.get(&name.to_lowercase()))
            .copied()
    }

    /// The first part for which `wanted` holds.
    pub(super) fn find_by(&self, wanted: impl Fn(&str) -> bool) -> Option<usize> {
        self.directory
            .parts
            .iter()
            .position(|part| wanted(&part.name))
    }

    /// The relationships of a part; of the package itself for the empty name.
    pub(super) fn relationships(&mut self, of: &str) -> Result<Vec<Relationship>, ReadError> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let folder = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let most = self.most_parts;
        let mut found = Vec::new();
        let Some(part) = self.find(&format!("{folder}_rels/{file}.rels")) else {
            return Ok(Vec::new());
        };
        self.for_each_tag(part, |event| {
            if let Event::Start {
                name: b"Relationship",
                attributes,
                ..
            } = event
            {
                within("parts", found.len(), most)?;
                found.push(relationship(attributes));
            }
            Ok(())
        })?;
        let resolve = |(id, kind, target): (String, String, Option<String>)| {
            let part = target.and_then(|target| self.resolve(&folder, &target));
            Relationship { id, kind, part }
        };
        Ok(found.into_iter().map(resolve).collect())
    }

    fn resolve(&self, folder: &str, target: &str) -> Option<usize> {
        let spelled = |target: &str| {
            let absolute = target.starts_with(['/', '\\']);
            let relative = self.find(&without_dots(&format!("{folder}{target}")));
            if absolute {
                self.find(&without_dots(target)).or(relative)
            } else {
                relative.or_else(|| self.find(target))
            }
        };
        spelled(target).or_else(|| spelled(&percent_decoded(target)))
    }

    /// Hands every tag of a part to `handle`. Says how the part ended.
    pub(super) fn for_each_tag(
        &mut self,
        part: usize,
        mut handle: impl FnMut(Event<'_>) -> Result<(), Refusal>,
    ) -> Result<End, ReadError> {
        let name = self.part_name(part).to_owned();
        let mut depth = Depth::new(self.depth);
        let mut length = 0;
        inflate::feed(self, (part, &name), &|_| (), |window, last| {
            let mut scanner = Scanner::new(window, last);
            while let Some(event) = scanner.next_tag()? {
                handle(event)?;
                depth.follow(event)?;
            }
            length += scanner.at() as u64;
            if length > LONGEST_PART {
                return Err(Refusal::Limit("unpacked_bytes", LONGEST_PART));
            }
            Ok(scanner.at())
        })
    }
}

impl<R: BufRead + Seek> Windows for Package<R> {
    fn begin(&mut self, part: usize) -> Result<(), ReadError> {
        let part = self
            .directory
            .parts
            .get(part)
            .ok_or_else(|| damaged("", "no such part"))?;
        self.inflater.begin(&mut self.source, part)
    }

    fn next(&mut self) -> Result<Window, ReadError> {
        self.inflater.next(&mut self.source)
    }

    fn recycle(&mut self, window: Window) {
        self.inflater.recycle(window.into_buffer());
    }
}

fn relationship(attributes: Attributes<'_>) -> (String, String, Option<String>) {
    let values = attributes.each([b"Id", b"Type", b"Target", b"TargetMode"]);
    let [id, kind, target, mode] = values.map(|value| value.map_or(String::new(), attribute_text));
    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
    let external = mode.eq_ignore_ascii_case("External");
    (id, kind, (!external).then_some(target))
}

/// Refuses one more where there are as many as a limit allows.
pub(super) fn within(limit: &'static str, count: usize, maximum: u64) -> Result<(), Refusal> {
    if count as u64 >= maximum {
        return Err(Refusal::Limit(limit, maximum));
    }
    Ok(())
}

/// How deep elements are nested.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    pub(super) now: u64,
    most: u64,
}

impl Depth {
    pub(super) const fn new(most: u64) -> Self {
        Self { now: 0, most }
    }

    /// Counts a tag.
    pub(super) fn follow(&mut self, event: Event<'_>) -> Result<(), Refusal> {
        match event {
            Event::Start { empty: false, .. } => self.enter(),
            Event::End { .. } => {
                self.now = self.now.saturating_sub(1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn enter(&mut self) -> Result<(), Refusal> {
        self.now += 1;
        if self.now > self.most {
            Err(Refusal::Limit("depth", self.most))
        } else {
            Ok(())
        }
    }
}

pub(super) fn damaged(part: &str, reason: &str) -> ReadError {
    ReadError::Damaged {
        part: part.to_owned(),
        reason: reason.to_owned(),
    }
}

fn directory_error(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => ReadError::Io(error),
        error => damaged("[package]", &error.to_string()),
    }
}
