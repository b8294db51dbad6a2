//! Files that hold one table: CSV, JSON lines and parquet, written alike by every command.

use leadsheet::{Loss, OutputKind, OutputTable, ParquetNames, ParquetOptions, Sheet, WriteError};

use crate::Session;

/// The bytes of a table in a format of one, and what could not be carried over. Of a table that was taken from a file,
/// parquet remembers the sheet and the path.
///
/// # Errors
/// [`WriteError`]
pub(super) fn bytes_of(
    session: &Session,
    kind: OutputKind,
    table: &OutputTable<'_>,
    from: Option<(&Sheet, &str)>,
) -> Result<(Vec<u8>, Vec<Loss>), WriteError> {
    Ok(match kind {
        OutputKind::Parquet => {
            let options = ParquetOptions {
                policy: &session.config.policy,
                names: ParquetNames::Headings,
                origin: from.map(|(_, path)| path),
            };
            leadsheet::to_parquet(table, from.map(|(sheet, _)| sheet), &options)?
        }
        OutputKind::JsonLines => (leadsheet::to_json_lines(table)?, Vec::new()),
        _ => {
            let (bytes, count) = leadsheet::to_csv(table)?;
            let guarded = (count > 0).then_some(Loss::FormulaTextsGuarded { count });
            (bytes, guarded.into_iter().collect())
        }
    })
}
