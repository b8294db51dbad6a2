//! Text as two people would agree it is the same: the keys under which headings, terms and names are compared.
//!
//! Keys are for comparing only. What a cell holds is never rewritten by reading it.

use std::borrow::Cow;
use std::sync::OnceLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Folds `text` for comparison: NFKC (full-width forms, Kangxi radicals), Traditional to Simplified Chinese,
/// lower-case, surrounding white space dropped and inner white space collapsed to one blank.
///
/// ```
/// use leadsheet_core::match_key;
/// assert_eq!(match_key(" 線索等級　Ａ "), "线索等级 a");
/// ```
pub fn match_key(text: &str) -> String {
    let text = simplified(&nfkc(text)).to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Like [`match_key`], with every white space dropped: `跟 进 情 况` and `跟进情况` are one heading.
pub fn compact_key(text: &str) -> String {
    let text = simplified(&nfkc(text)).to_lowercase();
    text.split_whitespace().collect()
}

/// [`compact_key`] into memory that is there already: for the numbers of a table, which are as many as its leads.
pub(crate) fn fold_compact(text: &str, key: &mut String) {
    key.clear();
    if text.is_ascii() {
        let bytes = text.bytes().filter(|byte| !is_ascii_space(*byte));
        key.extend(bytes.map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        key.push_str(&compact_key(text));
    }
}

/// What `char::is_whitespace` says of ASCII.
const fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// Compatibility normalisation (Unicode Annex 15, form KC), borrowing where nothing changes.
pub fn nfkc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// Folds Traditional Chinese into Simplified by phrase (`聯繫人` to `联系人`); other scripts stay as they are.
pub fn simplified(text: &str) -> Cow<'_, str> {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // The tables are compiled in; should they fail to load, text is compared in the script it came in.
    match CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok()) {
        Some(converter) => Cow::Owned(converter.convert(text)),
        None => Cow::Borrowed(text),
    }
}

/// Writes Simplified Chinese in Traditional characters by phrase (`联系人` to `聯繫人`, `后续` to `後續`).
pub fn traditional(text: &str) -> Cow<'_, str> {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    match CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::S2t).ok()) {
        Some(converter) => Cow::Owned(converter.convert(text)),
        None => Cow::Borrowed(text),
    }
}

/// Whether `text` is written in Traditional Chinese: folding it to Simplified changes it.
pub fn is_traditional(text: &str) -> bool {
    simplified(text) != text
}

/// The key under which two spellings of an organisation's name meet: [`compact_key`] without a bracketed place
/// and without the legal form (`有限公司`, `股份有限公司`, `Co., Ltd.` and their like).
pub fn organisation_key(name: &str) -> String {
    const LEGAL_FORMS: [&str; 9] = [
        "股份有限公司",
        "有限责任公司",
        "有限公司",
        "集团公司",
        "公司",
        "co.,ltd.",
        "co.,ltd",
        "ltd.",
        "inc.",
    ];
    let key = compact_key(name);
    let mut bare = String::with_capacity(key.len());
    let mut depth = 0_u32;
    for character in key.chars() {
        match character {
            '(' | '[' | '〔' | '【' => depth += 1,
            ')' | ']' | '〕' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(character),
            _ => {}
        }
    }
    let stem = LEGAL_FORMS
        .iter()
        .find_map(|form| bare.strip_suffix(form))
        .unwrap_or(&bare);
    // A name that is nothing but brackets or a legal form still is the name.
    if stem.is_empty() {
        key
    } else {
        stem.to_owned()
    }
}

/// How alike two keys are, 0 to 1: one minus the Damerau-Levenshtein distance by the longer one's length.
pub fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_full_width_and_radicals_meet_in_one_key() {
        assert_eq!(match_key("線索編號"), "线索编号");
        assert_eq!(match_key("Ａ類"), "a类");
        assert_eq!(match_key("⼯艺"), "工艺");
        assert_eq!(compact_key("跟 进 情 况 记 录"), "跟进情况记录");
    }

    #[test]
    fn traditional_is_chosen_by_the_phrase_and_folds_back() {
        // 后 is 後 (after) or 后 (empress), 系 is 繫, 係 or 系: the phrase decides.
        for (simplified_text, expected) in [
            ("联系人", "聯繫人"),
            ("后续计划", "後續計劃"),
            ("皇后", "皇后"),
            ("线索编号", "線索編號"),
            ("Lead ID", "Lead ID"),
        ] {
            assert_eq!(traditional(simplified_text), expected);
            assert_eq!(simplified(expected), simplified_text);
        }
    }

    #[test]
    fn legal_forms_and_places_do_not_tell_organisations_apart() {
        assert_eq!(
            organisation_key("北辰机电（北京）有限公司"),
            organisation_key("北辰機電有限責任公司")
        );
        assert_ne!(organisation_key("北辰机电"), organisation_key("南辰机电"));
        assert_eq!(organisation_key("有限公司"), "有限公司");
    }
}
