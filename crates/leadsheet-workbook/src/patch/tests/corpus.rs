//! Every real workbook that nobody here made: annotated, it is the same workbook; cleaned, it is the same package.

use std::path::PathBuf;

use super::*;

/// The files of the corpus with their names, in order; none where there is no corpus.
pub(super) fn corpus() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = crate::read::corpus::corpus() else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder.join("files")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let file = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    };
    paths.into_iter().map(file).collect()
}

/// Some cells of every sheet: the first and the last in use, one with a formula, one beyond, one far away.
fn places(workbook: &crate::Workbook) -> Vec<(&str, CellRef)> {
    let mut places = Vec::new();
    for sheet in &workbook.sheets {
        let mut cells = vec![CellRef::new(2, 3), CellRef::new(200, 40)];
        if let Some(used) = sheet.used() {
            let beyond = CellRef::new(used.last.row + 1, used.last.column + 1);
            cells.extend([used.first, used.last, beyond]);
        }
        cells.extend(sheet.formulas.first());
        cells.extend(sheet.formulas.get(sheet.formulas.len() / 2));
        cells.retain(|cell| cell.row < 1_048_576 && cell.column < 16_384);
        places.extend(cells.into_iter().map(|cell| (sheet.name.as_str(), cell)));
    }
    places
}

/// Parts that annotating may write anew.
pub(super) fn may_change(name: &str) -> bool {
    let name = name.to_lowercase().replace('\\', "/");
    let name = name.trim_start_matches('/');
    name == "[content_types].xml"
        || name.ends_with("workbook.xml")
        || name.ends_with("workbook.xml.rels")
        || name.ends_with("workbook2.xml")
        || name.ends_with("workbook2.xml.rels")
        || name.contains("styles")
        || name.contains("sheet")
        || name.contains("comments")
        || name.contains("vml")
}

/// Workbooks that can be read and not be changed, and why.
pub(super) const REFUSED: [(&str, &str); 3] = [
    // ISO 8859-1, in CDATA sections.
    ("024_tdf76115.xlsx", "neither UTF-8 nor UTF-16"),
    ("164_sample-beta.xlsx", "from before the standard"),
    ("289_issue252.xlsx", "its checksum is wrong"),
];

/// How many parts are untouched; `None` where the workbook is refused, rightly.
fn check(name: &str, before: &[u8]) -> Option<usize> {
    let workbook = read(before).ok()?;
    let places = places(&workbook);
    let after = match (
        annotated(before, &places),
        REFUSED.iter().find(|known| known.0 == name),
    ) {
        (Ok(after), None) => after,
        (Err(error), Some((_, why))) if error.to_string().contains(why) => return None,
        (outcome, _) => panic!("{name}: {:?}", outcome.map(drop)),
    };
    if let Some(folder) = std::env::var_os("LEADSHEET_ANNOTATED") {
        std::fs::write(Path::new(&folder).join(name), &after).unwrap();
    }
    let (entries_before, entries_after) = (entries(before), entries(&after));
    let by_name: BTreeMap<_, _> = entries_after.iter().cloned().collect();
    let mut same = 0;
    for (entry, content) in &entries_before {
        match by_name.get(entry) {
            Some(now) if now == content => same += 1,
            Some(_) if may_change(entry) => {}
            _ => panic!("{name}: {entry} is not what it was"),
        }
    }
    let order = |entries: &[(String, (String, Vec<u8>))]| -> Vec<String> {
        entries.iter().map(|(name, _)| name.clone()).collect()
    };
    assert!(
        order(&entries_after).starts_with(&order(&entries_before)),
        "{name}: order"
    );

    let (cells_before, mut cells_after) = (cells(before), cells(&after));
    cells_after
        .remove("检查结果")
        .or_else(|| cells_after.remove("检查结果 (2)"));
    assert_eq!(cells_before, cells_after, "{name}");

    let again = read(&after).unwrap();
    assert!(is_annotated(&again), "{name}");
    let (clean, notices) = cleaned(&after).unwrap();
    assert!(
        !notices.contains(&PatchNotice::SavedSince),
        "{name}: {notices:?}"
    );
    assert_eq!(parts(&clean), parts(before), "{name}: cleaned");
    let twice = annotated(&clean, &places).unwrap();
    assert!(twice == after, "{name}: annotated again");
    Some(same)
}

#[test]
fn every_real_workbook_comes_back_annotated_and_comes_back_clean() {
    let corpus = corpus();
    if corpus.is_empty() {
        return;
    }
    let (mut done, mut untouched) = (0, 0);
    for (name, bytes) in &corpus {
        let extension = name.rsplit('.').next().unwrap();
        if ["xlsx", "xlsm", "xltx", "xltm"].contains(&extension)
            && let Some(parts) = check(name, bytes)
        {
            done += 1;
            untouched += parts;
        }
    }
    println!("{done} workbooks, {untouched} parts untouched");
    assert!(done > 100 && untouched > 5 * done, "{done}, {untouched}");
}
