//! Runs the command in this process and gives what it printed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use leadsheet_cli::{Status, Streams, run};
use serde_json::Value;

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) status: Status,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A fixture's path.
pub(crate) fn fixture(name: &str) -> String {
    root()
        .join("fixtures")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

/// Runs `leadsheet` with these arguments on a fixed day, in English unless they say otherwise.
pub(crate) fn leadsheet(arguments: &[&str]) -> Ran {
    let mut line: Vec<OsString> = vec!["leadsheet".into()];
    line.extend(arguments.iter().map(OsString::from));
    if !arguments.contains(&"--lang") {
        line.extend(["--lang".into(), "en".into()]);
    }
    if !arguments.contains(&"--today") {
        line.extend(["--today".into(), "2025-07-01".into()]);
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = run(
        line,
        &mut Streams {
            out: &mut out,
            err: &mut err,
            interactive: false,
        },
    );
    let text = |bytes: Vec<u8>| strip_str(&String::from_utf8(bytes).unwrap()).to_string();
    Ran {
        status,
        out: text(out),
        err: text(err),
    }
}
