//! `annotate FILE OUT`: marks a thousand cells, spread over the first sheet, as `check --annotate` does.
//! `annotate --floor FILE`: unpacks every worksheet of the workbook and packs it again, and does nothing else. Nobody who
//! changes a packed sheet can be faster.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use leadsheet::{Annotations, CellRef, FindingsSheet, Legend, Limits, Patch, Remark, Severity};
use zip::ZipArchive;

/// Cells to mark.
const CELLS: u32 = 1_000;
/// Rows they are spread over, and columns.
const ROWS: u32 = 1_000_000;
const COLUMNS: u32 = 14;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [floor, file] if floor == "--floor" => repack(file),
        [file, out] => annotate(file, out),
        _ => bail!("usage: annotate FILE OUT, or annotate --floor FILE"),
    }
}

fn repack(file: &str) -> Result<()> {
    let mut package = ZipArchive::new(BufReader::new(File::open(file)?))?;
    for position in 0..package.len() {
        let part = package.by_index_raw(position)?;
        if part.name()?.starts_with("xl/worksheets/") {
            let mut unpacked = DeflateDecoder::new(BufReader::with_capacity(1 << 18, part));
            let mut packed = DeflateEncoder::new(io::sink(), Compression::default());
            io::copy(&mut unpacked, &mut packed)?;
            packed.finish()?;
        }
    }
    Ok(())
}

fn annotate(file: &str, out: &str) -> Result<()> {
    let patch = Patch::open(Path::new(file), &Limits::default())?;
    let sheet = patch
        .sheets()
        .first()
        .copied()
        .unwrap_or_default()
        .to_owned();
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let remarks = (0..CELLS).zip(severities.into_iter().cycle());
    let remarks = remarks.map(|(number, severity)| Remark {
        severity,
        code: "C203".to_owned(),
        sheet: sheet.clone(),
        cell: Some(CellRef::new(1 + number * (ROWS / CELLS), number % COLUMNS)),
        owner: "何苗".to_owned(),
        header: "跟进日期".to_owned(),
        value: "2025年2月30日".to_owned(),
        message: "日历上没有这一天".to_owned(),
        advice: "改成存在的日期".to_owned(),
    });
    let annotations = Annotations {
        remarks: remarks.collect(),
        sheet: FindingsSheet {
            name: "检查结果".to_owned(),
            title: "检查结果".to_owned(),
            lines: Vec::new(),
            legend: severities
                .map(|severity| Legend {
                    severity,
                    word: severity.as_str().to_owned(),
                    meaning: String::new(),
                })
                .to_vec(),
            persons: Vec::new(),
            headings: [
                "严重程度",
                "代码",
                "工作表",
                "单元格",
                "跟进人",
                "列名",
                "当前值",
                "问题",
                "怎么办",
            ]
            .map(str::to_owned),
        },
    };
    let done = patch.save_annotated(&annotations, Path::new(out), false)?;
    #[expect(clippy::print_stdout, reason = "what was done is the output")]
    {
        println!("cells={}", done.cells);
    }
    Ok(())
}
