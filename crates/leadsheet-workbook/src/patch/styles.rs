//! The styles part while styles are added to it. Those that are there stay in their places, for every cell names its
//! style by position.

use std::collections::HashMap;

use super::error::{Obstacle, PatchError};
use super::package::{MAIN, Package, STRICT_MAIN};
use super::xml::{Node, Tag, parse};
use crate::read::{FormatClass, builtin, classify, is_general};

/// Excel refuses a workbook with more (65,490); older versions stop a little earlier.
const MOST_STYLES: usize = 64_000;
const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
/// A workbook without styles means these.
const NO_STYLES: &str =
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>";
/// The order of the sections (ECMA-376 Part 1 §18.8.39).
const SECTIONS: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];
const FONT: &str = "<font><sz val=\"11\"/><name val=\"Calibri\"/></font>";
const FILLS: &str = "<fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>";
const BORDER: &str = "<border><left/><right/><top/><bottom/><diagonal/></border>";
const XF: &str = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>";

/// The built-in format that shows a number as a whole percentage.
const PERCENT: u32 = 9;

/// A colour, red, green and blue.
pub(super) type Rgb = [u8; 3];

/// What a new number should look like where its cell gives no hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// That of this built-in number.
    Builtin(u32),
    /// That of another style.
    Of(u32),
}

/// A font that is added; all else is as in the workbook's own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FontLook {
    pub(super) bold: bool,
    pub(super) underlined: bool,
    pub(super) size: u32,
    pub(super) colour: Rgb,
}

/// The styles of a workbook, and what is added to them.
#[derive(Debug)]
pub(super) struct Styles {
    part: Option<usize>,
    text: String,
    root: Node,
    prefix: String,
    /// The styles that cells name, those that are there and those that are added.
    xfs: Vec<String>,
    known_xfs: usize,
    formats: HashMap<u32, String>,
    fonts: Section,
    fills: Section,
    borders: Section,
    filled: HashMap<(u32, Rgb), u32>,
    formatted: HashMap<(u32, u32), u32>,
    /// For each colour the fills that it covers, each of which has a shade of its own.
    covered: HashMap<Rgb, Vec<u32>>,
}

#[derive(Debug, Default)]
struct Section {
    known: usize,
    added: Vec<String>,
}

impl Section {
    fn add(&mut self, spelled: String) -> u32 {
        self.added.push(spelled);
        (self.known + self.added.len() - 1) as u32
    }
}

impl Styles {
    /// Reads the styles part.
    pub(super) fn read(package: &mut Package) -> Result<Self, PatchError> {
        let main = package.name(package.main);
        let related = package.relationships(&main)?;
        let part = related
            .iter()
            .find(|one| one.kind == "styles")
            .and_then(|one| one.part);
        let (text, root) = match part {
            Some(part) => {
                let (document, root) = package.parsed(part)?;
                (document.text().to_owned(), root)
            }
            None => {
                let missing = |_| PatchError::refused("styles", Obstacle::Missing);
                let document = parse(NO_STYLES).map_err(missing)?;
                let root = document.children.into_iter().next().unwrap_or_default();
                (NO_STYLES.to_owned(), root)
            }
        };
        let prefix = root.tag(&text).prefix().to_owned();
        let section = |name: &str, default: usize| {
            let node = root.child(&text, name);
            let known = node.map_or(0, |node| node.children.len());
            Section {
                known: if known == 0 { default } else { known },
                added: Vec::new(),
            }
        };
        let (fonts, fills, borders) = (
            section("fonts", 1),
            section("fills", 2),
            section("borders", 1),
        );
        let spelled = |node: &Node| text.get(node.range()).unwrap_or_default().to_owned();
        let mut xfs: Vec<_> = root
            .child(&text, "cellXfs")
            .map(|node| node.children.iter().map(spelled).collect())
            .unwrap_or_default();
        if xfs.is_empty() {
            xfs.push(prefixed(XF, &prefix));
        }
        let formats = root.child(&text, "numFmts").into_iter().flat_map(|node| {
            node.children.iter().filter_map(|node| {
                let tag = node.tag(&text);
                Some((tag.number("numFmtId")?, tag.get("formatCode")?.into_owned()))
            })
        });
        Ok(Self {
            formats: formats.collect(),
            part,
            known_xfs: xfs.len(),
            xfs,
            fonts,
            fills,
            borders,
            prefix,
            filled: HashMap::new(),
            formatted: HashMap::new(),
            covered: HashMap::new(),
            root,
            text,
        })
    }

    /// The style like `base`, filled with a colour. What `base` was filled with decides the shade, so that styles
    /// that differ in nothing else still do.
    pub(super) fn filled(&mut self, base: u32, colour: Rgb) -> Result<u32, PatchError> {
        if let Some(&style) = self.filled.get(&(base, colour)) {
            return Ok(style);
        }
        let old = self.number(base, "fillId");
        let covered = self.covered.entry(colour).or_default();
        let shade = covered.iter().position(|&fill| fill == old);
        let shade = shade.unwrap_or_else(|| {
            covered.push(old);
            covered.len() - 1
        });
        let fill = self.fill(shaded(colour, shade));
        let fill = fill.to_string();
        let style = self.derived(base, &[("fillId", &fill), ("applyFill", "1")])?;
        self.filled.insert((base, colour), style);
        Ok(style)
    }

    /// The style like `base` with another number format, as a number or a date in it needs it.
    pub(super) fn formatted(&mut self, base: u32, format: Format) -> Result<u32, PatchError> {
        let id = match format {
            Format::Builtin(id) => id,
            Format::Of(style) => self.number(style, "numFmtId"),
        };
        if self.number(base, "numFmtId") == id && !self.flag(base, "quotePrefix") {
            return Ok(base);
        }
        if let Some(&style) = self.formatted.get(&(base, id)) {
            return Ok(style);
        }
        let spelled = id.to_string();
        let changes = [
            ("numFmtId", spelled.as_str()),
            ("applyNumberFormat", "1"),
            // The apostrophe that made a text of it.
            ("quotePrefix", ""),
        ];
        let style = self.derived(base, &changes)?;
        self.formatted.insert((base, id), style);
        Ok(style)
    }

    /// What the style makes of a number.
    pub(super) fn class(&self, style: u32) -> FormatClass {
        classify(&self.code(style))
    }

    /// Whether the style shows percentages.
    pub(super) fn is_percent(&self, style: u32) -> bool {
        self.code(style).contains('%')
    }

    /// Whether the style shows two decimals.
    pub(super) fn shows_cents(&self, style: u32) -> bool {
        let code = self.code(style);
        let positive = code.split(';').next().unwrap_or_default();
        let decimals = positive.split_once('.').map(|(_, decimals)| decimals);
        decimals.is_some_and(|decimals| {
            decimals.starts_with("00")
                && !decimals.starts_with("000")
                && !decimals.contains(['%', 'E'])
        })
    }

    /// Whether the style shows everything as text.
    pub(super) fn is_text(&self, style: u32) -> bool {
        self.code(style).trim() == "@"
    }

    /// Whether the style leaves the look of a number to the program.
    pub(super) fn is_general(&self, style: u32) -> bool {
        is_general(&self.code(style))
    }

    fn code(&self, style: u32) -> String {
        let id = self.number(style, "numFmtId");
        let own = self.formats.get(&id).cloned();
        own.or_else(|| builtin(u16::try_from(id).ok()?).map(str::to_owned))
            .unwrap_or_default()
    }

    /// Adds a fill.
    pub(super) fn fill(&mut self, colour: Rgb) -> u32 {
        let [red, green, blue] = colour;
        self.fills.add(format!(
            "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{red:02X}{green:02X}{blue:02X}\"/><bgColor indexed=\"64\"/></patternFill></fill>"
        ))
    }

    /// Adds a font like the workbook's own, in another size and colour.
    pub(super) fn font(&mut self, look: FontLook) -> u32 {
        let [red, green, blue] = look.colour;
        let size = look.size;
        let first = self
            .root
            .child(&self.text, "fonts")
            .and_then(|fonts| fonts.children.first());
        let kept = first
            .into_iter()
            .flat_map(|font| &font.children)
            .filter(|node| {
                ["name", "family", "charset", "scheme"]
                    .iter()
                    .any(|name| node.is(&self.text, name))
            });
        let own: String = kept
            .map(|node| {
                format!(
                    "<{}/>",
                    node.tag(&self.text)
                        .0
                        .trim_start_matches(self.prefix.as_str())
                )
            })
            .collect();
        let own = if own.is_empty() {
            "<name val=\"Calibri\"/>"
        } else {
            &own
        };
        let bold = if look.bold { "<b/>" } else { "" };
        let underlined = if look.underlined { "<u/>" } else { "" };
        self.fonts.add(format!(
            "<font>{bold}{underlined}<sz val=\"{size}\"/><color rgb=\"FF{red:02X}{green:02X}{blue:02X}\"/>{own}</font>"
        ))
    }

    /// Adds a thin border all around.
    pub(super) fn border(&mut self, colour: Rgb) -> u32 {
        let [red, green, blue] = colour;
        let sides = ["left", "right", "top", "bottom"].map(|side| {
            format!(
                "<{side} style=\"thin\"><color rgb=\"FF{red:02X}{green:02X}{blue:02X}\"/></{side}>"
            )
        });
        self.borders
            .add(format!("<border>{}<diagonal/></border>", sides.concat()))
    }

    /// Adds a style of its own.
    pub(super) fn style(
        &mut self,
        font: u32,
        fill: u32,
        border: u32,
        alignment: &str,
    ) -> Result<u32, PatchError> {
        let spelled = format!(
            "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment {alignment}/></xf>"
        );
        let spelled = prefixed(&spelled, &self.prefix);
        self.push(spelled)
    }

    /// Every style that was made by filling another, and that other.
    pub(super) fn filled_styles(&self) -> Vec<(u32, u32)> {
        let pairs = self.filled.iter();
        let mut pairs: Vec<_> = pairs.map(|(&(base, _), &style)| (style, base)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// For every style with the fill of a style in `given`, the same with the fill of that one's partner. Programs
    /// number styles anew and split them in two for reasons of their own; what a cell is filled with they keep.
    pub(super) fn refilled(
        &mut self,
        given: &[(u32, u32)],
        is_ours: impl Fn(Rgb) -> bool,
    ) -> Result<HashMap<u32, u32>, PatchError> {
        let partners = given.iter();
        let partners =
            partners.map(|&(given, before)| (self.fill_of(given), self.number(before, "fillId")));
        let partners: HashMap<String, u32> = partners
            .filter(|(fill, _)| colour_of(fill).is_some_and(&is_ours))
            .collect();
        let mut refilled = HashMap::new();
        for style in 0..self.known_xfs as u32 {
            if let Some(fill) = partners.get(&self.fill_of(style)) {
                let before = self.derived(style, &[("fillId", &fill.to_string())])?;
                refilled.insert(style, before);
            }
        }
        Ok(refilled)
    }

    /// The fill of a style as it is spelled.
    fn fill_of(&self, style: u32) -> String {
        let fills = self.root.child(&self.text, "fills");
        let fill =
            fills.and_then(|fills| fills.children.get(self.number(style, "fillId") as usize));
        let fill = fill.and_then(|fill| self.text.get(fill.range()));
        fill.unwrap_or_default().to_owned()
    }

    fn number(&self, style: u32, attribute: &str) -> u32 {
        self.with_tag(style, |tag| tag.number(attribute))
            .unwrap_or(0)
    }

    fn flag(&self, style: u32, attribute: &str) -> bool {
        self.with_tag(style, |tag| Some(tag.flag(attribute)))
            .unwrap_or(false)
    }

    fn with_tag<T>(&self, style: u32, ask: impl FnOnce(Tag<'_>) -> Option<T>) -> Option<T> {
        let spelled = self.spelled(style);
        let end = spelled.find('>')?;
        let tag = spelled.get(1..end)?;
        ask(Tag(tag.strip_suffix('/').unwrap_or(tag)))
    }

    /// The style as it is spelled; the plain one where there is none of this number.
    fn spelled(&self, style: u32) -> &str {
        let found = self.xfs.get(style as usize).or(self.xfs.first());
        found.map_or(XF, String::as_str)
    }

    /// A style like another with some attributes set, or taken away where they are empty.
    fn derived(&mut self, base: u32, attributes: &[(&str, &str)]) -> Result<u32, PatchError> {
        let spelled = self.spelled(base).to_owned();
        let broken = || PatchError::refused("styles", Obstacle::IllFormed);
        let document = parse(&spelled).map_err(|_| broken())?;
        let node = document.children.first().ok_or_else(broken)?;
        let mut tag = node.tag(&spelled).0.trim_end().to_owned();
        for (name, value) in attributes {
            let old = Tag(&tag);
            tag = if value.is_empty() {
                old.without(name)
            } else {
                old.with(name, value)
            };
        }
        let rest = spelled.get(node.open.end..).unwrap_or_default();
        let slash = if node.is_empty() { "/" } else { "" };
        let derived = format!("<{tag}{slash}>{rest}");
        match self.xfs.iter().position(|known| *known == derived) {
            Some(known) => Ok(known as u32),
            None => self.push(derived),
        }
    }

    fn push(&mut self, spelled: String) -> Result<u32, PatchError> {
        if self.xfs.len() >= MOST_STYLES.max(self.known_xfs) {
            return Err(PatchError::refused("styles", Obstacle::Styles));
        }
        self.xfs.push(spelled);
        Ok((self.xfs.len() - 1) as u32)
    }

    /// Puts what was added into the package.
    pub(super) fn finish(self, package: &mut Package) -> Result<(), PatchError> {
        let added = self.xfs.get(self.known_xfs..).unwrap_or_default();
        if added.is_empty() {
            return Ok(());
        }
        let spelled = |section: &Section| prefixed(&section.added.concat(), &self.prefix);
        let sections = [
            ("fonts", FONT, spelled(&self.fonts), self.fonts.added.len()),
            ("fills", FILLS, spelled(&self.fills), self.fills.added.len()),
            (
                "borders",
                BORDER,
                spelled(&self.borders),
                self.borders.added.len(),
            ),
            ("cellStyleXfs", XF, String::new(), 0),
            ("cellXfs", XF, added.concat(), added.len()),
        ];
        let Some(part) = self.part else {
            return self.add_part(package, &sections);
        };
        let document = package.document(part)?;
        let mut at_end = String::new();
        for (name, default, added, count) in sections {
            let node = self.root.child(&self.text, name);
            match node.filter(|node| !node.children.is_empty()) {
                Some(_) if count == 0 => {}
                Some(node) => {
                    let count = node.children.len() + count;
                    let tag = node.tag(&self.text).with("count", &count.to_string());
                    document.append_with(node, &tag, &added);
                }
                None => {
                    let section = self.section(name, default, &added);
                    if let Some(node) = node {
                        document.replace(node.range(), &section);
                    } else if let Some(at) = self.place_of(name) {
                        document.insert(at, &section);
                    } else {
                        at_end.push_str(&section);
                    }
                }
            }
        }
        if !at_end.is_empty() {
            document.append(&self.root, &at_end);
        }
        Ok(())
    }

    fn section(&self, name: &str, default: &str, added: &str) -> String {
        let prefix = &self.prefix;
        format!(
            "<{prefix}{name}>{}{added}</{prefix}{name}>",
            prefixed(default, prefix)
        )
    }

    /// Before which section one that is missing belongs.
    fn place_of(&self, name: &str) -> Option<usize> {
        let rank = |name: &str| SECTIONS.iter().position(|section| *section == name);
        let later = |node: &&Node| rank(node.tag(&self.text).name()) > rank(name);
        self.root
            .children
            .iter()
            .find(later)
            .map(|node| node.open.start)
    }

    fn add_part(
        &self,
        package: &mut Package,
        sections: &[(&str, &str, String, usize)],
    ) -> Result<(), PatchError> {
        let sections: String = sections
            .iter()
            .map(|(name, default, added, _)| self.section(name, default, added))
            .collect();
        let main = if package.strict { STRICT_MAIN } else { MAIN };
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{main}\">{sections}</styleSheet>"
        );
        let name = package.free_name(&format!("{}styles", package.folder()), "xml");
        package.add(&name, CONTENT_TYPE, text.into_bytes())?;
        let main = package.name(package.main);
        package.relate(&main, "styles", &name).map(drop)
    }
}

/// The shade of a colour that nobody tells from it: programs merge styles that are equal, and the shade keeps them
/// apart.
fn shaded([red, green, blue]: Rgb, shade: usize) -> Rgb {
    let (by_blue, by_green) = ((shade % 16) as u8, (shade / 16 % 16) as u8);
    [
        red,
        green.wrapping_sub(by_green),
        blue.wrapping_sub(by_blue),
    ]
}

/// Whether one colour is a shade of another.
pub(super) fn is_shade([red, green, blue]: Rgb, of: Rgb) -> bool {
    let near = |shade: u8, full: u8| full.wrapping_sub(shade) < 16;
    red == of[0] && near(green, of[1]) && near(blue, of[2])
}

/// The colour of a fill as it is spelled.
fn colour_of(fill: &str) -> Option<Rgb> {
    let start = fill.find("<fgColor")?;
    let tag = fill.get(start + 1..)?;
    let tag = Tag(tag.get(..tag.find('>')?)?);
    let spelled = u32::from_str_radix(&tag.get("rgb")?, 16).ok()?;
    let [_, red, green, blue] = spelled.to_be_bytes();
    Some([red, green, blue])
}

/// The elements with a prefix before each name.
pub(super) fn prefixed(elements: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return elements.to_owned();
    }
    elements
        .replace('<', &format!("<{prefix}"))
        .replace(&format!("<{prefix}/"), &format!("</{prefix}"))
}

/// The built-in format for what is shown as a percentage.
pub(super) const fn percent(has_decimals: bool) -> Format {
    Format::Builtin(if has_decimals { PERCENT + 1 } else { PERCENT })
}
