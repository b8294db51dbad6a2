//! `leadsheet mask`: the workbook with everybody in it hidden, to be shared.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use leadsheet::{
    Limits, MaskCounts, MaskKind, MaskOptions, Masked, Masking, Message, Obstacle, OpenOptions,
    OutputKind, Patch, PatchError, Workbook, WriteError,
};
use serde::Serialize;

use super::convert::{composed, message_of};
use crate::args::{MaskArgs, MaskFormat};
use crate::input::{STANDARD_INPUT, is_same_file};
use crate::{Session, Status, Streams};

pub(crate) fn mask(
    session: &Session,
    args: &MaskArgs,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Status> {
    let output = args.output.as_ref().unwrap_or(&args.input);
    let about = |group, variant, path: &Path| {
        session.tell(&Message::new(group, variant).with("path", path.display()))
    };
    let is_stream = args.input.as_os_str() == STANDARD_INPUT;
    let missing = if is_stream {
        output.as_os_str() == STANDARD_INPUT
    } else {
        !args.input.exists()
    };
    if missing {
        bail!(about("command", "no-such-file", &args.input));
    }
    if args.input.is_dir() {
        bail!(about("command", "is-a-folder", &args.input));
    }
    let onto_itself = is_same_file(&args.input, output);
    if onto_itself && !args.in_place {
        bail!(about("command", "onto-itself", output));
    }
    let bytes =
        bytes_of(&args.input).with_context(|| about("command", "cannot-read", &args.input))?;
    let refused = |said: String| anyhow::anyhow!("{}: {said}", args.input.display());
    let workbook = leadsheet::workbook_from_bytes(&bytes, &OpenOptions::default());
    let workbook = workbook.map_err(|error| refused(session.tell(&error.message())))?;
    let options = MaskOptions {
        staff: args.staff,
        companies: args.companies,
        numbered: args.number,
    };
    let masking = Masking::of(&workbook, &session.config.templates, options);
    let masked = match Patch::from_bytes(bytes, &Limits::default()) {
        Ok(patch) if has_ending(output, patch.extension()) => {
            let masked = patch.save_masked(masking, output, onto_itself);
            masked.map_err(|error| refused(session.tell(&error.message())))?
        }
        Ok(patch) if onto_itself => {
            let message = Message::new("mask", "ending").with("path", output.display());
            bail!(session.tell(&message.with("extension", patch.extension())));
        }
        Ok(_)
        | Err(
            PatchError::Format(_)
            | PatchError::Refused {
                obstacle: Obstacle::TooOld,
                ..
            },
        ) => {
            let losses = anew(session, masking, &workbook, output, onto_itself)?;
            let Composed { masked, losses } = losses;
            if !session.quiet {
                for loss in losses {
                    writeln!(streams.err, "{loss}")?;
                }
            }
            masked
        }
        Err(error) => return Err(refused(session.tell(&error.message()))),
    };
    if args.format == MaskFormat::Json {
        print(args, output, &masked, streams)?;
    }
    if !session.quiet {
        told(session, output, &masked, streams)?;
        if onto_itself {
            let mut name = output.file_name().unwrap_or_default().to_owned();
            name.push(".bak");
            writeln!(
                streams.err,
                "{}",
                about("mask", "backup", &output.with_file_name(name))
            )?;
        }
        writeln!(streams.err, "{}", session.say("mask-look"))?;
    }
    Ok(Status::Clean)
}

fn bytes_of(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != STANDARD_INPUT {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a name ends as a format's files do. WPS and templates of old have endings of their own.
fn has_ending(path: &Path, extension: &str) -> bool {
    let said = path
        .extension()
        .map(|said| said.to_string_lossy().to_lowercase());
    let said = said.as_deref();
    said == Some(extension) || extension == "xls" && matches!(said, Some("xlt" | "et"))
}

/// What was composed, and what that could not carry over.
struct Composed {
    masked: Masked,
    losses: Vec<String>,
}

/// Writes the tables anew, in a format that is not that of the file.
fn anew(
    session: &Session,
    masking: Masking<'_>,
    workbook: &Workbook,
    output: &Path,
    backup: bool,
) -> anyhow::Result<Composed> {
    let told = |error: WriteError| anyhow::anyhow!(session.tell(&error.message()));
    let kind = OutputKind::of(output).map_err(told)?;
    let composed_anew = masking.compose();
    let full = || session.tell(&Message::new("mask", "too-large").with("path", output.display()));
    let (hidden, counts) = composed_anew.with_context(full)?;
    let shown = output.display().to_string();
    let composed = composed(session, None, kind, &shown, &hidden)?;
    leadsheet::save(output, &composed.bytes, backup).map_err(told)?;
    let renamed = workbook
        .sheets
        .iter()
        .zip(&hidden.sheets)
        .filter(|(was, is)| was.name != is.name);
    let mut masked = Masked::default();
    masked.texts = counts.cells;
    masked.counts = counts;
    masked.sheets_renamed = renamed.count() as u64;
    Ok(Composed {
        masked,
        losses: composed
            .losses
            .iter()
            .map(|loss| session.tell(&message_of(loss)))
            .collect(),
    })
}

fn told(
    session: &Session,
    output: &Path,
    masked: &Masked,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    let MaskCounts { cells, kinds } = &masked.counts;
    let written = Message::new("mask", "written")
        .with("path", output.display())
        .with("cells", cells);
    writeln!(streams.err, "{}", session.tell(&written))?;
    if !kinds.is_empty() {
        let kinds = kinds.iter().map(|(kind, count)| {
            let kind = session.tell(&Message::new("mask-kind", kind.key()).with("count", count));
            session.tell(
                &Message::new("mask", "kind")
                    .with("count", count)
                    .with("kind", kind),
            )
        });
        let separator = session.say("mask-separator");
        let kinds: Vec<String> = kinds.collect();
        let message = Message::new("mask", "kinds").with("kinds", kinds.join(&separator));
        writeln!(streams.err, "{}", session.tell(&message))?;
    }
    if masked.sheets_renamed > 0 {
        let message = Message::new("mask", "sheets").with("count", masked.sheets_renamed);
        writeln!(streams.err, "{}", session.tell(&message))?;
    }
    for gone in &masked.left_out {
        let message = Message::new("mask", "left-out")
            .with("what", gone.kind.name())
            .with("place", &gone.place);
        writeln!(streams.err, "{}", session.tell(&message))?;
    }
    for notice in &masked.notices {
        writeln!(streams.err, "{}", session.tell(&notice.message()))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Printed<'a> {
    schema: &'static str,
    path: String,
    out: String,
    cells: u64,
    masked: BTreeMap<&'static str, u64>,
    texts: u64,
    sheets_renamed: u64,
    left_out: Vec<PrintedLeftOut<'a>>,
}

#[derive(Serialize)]
struct PrintedLeftOut<'a> {
    kind: &'static str,
    place: &'a str,
}

fn print(
    args: &MaskArgs,
    output: &Path,
    masked: &Masked,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    let count = |kind: MaskKind| masked.counts.kinds.get(&kind).copied().unwrap_or(0);
    let printed = Printed {
        schema: "leadsheet.mask/1",
        path: args.input.display().to_string(),
        out: output.display().to_string(),
        cells: masked.counts.cells,
        masked: MaskKind::ALL
            .into_iter()
            .map(|kind| (kind.key(), count(kind)))
            .collect(),
        texts: masked.texts,
        sheets_renamed: masked.sheets_renamed,
        left_out: masked
            .left_out
            .iter()
            .map(|gone| PrintedLeftOut {
                kind: gone.kind.name(),
                place: &gone.place,
            })
            .collect(),
    };
    serde_json::to_writer(&mut *streams.out, &printed)?;
    writeln!(streams.out)?;
    Ok(())
}
