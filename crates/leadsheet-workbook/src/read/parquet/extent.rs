//! Which columns of a great table are read how far, where somebody said what is needed of it.
//!
//! Nothing that is asked of a table may come out otherwise than if all of it had been read. So the columns are recognised
//! by the first rows, of every column the first cells are read, and of the others where they are filled: by that rows are
//! told from what is none. And once everything is read, it must be recognised the same.

use std::io::{Read, Seek};

use leadsheet_core::{Field, FieldKind, LeadId, Need};
use parquet::basic::Type;

use super::column::{Extent, Intake, SAMPLE};
use super::kinds::Kind;
use super::side_by_side::{Meter, Taken};
use super::{Incoming, ParquetFile, ReadError, Table, full};
use crate::read::Needed;
use crate::sheet::Sheet;
use crate::template::{LayoutColumn, recognise};

/// The columns as far as they are needed, and as they were recognised.
pub(super) struct NeededColumns {
    pub(super) taken: Vec<Taken>,
    pub(super) layout: Vec<LayoutColumn>,
}

/// A column under a heading.
struct Under {
    /// Position among the columns that come in.
    position: usize,
    field: Option<Field>,
    need: Need,
}

impl<R: Read + Seek + Send> ParquetFile<'_, R> {
    /// The columns as far as they are needed; `None` where everything must be read.
    pub(super) fn needed_columns(
        &self,
        table: &Table,
        needed: Needed<'_>,
        meter: &Meter<'_>,
    ) -> Result<Option<NeededColumns>, ReadError> {
        let has_others = table.incoming.iter().any(|column| column.raw.is_some());
        if has_others || !table.around.merges.is_empty() {
            return Ok(None);
        }
        let head = self.head(table)?;
        let Some((layout, columns)) = under_headings(&head, table, needed) else {
            return Ok(None);
        };
        let mut extents = vec![None; table.incoming.len()];
        for column in &columns {
            if column.need == Need::Values {
                extents[column.position] = Some(Extent::Values);
            }
        }
        // By its first text a row is told from a total or a foot.
        if let Some(first) = columns.first() {
            extents[first.position] = Some(Extent::Values);
        }
        let mut taken: Vec<Option<Taken>> = Vec::new();
        taken.resize_with(table.incoming.len(), || None);
        self.read_into(&mut taken, &extents, table, meter)?;

        let rows = self.rows_said();
        let full = |column: &Under| {
            let taken = taken[column.position].as_ref();
            taken.filter(|taken| taken.is_full(rows))
        };
        let certain = columns.iter().position(|column| full(column).is_some());
        let numbers = columns
            .iter()
            .find(|column| column.field == Some(Field::LeadId));
        let are_numbered = numbers
            .filter(|column| self.holds_texts(&table.incoming[column.position]))
            .and_then(full)
            .is_some_and(|taken| taken.texts().all(|text| LeadId::day_in(text).is_ok()));
        let mut extents = vec![Some(Extent::Presence); table.incoming.len()];
        for (at, column) in columns.iter().enumerate() {
            let extent = match column.need {
                _ if certain.is_none_or(|certain| at < certain) => Extent::Values,
                Need::Values => Extent::Values,
                Need::Unnumbered if !are_numbered => Extent::Values,
                Need::Lists => Extent::Lists,
                Need::Unnumbered | Need::Presence => Extent::Presence,
            };
            extents[column.position] = Some(extent);
        }
        for (extent, taken) in extents.iter_mut().zip(&taken) {
            if taken.is_some() {
                *extent = None;
            }
        }
        self.read_into(&mut taken, &extents, table, meter)?;
        Ok(Some(NeededColumns {
            taken: taken.into_iter().flatten().collect(),
            layout,
        }))
    }

    fn holds_texts(&self, column: &Incoming) -> bool {
        let physical = self.columns()[column.position].physical_type();
        physical == Type::BYTE_ARRAY && column.kind == Kind::Plain
    }

    /// Reads the columns that have an extent.
    fn read_into(
        &self,
        taken: &mut [Option<Taken>],
        extents: &[Option<Extent>],
        table: &Table,
        meter: &Meter<'_>,
    ) -> Result<(), ReadError> {
        let extents = extents.iter().enumerate();
        let wanted: Vec<_> = extents
            .filter_map(|(position, extent)| Some((position, (*extent)?)))
            .collect();
        let read = self.side_by_side(table, &wanted, meter)?;
        for ((position, _), read) in wanted.into_iter().zip(read) {
            taken[position] = Some(read);
        }
        Ok(())
    }

    /// The first rows of every column.
    fn head(&self, table: &Table) -> Result<Sheet, ReadError> {
        let mut head = table.around.clone();
        if self.said.num_row_groups() == 0 {
            return Ok(head);
        }
        let of_group = self.said.row_group(0).num_rows() as usize;
        let rows = of_group.min(SAMPLE);
        for column in &table.incoming {
            let mut intake =
                Intake::new(column.kind, &column.format, self.limits.strings).map_err(full)?;
            let ids = self.first_ids(0, column.position, rows, &mut intake)?;
            let moved = head.values.append(intake.store.values).map_err(full)?;
            for (row, id) in ids.into_iter().enumerate() {
                let row = table
                    .numbers
                    .as_ref()
                    .map_or(row as u32 + 1, |numbers| numbers[row]);
                if !id.is_empty() {
                    head.grid.column_mut(column.to).set(row, moved.id(id));
                }
            }
        }
        Ok(head)
    }

    fn rows_said(&self) -> u64 {
        let groups = self.said.row_groups().iter();
        groups
            .map(|group| u64::try_from(group.num_rows()).unwrap_or_default())
            .sum()
    }
}

/// The columns of a recognised table, and what is needed of each; `None` where it is no plain table.
fn under_headings(
    head: &Sheet,
    table: &Table,
    needed: Needed<'_>,
) -> Option<(Vec<LayoutColumn>, Vec<Under>)> {
    let recognised = recognise(head, needed.templates);
    let layout = recognised.layout?;
    if layout.group_row.is_some() || layout.head().next().is_some() {
        return None;
    }
    let rules = &layout.template.outcome;
    let says_outcome = |field: Field| {
        rules
            .iter()
            .any(|rule| rule.field == field || rule.needs == Some(field))
    };
    let under = |column: &LayoutColumn| {
        let mut incoming = table.incoming.iter();
        let position = incoming.position(|incoming| incoming.to == column.index)?;
        let need = match column.field {
            // Terms are few, and boxes to tick may be as good as empty.
            Some(field) if field.kind() == FieldKind::Term || says_outcome(field) => Need::Values,
            Some(Field::LeadId) => Need::Values,
            Some(field) => needed.needs.of(field),
            None => Need::Presence,
        };
        Some(Under {
            position,
            field: column.field,
            need,
        })
    };
    let columns = layout.columns.iter().map(under).collect::<Option<_>>()?;
    Some((layout.columns, columns))
}

/// Whether the sheet that was read has the columns that were seen at its head.
pub(super) fn is_recognised_the_same(
    sheet: &Sheet,
    needed: Needed<'_>,
    columns: &[LayoutColumn],
) -> bool {
    let layout = recognise(sheet, needed.templates).layout;
    layout.is_some_and(|layout| layout.columns == columns)
}
