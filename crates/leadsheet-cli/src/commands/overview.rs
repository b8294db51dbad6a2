//! `leadsheet FILE…` without a command: what is wrong in the files, and what converts.

use std::path::PathBuf;

use leadsheet::ReportDefinition;

use super::check::findings;
use crate::input::{expand, read_all, tell_troubles};
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn overview(
    session: &Session,
    files: &[PathBuf],
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let files = expand(session, files)?;
    let inputs = read_all(session, &files, streams);
    let all_read = tell_troubles(session, &inputs, streams)?;
    let (checked, findings) = findings(session, inputs, &session.config.selection);
    render::findings::overview(session, &checked, &findings, streams.out)?;
    if checked
        .books
        .iter()
        .any(|book| book.ledgers().next().is_some())
    {
        let definition = ReportDefinition::new(session.today);
        let report = leadsheet::report(&checked.books, &session.config.policy, &definition)?;
        writeln!(streams.out)?;
        let figures = render::figures::book(session, &report);
        render::text::report(session, &figures, streams.out)?;
    }
    Ok(if all_read {
        Status::Clean
    } else {
        Status::Failed
    })
}
