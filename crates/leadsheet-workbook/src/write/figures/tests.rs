//! What is drawn, as other programs see it: cells by calamine, the rest in the parts of the package.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

use super::*;

fn column(heading: &str, kind: FigureKind) -> FigureColumn {
    FigureColumn {
        heading: heading.to_owned(),
        kind,
    }
}

fn by_source() -> FigureSheet {
    let interval = FigureKind::Interval("from".to_owned(), "to".to_owned());
    let row = |name: &str, won, leads, rate, low, high| FigureRow {
        cells: vec![
            Figure::Text(name.to_owned()),
            Figure::Count(won),
            Figure::Count(leads),
            Figure::Number(rate),
            Figure::Interval(low, high),
        ],
        faint: leads < 10,
    };
    let nobody = FigureRow {
        cells: vec![
            Figure::Text("=HYPERLINK(\"x\")".to_owned()),
            Figure::Count(0),
            Figure::Count(0),
            Figure::Absent,
            Figure::Absent,
        ],
        faint: true,
    };
    FigureSheet {
        id: "source".to_owned(),
        name: "来源".to_owned(),
        title: "按来源".to_owned(),
        about: vec!["转化率 = 成交 ÷ 线索".to_owned()],
        tables: vec![FigureTable {
            columns: vec![
                column("来源", FigureKind::Text),
                column("成交", FigureKind::Count),
                column("线索", FigureKind::Count),
                column("转化率", FigureKind::Share),
                column("区间", interval),
            ],
            rows: vec![
                row("展会", 3, 20, 0.15, 0.052_369, 0.360_419),
                row("线上", 1, 4, 0.25, 0.045_587, 0.699_358),
                nobody,
            ],
            total: Some(vec![
                Figure::Text("合计".to_owned()),
                Figure::Count(4),
                Figure::Count(24),
                Figure::Number(4.0 / 24.0),
                Figure::Interval(0.066_8, 0.358_5),
            ]),
            charts: vec![
                FigureChart {
                    title: "转化率".to_owned(),
                    labels: 0,
                    kind: ChartKind::Columns {
                        values: 3,
                        interval: Some(4),
                        counts: Some((1, 2)),
                    },
                },
                FigureChart {
                    title: "线索".to_owned(),
                    labels: 0,
                    kind: ChartKind::Pie { values: 2 },
                },
            ],
            ..FigureTable::default()
        }],
        notes: vec!["两行没有日期".to_owned()],
    }
}

fn composed(sheets: Vec<FigureSheet>) -> Vec<u8> {
    let book = FigureBook {
        title: "转化".to_owned(),
        about: vec!["24 条线索".to_owned()],
        sheets,
        notes: vec!["统计全部线索".to_owned()],
    };
    compose_figures(&book).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = package.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_table_stands_on_its_sheet_as_numbers() {
    let mut workbook = Xlsx::new(Cursor::new(composed(vec![by_source()]))).unwrap();
    let sheet = workbook.worksheet_range("来源").unwrap();
    let at = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(at(0, 0), text("按来源"));
    assert_eq!(
        (at(1, 0), at(2, 0)),
        (text("24 条线索"), text("转化率 = 成交 ÷ 线索"))
    );
    let heading: Vec<_> = (0..6).map(|column| at(4, column)).collect();
    assert_eq!(
        heading,
        ["来源", "成交", "线索", "转化率", "from", "to"].map(text)
    );
    assert_eq!((at(5, 1), at(5, 2)), (Data::Float(3.0), Data::Float(20.0)));
    assert_eq!(
        (at(5, 4), at(5, 5)),
        (Data::Float(0.052_369), Data::Float(0.360_419))
    );
    // What a program would run stays text, and what cannot be said is no zero.
    assert_eq!((at(7, 0), at(7, 3)), (text("=HYPERLINK(\"x\")"), text("—")));
    assert_eq!((at(8, 0), at(8, 2)), (text("合计"), Data::Float(24.0)));
    let notes: Vec<_> = (9..60)
        .map(|row| at(row, 0))
        .filter(|cell| *cell != Data::Empty)
        .collect();
    assert_eq!(notes, ["· 两行没有日期", "· 统计全部线索"].map(text));
}

#[test]
fn charts_show_the_cells_of_the_table_and_not_its_total() {
    let bytes = composed(vec![by_source()]);
    let columns = part(&bytes, "xl/charts/chart1.xml");
    assert!(columns.contains("<c:barChart>"), "{columns}");
    assert!(columns.contains("<c:f>来源!$D$6:$D$8</c:f>"), "{columns}");
    // The whiskers' lengths: 0.15 - 0.052369 below and 0.360419 - 0.15 above.
    assert!(
        columns.contains("<c:errValType val=\"cust\"/>"),
        "{columns}"
    );
    let mut workbook = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let sheet = workbook.worksheet_range("来源").unwrap();
    let beside: Vec<_> = sheet
        .rows()
        .nth(5)
        .unwrap()
        .iter()
        .skip(6)
        .filter(|cell| **cell != Data::Empty)
        .cloned()
        .collect();
    let [Data::Float(down), Data::Float(up), Data::String(label)] = beside.as_slice() else {
        panic!("{beside:?}");
    };
    assert!(
        (down - 0.097_631).abs() < 1e-9 && (up - 0.210_419).abs() < 1e-9,
        "{beside:?}"
    );
    assert_eq!(label, "展会\n3/20");
    let pie = part(&bytes, "xl/charts/chart2.xml");
    assert!(
        pie.contains("<c:pieChart>") && pie.contains("来源!$C$6:$C$8"),
        "{pie}"
    );
}

#[test]
fn a_sheet_prints_across_one_page_with_its_heading_on_each() {
    let bytes = composed(vec![by_source()]);
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("orientation=\"landscape\""), "{sheet}");
    assert!(
        sheet.contains("fitToHeight=\"0\"") && sheet.contains("<pageSetUpPr fitToPage=\"1\"/>")
    );
    let names = part(&bytes, "xl/workbook.xml");
    assert!(names.contains("来源!$5:$5"), "{names}");
    assert!(names.contains("_xlnm.Print_Area"), "{names}");
}

#[test]
fn every_topic_is_a_sheet_even_under_one_name() {
    let bytes = composed(vec![by_source(), by_source()]);
    let workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["来源", "来源 2"]);
    let empty: Xlsx<_> = Xlsx::new(Cursor::new(composed(Vec::new()))).unwrap();
    assert_eq!(empty.sheet_names().len(), 1);
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    assert_eq!(composed(vec![by_source()]), composed(vec![by_source()]));
}

fn money(text: &str) -> Figure {
    Figure::Money(text.parse().unwrap())
}

#[test]
fn figures_are_read_the_same_everywhere() {
    let interval = FigureKind::Interval(String::new(), String::new());
    for (figure, kind, shown) in [
        (Figure::Absent, FigureKind::Share, "—"),
        (Figure::Number(0.0706), FigureKind::Share, "7.1 %"),
        (Figure::Number(-0.0706), FigureKind::Change, "−7.1 %"),
        (Figure::Number(0.25), FigureKind::Change, "+25.0 %"),
        (Figure::Number(-0.0001), FigureKind::Change, "0.0 %"),
        (Figure::Number(18.0), FigureKind::Number(1), "18.0"),
        (
            Figure::Interval(0.1, 0.25),
            interval.clone(),
            "10.0 % – 25.0 %",
        ),
        (Figure::Interval(-0.1, 0.25), interval, "−10.0 % … +25.0 %"),
        (money("1234567.5"), FigureKind::Money, "1,234,567.50"),
        (money("-100"), FigureKind::Money, "−100.00"),
        (money("999.999"), FigureKind::Money, "999.999"),
    ] {
        assert_eq!(figure.shown(&kind), shown);
    }
}
