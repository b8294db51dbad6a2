//! Tiny packages written by hand, each odd in one way.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The parts of a package before it is zipped.
#[derive(Clone)]
pub(in crate::patch) struct Book(Vec<(String, Vec<u8>)>);

impl Book {
    /// A workbook with one sheet 线索跟进 of these rows, as Excel lays it out.
    pub(in crate::patch) fn new(rows: &str) -> Self {
        Self::of(&format!(
            "<worksheet xmlns=\"{MAIN}\"><dimension ref=\"A1:B2\"/><sheetData>{rows}</sheetData><pageMargins left=\"1\"/></worksheet>"
        ))
    }

    /// A package of no parts.
    pub(in crate::patch) const fn empty() -> Self {
        Self(Vec::new())
    }

    /// The same with the sheet's part spelled out.
    pub(in crate::patch) fn of(sheet: &str) -> Self {
        let override_of = |name: &str, kind: &str| {
            format!("<Override PartName=\"/xl/{name}.xml\" ContentType=\"{CONTENT}.{kind}+xml\"/>")
        };
        let types = [
            override_of("workbook", "sheet.main"),
            override_of("worksheets/sheet1", "worksheet"),
            override_of("styles", "styles"),
            override_of("sharedStrings", "sharedStrings"),
            override_of("calcChain", "calcChain"),
        ];
        let mut relations = String::new();
        for (number, (kind, target)) in (1..).zip([
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("calcChain", "calcChain.xml"),
        ]) {
            write!(
                relations,
                "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>"
            )
            .unwrap();
        }
        Self(Vec::new())
            .part("[Content_Types].xml", format!("<Types><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>{}</Types>", types.concat()))
            .part("_rels/.rels", format!("<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"))
            .part("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"线索跟进\" sheetId=\"7\" r:id=\"rId1\"/></sheets></workbook>"))
            .part("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>"))
            .part("xl/worksheets/sheet1.xml", sheet)
            .styles("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/><xf numFmtId=\"164\" fontId=\"0\" fillId=\"2\" borderId=\"0\" applyFill=\"1\"><alignment wrapText=\"1\"/></xf><xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" quotePrefix=\"1\"/>")
            .part("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\" count=\"2\" uniqueCount=\"2\"><si><t>线索编号</t></si><si><t>客户</t></si></sst>"))
            .part("xl/calcChain.xml", format!("<calcChain xmlns=\"{MAIN}\"><c r=\"A9\" i=\"7\"/></calcChain>"))
    }

    /// Adds a part, or replaces the one of that name.
    pub(in crate::patch) fn part(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), content.as_ref().to_vec()));
        self
    }

    pub(in crate::patch) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// The styles that cells name.
    pub(in crate::patch) fn styles(self, xfs: &str) -> Self {
        let text = format!(
            "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"宋体\"/></font></fonts><fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFFFFF00\"/></patternFill></fill></fills><borders count=\"1\"><border/></borders><cellXfs>{xfs}</cellXfs></styleSheet>"
        );
        self.part("xl/styles.xml", text)
    }

    /// Every part as it is, but with something in it replaced.
    pub(in crate::patch) fn replaced(mut self, from: &str, to: &str) -> Self {
        for (_, content) in &mut self.0 {
            if let Ok(text) = std::str::from_utf8(content) {
                *content = text.replace(from, to).into_bytes();
            }
        }
        self
    }

    pub(in crate::patch) fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            zip.start_file(name.as_str(), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}
