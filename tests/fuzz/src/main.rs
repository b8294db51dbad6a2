//! One program for all targets: `LEADSHEET_FUZZ=sheet fuzz CORPUS…`.
#![no_main]

use std::sync::OnceLock;

mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let wanted = std::env::var("LEADSHEET_FUZZ").unwrap_or_default();
        let at_once = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // What Apache's crate does with a damaged file is caught by our reader, which says that it is damaged.
            let place = panic.location().map_or("", |place| place.file());
            if !place.contains("/parquet-") {
                at_once(panic);
            }
        }));
        let found = targets::TARGETS.iter().find(|(name, _)| *name == wanted);
        found.expect("LEADSHEET_FUZZ names a target").1
    });
    target(bytes);
});
