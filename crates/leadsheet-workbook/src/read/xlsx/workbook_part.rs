//! The workbook part: which sheets there are, in which order, and from which day dates count.

use std::io::{BufRead, Seek};

use super::inflate::End;
use super::package::{Package, within};
use super::xml::{self, Attributes, Event};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sheet::Visibility;

/// A tab of the workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tab {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Id of the relationship that leads to its part.
    pub(super) relationship: Option<String>,
}

/// What the workbook part says.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkbookPart {
    pub(super) tabs: Vec<Tab>,
    pub(super) is_1904: bool,
    /// Whether it breaks off.
    pub(super) broken: bool,
}

impl WorkbookPart {
    pub(super) fn read<R: BufRead + Seek>(
        package: &mut Package<R>,
        part: usize,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let mut workbook = Self::default();
        let mut in_sheets = false;
        let end = package.for_each_tag(part, |event| {
            match event {
                Event::Start {
                    name: b"sheets",
                    empty,
                    ..
                } => in_sheets = !empty,
                Event::End { name: b"sheets" } => in_sheets = false,
                Event::Start {
                    name: b"sheet",
                    attributes,
                    ..
                } if in_sheets => {
                    // Each tab costs a look at its part, and many may lead to the same.
                    within("parts", workbook.tabs.len(), limits.parts)?;
                    workbook.tabs.push(tab(attributes));
                }
                Event::Start {
                    name: b"workbookPr",
                    attributes,
                    ..
                } if attributes.flag(b"date1904") => {
                    workbook.is_1904 = true;
                }
                _ => {}
            }
            Ok(())
        })?;
        workbook.broken = end != End::Whole;
        Ok(workbook)
    }
}

fn tab(attributes: Attributes<'_>) -> Tab {
    let mut name = attributes.text(b"name").unwrap_or_default();
    xml::resolve_escapes(&mut name, 0);
    let visibility = match attributes.get(b"state") {
        Some(b"hidden") => Visibility::Hidden,
        Some(b"veryHidden") => Visibility::VeryHidden,
        // Some writers say `show`, others nothing.
        _ => Visibility::Visible,
    };
    Tab {
        name,
        visibility,
        relationship: attributes.get_prefixed(b"id").map(xml::attribute_text),
    }
}
