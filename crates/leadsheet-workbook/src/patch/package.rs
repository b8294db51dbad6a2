//! The package: parts by name, what they are and how they relate, and what is to become of them. Everything is planned
//! here; nothing is written before the whole plan stands.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufReader, Read, Seek, Write};

use super::archive::{Archive, Content, Source, Writer, Written};
use super::document::Document;
use super::error::{Obstacle, PatchError};
use super::splice::{self, Splice};
use super::undo::Record;
use super::xml::{Ill, Node};
use crate::error::{Foreign, ReadError};
use crate::limits::Limits;
use crate::part_name::{normalised, percent_decoded, without_dots};

/// The longest part that is held as a whole.
const LONGEST_DOCUMENT: u64 = 128 << 20;

/// The namespace of workbooks and their sheets.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// The same in the strict variant of the format.
pub(super) const STRICT_MAIN: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const TYPES: &str = "[Content_Types].xml";
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const RELATIONSHIPS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";

/// A package whose parts are being changed.
pub(super) struct Package {
    archive: Archive,
    exact: HashMap<String, usize>,
    folded: HashMap<String, usize>,
    documents: BTreeMap<usize, Document>,
    changes: BTreeMap<usize, Change>,
    added: BTreeMap<String, Vec<u8>>,
    /// Relationships that were added, id and element, by the name of the part that holds them.
    related: BTreeMap<String, Vec<(String, String)>>,
    types: usize,
    /// The workbook part.
    pub(super) main: usize,
    /// Whether the names are those of the strict variant of the format.
    pub(super) strict: bool,
    /// The extension that belongs to the content type.
    pub(super) extension: &'static str,
}

/// What becomes of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Spliced(Vec<Splice>),
    Dropped,
}

/// One relationship of a part.
#[derive(Clone, Debug)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last segment of its type, `worksheet` for instance.
    pub(super) kind: String,
    /// The part it leads to, where there is one of that name.
    pub(super) part: Option<usize>,
    /// The element.
    node: Node,
}

impl Package {
    pub(super) fn open(source: Box<dyn Source>, limits: &Limits) -> Result<Self, PatchError> {
        let archive = Archive::open(source, limits)?;
        let (mut exact, mut folded) = (HashMap::new(), HashMap::new());
        for (position, entry) in archive.entries.iter().enumerate() {
            let name = normalised(&entry.name).into_owned();
            folded.entry(name.to_lowercase()).or_insert(position);
            exact.insert(name, position);
        }
        let mut package = Self {
            archive,
            exact,
            folded,
            documents: BTreeMap::new(),
            changes: BTreeMap::new(),
            added: BTreeMap::new(),
            related: BTreeMap::new(),
            types: 0,
            main: 0,
            strict: false,
            extension: "xlsx",
        };
        let missing = || PatchError::refused(TYPES, Obstacle::Missing);
        package.types = package.find(TYPES).ok_or_else(missing)?;
        package.main = package.main_part()?;
        let name = package.name(package.main);
        let (main, root) = package.parsed(package.main)?;
        let tag = root.tag(main.text()).0;
        let (strict, usual) = (tag.contains(STRICT_MAIN), tag.contains(MAIN));
        if !strict && !usual {
            return Err(PatchError::refused(name, Obstacle::Trial));
        }
        package.strict = strict;
        package.extension = package.extension()?;
        Ok(package)
    }

    /// The workbook part: where the package's relationships lead, else what the content types call so.
    fn main_part(&mut self) -> Result<usize, PatchError> {
        let related = self.relationships("")?;
        let related = related
            .into_iter()
            .find(|one| one.kind == "officeDocument")
            .and_then(|one| one.part);
        let main = match related {
            Some(part) => Some(part),
            None => self.find_type("main+xml")?,
        };
        let main = main.or_else(|| self.find("xl/workbook.xml"));
        let main = main.ok_or(ReadError::NotAWorkbook(Foreign::Archive))?;
        if self.name(main).to_lowercase().ends_with(".bin") {
            return Err(PatchError::Format("xlsb"));
        }
        Ok(main)
    }

    /// What the content type of the workbook part says.
    fn extension(&mut self) -> Result<&'static str, PatchError> {
        let types = [
            ("template.macroEnabled.main+xml", "xltm"),
            ("sheet.macroEnabled.main+xml", "xlsm"),
            ("template.main+xml", "xltx"),
        ];
        for (ending, extension) in types {
            if self.find_type(ending)? == Some(self.main) {
                return Ok(extension);
            }
        }
        Ok("xlsx")
    }

    /// A part whose content type ends so.
    fn find_type(&mut self, ending: &str) -> Result<Option<usize>, PatchError> {
        let types = self.document(self.types)?;
        let text = types.text();
        let root = types.root().map_err(|ill| refused(TYPES, ill))?;
        let names: Vec<_> = root
            .children_called(text, "Override")
            .map(|node| node.tag(text))
            .filter(|tag| {
                tag.get("ContentType")
                    .is_some_and(|kind| kind.ends_with(ending))
            })
            .filter_map(|tag| tag.get("PartName").map(std::borrow::Cow::into_owned))
            .collect();
        Ok(names.iter().find_map(|name| self.find(name)))
    }

    /// The name of a part, slashes forward, none in front.
    pub(super) fn name(&self, part: usize) -> String {
        let entry = self.archive.entries.get(part);
        entry.map_or_else(String::new, |entry| normalised(&entry.name).into_owned())
    }

    /// The folder of the workbook part, with a slash at its end, or nothing.
    pub(super) fn folder(&self) -> String {
        folder_of(&self.name(self.main)).to_owned()
    }

    /// The part of this name; exactly so if there is one, else whatever its case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = normalised(name);
        let found = self.exact.get(&*name);
        found
            .or_else(|| self.folded.get(&name.to_lowercase()))
            .copied()
    }

    /// The parts whose names are wanted.
    pub(super) fn find_all(&self, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
        let parts = 0..self.archive.entries.len();
        parts.filter(|&part| wanted(&self.name(part))).collect()
    }

    /// A name that no part has: the stem and, where it is taken, a number, before the extension.
    pub(super) fn free_name(&self, stem: &str, extension: &str) -> String {
        let is_free = |name: &String| self.find(name).is_none() && !self.added.contains_key(name);
        let first = format!("{stem}.{extension}");
        let mut numbered = (2..).map(|number| format!("{stem}{number}.{extension}"));
        if is_free(&first) {
            return first;
        }
        numbered.find(is_free).unwrap_or(first)
    }

    /// Size and checksum of a part, as the directory claims.
    pub(super) fn stored(&self, part: usize) -> Option<Written> {
        let entry = self.archive.entries.get(part)?;
        Some(Written {
            size: entry.size,
            checksum: entry.checksum,
        })
    }

    /// A part as it is unpacked.
    pub(super) fn stream(&mut self, part: usize) -> Result<BufReader<Content<'_>>, PatchError> {
        Ok(BufReader::with_capacity(
            64 << 10,
            self.archive.content(part)?,
        ))
    }

    /// A part as a whole.
    pub(super) fn bytes(&mut self, part: usize) -> Result<Vec<u8>, PatchError> {
        let name = self.name(part);
        let mut bytes = Vec::new();
        let mut stream = self.archive.content(part)?.take(LONGEST_DOCUMENT + 1);
        stream.read_to_end(&mut bytes).map_err(PatchError::of_io)?;
        if bytes.len() as u64 > LONGEST_DOCUMENT {
            return Err(PatchError::refused(name, Obstacle::TooLarge));
        }
        Ok(bytes)
    }

    /// A part as a document to change.
    pub(super) fn document(&mut self, part: usize) -> Result<&mut Document, PatchError> {
        if !self.documents.contains_key(&part) {
            let bytes = self.bytes(part)?;
            let encoding = || PatchError::refused(self.name(part), Obstacle::Encoding);
            let document = Document::of(bytes).ok_or_else(encoding)?;
            self.documents.insert(part, document);
        }
        let missing = || PatchError::refused(String::new(), Obstacle::Missing);
        self.documents.get_mut(&part).ok_or_else(missing)
    }

    /// A part as a document, and its root.
    pub(super) fn parsed(&mut self, part: usize) -> Result<(&mut Document, Node), PatchError> {
        let name = self.name(part);
        let document = self.document(part)?;
        let root = document.root().map_err(|ill| refused(&name, ill))?;
        Ok((document, root))
    }

    /// The relationships of a part, by its name; of the package itself for the empty name.
    pub(super) fn relationships(&mut self, of: &str) -> Result<Vec<Relationship>, PatchError> {
        let Some(part) = self.find(&relationships_name(of)) else {
            return Ok(Vec::new());
        };
        let (document, root) = self.parsed(part)?;
        let text = document.text().to_owned();
        let found = root.children_called(&text, "Relationship").map(|node| {
            let tag = node.tag(&text);
            let get = |name| tag.get(name).unwrap_or_default().into_owned();
            let external = get("TargetMode").eq_ignore_ascii_case("External");
            let kind = get("Type");
            Relationship {
                id: get("Id"),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                part: (!external)
                    .then(|| self.resolve(folder_of(of), &get("Target")))
                    .flatten(),
                node: node.clone(),
            }
        });
        Ok(found.collect())
    }

    fn resolve(&self, folder: &str, target: &str) -> Option<usize> {
        let spelled = |target: &str| {
            let relative = self.find(&without_dots(&format!("{folder}{target}")));
            if target.starts_with(['/', '\\']) {
                self.find(&without_dots(target)).or(relative)
            } else {
                relative.or_else(|| self.find(target))
            }
        };
        spelled(target).or_else(|| spelled(&percent_decoded(target)))
    }

    /// Adds a part of a content type.
    pub(super) fn add(&mut self, name: &str, kind: &str, bytes: Vec<u8>) -> Result<(), PatchError> {
        self.announce(name, kind)?;
        self.added.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// Says of which content type a part is that is to come.
    pub(super) fn announce(&mut self, name: &str, kind: &str) -> Result<(), PatchError> {
        let (types, root) = self.parsed(self.types)?;
        let prefix = root.tag(types.text()).prefix().to_owned();
        let entry = format!("<{prefix}Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        types.append(&root, &entry);
        Ok(())
    }

    /// Relates a part to another by its name, and gives the id of the relationship.
    pub(super) fn relate(
        &mut self,
        from: &str,
        kind: &str,
        to: &str,
    ) -> Result<String, PatchError> {
        let namespace = if self.strict { STRICT } else { TRANSITIONAL };
        self.relate_as(from, &format!("{namespace}/{kind}"), to)
    }

    /// The same with a type spelled out.
    pub(super) fn relate_as(
        &mut self,
        from: &str,
        kind: &str,
        to: &str,
    ) -> Result<String, PatchError> {
        let known = self.relationships(from)?;
        let holder = relationships_name(from);
        let pending = self.related.entry(holder.clone()).or_default();
        let taken = |id: &String| {
            known.iter().any(|one| one.id == *id) || pending.iter().any(|(one, _)| one == id)
        };
        let mut free = (1 + known.len()..).map(|number| format!("rId{number}"));
        let id = free.find(|id| !taken(id)).unwrap_or_default();
        let spelled = |prefix: &str| {
            format!("<{prefix}Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"/{to}\"/>")
        };
        pending.push((id.clone(), spelled("")));
        if let Some(part) = self.find(&holder) {
            let (document, root) = self.parsed(part)?;
            let prefix = root.tag(document.text()).prefix().to_owned();
            document.append(&root, &spelled(&prefix));
        }
        Ok(id)
    }

    /// Takes a relationship away.
    pub(super) fn unrelate(&mut self, from: &str, one: &Relationship) -> Result<(), PatchError> {
        if let Some(part) = self.find(&relationships_name(from)) {
            self.document(part)?.replace(one.node.range(), "");
        }
        Ok(())
    }

    /// Has `change` say what the targets outside the package, of a part's relationships, become.
    pub(super) fn retarget(
        &mut self,
        from: &str,
        change: impl Fn(&str) -> Option<String>,
    ) -> Result<u64, PatchError> {
        let mut changed = 0;
        for one in self
            .relationships(from)?
            .iter()
            .filter(|one| one.part.is_none())
        {
            let Some(part) = self.find(&relationships_name(from)) else {
                break;
            };
            let document = self.document(part)?;
            let tag = one.node.tag(document.text());
            let Some(target) = tag.get("Target").and_then(|target| change(&target)) else {
                continue;
            };
            let spelled = format!("<{}>", tag.with("Target", &target));
            let empty = if one.node.is_empty() { "/>" } else { ">" };
            let spelled = spelled.strip_suffix('>').unwrap_or(&spelled).to_owned() + empty;
            document.replace(one.node.open.clone(), &spelled);
            changed += 1;
        }
        Ok(changed)
    }

    /// The part that says of which type the others are.
    pub(super) const fn types(&self) -> usize {
        self.types
    }

    /// What was planned for a part so far.
    pub(super) fn planned(&mut self, part: usize) -> Vec<Splice> {
        match self.changes.remove(&part) {
            Some(Change::Spliced(splices)) => splices,
            _ => Vec::new(),
        }
    }

    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.archive.entries.len()
    }

    /// Whether a part is to be left out.
    pub(super) fn is_dropped(&self, part: usize) -> bool {
        self.changes.get(&part) == Some(&Change::Dropped)
    }

    /// The comment of the archive, to change.
    pub(super) const fn comment(&mut self) -> &mut Vec<u8> {
        &mut self.archive.comment
    }

    /// Takes a part out, with its relationships and what the content types say of it.
    pub(super) fn drop_part(&mut self, part: usize) -> Result<(), PatchError> {
        let name = self.name(part);
        self.changes.insert(part, Change::Dropped);
        if let Some(part) = self.find(&relationships_name(&name)) {
            self.changes.insert(part, Change::Dropped);
        }
        let (types, root) = self.parsed(self.types)?;
        let text = types.text().to_owned();
        for node in root.children_called(&text, "Override") {
            let said = node.tag(&text).get("PartName").unwrap_or_default();
            if normalised(&said).eq_ignore_ascii_case(&name) {
                types.replace(node.range(), "");
            }
        }
        Ok(())
    }

    /// Says what becomes of a part.
    pub(super) fn change(&mut self, part: usize, change: Change) {
        self.changes.insert(part, change);
    }

    /// What becomes of every part that does not stay as it is, once the plan stands.
    fn plan(&mut self) -> Result<BTreeMap<usize, Change>, PatchError> {
        for (holder, relationships) in std::mem::take(&mut self.related) {
            if self.find(&holder).is_none() && !relationships.is_empty() {
                let relationships: String = relationships
                    .into_iter()
                    .map(|(_, spelled)| spelled)
                    .collect();
                let text = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{RELATIONSHIPS}\">{relationships}</Relationships>"
                );
                self.add_relationships(&holder, text)?;
            }
        }
        let mut changes = std::mem::take(&mut self.changes);
        for (part, document) in std::mem::take(&mut self.documents) {
            if document.is_changed() && changes.get(&part) != Some(&Change::Dropped) {
                let splices = document.into_splices().map_err(PatchError::Write)?;
                changes.insert(part, Change::Spliced(splices));
            }
        }
        changes.retain(|_, change| *change != Change::Spliced(Vec::new()));
        Ok(changes)
    }

    /// Relationship parts go by their extension; a package without any has not said so yet.
    fn add_relationships(&mut self, name: &str, text: String) -> Result<(), PatchError> {
        let (types, root) = self.parsed(self.types)?;
        let by_extension = root.children_called(types.text(), "Default").any(|node| {
            let extension = node.tag(types.text()).get("Extension");
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("rels"))
        });
        if by_extension {
            self.added.insert(name.to_owned(), text.into_bytes());
            return Ok(());
        }
        self.add(name, RELATIONSHIPS_TYPE, text.into_bytes())
    }

    /// Writes the package, with a record of what changed as its last part where one is kept under the given name.
    /// Gives what was written of every part that was changed.
    pub(super) fn write<W: Write + Seek>(
        mut self,
        out: W,
        mut record: Option<(String, Record)>,
    ) -> Result<(W, Vec<(String, Written)>), PatchError> {
        let changes = self.plan()?;
        let mut writer = Writer::new(out);
        let mut rewritten = Vec::new();
        for part in self.archive.physical_order() {
            let written = match changes.get(&part) {
                None => writer.copy(&mut self.archive, part).map(|()| None),
                Some(Change::Dropped) => Ok(None),
                Some(Change::Spliced(splices)) => {
                    let record = record.as_mut().map(|(_, record)| record);
                    rewrite(&mut self.archive, &mut writer, part, splices, record).map(Some)
                }
            };
            let written = written.map_err(PatchError::of_io)?;
            rewritten.extend(written.map(|written| (self.name(part), written)));
        }
        for (name, bytes) in &self.added {
            let written = writer.add(name, |out| out.write_all(bytes));
            let written = written.map_err(PatchError::of_io)?;
            if let Some((_, record)) = &mut record {
                record.added(name, written);
            }
        }
        if let Some((name, record)) = record {
            let bytes = record.into_bytes().map_err(PatchError::Write)?;
            let written = writer.add(&name, |out| out.write_all(&bytes));
            written.map_err(PatchError::of_io)?;
        }
        let out = writer.finish(&self.archive).map_err(PatchError::of_io)?;
        Ok((out, rewritten))
    }
}

fn rewrite<W: Write + Seek>(
    archive: &mut Archive,
    writer: &mut Writer<W>,
    part: usize,
    splices: &[Splice],
    record: Option<&mut Record>,
) -> io::Result<Written> {
    let Some(entry) = archive.entries.get(part).cloned() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut removed = Vec::new();
    let mut content = archive.content(part).map_err(io::Error::other)?;
    let written = writer.rewrite((part, &entry), |mut out| match record {
        Some(_) => splice::apply(&mut content, splices, &mut out, &mut removed),
        None => splice::apply(&mut content, splices, &mut out, &mut io::sink()),
    })?;
    if let Some(record) = record {
        let original = Written {
            size: content.read_so_far(),
            checksum: entry.checksum,
        };
        record.changed(&entry.name, original, written, splices, &removed);
    }
    Ok(written)
}

/// The folder of a part, with a slash at its end, or nothing.
fn folder_of(name: &str) -> &str {
    name.rfind('/')
        .and_then(|slash| name.get(..=slash))
        .unwrap_or_default()
}

/// The name of the part that holds a part's relationships.
fn relationships_name(of: &str) -> String {
    let folder = folder_of(of);
    let file = of.strip_prefix(folder).unwrap_or_default();
    format!("{folder}_rels/{file}.rels")
}

/// Why a part is not changed, by what is wrong with its XML.
pub(super) fn refused(part: &str, ill: Ill) -> PatchError {
    match ill {
        Ill::Formed => PatchError::refused(part, Obstacle::IllFormed),
        Ill::TooLarge => PatchError::refused(part, Obstacle::TooLarge),
        Ill::Doctype => PatchError::Read(ReadError::Doctype(part.to_owned())),
    }
}
