//! Guards against hostile files. The defaults are far above anything that a spreadsheet program writes.

/// What a file may ask for. Every refusal names the limit by the field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all parts together once unpacked, counted as they are unpacked (headers lie).
    pub unpacked_bytes: u64,
    /// Times a part may grow when unpacked; looked at after the first mebibyte.
    pub ratio: u64,
    /// Parts of a package.
    pub parts: u64,
    /// Nesting of XML elements.
    pub depth: u64,
    /// Filled cells of a workbook.
    pub cells: u64,
    /// Shared strings of a workbook.
    pub strings: u64,
    /// Merged ranges of a sheet.
    pub merges: u64,
    /// Bytes of one cell's text in delimited text, HTML and XML Spreadsheet, where nothing else bounds it.
    pub cell_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 8 << 30,
            ratio: 2_000,
            parts: 20_000,
            depth: 256,
            cells: 200_000_000,
            strings: 50_000_000,
            merges: 1_000_000,
            cell_bytes: 16 << 20,
        }
    }
}
