//! Text as two people would agree it is the same: the keys under which headings, terms and names are compared.
//!
//! Keys are for comparing only. What a cell holds is never rewritten by reading it.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// Like [`match_key`], with every white space and what has no width dropped: `跟 进 情 况` and `跟进情况` are one heading.
pub fn compact_key(text: &str) -> String {
    compact(text).into_owned()
}

/// [`compact_key`], borrowing where the text is its own key, as most names and terms are.
pub(crate) fn compact(text: &str) -> Cow<'_, str> {
    if text
        .chars()
        .all(|character| matches!(fold(character), Fold::Same))
    {
        return Cow::Borrowed(text);
    }
    let mut key = String::with_capacity(text.len());
    fold_compact(text, &mut key);
    Cow::Owned(key)
}

/// [`compact_key`] into memory that is there already: for the numbers of a table, which are as many as its leads.
pub(crate) fn fold_compact(text: &str, key: &mut String) {
    key.clear();
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        key.push_str(text);
        key.make_ascii_lowercase();
        return;
    }
    for character in text.chars() {
        match fold(character) {
            Fold::Same => key.push(character),
            Fold::To(other) => key.push(other),
            Fold::Blank => {}
            Fold::InCompany => {
                key.clear();
                key.push_str(&compact_in_company(text));
                return;
            }
        }
    }
}

/// The key of each character by itself, and where in `text` each character of the keys comes from. White space and what
/// has no width are left out, so that a name is found however it is spaced.
pub(crate) fn folded_by_character(text: &str) -> Vec<(char, u32)> {
    let mut folded = Vec::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let at = at as u32;
        match fold(character) {
            Fold::Same => folded.push((character, at)),
            Fold::To(other) => folded.push((other, at)),
            Fold::Blank => {}
            Fold::InCompany if is_without_width(character) => {}
            Fold::InCompany => {
                let key = compact_in_company(character.encode_utf8(&mut [0; 4]));
                folded.extend(key.chars().map(|character| (character, at)));
            }
        }
    }
    folded
}

/// Characters that nobody sees: joiners, marks of direction, soft hyphens.
pub(crate) const fn is_without_width(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// [`compact_key`] of any text, by the tables of Unicode and OpenCC.
fn compact_in_company(text: &str) -> String {
    let text = simplified(&nfkc(text)).to_lowercase();
    text.chars()
        .filter(|&character| !character.is_whitespace() && !is_without_width(character))
        .collect()
}

/// What becomes of a character in a key.
#[derive(Clone, Copy)]
enum Fold {
    /// Nothing.
    Same,
    /// It is another one, whatever stands beside it.
    To(char),
    /// It is white space.
    Blank,
    /// It depends on its neighbours, or is rare: the tables must be asked.
    InCompany,
}

fn fold(character: char) -> Fold {
    match character {
        'A'..='Z' => Fold::To(character.to_ascii_lowercase()),
        // The control characters of ASCII that are white space, and no others.
        '\t'..='\r' | ' ' | '\u{3000}' => Fold::Blank,
        '\u{4e00}'..='\u{9fff}' if may_change(character) => Fold::InCompany,
        '\0'..='\x7f' | '\u{4e00}'..='\u{9fff}' | '、' | '。' | '《'..='】' => Fold::Same,
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(character as u32 - 0xfee0) {
            Some(ascii) => Fold::To(ascii.to_ascii_lowercase()),
            None => Fold::InCompany,
        },
        _ => Fold::InCompany,
    }
}

/// Full-width letters, digits, signs and blanks of ASCII in their own width, and nothing else changed: what may be written
/// back, where [`nfkc`] would make `1` of `①`.
pub(crate) fn half_width(text: &str) -> String {
    let narrow = |character| match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        _ => character,
    };
    text.chars().map(narrow).collect()
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
    if !text.chars().any(may_change) {
        return Cow::Borrowed(text);
    }
    // The tables are compiled in; should they fail to load, text is compared in the script it came in.
    match converter() {
        Some(converter) => Cow::Owned(converter.convert(text)),
        None => Cow::Borrowed(text),
    }
}

fn converter() -> Option<&'static OpenCC> {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    CONVERTER
        .get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok())
        .as_ref()
}

/// Characters that are Simplified by themselves and yet change in company (`瞭解` to `了解`). Of every other phrase that
/// OpenCC changes, at least one character changes by itself as well.
const CHANGE_IN_COMPANY: [char; 6] = ['沈', '牴', '瞭', '藉', '衹', '覆'];

/// Whether a text that holds this character may be Traditional. The tables are asked once for each character.
fn may_change(character: char) -> bool {
    const FIRST: u32 = 0x4e00;
    const LAST: u32 = 0x9fff;
    const CHARACTERS_A_WORD: u32 = 32;
    const WORDS: usize = ((LAST - FIRST) / CHARACTERS_A_WORD + 1) as usize;
    // Two bits a character: whether it was asked about, and the answer.
    static ANSWERS: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];
    let code = character as u32;
    if !(FIRST..=LAST).contains(&code) {
        // The other blocks of ideographs; nothing else has a Traditional form.
        return matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    }
    let word = &ANSWERS[((code - FIRST) / CHARACTERS_A_WORD) as usize];
    let shift = (code - FIRST) % CHARACTERS_A_WORD * 2;
    match word.load(Ordering::Relaxed) >> shift & 0b11 {
        0 => {
            let changes = CHANGE_IN_COMPANY.contains(&character)
                || converter().is_some_and(|converter| {
                    let alone = character.encode_utf8(&mut [0; 4]).to_owned();
                    converter.convert(&alone) != alone
                });
            word.fetch_or((1 | u64::from(changes) << 1) << shift, Ordering::Relaxed);
            changes
        }
        answer => answer & 0b10 != 0,
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
/// and without the legal form (`有限公司`, `股份有限公司`, `Co., Ltd.` and their like). A group (`集团`) is another firm than
/// its members.
pub fn organisation_key(name: &str) -> String {
    organisation(name).into_owned()
}

/// [`organisation_key`], borrowing where the key is a part of the name.
pub(crate) fn organisation(name: &str) -> Cow<'_, str> {
    let key = compact(name);
    if !key.contains(['(', '[', '〔', '【']) {
        let length = without_legal_form(&key).len();
        return match key {
            _ if length == 0 => key,
            Cow::Borrowed(key) => Cow::Borrowed(&key[..length]),
            Cow::Owned(mut key) => {
                key.truncate(length);
                Cow::Owned(key)
            }
        };
    }
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
    bare.truncate(without_legal_form(&bare).len());
    // A name that is nothing but brackets or a legal form still is the name.
    if bare.is_empty() {
        key
    } else {
        Cow::Owned(bare)
    }
}

fn without_legal_form(key: &str) -> &str {
    const LEGAL_FORMS: [&str; 4] = ["股份有限公司", "有限责任公司", "有限公司", "公司"];
    const ENGLISH_FORMS: [&str; 7] = [
        "co.,ltd.",
        "co.,ltd",
        "co.ltd.",
        "co.ltd",
        "co.,limited",
        "ltd.",
        "inc.",
    ];
    let forms = if key.ends_with('司') {
        &LEGAL_FORMS[..]
    } else if key.ends_with(['.', 'd']) {
        &ENGLISH_FORMS
    } else {
        return key;
    };
    let bare = forms.iter().find_map(|form| key.strip_suffix(form));
    bare.unwrap_or(key).trim_end_matches(',')
}

/// How alike two keys are, 0 to 1: one minus the Damerau-Levenshtein distance by the longer one's length.
pub fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn traditional_full_width_and_radicals_meet_in_one_key() {
        assert_eq!(match_key("線索編號"), "线索编号");
        assert_eq!(match_key("Ａ類"), "a类");
        assert_eq!(match_key("⼯艺"), "工艺");
        assert_eq!(compact_key("跟 进 情 况 记 录"), "跟进情况记录");
        assert_eq!(compact_key("\u{b}Ｗｅ Chat（微信）"), "wechat(微信)");
    }

    #[test]
    fn a_text_that_is_its_own_key_is_not_copied() {
        for text in ["", "意向客户", "xs-20240520-001", "给a报价、20万。《合同》"] {
            assert!(matches!(compact(text), Cow::Borrowed(_)), "{text}");
        }
        assert!(matches!(
            organisation("北辰机电有限公司"),
            Cow::Borrowed("北辰机电")
        ));
    }

    /// Phrases of OpenCC whose every character is Simplified by itself.
    #[test]
    fn characters_that_change_in_company_only_are_known() {
        for (traditional, expected) in [
            ("瞭解", "了解"),
            ("答覆", "答复"),
            ("藉口", "借口"),
            ("沈默", "沉默"),
            ("牴牾", "抵牾"),
            ("衹得", "只得"),
        ] {
            assert_eq!(simplified(traditional), expected);
        }
        // A surname, and no other character for it.
        assert_eq!(simplified("沈越"), "沈越");
    }

    #[test]
    fn every_character_that_opencc_changes_is_sent_to_it() {
        let converter = converter().unwrap();
        for code in (0x80..0x3_2000).filter_map(char::from_u32) {
            let alone = code.to_string();
            assert!(
                may_change(code) || converter.convert(&alone) == alone,
                "{code} changes"
            );
        }
    }

    proptest! {
        #[test]
        fn the_short_way_and_the_tables_give_one_key(
            text in "[ -~\u{3000}-\u{3011}\u{ff01}-\u{ff5e}一-龥繫聯瞭解沈默覆⼯㈱é\u{301}\u{200b}]{0,12}"
        ) {
            prop_assert_eq!(compact_key(&text), compact_in_company(&text));
        }
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
        assert_eq!(
            organisation_key("北辰集团有限公司"),
            organisation_key("北辰集团公司")
        );
        assert_eq!(
            organisation_key("Beichen Electric Co., Ltd."),
            organisation_key("beichen electric")
        );
        assert_ne!(organisation_key("北辰机电"), organisation_key("南辰机电"));
        assert_ne!(organisation_key("北辰集团"), organisation_key("北辰公司"));
        assert_eq!(organisation_key("有限公司"), "有限公司");
        assert_eq!(organisation_key("（北京）"), "(北京)");
    }
}
