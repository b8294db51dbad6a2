//! What the binary formats of Excel, BIFF and its successor in `.xlsb`, have in common.

/// A number in 30 bits: the upper half of a floating-point number or a whole number, either of them perhaps in
/// hundredths.
pub(crate) fn rk(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}

/// The error value of this code.
pub(crate) const fn error_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => return None,
    })
}
