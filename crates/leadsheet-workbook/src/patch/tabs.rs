//! The workbook part: its tabs, and putting one in or taking one out with all that names it by position.

use super::error::{Obstacle, PatchError};
use super::package::{Package, Relationship};
use super::xml::{Node, Tag, escaped};
use crate::read::resolve_escapes;

const WORKSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT_RELATIONSHIPS: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
/// The longest name that a tab can have, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// What stands before the defined names (ECMA-376 Part 1 §18.2.27).
const BEFORE_NAMES: [&str; 9] = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "AlternateContent",
];

/// A tab.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    pub(super) name: String,
    /// The number by which the calculation chain knows it.
    pub(super) id: u32,
    pub(super) relationship: Option<Relationship>,
    node: Node,
}

impl Tab {
    /// The part of a worksheet.
    pub(super) fn part(&self) -> Option<usize> {
        let relationship = self.relationship.as_ref()?;
        relationship
            .part
            .filter(|_| relationship.kind == "worksheet")
    }
}

/// What the workbook part says.
#[derive(Clone, Debug)]
pub(super) struct Tabs {
    pub(super) tabs: Vec<Tab>,
    pub(super) is_1904: bool,
}

impl Tabs {
    pub(super) fn read(package: &mut Package) -> Result<Self, PatchError> {
        let main = package.main;
        let name = package.name(main);
        let relationships = package.relationships(&name)?;
        let (document, root) = package.parsed(main)?;
        let text = document.text();
        let sheets = root.child(text, "sheets");
        let missing = || PatchError::refused(name.clone(), Obstacle::Missing);
        let tabs = sheets.ok_or_else(missing)?.children_called(text, "sheet");
        let tabs = tabs.map(|node| {
            let tag = node.tag(text);
            let mut name = tag.get("name").unwrap_or_default().into_owned();
            resolve_escapes(&mut name, 0);
            let id = tag.get_prefixed("id").unwrap_or_default();
            Tab {
                name,
                id: tag.number("sheetId").unwrap_or(0),
                relationship: relationships.iter().find(|one| one.id == id).cloned(),
                node: node.clone(),
            }
        });
        let properties = root.child(text, "workbookPr");
        Ok(Self {
            tabs: tabs.collect(),
            is_1904: properties.is_some_and(|node| node.tag(text).flag("date1904")),
        })
    }

    /// The position of the worksheet of this name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let by = |same: fn(&str, &str) -> bool| {
            self.tabs
                .iter()
                .position(|tab| tab.part().is_some() && same(&tab.name, name))
        };
        by(|one, other| one == other)
            .or_else(|| by(|one, other| one.to_lowercase() == other.to_lowercase()))
    }

    /// The name, or where it is taken the name with a number.
    pub(super) fn free_name(&self, wanted: &str) -> String {
        free_name(wanted, &self.tabs.iter().map(|tab| tab.name.as_str()))
    }

    /// Puts a worksheet behind the last tab, with the range that its filter covers.
    pub(super) fn add(
        &self,
        package: &mut Package,
        name: &str,
        filter: &str,
        sheet: Vec<u8>,
    ) -> Result<(), PatchError> {
        let main = package.name(package.main);
        let stem = format!("{}worksheets/leadsheet", package.folder());
        let part = package.free_name(&stem, "xml");
        package.add(&part, WORKSHEET, sheet)?;
        let relationship = package.relate(&main, "worksheet", &part)?;
        let strict = package.strict;
        let (document, root) = package.parsed(package.main)?;
        let text = document.text().to_owned();
        let prefix = root.tag(&text).prefix();
        let broken = || PatchError::refused(main.clone(), Obstacle::Missing);
        let sheets = root.child(&text, "sheets").ok_or_else(broken)?;
        let id = self.tabs.iter().map(|tab| tab.id).max().unwrap_or(0) + 1;
        let attribute = relationship_attribute(root.tag(&text), strict, &relationship);
        let tab = format!(
            "<{prefix}sheet name=\"{}\" sheetId=\"{id}\" {attribute}/>",
            escaped(name)
        );
        document.append(sheets, &tab);
        let defined = format!(
            "<{prefix}definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{}\" hidden=\"1\">{}!{filter}</{prefix}definedName>",
            self.tabs.len(),
            escaped(&quoted(name))
        );
        match root.child(&text, "definedNames") {
            Some(names) => document.append(names, &defined),
            None => {
                let before = |node: &&Node| BEFORE_NAMES.contains(&node.tag(&text).name());
                let at = root
                    .children
                    .iter()
                    .rfind(before)
                    .map_or(sheets.end, |node| node.end);
                let names = format!("<{prefix}definedNames>{defined}</{prefix}definedNames>");
                document.insert(at, &names);
            }
        }
        Ok(())
    }

    /// Takes a worksheet out, with the names that are its own.
    pub(super) fn remove(&self, package: &mut Package, tab: usize) -> Result<(), PatchError> {
        let main = package.name(package.main);
        let Some(removed) = self.tabs.get(tab) else {
            return Ok(());
        };
        if let Some(relationship) = &removed.relationship {
            package.unrelate(&main, relationship)?;
            if let Some(part) = relationship.part {
                package.drop_part(part)?;
            }
        }
        let (document, root) = package.parsed(package.main)?;
        let text = document.text().to_owned();
        document.replace(removed.node.range(), "");
        let names = root.child(&text, "definedNames");
        let gone = |node: &Node| {
            node.tag(&text).number("localSheetId") == Some(tab as u32)
                || names_sheet(&node.characters(&text), &removed.name)
        };
        if let Some(names) = names.filter(|names| names.children.iter().all(gone)) {
            document.replace(names.range(), "");
        } else if let Some(names) = names {
            for node in &names.children {
                let tag = node.tag(&text);
                if gone(node) {
                    document.replace(node.range(), "");
                } else if let Some(later) = later(tag, "localSheetId", tab) {
                    set_tag(document, node, &later);
                }
            }
        }
        let views = root.child(&text, "bookViews").into_iter();
        for view in views.flat_map(|views| &views.children) {
            let tag = view.tag(&text);
            let mut changed = tag.0.to_owned();
            for attribute in ["activeTab", "firstSheet"] {
                let shown = Tag(&changed).number(attribute);
                let last = self.tabs.len().saturating_sub(2) as u32;
                if let Some(shown) = shown.filter(|&shown| shown as usize > tab || shown > last) {
                    let shown = shown.saturating_sub(1).min(last).to_string();
                    changed = Tag(&changed).with(attribute, &shown);
                }
            }
            if changed != tag.0 {
                set_tag(document, view, &changed);
            }
        }
        Ok(())
    }
}

fn later(tag: Tag<'_>, attribute: &str, removed: usize) -> Option<String> {
    let position = tag.number(attribute)?;
    (position as usize > removed).then(|| tag.with(attribute, &(position - 1).to_string()))
}

/// Gives an element another start tag.
pub(super) fn set_tag(document: &mut super::document::Document, node: &Node, tag: &str) {
    let slash = if node.is_empty() { "/" } else { "" };
    document.replace(node.open.clone(), &format!("<{tag}{slash}>"));
}

/// Whether a formula begins with a reference to a sheet.
fn names_sheet(formula: &str, sheet: &str) -> bool {
    let plain = formula
        .strip_prefix(sheet)
        .is_some_and(|rest| rest.starts_with('!'));
    plain || formula.starts_with(&format!("{}!", quoted(sheet)))
}

/// The name as a formula spells it.
pub(super) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// An attribute `r:id`, under the prefix that the root gives to relationships, or one of its own.
pub(super) fn relationship_attribute(root: Tag<'_>, strict: bool, id: &str) -> String {
    let namespace = if strict {
        STRICT_RELATIONSHIPS
    } else {
        RELATIONSHIPS
    };
    let declared = root.attributes().find_map(|(key, value)| {
        let prefix = root.0.get(key)?.strip_prefix("xmlns:")?;
        (root.0.get(value)? == namespace).then_some(prefix)
    });
    match declared {
        Some(prefix) => format!("{prefix}:id=\"{id}\""),
        None => format!("xmlns:r=\"{namespace}\" r:id=\"{id}\""),
    }
}

/// A name for a tab that none of `taken` has.
pub(super) fn free_name<'t, T>(wanted: &str, taken: &T) -> String
where
    T: Iterator<Item = &'t str> + Clone,
{
    let is_free = |name: &String| {
        let name = name.to_lowercase();
        taken.clone().all(|taken| taken.to_lowercase() != name)
    };
    let numbered = (2..).map(|number| shortened(wanted, &format!(" ({number})")));
    let mut names = std::iter::once(shortened(wanted, "")).chain(numbered);
    names.find(is_free).unwrap_or_default()
}

fn shortened(name: &str, ending: &str) -> String {
    let mut left = LONGEST_NAME - ending.len();
    let fits = |c: &char| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    // What no tab can be called.
    let kept = name
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) { '-' } else { c });
    let kept: String = kept.take_while(fits).collect();
    format!("{kept}{ending}")
}
