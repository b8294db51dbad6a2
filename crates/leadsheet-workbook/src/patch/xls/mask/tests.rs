//! Names and numbers planted in records and streams of an `.xls` that another program wrote, and every byte of what comes
//! out searched for them.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};

use calamine::{Data, Reader as _};
use cfb::CompoundFile;
use leadsheet_core::MaskOptions;

use crate::patch::mask::{LeftOutKind, Masked};
use crate::read::xls::record::{Records, id};
use crate::{Limits, Masking, OpenOptions, Patch, Templates, workbook_from_bytes};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/../../fixtures/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn masked(bytes: &[u8]) -> (Vec<u8>, Masked) {
    let workbook = workbook_from_bytes(bytes, &OpenOptions::default()).unwrap();
    let masking = Masking::of(&workbook, &Templates::builtin(), MaskOptions::default());
    let mut out = Cursor::new(Vec::new());
    let masked = Patch::from_bytes(bytes.to_vec(), &Limits::default())
        .unwrap()
        .mask(masking, &mut out)
        .unwrap();
    (out.into_inner(), masked)
}

fn cells(bytes: &[u8]) -> Vec<(String, (usize, usize), Data)> {
    let mut workbook = calamine::Xls::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut cells = Vec::new();
    for (name, range) in workbook.worksheets() {
        cells.extend(
            range
                .used_cells()
                .map(|(row, column, data)| (name.clone(), (row, column), data.clone())),
        );
    }
    cells
}

/// Every stream, its name, and the file itself.
fn places(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut file = CompoundFile::open(Cursor::new(bytes.to_vec())).unwrap();
    let paths: Vec<_> = file
        .walk()
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.path().to_owned())
        .collect();
    let mut places = vec![bytes.to_vec()];
    for path in paths {
        let mut content = path.to_string_lossy().into_owned().into_bytes();
        file.open_stream(&path)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        places.push(content);
    }
    places
}

/// The secrets that are in any place, in UTF-16 from either byte on, in UTF-8 or in one byte a character.
fn found<'s>(bytes: &[u8], secrets: &BTreeSet<&'s str>) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    for place in places(bytes) {
        for secret in secrets {
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let is_there = |wanted: &[u8]| memchr::memmem::find(&place, wanted).is_some();
            if is_there(&wide) || is_there(secret.as_bytes()) {
                found.insert(*secret);
            }
        }
    }
    found
}

fn record(id: u16, body: &[u8]) -> Vec<u8> {
    [
        &id.to_le_bytes()[..],
        &(body.len() as u16).to_le_bytes(),
        body,
    ]
    .concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let head = (units.len() as u16).to_le_bytes();
    [
        &head[..],
        &[1],
        &units
            .iter()
            .flat_map(|unit| unit.to_le_bytes())
            .collect::<Vec<u8>>(),
    ]
    .concat()
}

/// The lively ledger with more in it than xlwt writes.
fn planted(name: &str) -> Vec<u8> {
    let mut file = CompoundFile::open(Cursor::new(fixture("lead_ledger_lively.xls"))).unwrap();
    let mut stream = Vec::new();
    file.open_stream("/Workbook")
        .unwrap()
        .read_to_end(&mut stream)
        .unwrap();
    // xlwt fills the stream up with zeros.
    let ends = Records::new(&stream, 0).filter(|record| record.id == id::EOF);
    let end = ends.last().unwrap().offset;
    let note = [&[2, 0, 3, 0, 0, 0, 1, 0][..], &wide("王晓梅"), &[0]].concat();
    let number = [
        &900_u16.to_le_bytes()[..],
        &[40, 0, 15, 0],
        &13_800_138_000_f64.to_le_bytes(),
    ]
    .concat();
    let text_token = [
        &[0x17, name.encode_utf16().count() as u8][..],
        &wide(name)[2..],
    ]
    .concat();
    let number_token = [&[0x1F][..], &13_900_139_000_f64.to_le_bytes()].concat();
    let formula = |tokens: &[u8], result: [u8; 8]| {
        [
            &901_u16.to_le_bytes()[..],
            &[40, 0, 15, 0],
            &result,
            &[0; 6],
            &(tokens.len() as u16).to_le_bytes(),
            tokens,
        ]
        .concat()
    };
    let more = [
        record(0x0203, &number),
        record(
            0x0006,
            &formula(&text_token, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        ),
        record(0x0207, &wide(&format!("{name}来电"))),
        record(
            0x0006,
            &formula(&number_token, 13_900_139_000_f64.to_le_bytes()),
        ),
        record(0x001C, &note),
        record(0x0014, &wide(&format!("&L{name} 13700137000"))),
        record(0x01B6, &[0; 18]),
        record(0x003C, &wide(&format!("{name}很急"))[2..]),
        record(
            0x0FFF,
            &[&[7, 1][..], b"zhang.jianing@example.com"].concat(),
        ),
        record(0x004D, &wide(name)),
    ];
    stream.splice(end..end, more.concat());
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&stream)
        .unwrap();
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_storage_all("/_VBA_PROJECT_CUR/VBA").unwrap();
    for path in [
        "/_VBA_PROJECT_CUR/VBA/dir",
        "/\u{5}DocumentSummaryInformation",
        "/leadsheet.undo",
        "/Ctls",
    ] {
        file.create_stream(path).unwrap().write_all(&utf16).unwrap();
    }
    // What is removed stays in the file's free sectors.
    file.create_stream("/gone")
        .unwrap()
        .write_all(&utf16.repeat(4000))
        .unwrap();
    file.remove_stream("/gone").unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// What the columns 联系人 and 联系方式 of the lively ledger hold, as calamine reads them.
fn people(cells: &[(String, (usize, usize), Data)]) -> Vec<String> {
    let mut people = Vec::new();
    for heading in ["联系人", "联系方式"] {
        let (_, (row, column), _) = cells
            .iter()
            .find(|(_, _, data)| *data == Data::String(heading.to_owned()))
            .unwrap();
        let below = cells
            .iter()
            .filter(|(_, (at, in_column), _)| in_column == column && at > row);
        people.extend(
            below
                .map(|(_, _, data)| data.to_string())
                .filter(|text| text.chars().count() > 1),
        );
    }
    // Masked already, or a surname with a title.
    let is_secret = |text: &String| !text.contains(['*', '先', '女', '总', '工']);
    people.into_iter().filter(is_secret).collect()
}

#[test]
fn nobody_is_left_in_any_stream() {
    let plain = cells(&fixture("lead_ledger_lively.xls"));
    let people = people(&plain);
    assert!(people.len() > 100, "{}", people.len());
    let name = people
        .iter()
        .find(|name| name.chars().count() == 3)
        .unwrap();
    let original = planted(name);
    let mut secrets: BTreeSet<&str> = people.iter().map(String::as_str).collect();
    secrets.extend(["王晓梅", "13700137000", "zhang.jianing"]);
    assert_eq!(found(&original, &secrets), secrets);
    let (out, masked) = masked(&original);
    assert_eq!(found(&out, &secrets), BTreeSet::new());
    for number in [13_800_138_000_f64, 13_900_139_000.0] {
        let bytes = number.to_le_bytes();
        let is_there = |place: &Vec<u8>| memchr::memmem::find(place, &bytes).is_some();
        assert!(
            places(&original).iter().any(is_there) && !places(&out).iter().any(is_there),
            "{number}"
        );
    }
    let kinds: BTreeSet<_> = masked
        .left_out
        .iter()
        .map(|gone| gone.kind.name())
        .collect();
    for kind in [
        LeftOutKind::Macros,
        LeftOutKind::Undo,
        LeftOutKind::Embedded,
        LeftOutKind::Printer,
        LeftOutKind::Properties,
    ] {
        assert!(kinds.contains(kind.name()), "{kind:?} {kinds:?}");
    }
    assert!(
        self::masked(&out).0 == out,
        "masking twice changes something"
    );
}

#[test]
fn all_other_cells_are_the_same_to_another_reader() {
    let original = fixture("lead_ledger_lively.xls");
    let (before, after) = (cells(&original), cells(&masked(&original).0));
    assert_eq!(before.len(), after.len());
    let people = people(&before);
    let mut changed = 0;
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one.1, other.1);
        let text = one.2.to_string();
        if people.iter().any(|person| text.contains(person.as_str())) {
            assert!(
                other.2.to_string().contains('*'),
                "{:?} {text}: {}",
                one.1,
                other.2
            );
            changed += 1;
        } else if one.2 != other.2 {
            // Numbers and names that stand in texts alone.
            assert!(
                other.2.to_string().contains('*'),
                "{:?} {text}: {}",
                one.1,
                other.2
            );
        }
    }
    assert!(changed > 300, "{changed}");
}
