//! Checks follow-ups that never stood in a workbook: rows from a program of one's own.
//!
//! `cargo run -p leadsheet --no-default-features --example own_rows`

use leadsheet::{
    Book, BookSheet, Context, Field, Language, LedgerBuilder, Policy, Selection, Value,
};

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> anyhow::Result<()> {
    let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
    builder.required_column("线索编号", Field::LeadId);
    builder.column("客户名称", Some(Field::Customer));
    builder.column("跟进日期", Some(Field::FollowUpDate));
    builder.column("当前状态", Some(Field::Stage));
    for row in [
        ["A-1", "北辰机电", "2025-02-30", "意向客户"],
        ["A-2", "南汀贸易", "2025-03-01", "成交"],
    ] {
        builder.row(&row.map(Value::Text))?;
    }
    let sheet = BookSheet {
        name: "线索跟进".into(),
        visible: true,
        ledger: Some(builder.build()),
        ..BookSheet::default()
    };
    let book = Book {
        path: "rows".into(),
        sheets: vec![sheet],
    };

    let context = Context {
        policy: &Policy::default(),
        today: "2025-03-02".parse()?,
    };
    for finding in leadsheet::check(&context, &[book], &Selection::default()).findings {
        println!(
            "{} {}",
            finding.rule.code,
            Language::English.text(&finding.message)
        );
    }
    Ok(())
}
