//! E-mail addresses, ids with services, and names that stand behind a word that says so or before a title.

use super::MaskKind;
use super::digits::{Number, id_mask};
use super::figures::{Called, Figures};
use super::people::{is_han, mask_of};
use crate::value::{is_of_a_person, surname_length};

/// Words that stand behind a label and are none of the ids it speaks of.
const NO_IDS: [&str; 12] = [
    "wechat", "weixin", "qq", "group", "work", "vip", "moments", "number", "id", "skype",
    "whatsapp", "telegram",
];

/// E-mail addresses: one character and the host stay.
pub(super) fn emails(figures: &Figures<'_>) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    for (at, _) in figures
        .characters
        .iter()
        .enumerate()
        .filter(|(_, (c, _))| *c == '@')
    {
        // Letters of other alphabets, yet nothing that is a syllable or a word by itself.
        let is_letter = |c: char| c.is_alphabetic() && c < '\u{530}';
        let is_of_name =
            |c: char| c.is_ascii_alphanumeric() || "._%+'-".contains(c) || is_letter(c);
        let is_of_host = |c: char| is_letter(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
        let mut start = at;
        while figures.before(start).is_some_and(is_of_name) {
            start -= 1;
        }
        let mut end = at + 1;
        while figures.at(end).is_some_and(is_of_host) {
            end += 1;
        }
        while figures.before(end).is_some_and(|c| matches!(c, '.' | '-')) {
            end -= 1;
        }
        // `.张三@…`: what is no address is left to the other finders.
        if start == at
            || figures.before(start) == Some('@')
            || end <= at + 2
            || found.last().is_some_and(|last| last.end > start)
        {
            continue;
        }
        let mask = format!(
            "{}@{}",
            id_mask(&figures.between(start, start + 1)),
            figures.between(at + 1, end)
        );
        found.push(Number {
            start,
            end,
            mask,
            kind: MaskKind::Email,
        });
    }
    found
}

/// Ids behind a word that says what they are.
pub(super) fn ids(figures: &Figures<'_>) -> Vec<Number> {
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = Vec::new();
    let mut start = 0;
    while start < figures.characters.len() {
        if !figures.at(start).is_some_and(is_of_id) {
            start += 1;
            continue;
        }
        let mut end = start;
        while figures.at(end).is_some_and(is_of_id) {
            end += 1;
        }
        // `wx:abc`, `vx13800138000`, `QQ12345`: the label itself is a word; what is behind it is looked at by itself.
        found.extend(id(figures, start, end));
        start = end;
    }
    found
}

fn id(figures: &Figures<'_>, start: usize, end: usize) -> Option<Number> {
    let word = figures.between(start, end);
    let word = word.trim_end_matches(['.', '-']);
    let end = start + word.chars().count();
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || !(3..=40).contains(&word.len()) || NO_IDS.contains(&&*word.to_lowercase()) {
        return None;
    }
    let kind = match figures.called(start)? {
        Called::Account => MaskKind::Account,
        Called::Identity => MaskKind::Identity,
        Called::Bank => MaskKind::Bank,
        Called::Phone | Called::Name => return None,
    };
    let is_said = figures
        .between(start.saturating_sub(2), start)
        .contains([':', '=', '是', '为', '号', '#']);
    let has_signs = word.contains(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-'));
    let is_one_word = word.chars().all(|c| c.is_ascii_lowercase());
    let is_id = is_said || word.len() >= 5 && (has_signs || is_one_word && word.len() >= 6);
    // An id of letters alone where a number is asked for is a word.
    let fits = kind == MaskKind::Account || word.contains(|c: char| c.is_ascii_digit());
    (is_id && fits).then(|| Number {
        start,
        end,
        mask: id_mask(word),
        kind,
    })
}

/// Names that nobody entered in a column: behind `联系人：`, or whole before `先生` and its like.
pub(super) fn names(figures: &Figures<'_>) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut start = 0;
    while start < figures.characters.len() {
        if !figures.at(start).is_some_and(is_han) {
            start += 1;
            continue;
        }
        let mut end = start;
        while figures.at(end).is_some_and(is_han) {
            end += 1;
        }
        if let Some((from, to)) = named(figures, start, end).or_else(|| titled(figures, start, end))
        {
            let name = figures.between(from, to);
            let (kept, star) = mask_of(&name);
            let kept: String = name.chars().take(kept).collect();
            found.push(Number {
                start: from,
                end: to,
                mask: format!("{kept}{star}"),
                kind: MaskKind::Name,
            });
        }
        start = end;
    }
    found
}

/// The name that a run of characters is, where a label before it calls it one.
fn named(figures: &Figures<'_>, start: usize, end: usize) -> Option<(usize, usize)> {
    let name = figures.between(start, end);
    let is_marked = matches!(figures.before(start), Some(':' | '='))
        || figures.before(start) == Some(' ')
            && matches!(figures.before(start - 1), Some(':' | '='));
    (is_marked && is_of_a_person(&name) && figures.called(start) == Some(Called::Name))
        .then_some((start, end))
}

/// The name before a title: `张三先生`, yet not `王先生`, nor the 关王 of `关于王女士`.
fn titled(figures: &Figures<'_>, start: usize, end: usize) -> Option<(usize, usize)> {
    let run = figures.between(start, end);
    let before = ["先生", "女士", "小姐"]
        .iter()
        .find_map(|title| run.find(title))?;
    let title = start + run[..before].chars().count();
    let is_surname = |at: usize| {
        figures
            .at(at)
            .is_some_and(|c| surname_length(c.encode_utf8(&mut [0; 4])) == 1)
    };
    if title < start + 2 || is_surname(title - 1) {
        return None;
    }
    (2..=3)
        .filter(|length| title >= start + length)
        .find(|length| is_surname(title - length))
        .map(|length| (title - length, title))
}
