//! Any spreadsheet of follow-ups, read into a ledger and written back.

mod book;
mod crm;
mod error;
mod grid;
mod limits;
mod mask;
mod notice;
mod part_name;
mod patch;
#[cfg(feature = "parquet")]
mod provenance;
mod read;
mod sheet;
mod template;
mod write;

pub use crm::{
    CRM_PROFILE_SCHEMA, CrmColumn, CrmExport, CrmProfile, LackingLead, ProfileError, Takes,
    TooLong, UnlistedValues, crm_export,
};
pub use error::{Foreign, ReadError, WriteError};
pub use grid::{Grid, GridColumn};
pub use limits::Limits;
pub use mask::{MaskCounts, Masking};
pub use notice::{Notice, NoticeKind};
pub use patch::{
    Annotated, Annotations, FindingsSheet, LeftOut, LeftOutKind, Legend, Masked, Obstacle, Patch,
    PatchError, PatchNotice, PersonLine, Remark, is_annotated,
};
#[cfg(feature = "parquet")]
pub use read::parquet_origin;
pub use read::{Needed, OpenOptions, Progress, workbook_from_bytes, workbook_from_path};
pub use sheet::{FileKind, Sheet, Visibility, Workbook};
pub use template::{
    BannerDefinition, ColumnDefinition, DefinitionFlaw, FormColumn, FormDefinition, FormLayout,
    GroupDefinition, Instruction, Layout, LayoutColumn, Recognised, RowColour, TEMPLATE_SCHEMA,
    TemplateDefinition, TemplateError, Templates, recognise,
};
pub use write::{
    BlankOptions, ChartKind, Figure, FigureBook, FigureChart, FigureColumn, FigureKind, FigureRow,
    FigureSheet, FigureTable, Guide, Loss, OutputColumn, OutputKind, OutputTable, TermChange, Turn,
    WorkbookKind, blank, compose, compose_figures, compose_tables, into_template, losses_of_format,
    losses_outside_tables, save, sheet_name, tables, to_csv, to_json, to_json_lines, would_run,
};
#[cfg(feature = "parquet")]
pub use write::{ParquetNames, ParquetOptions, to_parquet};
