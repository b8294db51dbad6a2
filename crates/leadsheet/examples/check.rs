//! Checks a workbook and prints what is wrong in it, in Chinese.
//!
//! `cargo run -p leadsheet --example check -- fixtures/lead_ledger_sample.xlsx 2025-07-01`

use anyhow::Context as _;
use leadsheet::{Context, Language, Policy, Selection, Templates};

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("which workbook?")?;
    let today = arguments.next().context("which day?")?.parse()?;

    let book = leadsheet::open(&path)?.into_book(&path, &Templates::builtin());
    let policy = Policy::default();
    let checkup = leadsheet::check(
        &Context {
            policy: &policy,
            today,
        },
        &[book],
        &Selection::default(),
    );
    for finding in checkup.findings {
        let cell = finding
            .cell
            .map(|cell| cell.to_string())
            .unwrap_or_default();
        let words = Language::Chinese.text(&finding.message);
        println!("{}!{cell} {} {words}", finding.sheet, finding.rule.code);
    }
    Ok(())
}
