//! Names and numbers planted in every place of a package, and every byte of what comes out searched for them.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _};
use leadsheet_core::{MaskKind, MaskOptions};
use zip::ZipArchive;

use super::{LeftOutKind, Masked};
use crate::patch::error::{Obstacle, PatchError};
use crate::patch::tests::book::Book;
use crate::{Limits, Masking, OpenOptions, Patch, Templates, workbook_from_bytes};

/// What must be nowhere, in no encoding and no spelling.
const SECRETS: [&str; 14] = [
    "张佳宁",
    "欧阳静雯",
    "佳宁",
    "静雯",
    "John Smithers",
    "王晓梅",
    "13800138000",
    "13900139000",
    "62345678",
    "zhang.jianing",
    "mmt_afanti99",
    "110101199003071234",
    "5栋",
    "おうよう",
];

fn masked(bytes: &[u8], options: MaskOptions) -> Result<(Vec<u8>, Masked), PatchError> {
    let workbook = workbook_from_bytes(bytes, &OpenOptions::default()).unwrap();
    let masking = Masking::of(&workbook, &Templates::builtin(), options);
    let mut out = Cursor::new(Vec::new());
    let masked = Patch::from_bytes(bytes.to_vec(), &Limits::default())?.mask(masking, &mut out)?;
    Ok((out.into_inner(), masked))
}

/// Bytes as the texts they may hold: UTF-8, UTF-16 from either byte on, references and `_xHHHH_` resolved, tags and blanks
/// left out.
fn readings(bytes: &[u8]) -> Vec<String> {
    let plain = String::from_utf8_lossy(bytes).into_owned();
    let mut resolved = quick_xml::escape::unescape(&plain)
        .map_or_else(|_| plain.clone(), std::borrow::Cow::into_owned);
    crate::read::resolve_escapes(&mut resolved, 0);
    let mut depth = 0;
    let without_tags: String = resolved
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '<');
            let shown = depth == 0;
            depth -= i32::from(*c == '>');
            shown && !c.is_whitespace() && *c != '-'
        })
        .collect();
    let mut readings = vec![plain, resolved, without_tags];
    for start in [0, 1] {
        let units = bytes.get(start..).unwrap_or_default().chunks_exact(2);
        for unit in [u16::from_le_bytes, u16::from_be_bytes] {
            let units: Vec<u16> = units.clone().map(|pair| unit([pair[0], pair[1]])).collect();
            readings.push(String::from_utf16_lossy(&units));
        }
    }
    readings
}

/// The places in which a secret is: parts, their names, the file itself.
fn found(bytes: &[u8]) -> Vec<(String, &'static str)> {
    let mut places = vec![("the file".to_owned(), bytes.to_vec())];
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    for position in 0..archive.len() {
        let mut part = archive.by_index(position).unwrap();
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let mut content = name.clone().into_bytes();
        part.read_to_end(&mut content).unwrap();
        places.push((name, content));
    }
    let mut found = Vec::new();
    for (name, content) in places {
        let readings = readings(&content);
        let is_there = |secret: &&str| readings.iter().any(|text| text.contains(*secret));
        found.extend(
            SECRETS
                .into_iter()
                .filter(is_there)
                .map(|secret| (name.clone(), secret)),
        );
    }
    found
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\" s=\"1\"><is><t>{text}</t></is></c>")
}

/// A lead ledger with people in every place that a package has.
#[expect(clippy::too_many_lines, reason = "a package has many places")]
fn planted() -> Book {
    let headings = [
        "线索编号",
        "客户名称",
        "线索来源",
        "联系人",
        "联系方式",
        "线索等级",
        "初始需求",
        "跟进日期",
        "跟进方式",
        "沟通内容摘要",
        "负责人",
        "当前状态",
    ];
    let values = [
        [
            "ZY-20240520-001",
            "北辰机电有限公司",
            "行业展会",
            "张佳宁",
            "",
            "A",
            "报价",
            "2024-05-20",
            "电话",
            "与张佳宁谈，打138-0013-8000",
            "李雷",
            "意向客户",
        ],
        [
            "ZY-20240520-002",
            "欧阳静雯",
            "行业展会",
            "欧阳静雯",
            "010-62345678",
            "B",
            "报价",
            "2024-05-21",
            "微信",
            "微信：mmt_afanti99，住中山路1号5栋",
            "李雷",
            "意向客户",
        ],
        [
            "ZY-20240520-003",
            "Acme Ltd",
            "行业展会",
            "John Smithers",
            "zhang.jianing@example.com",
            "B",
            "报价",
            "2024-05-21",
            "微信",
            "身份证110101199003071234",
            "李雷",
            "意向客户",
        ],
    ];
    let letters = "ABCDEFGHIJKL";
    let row = |number: usize, values: &[&str]| {
        let cells = letters
            .chars()
            .zip(values)
            .filter(|(_, text)| !text.is_empty());
        cells
            .map(|(letter, text)| cell(&format!("{letter}{number}"), text))
            .collect::<String>()
    };
    let mut rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}</row>",
        cell("A1", "咨询找张佳宁 13900139000"),
        row(2, &headings)
    );
    for (position, values) in values.iter().enumerate() {
        let number = position + 3;
        let extra = match position {
            0 => {
                "<c r=\"E3\" s=\"1\"><v>13800138000</v></c><c r=\"M3\" t=\"str\"><f>IF(D3=\"张佳宁\",\"是张佳宁\",13800138000)</f><v>是张佳宁</v></c>"
            }
            1 => {
                "<c r=\"M4\"><f>1+13800137999</f><v>13800138000</v></c><c r=\"N4\" t=\"s\"><v>0</v></c><c r=\"O4\" t=\"s\"><v>1</v></c>"
            }
            _ => "<c r=\"M5\"><v>45432</v></c><c r=\"N5\"><v>0.79998168889431442</v></c>",
        };
        let cells = row(number, values);
        let (before, after) = cells.split_at(cells.find("<c r=\"F").unwrap());
        let (numeric, rest) = if position == 0 {
            extra.split_at(extra.find("<c r=\"M").unwrap())
        } else {
            ("", extra)
        };
        rows.push_str(&format!(
            "<row r=\"{number}\">{before}{numeric}{after}{rest}</row>"
        ));
    }
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheetData>{rows}</sheetData>\
        <autoFilter ref=\"A2:L5\"><filterColumn colId=\"3\"><filters><filter val=\"张佳宁\"/></filters></filterColumn></autoFilter>\
        <conditionalFormatting sqref=\"D3\"><cfRule type=\"expression\" priority=\"1\"><formula>$D3=\"张佳宁\"</formula></cfRule></conditionalFormatting>\
        <dataValidations count=\"1\"><dataValidation type=\"list\" prompt=\"问张佳宁\" sqref=\"D9\"><formula1>\"张佳宁,欧阳静雯\"</formula1></dataValidation></dataValidations>\
        <hyperlinks><hyperlink ref=\"A1\" r:id=\"rId1\" tooltip=\"张佳宁\"/><hyperlink ref=\"A2\" location=\"'张佳宁'!A1\" display=\"张佳宁\"/></hyperlinks>\
        <pageSetup paperSize=\"9\" r:id=\"rId2\"/><headerFooter><oddHeader>&amp;L&amp;\"宋体\"&amp;12张佳&amp;B宁&amp;R13800138000</oddHeader></headerFooter><!-- 欧阳静雯 --></worksheet>"
    );
    Book::of(&sheet)
        .replaced("</sheets>", "<sheet name=\"张佳宁\" sheetId=\"8\" state=\"veryHidden\" r:id=\"rId9\"/></sheets><definedNames><definedName name=\"张佳宁_区\" comment=\"王晓梅\">'张佳宁'!$A$1</definedName></definedNames>")
        .replaced("Target=\"calcChain.xml\"/>", "Target=\"calcChain.xml\"/><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"rId10\" Type=\"urn:leadsheet:relationships/undo\" Target=\"/leadsheet/undo.bin\"/>")
        .part("xl/worksheets/sheet2.xml", "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><f>线索跟进!D3&amp;张佳宁_区</f><v>张佳宁</v></c></row></sheetData></worksheet>")
        .part("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"x/hyperlink\" TargetMode=\"External\" Target=\"mailto:zhang.jianing@example.com?subject=%E5%BC%A0%E4%BD%B3%E5%AE%81\"/><Relationship Id=\"rId2\" Type=\"x/printerSettings\" Target=\"../printerSettings/printerSettings1.bin\"/></Relationships>")
        .part("xl/sharedStrings.xml", "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"2\" uniqueCount=\"4\"><si><r><t>欧阳</t></r><r><rPr><b/></rPr><t>静雯 138</t></r><r><t>00138000</t></r><rPh sb=\"0\" eb=\"4\"><t>おうよう</t></rPh></si><si><t>&#x5F20;_x4F73_宁<!-- --></t></si><si><t><![CDATA[张佳宁]]></t></si><si><t>没人用的 欧阳 静雯</t></si></sst>")
        .part("xl/comments1.xml", "<comments><authors><author>王晓梅</author></authors><commentList><comment ref=\"D3\" authorId=\"0\"><text><r><t>王晓梅:</t></r><r><t>\n张佳</t></r><r><t>宁很急</t></r></text></comment></commentList></comments>")
        .part("xl/threadedComments/threadedComment1.xml", "<ThreadedComments><threadedComment ref=\"D3\"><text>@欧阳静雯 打13800138000</text><mentions><mention startIndex=\"0\" length=\"5\"/></mentions></threadedComment></ThreadedComments>")
        .part("xl/persons/person.xml", "<personList><person displayName=\"王晓梅\" userId=\"zhang.jianing@example.com\"/></personList>")
        .part("xl/drawings/drawing1.xml", "<wsDr><sp><nvSpPr><cNvPr id=\"2\" name=\"x\" descr=\"张佳宁\"/></nvSpPr><p><r><t>张</t></r><r><t>佳宁</t></r></p><p><r><t>欧阳静雯</t></r></p></sp></wsDr>")
        .part("xl/drawings/vmlDrawing1.vml", "<xml><shape alt=\"张佳宁\"><div><font>欧阳</font><font>静雯<br></font></div></shape></xml>")
        .part("xl/charts/chart1.xml", "<chartSpace><f>'张佳宁'!$A$1</f><strCache><pt idx=\"0\"><v>张佳宁</v></pt></strCache><numCache><pt idx=\"0\"><v>13800138000</v></pt></numCache></chartSpace>")
        .part("xl/pivotCache/pivotCacheDefinition1.xml", "<pivotCacheDefinition refreshedBy=\"王晓梅\"><cacheSource><worksheetSource ref=\"A1:B2\" sheet=\"张佳宁\"/></cacheSource><sharedItems containsMixedTypes=\"1\" maxValue=\"13800138000\"><s v=\"张佳宁\"/><n v=\"13800138000\"/></sharedItems></pivotCacheDefinition>")
        .part("xl/externalLinks/externalLink1.xml", "<externalLink><sheetNames><sheetName val=\"张佳宁\"/></sheetNames><sheetData><row r=\"1\"><cell r=\"A1\" t=\"str\"><v>欧阳静雯</v></cell><cell r=\"B1\"><v>13800138000</v></cell></row></sheetData></externalLink>")
        .part("xl/tables/table1.xml", "<table name=\"张佳宁表\" displayName=\"张佳宁表\" ref=\"A1:B2\"><tableColumns><tableColumn id=\"1\" name=\"张佳宁\"/></tableColumns></table>")
        .part("docProps/core.xml", "<coreProperties><creator>王晓梅</creator><lastModifiedBy>zhang.jianing</lastModifiedBy><title>张佳宁的客户</title></coreProperties>")
        .part("docProps/app.xml", "<Properties><TitlesOfParts><lpstr>张佳宁</lpstr><lpstr>张佳宁!张佳宁_区</lpstr></TitlesOfParts><Manager>王晓梅</Manager><Company>欧阳静雯</Company></Properties>")
        .part("customXml/item1.xml", "\u{feff}<a b=\"张佳宁\"><c>欧阳静雯</c><?x 张佳宁?></a>")
        .part("xl/printerSettings/printerSettings1.bin", "张佳宁".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
        .part("leadsheet/undo.bin", "\u{1}张佳宁")
        .part("xl/vbaProject.bin", "\u{1}张佳宁")
        .part("xl/media/image1.png", "\u{1}张佳宁")
        .part("xl/embeddings/oleObject1.bin", "\u{1}张佳宁")
        .part("xl/mystery.dat", "\u{1}张佳宁")
}

#[test]
fn nobody_is_left_in_any_part_in_any_spelling() {
    let original = planted().zipped();
    let there: std::collections::BTreeSet<_> = found(&original)
        .into_iter()
        .map(|(_, secret)| secret)
        .collect();
    assert_eq!(there.len(), SECRETS.len(), "planted: {there:?}");
    let (out, masked) = masked(&original, MaskOptions::default()).unwrap();
    assert_eq!(found(&out), []);
    assert_eq!(masked.sheets_renamed, 1);
    let kinds: Vec<_> = masked.left_out.iter().map(|gone| gone.kind).collect();
    for kind in [
        LeftOutKind::Printer,
        LeftOutKind::Undo,
        LeftOutKind::Macros,
        LeftOutKind::Picture,
        LeftOutKind::Embedded,
        LeftOutKind::Unknown,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    for (kind, least) in [
        (MaskKind::Name, 8),
        (MaskKind::Phone, 5),
        (MaskKind::Email, 1),
        (MaskKind::Account, 1),
        (MaskKind::Identity, 1),
        (MaskKind::Address, 2),
    ] {
        let count = masked.counts.kinds.get(&kind).copied().unwrap_or(0);
        assert!(count >= least, "{kind:?}: {count}");
    }
}

#[test]
fn everything_else_is_the_same_to_another_reader() {
    let original = planted().zipped();
    let (out, _) = masked(&original, MaskOptions::default()).unwrap();
    let cells = |bytes: &[u8]| {
        let mut workbook = calamine::Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
        let range = workbook.worksheet_range("线索跟进").unwrap();
        let cells: Vec<_> = range
            .used_cells()
            .map(|(row, column, data)| ((row, column), data.clone()))
            .collect();
        cells
    };
    let (before, after) = (cells(&original), cells(&out));
    assert_eq!(before.len(), after.len());
    let changed: Vec<_> = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .map(|(_, other)| other.clone())
        .collect();
    let text = |text: &str| Data::String(text.to_owned());
    // By hand, in the order of the sheet; rows are counted from the first in use.
    let expected = [
        ((0, 0), text("咨询找张* 139****9000")),
        ((2, 3), text("张*")),
        ((2, 4), text("138****8000")),
        ((2, 9), text("与张*谈，打138****8000")),
        ((2, 12), text("是张*")),
        ((3, 1), text("欧阳*")),
        ((3, 3), text("欧阳*")),
        ((3, 4), text("010-****5678")),
        ((3, 9), text("微信：m***，住中山路*号*栋")),
        ((3, 12), text("138****8000")),
        ((3, 13), text("欧阳* 138****8000")),
        ((3, 14), text("张*")),
        ((4, 3), text("J***")),
        ((4, 4), text("z***@example.com")),
        ((4, 9), text("身份证11**************34")),
    ];
    assert_eq!(changed, expected);
}

#[test]
fn parts_that_name_nobody_stay_byte_for_byte_and_masking_twice_changes_nothing() {
    let original = planted().zipped();
    let (once, _) = masked(&original, MaskOptions::default()).unwrap();
    let (twice, again) = masked(&once, MaskOptions::default()).unwrap();
    assert!(once == twice, "another file");
    assert_eq!(
        (again.counts.cells, again.texts, again.left_out.len()),
        (0, 0, 0)
    );
    let part = |bytes: &[u8], name: &str| {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut content = Vec::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        content
    };
    for name in ["xl/styles.xml", "xl/calcChain.xml", "_rels/.rels"] {
        assert_eq!(part(&original, name), part(&once, name), "{name}");
    }
    let pivot = String::from_utf8(part(&once, "xl/pivotCache/pivotCacheDefinition1.xml")).unwrap();
    assert!(
        pivot.contains("<sharedItems><s v=\"张*\"/><s v=\"138****8000\"/></sharedItems>"),
        "{pivot}"
    );
    let sheet = String::from_utf8(part(&once, "xl/worksheets/sheet1.xml")).unwrap();
    for kept in [
        "<c r=\"E3\" s=\"1\" t=\"inlineStr\"><is><t>138****8000</t></is></c>",
        "<v>0.79998168889431442</v>",
        "IF(D3=\"张*\",\"是张*\",\"138****8000\")",
        "location=\"'张某'!A1\"",
        "&amp;12张*&amp;B&amp;R138****8000",
    ] {
        let kept = kept.to_owned();
        assert!(
            sheet.contains(&kept) || sheet.contains(&kept.replace('"', "&quot;")),
            "{kept} in {sheet}"
        );
    }
}

#[test]
fn a_data_model_is_refused_and_nothing_is_written() {
    let book = planted().part("xl/model/item.data", "\u{1}").zipped();
    let error = masked(&book, MaskOptions::default()).unwrap_err();
    assert!(
        matches!(
            error,
            PatchError::Refused {
                obstacle: Obstacle::DataModel,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_part_in_utf_16_is_masked_in_its_own_encoding() {
    let text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><a b=\"张佳宁\">欧阳静雯</a>";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let book = planted().part("customXml/item1.xml", wide).zipped();
    let (out, _) = masked(&book, MaskOptions::default()).unwrap();
    assert_eq!(found(&out), []);
    let mut archive = ZipArchive::new(Cursor::new(out)).unwrap();
    let mut content = Vec::new();
    archive
        .by_name("customXml/item1.xml")
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    let masked: Vec<u8> = text
        .replace("张佳宁", "张*")
        .replace("欧阳静雯", "欧阳*")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(content, masked);
}
