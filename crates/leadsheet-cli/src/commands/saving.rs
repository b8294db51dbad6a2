//! What a command made, saved under the name that was asked for, with the words about it.

use std::path::Path;

use anyhow::anyhow;
use leadsheet::Message;

use crate::{Session, Streams};

/// Saves a file, then says what there is to say about it and that it was written.
pub(super) fn save(
    session: &Session,
    path: &Path,
    bytes: &[u8],
    backup: bool,
    said: &[String],
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    leadsheet::save(path, bytes, backup)
        .map_err(|error| anyhow!(session.tell(&error.message())))?;
    if !session.quiet {
        for line in said {
            writeln!(streams.err, "{line}")?;
        }
        let written = Message::new("command", "written").with("path", path.display());
        writeln!(streams.err, "{}", session.tell(&written))?;
    }
    Ok(())
}
