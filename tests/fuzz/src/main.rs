//! One program for all targets: `LEADSHEET_FUZZ=sheet fuzz CORPUS…`.
#![no_main]

use std::sync::OnceLock;

mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let wanted = std::env::var("LEADSHEET_FUZZ").unwrap_or_default();
        let found = targets::TARGETS.iter().find(|(name, _)| *name == wanted);
        found.expect("LEADSHEET_FUZZ names a target").1
    });
    target(bytes);
});
