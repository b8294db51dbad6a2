//! Prints the leads of a workbook as JSON, each with its follow-ups.
//!
//! `cargo run -p leadsheet --no-default-features --example leads -- fixtures/lead_ledger_sample.xlsx`

use anyhow::Context as _;
use leadsheet::{LeadRecord, Leads, Policy, Reading, Templates};

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("which workbook?")?;
    let book = leadsheet::open(&path)?.into_book(&path, &Templates::builtin());
    let policy = Policy::default();
    for ledger in book.ledgers() {
        let reading = Reading::new(ledger, &policy);
        let leads: Vec<LeadRecord> = Leads::new(&reading).iter().map(LeadRecord::from).collect();
        println!("{}", serde_json::to_string_pretty(&leads)?);
    }
    Ok(())
}
