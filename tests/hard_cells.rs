//! Cells that are hard to keep come back from every format, whichever way it counts days. `come_back` among the benches
//! does the same with a million.

use leadsheet::WorkbookKind::{Ods, Xls, Xlsx};
use leadsheet_benches::{come_back, come_back_from_1904, come_back_from_csv, hard_cells};

const CELLS: u32 = 60_000;

#[test]
fn tens_of_thousands_of_cells_come_back_from_every_format() {
    let workbook = hard_cells(CELLS).unwrap();
    for kind in [Xlsx, Xls, Ods] {
        let came_back = come_back(&workbook, kind).unwrap();
        assert_eq!(came_back, u64::from(CELLS), "{kind:?}");
    }
    for kind in [Xlsx, Xls] {
        let came_back = come_back_from_1904(&workbook, kind).unwrap();
        assert_eq!(came_back, u64::from(CELLS), "{kind:?}");
    }
    assert_eq!(come_back_from_csv(&workbook).unwrap(), u64::from(CELLS));
}
