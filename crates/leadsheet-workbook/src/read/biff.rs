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

/// The 30 bits that stand for exactly this number, where there are such.
pub(crate) fn rk_bits(number: f64) -> Option<u32> {
    let bits = number.to_bits();
    let upper = (bits >> 32) as u32;
    let candidates = [
        (bits << 30 == 0).then_some(upper),
        whole(number).map(|whole| whole << 2 | 2),
        whole(number * 100.0).map(|whole| whole << 2 | 3),
    ];
    let is_exact = |&bits: &u32| rk(bits).to_bits() == number.to_bits();
    candidates.into_iter().flatten().find(is_exact)
}

/// A whole number of 30 bits with its sign.
fn whole(number: f64) -> Option<u32> {
    let fits = number.fract() == 0.0 && (-536_870_912.0..536_870_912.0).contains(&number);
    fits.then_some((number as i32).cast_unsigned())
}

/// The code of an error value; that of `#N/A` for one that the format does not know.
pub(crate) fn error_code(name: &str) -> u8 {
    (0..0x2B)
        .find(|&code| error_name(code) == Some(name))
        .unwrap_or(0x2A)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_thirty_bits_is_the_same_number() {
        // MS-XLS §2.5.217: 1 is 0x3FF00000 or 6; 123.45 is 12345 hundredths; 0.1 is 10 hundredths.
        assert_eq!(rk_bits(1.0), Some(0x3FF0_0000));
        assert_eq!(rk_bits(123.45), Some(12_345 << 2 | 3));
        assert_eq!(rk_bits(0.1), Some(10 << 2 | 3));
        assert_eq!(rk_bits(-0.0), Some(0x8000_0000));
        assert_eq!(rk_bits(123_456_789.0), Some(123_456_789 << 2 | 2));
        for number in [
            1.0 / 3.0,
            1e308,
            13_800_138_000.0,
            f64::MIN_POSITIVE,
            0.1 + 0.2,
        ] {
            assert!(
                rk_bits(number).is_none_or(|bits| rk(bits).to_bits() == number.to_bits()),
                "{number}"
            );
        }
        assert_eq!(rk_bits(1.0 / 3.0), None);
    }

    #[test]
    fn errors_have_codes() {
        assert_eq!(error_code("#DIV/0!"), 0x07);
        assert_eq!(error_code("#N/A"), 0x2A);
        assert_eq!(error_code("#SPILL!"), 0x2A);
    }
}
