//! The tables and their columns: what they are called and what they hold. The one list that questions are answered by,
//! the help shows and the tests know.

use leadsheet_core::{Field, FieldKind};

/// A table that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlTable {
    /// A row for each row of the workbooks' tables.
    FollowUps,
    /// A row for each lead, however many rows and workbooks speak of it.
    Leads,
    /// A row for each order of a lead.
    Orders,
    /// A row for each finding.
    Findings,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// Texts.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Date,
    /// True or false.
    Bool,
}

impl SqlType {
    /// Its name in SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "VARCHAR",
            Self::Integer => "BIGINT",
            Self::Number => "DOUBLE",
            Self::Date => "DATE",
            Self::Bool => "BOOLEAN",
        }
    }
}

/// A column that a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: SqlType,
    /// The field whose values these are, where it is one's.
    pub field: Option<Field>,
}

impl SqlColumn {
    const fn new(name: &'static str, kind: SqlType) -> Self {
        Self {
            name,
            kind,
            field: None,
        }
    }

    const fn of_field(field: Field) -> Self {
        Self {
            name: field.key(),
            kind: match field.kind() {
                FieldKind::Date => SqlType::Date,
                FieldKind::Money | FieldKind::Percent => SqlType::Number,
                _ => SqlType::Text,
            },
            field: Some(field),
        }
    }

    /// Whether it says how somebody can be reached, which must be asked for.
    pub fn is_contact(&self) -> bool {
        self.field
            .is_some_and(|field| field.kind() == FieldKind::Contact)
    }
}

/// Where a row stands.
const PLACE: [SqlColumn; 3] = [
    SqlColumn::new("file", SqlType::Text),
    SqlColumn::new("sheet", SqlType::Text),
    SqlColumn::new("row", SqlType::Integer),
];

impl SqlTable {
    /// Every table.
    pub const ALL: [Self; 4] = [Self::FollowUps, Self::Leads, Self::Orders, Self::Findings];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FollowUps => "follow_ups",
            Self::Leads => "leads",
            Self::Orders => "orders",
            Self::Findings => "findings",
        }
    }

    /// Its columns from left to right. `follow_ups` has beside them every column that nobody knows, under its heading.
    pub fn columns(self) -> Vec<SqlColumn> {
        let own: &[SqlColumn] = match self {
            Self::FollowUps => &[
                SqlColumn::new("template", SqlType::Text),
                SqlColumn::new("lead", SqlType::Integer),
                SqlColumn::new("outcome", SqlType::Text),
            ],
            Self::Leads => &[
                SqlColumn::new("lead", SqlType::Integer),
                SqlColumn::new("follow_ups", SqlType::Integer),
                SqlColumn::new("outcome", SqlType::Text),
                SqlColumn::new("created", SqlType::Date),
                SqlColumn::new("first_follow_up", SqlType::Date),
                SqlColumn::new("last_follow_up", SqlType::Date),
                SqlColumn::new("closed", SqlType::Date),
                SqlColumn::new("days_to_close", SqlType::Integer),
                SqlColumn::new("stage_reached", SqlType::Text),
                SqlColumn::new("grade_latest", SqlType::Text),
            ],
            Self::Orders => &[
                SqlColumn::new("lead", SqlType::Integer),
                SqlColumn::new("sold", SqlType::Bool),
                SqlColumn::new("day", SqlType::Date),
                SqlColumn::new("amount", SqlType::Number),
            ],
            Self::Findings => {
                let texts = Self::FINDINGS.map(|name| SqlColumn::new(name, SqlType::Text));
                let mut columns = texts.to_vec();
                columns.insert(2, SqlColumn::new("row", SqlType::Integer));
                columns.push(SqlColumn::new("fixable", SqlType::Bool));
                return columns;
            }
        };
        let fields = Field::ALL.iter().map(|&field| SqlColumn::of_field(field));
        let place = PLACE.into_iter();
        place.chain(own.iter().copied()).chain(fields).collect()
    }

    /// The text columns of `findings`.
    pub(super) const FINDINGS: [&'static str; super::SqlFinding::TEXTS] = [
        "file",
        "sheet",
        "cell",
        "header",
        "field",
        "code",
        "name",
        "severity",
        "message",
        "value",
        "suggestion",
    ];
}

/// The columns that hold contact details.
pub(super) fn contact_columns() -> impl Iterator<Item = &'static str> {
    let columns = Field::ALL.iter().map(|&field| SqlColumn::of_field(field));
    columns
        .filter(SqlColumn::is_contact)
        .map(|column| column.name)
}
