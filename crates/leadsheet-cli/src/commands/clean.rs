//! `leadsheet clean`: the user's own workbook without what was marked in it.

use anyhow::bail;
use leadsheet::{Limits, Message, Patch, PatchError};

use crate::args::CleanArgs;
use crate::input::is_same_file;
use crate::{Session, Status, Streams};

pub(crate) fn clean(
    session: &Session,
    args: &CleanArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let output = args.output.as_ref().unwrap_or(&args.input);
    if !args.input.exists() {
        let message = Message::new("command", "no-such-file").with("path", args.input.display());
        bail!(session.tell(&message));
    }
    let onto_itself = is_same_file(&args.input, output);
    if onto_itself && !args.in_place {
        let message = Message::new("command", "onto-itself").with("path", output.display());
        bail!(session.tell(&message));
    }
    let told = |error: PatchError| {
        anyhow::anyhow!(
            "{}: {}",
            args.input.display(),
            session.tell(&error.message())
        )
    };
    let patch = Patch::open(&args.input, &Limits::default()).map_err(told)?;
    let read = || leadsheet::open(&args.input);
    let notices = patch.save_clean(read, output, onto_itself).map_err(told)?;
    if !session.quiet {
        for notice in &notices {
            writeln!(streams.err, "{}", session.tell(&notice.message()))?;
        }
        let written = Message::new("cleaned", "").with("path", output.display());
        writeln!(streams.err, "{}", session.tell(&written))?;
    }
    Ok(Status::Clean)
}
