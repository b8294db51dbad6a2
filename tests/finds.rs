//! Inputs that brought a reader down once (`tests/fuzz/finds/`, by target), and some that were made to: each is answered
//! soon, by a workbook or an error.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

#[path = "fuzz/src/targets.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the fuzzer")]
mod targets;

use targets::TARGETS;

/// Does it in a thread of its own, so that what hangs is told from what is slow.
fn within(seconds: u64, name: &str, feed: impl FnOnce() + Send + 'static) {
    let (done, waiting) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        feed();
        let _ = done.send(());
    });
    match waiting.recv_timeout(Duration::from_secs(seconds)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name} hangs"),
        _ => assert!(thread.join().is_ok(), "{name} panicked"),
    }
}

#[test]
fn what_brought_a_reader_down_once_does_not_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/finds");
    for (name, target) in TARGETS {
        for find in fs::read_dir(folder.join(name)).into_iter().flatten() {
            let path = find.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            within(60, &path.display().to_string(), move || target(&bytes));
        }
    }
}

/// Each target takes what its format is made of, cut off at every place and with every byte changed in turn.
#[test]
fn no_cut_and_no_changed_byte_brings_a_reader_down() {
    let sheet = b"<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c>\
        <c r=\"XFD1\" t=\"inlineStr\"><is><t>&#x4E2D;</t></is></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B9\"/>\
        </mergeCells></worksheet>";
    let strings = b"<sst count=\"4294967295\"><si><t>_x0041_</t></si><si><r><t xml:space=\"preserve\"> a</t></r><rPh/></si></sst>";
    let text = "编号,姓名\n\"A001\",\"甲\"\n".as_bytes();
    // BOF of a workbook, a sheet that begins far away, CODEPAGE, a string table that claims four thousand millions.
    let biff = [
        &[
            0x09, 0x08, 0x10, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ][..],
        &[0x42, 0, 2, 0, 0xA8, 3],
        &[0x85, 0, 9, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 1, 0, b'a'],
        &[
            0xFC, 0, 12, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, b'b',
        ],
        &[0x0A, 0, 0, 0],
    ]
    .concat();
    let styles = b"<styleSheet><fills count=\"2\"><fill/><fill/></fills><cellXfs><xf/><xf fillId='1'><alignment/></xf></cellXfs></styleSheet>";
    let inputs: [(&str, &[u8]); 6] = [
        ("sheet", sheet),
        ("patched_sheet", sheet),
        ("patched_styles", styles),
        ("shared_strings", strings),
        ("text", text),
        ("biff", &biff),
    ];
    for (wanted, bytes) in inputs {
        let (_, target) = TARGETS
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .unwrap();
        let bytes = bytes.to_vec();
        within(300, wanted, move || {
            for cut in 0..=bytes.len() {
                target(&bytes[..cut]);
            }
            for at in 0..bytes.len() {
                for value in [0, 0x7F, 0xFF, b'<', b'9'] {
                    let mut changed = bytes.clone();
                    changed[at] = value;
                    target(&changed);
                }
            }
        });
    }
}
