//! The styles part, as far as it decides what a cell means: a number format for each style that cells name.

use std::io::{BufRead, Seek};

use hashbrown::HashMap;

use super::package::Package;
use super::xml::Event;
use crate::error::ReadError;
use crate::read::number_format::{FormatClass, builtin, classify, is_general};

/// Distinct formats that are kept by their spelling; Excel itself stops at 250 of a workbook's own.
const FORMATS: usize = 4_096;

/// What a style makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Position of the number format in [`Styles::formats`].
    pub(super) format: u16,
    /// What the format makes of a number.
    pub(super) class: FormatClass,
}

/// The styles of a workbook.
#[derive(Clone, Debug)]
pub(super) struct Styles {
    /// By the number that cells give.
    pub(super) list: Vec<Style>,
    /// Distinct number formats; the first is General, spelled empty.
    pub(super) formats: Vec<Box<str>>,
    /// Whether there is a styles part; where there is none, no style can be missing.
    pub(super) known: bool,
}

impl Default for Styles {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            formats: vec!["".into()],
            known: false,
        }
    }
}

impl Styles {
    /// Reads the styles part.
    pub(super) fn read<R: BufRead + Seek>(
        package: &mut Package<R>,
        part: usize,
    ) -> Result<Self, ReadError> {
        let mut own = HashMap::new();
        let mut ids = Vec::new();
        let mut list = Place::Elsewhere;
        package.for_each_tag(part, |event| {
            match event {
                Event::Start {
                    name: b"numFmts",
                    empty: false,
                    ..
                } => list = Place::NumberFormats,
                Event::Start {
                    name: b"cellXfs",
                    empty: false,
                    ..
                } => list = Place::CellStyles,
                Event::End {
                    name: b"numFmts" | b"cellXfs",
                } => list = Place::Elsewhere,
                Event::Start {
                    name: b"numFmt",
                    attributes,
                    ..
                } if list == Place::NumberFormats => {
                    if let (Some(id), Some(code)) = (
                        attributes.number(b"numFmtId"),
                        attributes.text(b"formatCode"),
                    ) {
                        own.insert(id, code);
                    }
                }
                Event::Start {
                    name: b"xf",
                    attributes,
                    ..
                } if list == Place::CellStyles => {
                    ids.push(attributes.number(b"numFmtId").unwrap_or(0));
                }
                _ => {}
            }
            Ok(())
        })?;
        let mut styles = Self {
            known: true,
            ..Self::default()
        };
        let mut by_id = HashMap::new();
        let mut positions = HashMap::from([(String::new(), 0)]);
        for id in ids {
            let style = *by_id.entry(id).or_insert_with(|| {
                let code = own.get(&id).map(String::as_str);
                let code = code.or_else(|| builtin(u16::try_from(id).ok()?));
                styles.style(code.unwrap_or_default(), &mut positions)
            });
            styles.list.push(style);
        }
        Ok(styles)
    }

    /// What a format code makes of a number. `positions` holds the codes by which it is known already.
    fn style(&mut self, code: &str, positions: &mut HashMap<String, u16>) -> Style {
        let class = classify(code);
        let code = if is_general(code) { "" } else { code };
        let format = match positions.get(code) {
            Some(&position) => position,
            None if self.formats.len() < FORMATS => {
                let position = self.formats.len() as u16;
                self.formats.push(code.into());
                positions.insert(code.to_owned(), position);
                position
            }
            None => 0,
        };
        Style { format, class }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Elsewhere,
    NumberFormats,
    CellStyles,
}
