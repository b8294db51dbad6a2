//! The shared strings while texts are added to them. Those that are there stay in their places, for every cell names its
//! text by position.

use super::error::PatchError;
use super::new_texts::NewTexts;
use super::package::{Change, Package};
use super::scan::{Spelled, Tagged, walk};
use super::splice::Splice;
use super::xml::escaped_cell_text;

/// The shared strings of a workbook, if it has them.
#[derive(Debug)]
pub(super) struct SharedStrings {
    part: usize,
    root: Spelled,
    close: u64,
    texts: NewTexts,
}

impl SharedStrings {
    /// Counts the strings; `None` where the workbook holds its texts in the cells.
    pub(super) fn read(package: &mut Package) -> Result<Option<Self>, PatchError> {
        let main = package.name(package.main);
        let related = package.relationships(&main)?;
        let found = related.iter().find(|one| one.kind == "sharedStrings");
        let Some(part) = found.and_then(|one| one.part) else {
            return Ok(None);
        };
        let name = package.name(part);
        let mut strings = Self {
            part,
            root: Spelled::default(),
            close: 0,
            texts: NewTexts::after(0),
        };
        walk(package.stream(part)?, &name, |tagged| {
            match tagged {
                Tagged::Start(element) if element.depth == 0 => {
                    strings.root = element.spelled();
                    strings.close = element.end;
                }
                Tagged::Start(element) if element.depth == 1 && element.tag.name() == "si" => {
                    strings.texts.known += 1;
                }
                Tagged::End { depth: 0, at, .. } => strings.close = at,
                _ => {}
            }
            Ok(())
        })?;
        Ok(Some(strings))
    }

    /// The position of a text, which is added where it was not added before.
    pub(super) fn position(&mut self, text: &str) -> u32 {
        self.texts.position(text)
    }

    /// Puts what was added into the package.
    pub(super) fn finish(self, package: &mut Package) {
        if self.texts.added.is_empty() {
            return;
        }
        let tag = self.root.tag();
        let prefix = tag.prefix();
        let items = self.texts.added.iter().map(|text| {
            let text = escaped_cell_text(text);
            format!("<{prefix}si><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}si>")
        });
        let items: String = items.collect();
        let mut counted = tag.0.to_owned();
        for (name, more) in [
            ("count", self.texts.named),
            ("uniqueCount", self.texts.added.len() as u32),
        ] {
            let tag = super::xml::Tag(&counted);
            if let Some(count) = tag.number(name) {
                counted = tag.with(name, &count.saturating_add(more).to_string());
            }
        }
        let length = self.root.end - self.root.at;
        let splices = if self.root.empty {
            let spelled = format!("<{counted}>{items}</{prefix}{}>", tag.name());
            vec![Splice::replace(self.root.at, length, spelled)]
        } else {
            vec![
                Splice::replace(self.root.at, length, format!("<{counted}>")),
                Splice::insert(self.close, items),
            ]
        };
        package.change(self.part, Change::Spliced(splices));
    }
}
