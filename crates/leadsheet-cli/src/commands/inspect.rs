//! `leadsheet inspect`: what a file holds, before any template.

use leadsheet::recognise;

use crate::args::{InspectArgs, InspectFormat};
use crate::input::open_one;
use crate::render;
use crate::{Session, Status, Streams};

pub(crate) fn inspect(
    session: &Session,
    args: &InspectArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let path = args.file.display().to_string();
    let workbook = open_one(session, &args.file)?;
    let recognitions: Vec<_> = workbook
        .sheets
        .iter()
        .map(|sheet| recognise(sheet, &session.config.templates))
        .collect();
    match args.format {
        InspectFormat::Text => {
            render::text::inspection(
                session,
                &path,
                &workbook,
                &recognitions,
                args.cells,
                streams.out,
            )?;
        }
        InspectFormat::Json => {
            render::json::inspection(
                session,
                &path,
                &workbook,
                &recognitions,
                args.cells,
                streams.out,
            )?;
        }
    }
    Ok(Status::Clean)
}
