//! What the system's file manager shows of a workbook (MS-OLEPS).

use super::record::Body;

/// A SummaryInformation stream that names the program. No author and no clock: the same input gives the same bytes.
pub(crate) fn summary_information() -> Vec<u8> {
    const SUMMARY: [u8; 16] = [
        0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3,
        0xD9,
    ];
    const CODE_PAGE: u32 = 1;
    const APPLICATION: u32 = 18;
    // Two properties: an integer (VT_I2) and a text (VT_LPSTR) with its NUL, each filled up to four bytes.
    let code_page = Body::default().u32(0x02).u16(1252).u16(0);
    let name = b"leadsheet\0\0\0";
    let application = Body::default().u32(0x1E).u32(10).bytes(name);
    let (first, second) = (24, 24 + code_page.0.len() as u32);
    let size = second + application.0.len() as u32;
    let set = Body::default()
        .u32(size)
        .u32(2)
        .u32(CODE_PAGE)
        .u32(first)
        .u32(APPLICATION)
        .u32(second)
        .bytes(&code_page.0)
        .bytes(&application.0);
    // Byte order, version, system, no class; one set, and where it begins (§2.21).
    Body::default()
        .u16(0xFFFE)
        .u16(0)
        .u32(0x0002_000A)
        .bytes(&[0; 16])
        .u32(1)
        .bytes(&SUMMARY)
        .u32(48)
        .bytes(&set.0)
        .0
}
