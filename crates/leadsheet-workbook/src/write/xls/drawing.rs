//! What lies over the cells of a sheet: notes, and the arrows of a filter. Each is a shape in the drawing (MS-ODRAW), an
//! object, and for a note its text and its place.

use leadsheet_core::{CellRange, CellRef};

use super::record::{Body, MAX_BODY, Stream};
use super::sheet::MOST_COLUMNS;
use super::text::Units;
use crate::read::xls::record::id;

/// A note on a cell.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) cell: CellRef,
    /// Whose it is.
    pub(crate) author: String,
    pub(crate) text: String,
    /// Columns and rows that its box spans.
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    /// The font of its first line, and that of the rest.
    pub(crate) fonts: (u16, u16),
}

/// Shapes whose numbers are given out together (OfficeArtIDCL, MS-ODRAW §2.2.46).
pub(crate) const CLUSTER: u32 = 1024;

/// The drawing of one sheet.
#[derive(Debug)]
pub(crate) struct Drawing {
    /// Its number in the workbook, from 1 on.
    pub(crate) number: u16,
    /// The first cluster of shape numbers that belongs to it, from 1 on.
    pub(crate) first_cluster: u32,
    pub(crate) shapes: Vec<Shape>,
}

/// One shape.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// The arrow that opens the filter of a column.
    FilterArrow(CellRef),
    Note(Note),
}

impl Drawing {
    /// The shapes of a sheet with this filter and these notes; `None` where there are none.
    pub(crate) fn of(
        number: u16,
        first_cluster: u32,
        filter: Option<CellRange>,
        notes: &[Note],
    ) -> Option<Self> {
        let arrows = filter.into_iter().flat_map(|filter| {
            (filter.first.column..=filter.last.column)
                .map(move |column| Shape::FilterArrow(CellRef::new(filter.first.row, column)))
        });
        let mut notes = notes.to_vec();
        notes.sort_by_key(|note| (note.cell.row, note.cell.column));
        let shapes: Vec<Shape> = arrows.chain(notes.into_iter().map(Shape::Note)).collect();
        (!shapes.is_empty()).then_some(Self {
            number,
            first_cluster,
            shapes,
        })
    }

    /// Shapes and the group that they are in.
    fn count(&self) -> u32 {
        self.shapes.len() as u32 + 1
    }

    /// Clusters of shape numbers that it takes.
    pub(crate) fn clusters(&self) -> u32 {
        self.count().div_ceil(CLUSTER)
    }

    fn first_shape(&self) -> u32 {
        self.first_cluster * CLUSTER
    }

    /// Writes the drawing with its objects (OBJECTS, MS-XLS §2.1.7.20.5), then where the notes are.
    pub(crate) fn write(&self, stream: &mut Stream) {
        let written = self.shapes.iter().zip(1..);
        let shapes: Vec<Written> = written
            .map(|(shape, number)| shape.write(self.first_shape() + u32::from(number), number))
            .collect();
        let group = group_shape(self.first_shape());
        let art: usize = shapes.iter().map(|shape| shape.art_size).sum();
        let drawing = Body::default()
            .u32(self.count())
            .u32(self.first_shape() + self.shapes.len() as u32);
        let drawing = art_record(self.number << 4, 0xF008, &drawing.0);
        let in_group = group.len() + art;
        let head = Body::default()
            .bytes(&art_head(0x000F, 0xF002, drawing.len() + 8 + in_group))
            .bytes(&drawing)
            .bytes(&art_head(0x000F, 0xF003, in_group))
            .bytes(&group);
        let mut head = Some(head);
        for shape in &shapes {
            let body = head.take().unwrap_or_default().bytes(&shape.art);
            stream.record(id::MSODRAWING, &body.0);
            stream.0.extend_from_slice(&shape.object);
        }
        for (shape, number) in self.shapes.iter().zip(1..) {
            if let Shape::Note(note) = shape {
                stream.record(id::NOTE, &note.place(number).0);
            }
        }
    }
}

/// The records of one shape.
pub(crate) struct Written {
    /// What stands in its first MSODRAWING record.
    pub(crate) art: Vec<u8>,
    /// Bytes of drawing in all of its MSODRAWING records.
    pub(crate) art_size: usize,
    /// The records after that: the object, and for a note its text.
    pub(crate) object: Vec<u8>,
}

impl Shape {
    /// The shape under this number, its object under that one.
    pub(crate) fn write(&self, shape: u32, object: u16) -> Written {
        match self {
            Shape::FilterArrow(cell) => filter_arrow(*cell, shape, object),
            Shape::Note(note) => note.write(shape, object),
        }
    }
}

/// The head of a record of a drawing (OfficeArtRecordHeader, MS-ODRAW §2.2.1).
pub(crate) fn art_head(version_and_instance: u16, kind: u16, length: usize) -> Vec<u8> {
    Body::default()
        .u16(version_and_instance)
        .u16(kind)
        .u32(length as u32)
        .0
}

pub(crate) fn art_record(version_and_instance: u16, kind: u16, body: &[u8]) -> Vec<u8> {
    [&art_head(version_and_instance, kind, body.len())[..], body].concat()
}

/// The group that holds all other shapes (§2.2.16): its coordinates, its number, and that it is the group.
pub(crate) fn group_shape(number: u32) -> Vec<u8> {
    let shape = Body::default().u32(number).u32(0x0005);
    let parts = [
        art_record(0x0001, 0xF009, &[0; 16]),
        art_record(0x0002, 0xF00A, &shape.0),
    ];
    art_record(0x000F, 0xF004, &parts.concat())
}

/// A shape of a kind (§2.4.24), its properties, its place and the mark that an object follows; `more` bytes of it come
/// in another record.
fn shape(
    kind: u16,
    number: u32,
    properties: &[(u16, u32)],
    anchor: &[u16],
    more: usize,
) -> Vec<u8> {
    // It has a kind and a place.
    let head = Body::default().u32(number).u32(0x0A00);
    let values = properties
        .iter()
        .fold(Body::default(), |body, &(property, value)| {
            body.u16(property).u32(value)
        });
    let place = anchor.iter().copied().fold(Body::default(), Body::u16);
    let parts = [
        art_record(kind << 4 | 0x2, 0xF00A, &head.0),
        art_record((properties.len() as u16) << 4 | 0x3, 0xF00B, &values.0),
        art_record(0, 0xF010, &place.0),
        art_record(0, 0xF011, &[]),
    ]
    .concat();
    [&art_head(0x000F, 0xF004, parts.len() + more)[..], &parts].concat()
}

/// The list that drops down from a heading: a combo box (FtCmo §2.5.143) as Excel itself puts there.
fn filter_arrow(cell: CellRef, number: u32, object: u16) -> Written {
    let (row, column) = (cell.row as u16, cell.column as u16);
    // Host control; nothing of it can be changed, no filling, no line, not printed (MS-ODRAW §2.3).
    let properties = [
        (0x007F, 0x0104_0104),
        (0x00BF, 0x0008_0008),
        (0x01BF, 0x0001_0000),
        (0x01FF, 0x0008_0000),
        (0x03BF, 0x000A_0000),
    ];
    let anchor = [1, column, 0, row, 0, column + 1, 0, row + 1, 0];
    let art = shape(201, number, &properties, &anchor, 0);
    let body = Body::default()
        .u16(0x0015)
        .u16(18)
        .u16(0x0014)
        .u16(object)
        .u16(0x2101);
    let body = body.bytes(&[0; 12]);
    // Its scroll bar (FtSbs §2.5.152).
    let body = body.u16(0x000C).u16(20).bytes(&[0; 8]);
    let body = body.u16(0x64).u16(1).u16(10).u16(0).u16(16).u16(1);
    // Its list, which is the filter's (FtLbsData §2.5.146): the length is not that of what follows.
    let body = body
        .u16(0x0013)
        .u16(0x1FEE)
        .bytes(&[0; 4])
        .u16(1)
        .u16(0x0301)
        .u16(0);
    let body = body.u16(2).u16(8).u16(0x57).u32(0);
    let mut objects = Stream::default();
    objects.record(id::OBJ, &body.0);
    Written {
        art_size: art.len(),
        art,
        object: objects.0,
    }
}

impl Note {
    fn write(&self, number: u32, object: u16) -> Written {
        let (row, column) = (self.cell.row as u16, self.cell.column as u16);
        let left = if u32::from(column) + u32::from(self.columns) < MOST_COLUMNS {
            column + 1
        } else {
            column.saturating_sub(self.columns + 1)
        };
        let top = row.saturating_sub(1).min(u16::MAX - self.rows);
        let (right, bottom) = (left + self.columns, top + self.rows);
        // A pale yellow box that is hidden until the cell is pointed at (MS-ODRAW §2.3).
        let properties = [
            (0x0080, number),
            (0x00BF, 0x0008_0008),
            (0x0158, 0),
            (0x0181, 0x0800_0050),
            (0x0183, 0x0800_0050),
            (0x01BF, 0x0011_0010),
            (0x0201, 0),
            (0x023F, 0x0003_0003),
            (0x03BF, 0x000A_0002),
        ];
        let anchor = [3, left, 0x80, top, 0x40, right, 0x80, bottom, 0x40];
        let text_box = art_record(0, 0xF00D, &[]);
        let art = shape(202, number, &properties, &anchor, text_box.len());
        let mut objects = Stream::default();
        // An object that is a note (FtCmo §2.5.143, FtNts §2.5.149).
        let body = Body::default()
            .u16(0x0015)
            .u16(18)
            .u16(0x0019)
            .u16(object)
            .u16(0x4011);
        let body = body
            .bytes(&[0; 12])
            .u16(0x000D)
            .u16(22)
            .bytes(&[0; 22])
            .u32(0);
        objects.record(id::OBJ, &body.0);
        objects.record(id::MSODRAWING, &text_box);
        self.write_text(&mut objects);
        Written {
            art_size: art.len() + text_box.len(),
            art,
            object: objects.0,
        }
    }

    /// The text (TXO §2.4.329), which goes on in CONTINUE records: its units, then where its fonts change.
    fn write_text(&self, stream: &mut Stream) {
        let units = Units::of(&self.text);
        let (bold, plain) = self.fonts;
        let first_line = self.text.lines().next().unwrap_or_default();
        let first_line = first_line.encode_utf16().count();
        let mut runs = Body::default().u16(0).u16(bold).u32(0);
        if bold != plain && first_line < units.count {
            runs = runs.u16(first_line as u16).u16(plain).u32(0);
        }
        let runs = runs.u16(units.count as u16).u16(0).u32(0);
        let size = if units.count == 0 { 0 } else { runs.0.len() };
        let body = Body::default().u16(0x0212).bytes(&[0; 8]);
        let body = body.u16(units.count as u16).u16(size as u16).u32(0);
        stream.record(id::TXO, &body.0);
        if units.count == 0 {
            return;
        }
        let mut at = 0;
        while at < units.bytes.len() {
            let taken = units.fitting(at, MAX_BODY - 1);
            let body = Body::default().u8(units.wide.into());
            stream.record(id::CONTINUE, &body.bytes(&units.bytes[at..at + taken]).0);
            at += taken;
        }
        stream.record(id::CONTINUE, &runs.0);
    }

    /// Which cell it is on (NOTE §2.4.179).
    pub(crate) fn place(&self, object: u16) -> Body {
        let (row, column) = (self.cell.row as u16, self.cell.column as u16);
        let body = Body::default().u16(row).u16(column).u16(0).u16(object);
        body.text(&self.author).u8(0)
    }
}

/// What the drawings of a workbook have in common (MSODRAWINGGROUP, MS-XLS §2.4.171).
pub(crate) fn write_group(drawings: &[&Drawing], stream: &mut Stream) {
    let Some(last) = drawings.last() else { return };
    let mut clusters = Vec::new();
    for drawing in drawings {
        clusters.extend(clusters_of(drawing.number, drawing.count()));
    }
    let group = Group {
        clusters: last.first_cluster + last.clusters(),
        shapes: drawings.iter().map(|drawing| drawing.count()).sum(),
        drawings: drawings.len() as u32,
    };
    stream.record(id::MSODRAWINGGROUP, &group.art(&clusters));
}

/// How many numbers of each cluster a drawing of so many shapes takes: its own number, and how many.
pub(crate) fn clusters_of(drawing: u16, shapes: u32) -> impl Iterator<Item = (u16, u32)> {
    let clusters = 0..shapes.div_ceil(CLUSTER);
    clusters.map(move |cluster| (drawing, (shapes - cluster * CLUSTER).min(CLUSTER)))
}

/// What is counted over all drawings.
pub(crate) struct Group {
    /// Clusters, and one more.
    pub(crate) clusters: u32,
    pub(crate) shapes: u32,
    pub(crate) drawings: u32,
}

impl Group {
    /// The records (MS-ODRAW §2.2.12): the counts and clusters, how shapes look by default, the colours last used.
    pub(crate) fn art(&self, clusters: &[(u16, u32)]) -> Vec<u8> {
        let body = Body::default()
            .u32(self.clusters * CLUSTER)
            .u32(self.clusters)
            .u32(self.shapes)
            .u32(self.drawings);
        let body = clusters.iter().fold(body, |body, &(drawing, used)| {
            body.u32(drawing.into()).u32(used)
        });
        let defaults = Body::default()
            .u16(0x00BF)
            .u32(0x0008_0008)
            .u16(0x0181)
            .u32(0x0800_0041)
            .u16(0x01C0)
            .u32(0x0800_0040);
        let colours = Body::default()
            .u32(0x0800_000D)
            .u32(0x0800_000C)
            .u32(0x0800_0017)
            .u32(0x1000_00F7);
        let parts = [
            art_record(0x0000, 0xF006, &body.0),
            art_record(0x0033, 0xF00B, &defaults.0),
            art_record(0x0040, 0xF11E, &colours.0),
        ];
        art_record(0x000F, 0xF000, &parts.concat())
    }
}
