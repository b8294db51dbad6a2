//! What came of a question in SQL, and the tables that can be asked.

use std::io::Write;

use leadsheet::{
    Figure, FigureColumn, FigureKind, FigureRow, FigureTable, Message, SqlAnswer, SqlColumn,
    SqlTable, SqlValue, iso_date, shortest, sql_functions,
};
use serde_json::{Value, json};

use super::csv::{BYTE_ORDER_MARK, guarded};
use super::text::figure_table;
use crate::Session;

/// For people: a table, numbers to the right.
pub(crate) fn text(
    session: &Session,
    answer: &SqlAnswer,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let headings = answer.columns().into_iter().enumerate();
    let columns = headings.map(|(position, heading)| FigureColumn {
        heading,
        // Its own spelling, standing to the right.
        kind: if answer.is_number(position) {
            FigureKind::Count
        } else {
            FigureKind::Text
        },
    });
    let of_row = |row: Vec<SqlValue>| FigureRow {
        cells: row.iter().map(|it| Figure::Text(shown(it))).collect(),
        faint: false,
    };
    let table = FigureTable {
        columns: columns.collect(),
        rows: answer.rows().map(of_row).collect(),
        ..FigureTable::default()
    };
    writeln!(out, "{}", figure_table(&table))?;
    if answer.is_empty() {
        writeln!(out, "{}", session.say("sql-no-rows"))?;
    }
    Ok(())
}

/// For programs: `{"schema": "leadsheet.sql/1", "columns": […], "rows": [{…}]}`.
pub(crate) fn json(answer: &SqlAnswer, out: &mut dyn Write) -> anyhow::Result<()> {
    let columns = answer.columns();
    let head = serde_json::to_string(&columns)?;
    write!(
        out,
        "{{\"schema\":\"leadsheet.sql/1\",\"columns\":{head},\"rows\":["
    )?;
    for (position, row) in answer.rows().enumerate() {
        let comma = if position > 0 { "," } else { "" };
        write!(out, "{comma}\n{{")?;
        // In the order of the columns.
        for (position, (name, value)) in columns.iter().zip(&row).enumerate() {
            let comma = if position > 0 { "," } else { "" };
            let name = serde_json::to_string(name)?;
            write!(out, "{comma}{name}:{}", json_of(value))?;
        }
        write!(out, "}}")?;
    }
    writeln!(out, "\n]}}")?;
    Ok(())
}

fn json_of(value: &SqlValue) -> Value {
    match value {
        SqlValue::Bool(value) => json!(value),
        SqlValue::Integer(value) => json!(value),
        SqlValue::Number(value) if value.is_finite() => json!(value),
        // No number is what JSON has no number for.
        SqlValue::Null | SqlValue::Number(_) => Value::Null,
        value => json!(shown(value)),
    }
}

/// For spreadsheets: one line a row.
pub(crate) fn csv(answer: &SqlAnswer, out: &mut dyn Write) -> anyhow::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(answer.columns().iter().map(|name| guarded(name)))?;
    for row in answer.rows() {
        let field = |value: &SqlValue| match value {
            SqlValue::Text(text) => guarded(text),
            value => shown(value),
        };
        writer.write_record(row.iter().map(field))?;
    }
    writer.flush()?;
    Ok(())
}

fn shown(value: &SqlValue) -> String {
    match value {
        SqlValue::Bool(value) => value.to_string(),
        SqlValue::Integer(number) => number.to_string(),
        SqlValue::Number(number) => shortest(*number),
        SqlValue::Text(text) => text.clone(),
        SqlValue::Day(day) => day.to_string(),
        SqlValue::Moment(moment) => iso_date(*moment),
        _ => String::new(),
    }
}

/// The tables and their columns, with what each holds.
pub(crate) fn columns(session: &Session, out: &mut dyn Write) -> anyhow::Result<()> {
    for table in SqlTable::ALL {
        let about = session.say(&format!("sql-table-{}", table.name()));
        writeln!(out, "{}: {about}\n", table.name())?;
        let row = |column: &SqlColumn| {
            let cells = [
                column.name.to_owned(),
                column.kind.name().to_owned(),
                meaning(session, table, column),
            ];
            FigureRow {
                cells: cells.map(Figure::Text).into(),
                faint: false,
            }
        };
        let heads = ["sql-column", "sql-type", "sql-meaning"];
        let figures = FigureTable {
            columns: heads
                .map(|id| FigureColumn {
                    heading: session.say(id),
                    kind: FigureKind::Text,
                })
                .into(),
            rows: table.columns().iter().map(row).collect(),
            ..FigureTable::default()
        };
        writeln!(out, "{}\n", figure_table(&figures))?;
    }
    let functions = Message::new("sql", "functions").with("functions", sql_functions().join(" "));
    writeln!(out, "{}\n", session.tell(&functions))?;
    writeln!(out, "{}", session.say("sql-columns-note"))?;
    Ok(())
}

/// The same for programs.
pub(crate) fn columns_as_json(session: &Session, out: &mut dyn Write) -> anyhow::Result<()> {
    let tables = SqlTable::ALL.map(|table| {
        let columns = table.columns();
        let columns = columns.iter().map(|column| {
            json!({
                "name": column.name,
                "type": column.kind.name(),
                "contact": column.is_contact(),
                "meaning": meaning(session, table, column),
            })
        });
        json!({"name": table.name(), "columns": columns.collect::<Vec<_>>()})
    });
    let document = json!({"schema": "leadsheet.sql-columns/1", "tables": tables, "functions": sql_functions()});
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(())
}

/// A field by its usual heading, everything else in words.
fn meaning(session: &Session, table: SqlTable, column: &SqlColumn) -> String {
    let Some(field) = column.field else {
        let own = format!("sql-{}-{}", table.name(), column.name);
        let own = session.language.find(&own);
        return own.unwrap_or_else(|| session.say(&format!("sql-{}", column.name)));
    };
    let heading = session.config.templates.usual_heading(field).to_owned();
    if column.is_contact() {
        return format!("{heading} (--contacts)");
    }
    heading
}
