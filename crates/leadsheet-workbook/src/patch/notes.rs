//! Notes on cells: the comments part, which holds their words, and the drawing, which holds their boxes. Notes of people
//! stay as they are, and a cell that has one gets none of ours. Ours are known by their author and by how they begin.

use std::collections::HashSet;

use leadsheet_core::CellRef;

use super::error::{Obstacle, PatchError};
use super::findings_sheet;
use super::package::{MAIN, Package, Relationship, STRICT_MAIN};
use super::splice::Splice;
use super::survey::Survey;
use super::tabs::relationship_attribute;
use super::xml::{Node, escaped_cell_text};

/// Who writes our notes.
pub(super) const AUTHOR: &str = "leadsheet";
/// How our notes begin, for programs that forget authors.
pub(super) const MARK: &str = "[leadsheet]";
/// Notes on one sheet. Excel draws every one of them when a sheet is opened, and with many more it takes minutes.
const MOST_NOTES: usize = 20_000;

const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const NEW_DRAWING: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">";
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
/// Shapes that one block of ids has room for.
const BLOCK: usize = 1_023;
/// Columns and rows of a box, in pixels.
const WIDTH: f64 = 300.0;
const LINE: f64 = 17.0;
/// Half-width characters that fit a line of a box.
const CHARACTERS: usize = 46;
const MOST_LINES: usize = 16;

/// Hands out blocks of shape ids that no drawing of the workbook uses.
#[derive(Debug, Default)]
pub(super) struct ShapeIds {
    next_block: u32,
}

impl ShapeIds {
    /// Looks through the drawings for the blocks that are in use.
    pub(super) fn read(package: &mut Package) -> Result<Self, PatchError> {
        let mut next_block = 1;
        for part in package.find_all(|name| name.to_lowercase().ends_with(".vml")) {
            let bytes = package.bytes(part)?;
            let text = String::from_utf8_lossy(&bytes);
            let blocks = id_map(&text).map(|(_, blocks)| blocks).unwrap_or_default();
            let highest = blocks
                .split(',')
                .filter_map(|block| block.trim().parse::<u32>().ok())
                .max();
            next_block = next_block.max(highest.map_or(1, |highest| highest.saturating_add(1)));
        }
        Ok(Self { next_block })
    }

    fn take(&mut self, shapes: usize) -> (Vec<u32>, impl Iterator<Item = u64> + use<>) {
        let first = self.next_block;
        let count = shapes.div_ceil(BLOCK).max(1) as u32;
        self.next_block = first.saturating_add(count);
        let blocks: Vec<_> = (first..self.next_block).collect();
        let ids = blocks.clone().into_iter().flat_map(|block| {
            let start = u64::from(block) * (BLOCK as u64 + 1);
            start + 1..=start + BLOCK as u64
        });
        (blocks, ids)
    }
}

/// Where the numbers of an id map stand, and they.
fn id_map(drawing: &str) -> Option<(usize, &str)> {
    let map = drawing.find("<o:idmap")?;
    let data = map + drawing.get(map..)?.find("data=")? + 5;
    let quote = drawing.get(data..)?.chars().next()?;
    let start = data + 1;
    let length = drawing.get(start..)?.find(quote)?;
    Some((start, drawing.get(start..start + length)?))
}

/// What became of the notes of a sheet.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// Cells without a note because a person's is there, or the sheet is full of them.
    pub(super) left_out: usize,
    /// What the sheet's part needs.
    pub(super) splice: Option<Splice>,
}

/// Puts notes on cells of the sheet in `part`.
pub(super) fn place(
    package: &mut Package,
    part: usize,
    survey: &Survey,
    notes: &[(CellRef, String)],
    ids: &mut ShapeIds,
) -> Result<Placed, PatchError> {
    let sheet = package.name(part);
    let related = package.relationships(&sheet)?;
    let comments = related.iter().find(|one| one.kind == "comments");
    let taken = match comments.and_then(|one| one.part) {
        Some(part) => cells_with_notes(package, part)?,
        None => HashSet::new(),
    };
    let free: Vec<_> = notes
        .iter()
        .filter(|(cell, _)| !taken.contains(cell))
        .take(MOST_NOTES)
        .collect();
    let left_out = notes.len() - free.len();
    if free.is_empty() {
        return Ok(Placed {
            left_out,
            splice: None,
        });
    }
    match comments.and_then(|one| one.part) {
        Some(part) => append_comments(package, part, &free)?,
        None => add_comments(package, &sheet, &free)?,
    }
    let drawing = survey.legacy_drawing.as_ref();
    let drawing = drawing.and_then(|id| related.iter().find(|one| one.id == *id));
    let (blocks, ids) = ids.take(free.len());
    let shapes: String = free
        .iter()
        .zip(ids)
        .map(|((cell, text), id)| shape(survey, *cell, text, id))
        .collect();
    if let Some(part) = drawing.and_then(|one| one.part) {
        append_shapes(package, part, &blocks, &shapes)?;
        return Ok(Placed {
            left_out,
            splice: None,
        });
    }
    let id = add_drawing(package, &sheet, &blocks, &shapes)?;
    let root = survey.root.tag();
    let attribute = relationship_attribute(root, package.strict, &id);
    let element = format!("<{}legacyDrawing {attribute}/>", root.prefix());
    let splice = Splice::insert(survey.drawing_gap, element);
    Ok(Placed {
        left_out,
        splice: Some(splice),
    })
}

fn cells_with_notes(package: &mut Package, part: usize) -> Result<HashSet<CellRef>, PatchError> {
    let (document, root) = package.parsed(part)?;
    let text = document.text();
    let list = root.child(text, "commentList").into_iter();
    let comments = list.flat_map(|list| list.children_called(text, "comment"));
    Ok(comments
        .filter_map(|node| node.tag(text).get("ref")?.parse().ok())
        .collect())
}

fn append_comments(
    package: &mut Package,
    part: usize,
    notes: &[&(CellRef, String)],
) -> Result<(), PatchError> {
    let name = package.name(part);
    let (document, root) = package.parsed(part)?;
    let text = document.text().to_owned();
    let prefix = root.tag(&text).prefix().to_owned();
    let missing = || PatchError::refused(name.clone(), Obstacle::Missing);
    let authors = root.child(&text, "authors").ok_or_else(missing)?;
    let list = root.child(&text, "commentList").ok_or_else(missing)?;
    let author = format!("<{prefix}author>{AUTHOR}</{prefix}author>");
    document.append(authors, &author);
    let comments = comments(notes, authors.children.len(), &prefix);
    document.append(list, &comments);
    Ok(())
}

fn add_comments(
    package: &mut Package,
    sheet: &str,
    notes: &[&(CellRef, String)],
) -> Result<(), PatchError> {
    let main = if package.strict { STRICT_MAIN } else { MAIN };
    let comments = comments(notes, 0, "");
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{main}\"><authors><author>{AUTHOR}</author></authors><commentList>{comments}</commentList></comments>"
    );
    let name = package.free_name(&format!("{}leadsheetComments", package.folder()), "xml");
    package.add(&name, COMMENTS, text.into_bytes())?;
    package.relate(sheet, "comments", &name).map(drop)
}

fn comments(notes: &[&(CellRef, String)], author: usize, prefix: &str) -> String {
    let spelled = notes.iter().map(|(cell, text)| {
        let run = |bold: &str, text: &str| {
            let text = escaped_cell_text(text);
            format!("<r><rPr>{bold}<sz val=\"9\"/><color indexed=\"81\"/><rFont val=\"Tahoma\"/><family val=\"2\"/></rPr><t xml:space=\"preserve\">{text}</t></r>")
        };
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let rest = if rest.is_empty() { String::new() } else { run("", &format!("\n{rest}")) };
        let runs = run("<b/>", &format!("{MARK} {first}")) + &rest;
        format!("<comment ref=\"{cell}\" authorId=\"{author}\"><text>{runs}</text></comment>")
    });
    super::styles::prefixed(&spelled.collect::<String>(), prefix)
}

fn add_drawing(
    package: &mut Package,
    sheet: &str,
    blocks: &[u32],
    shapes: &str,
) -> Result<String, PatchError> {
    let data = joined(blocks);
    let text = format!(
        "{NEW_DRAWING}<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{data}\"/></o:shapelayout>{SHAPE_TYPE}{shapes}</xml>"
    );
    let stem = format!("{}drawings/leadsheetNotes", package.folder());
    let name = package.free_name(&stem, "vml");
    package.add(&name, DRAWING, text.into_bytes())?;
    package.relate(sheet, "vmlDrawing", &name)
}

fn append_shapes(
    package: &mut Package,
    part: usize,
    blocks: &[u32],
    shapes: &str,
) -> Result<(), PatchError> {
    let name = package.name(part);
    let document = package.document(part)?;
    let text = document.text().to_owned();
    // Drawings are the one part that programs write in XML that is none; the end of the root is all that is needed.
    let ill = || PatchError::refused(name.clone(), Obstacle::IllFormed);
    let close = text.rfind("</xml>").ok_or_else(ill)?;
    let names = ["xmlns:v=", "xmlns:o=", "xmlns:x="];
    if !names.iter().all(|name| text.contains(name)) {
        return Err(ill());
    }
    if let Some((at, known)) = id_map(&text) {
        let known = known.trim_end_matches(',');
        let separator = if known.is_empty() { "" } else { "," };
        document.insert(at + known.len(), &format!("{separator}{}", joined(blocks)));
    }
    let has_type = ["\"_x0000_t202\"", "'_x0000_t202'"]
        .iter()
        .any(|id| text.contains(&format!("id={id}")));
    let shape_type = if has_type { "" } else { SHAPE_TYPE };
    document.insert(close, &format!("{shape_type}{shapes}"));
    Ok(())
}

fn joined(blocks: &[u32]) -> String {
    let blocks: Vec<_> = blocks.iter().map(ToString::to_string).collect();
    blocks.join(",")
}

/// The box of a note, hidden until the mouse is over the cell.
fn shape(survey: &Survey, cell: CellRef, text: &str, id: u64) -> String {
    let height = LINE * (lines(text) + 1) as f64;
    let (left, right) = span(cell.column + 1, 15.0, WIDTH, |column| {
        width_of(survey, column)
    });
    let top_row = cell.row.saturating_sub(1);
    let (top, bottom) = span(top_row, 8.0, height, |row| height_of(survey, row));
    let anchor = [
        format!("{}, {}", left.0, left.1),
        format!("{}, {}", top.0, top.1),
        format!("{}, {}", right.0, right.1),
        format!("{}, {}", bottom.0, bottom.1),
    ];
    format!(
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{}pt;height:{}pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
        WIDTH * 0.75,
        height * 0.75,
        anchor.join(", "),
        cell.row,
        cell.column
    )
}

/// Lines that the text takes in a box.
pub(super) fn lines(text: &str) -> usize {
    findings_sheet::lines(text, CHARACTERS).clamp(2, MOST_LINES)
}

/// From a place in one column (or row) over so many pixels to a place in another.
fn span(
    first: u32,
    offset: f64,
    length: f64,
    size: impl Fn(u32) -> f64,
) -> ((u32, u32), (u32, u32)) {
    let mut left = offset + length;
    let mut last = first;
    // Hidden columns take no room; a box does not reach over hundreds of them.
    while left > size(last) && last < first + 200 {
        left -= size(last);
        last += 1;
    }
    let inside = offset.min((size(first) - 1.0).max(0.0));
    ((first, inside as u32), (last, left.max(0.0) as u32))
}

fn width_of(survey: &Survey, column: u32) -> f64 {
    let mut looks = survey.columns.iter();
    let own = looks.rfind(|look| (look.first..=look.last).contains(&column));
    if own.is_some_and(|look| look.hidden) {
        return 0.0;
    }
    let width = own.and_then(|look| look.width).or(survey.default_width);
    // Seven pixels a character and five around, as Excel has them in its usual font.
    width.unwrap_or(8.43) * 7.0 + 5.0
}

fn height_of(survey: &Survey, row: u32) -> f64 {
    let own = survey.heights.get(&row).copied();
    own.or(survey.default_height).unwrap_or(15.0) * 4.0 / 3.0
}

/// What was found of ours among the notes of a sheet.
#[derive(Debug, Default)]
pub(super) struct Removed {
    /// Whether the sheet shall have no drawing any more.
    pub(super) without_drawing: bool,
}

/// Takes our notes off a sheet that another program has written since.
pub(super) fn remove(
    package: &mut Package,
    part: usize,
    legacy_drawing: Option<&str>,
) -> Result<Removed, PatchError> {
    let sheet = package.name(part);
    let related = package.relationships(&sheet)?;
    let Some(comments) = related.iter().find(|one| one.kind == "comments") else {
        return Ok(Removed::default());
    };
    let Some(comments_part) = comments.part else {
        return Ok(Removed::default());
    };
    let (cells, all) = remove_comments(package, comments_part)?;
    if cells.is_empty() {
        return Ok(Removed::default());
    }
    if all {
        package.unrelate(&sheet, comments)?;
        package.drop_part(comments_part)?;
    }
    let drawing = legacy_drawing.and_then(|id| related.iter().find(|one| one.id == id));
    let without_drawing = match drawing {
        Some(drawing) => remove_shapes(package, &sheet, drawing, &cells)?,
        None => false,
    };
    Ok(Removed { without_drawing })
}

/// Takes our comments out; gives their cells and whether there were no others.
fn remove_comments(
    package: &mut Package,
    part: usize,
) -> Result<(HashSet<CellRef>, bool), PatchError> {
    let (document, root) = package.parsed(part)?;
    let text = document.text().to_owned();
    let authors: Vec<_> = root
        .child(&text, "authors")
        .map(|authors| {
            let names = authors.children.iter();
            names.map(|author| author.characters(&text)).collect()
        })
        .unwrap_or_default();
    let is_ours = |node: &Node| {
        let author = node.tag(&text).number("authorId");
        let author = author.and_then(|author| authors.get(author as usize));
        author.is_some_and(|author| author == AUTHOR)
            || node.characters(&text).trim_start().starts_with(MARK)
    };
    let list = root.child(&text, "commentList").into_iter();
    let comments: Vec<_> = list.flat_map(|list| &list.children).collect();
    let ours: Vec<_> = comments.iter().filter(|node| is_ours(node)).collect();
    for node in &ours {
        document.replace(node.range(), "");
    }
    let cells = ours
        .iter()
        .filter_map(|node| node.tag(&text).get("ref")?.parse().ok());
    Ok((cells.collect(), ours.len() == comments.len()))
}

/// Takes the boxes of notes on these cells out; gives whether nothing was left, so that the drawing went as a whole.
fn remove_shapes(
    package: &mut Package,
    sheet: &str,
    drawing: &Relationship,
    cells: &HashSet<CellRef>,
) -> Result<bool, PatchError> {
    let Some(part) = drawing.part else {
        return Ok(false);
    };
    let document = package.document(part)?;
    let text = document.text().to_owned();
    let mut kept = 0;
    let mut at = 0;
    let mut ours = Vec::new();
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<v:shape ")) {
        let start = at + start;
        let Some(length) = text.get(start..).and_then(|rest| rest.find("</v:shape>")) else {
            break;
        };
        let end = start + length + "</v:shape>".len();
        let shape = text.get(start..end).unwrap_or_default();
        let number = |name: &str| -> Option<u32> {
            let from = shape.find(&format!("<x:{name}>"))? + name.len() + 4;
            let rest = shape.get(from..)?;
            rest.get(..rest.find('<')?)?.trim().parse().ok()
        };
        let cell = number("Row").zip(number("Column"));
        let is_note = shape.contains("ObjectType=\"Note\"");
        if cell.is_some_and(|(row, column)| is_note && cells.contains(&CellRef::new(row, column))) {
            ours.push(start..end);
        } else {
            kept += 1;
        }
        at = end;
    }
    if kept == 0 && !ours.is_empty() {
        package.unrelate(sheet, drawing)?;
        package.drop_part(part)?;
        return Ok(true);
    }
    for range in ours {
        document.replace(range, "");
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_ids_come_in_blocks_of_their_own() {
        let mut ids = ShapeIds { next_block: 3 };
        let (blocks, numbers) = ids.take(1_024);
        let numbers: Vec<_> = numbers.take(1_024).collect();
        assert_eq!(blocks, [3, 4]);
        assert_eq!(
            (numbers[0], numbers[1_022], numbers[1_023]),
            (3_073, 4_095, 4_097)
        );
        assert_eq!(ids.take(1).0, [5]);
    }

    #[test]
    fn id_maps_are_found_however_they_are_quoted() {
        let drawing = "<xml><o:idmap v:ext='edit' data='1,7'/></xml>";
        assert_eq!(id_map(drawing), Some((33, "1,7")));
        assert_eq!(id_map("<xml/>"), None);
    }

    #[test]
    fn a_box_reaches_over_as_many_columns_as_it_is_wide() {
        // 8.43 characters are 64 pixels: 15 + 300 end 59 pixels into the fifth column.
        let (left, right) = span(1, 15.0, 300.0, |_| 64.0);
        assert_eq!((left, right), ((1, 15), (5, 59)));
        let (_, right) = span(
            1,
            15.0,
            300.0,
            |column| if column < 4 { 0.0 } else { 400.0 },
        );
        assert_eq!(right, (4, 315));
    }
}
