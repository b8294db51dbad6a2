//! The words of labels: what a template asks for, whatever number or colon stands beside it; and what is no label.

use std::cell::RefCell;

use hashbrown::{HashMap, HashSet};
use leadsheet_core::{Field, tick_boxes};

use super::FormDefinition;
use crate::template::definition::{Keys, Strength};
use crate::template::header::heading_key;

/// A label is a word or two; longer texts are not looked up.
const LONGEST_LABEL: usize = 24;

/// The words of a template's labels.
pub(super) struct Dictionary<'t> {
    keys: &'t Keys,
    form: &'t FormDefinition,
    listed: HashSet<String>,
    seen: RefCell<HashMap<String, Option<Word>>>,
}

#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) meanings: Vec<(Field, Strength)>,
    /// The text without number and colon.
    pub(super) header: String,
}

impl<'t> Dictionary<'t> {
    pub(super) fn new(keys: &'t Keys, form: &'t FormDefinition) -> Self {
        Self {
            keys,
            form,
            listed: form.labels.iter().map(|label| heading_key(label)).collect(),
            seen: RefCell::default(),
        }
    }

    pub(super) fn word(&self, text: &str) -> Option<Word> {
        let is_word = !text.trim().is_empty() && text.chars().count() <= LONGEST_LABEL;
        if !is_word || tick_boxes(text).is_some() {
            return None;
        }
        if let Some(word) = self.seen.borrow().get(text) {
            return word.clone();
        }
        let word = self.look_up(text);
        self.seen.borrow_mut().insert(text.to_owned(), word.clone());
        word
    }

    fn look_up(&self, text: &str) -> Option<Word> {
        let key = heading_key(text);
        let plain = text.trim().trim_end_matches([':', '：']).trim_end();
        let known = |key: &str, header: &str| {
            let meanings = self.keys.get(key);
            let is_known = meanings.is_some() || self.listed.contains(key);
            is_known.then(|| Word {
                meanings: meanings
                    .into_iter()
                    .flatten()
                    .map(|meaning| (meaning.field, meaning.strength))
                    .collect(),
                header: header.to_owned(),
            })
        };
        known(&key, plain).or_else(|| {
            let bare = without_number(&key)?;
            known(bare, bare)
        })
    }

    pub(super) fn is_block(&self, field: Field) -> bool {
        self.form.block.contains(&field) || self.form.log == Some(field)
    }

    pub(super) fn is_head(&self, field: Field) -> bool {
        self.form.head.contains(&field)
    }

    /// Whether the definition says that the form asks for it.
    pub(super) fn is_declared(&self, word: &Word) -> bool {
        word.meanings.is_empty()
            || word
                .meanings
                .iter()
                .any(|&(field, _)| self.is_block(field) || self.is_head(field))
    }

    pub(super) fn is_of_block(&self, word: &Word) -> bool {
        word.meanings.iter().any(|&(field, _)| self.is_block(field))
    }
}

pub(super) fn is_signature(text: &str) -> bool {
    const ENDS: [&str; 13] = [
        "签字",
        "签名",
        "签章",
        "盖章",
        "审核",
        "审批",
        "核准",
        "批准",
        "复核",
        "制表",
        "制表人",
        "填表人",
        "总经理",
    ];
    const BEGINS: [&str; 7] = [
        "审核",
        "审批",
        "制表",
        "填表",
        "部门经理",
        "销售部经理",
        "主管",
    ];
    let key = heading_key(text);
    let label = key.split(':').next().unwrap_or_default();
    label.chars().count() <= 10
        && (ENDS.iter().any(|end| label.ends_with(end))
            || BEGINS.iter().any(|begin| label.starts_with(begin)))
}

pub(super) fn ends_in_colon(text: &str) -> bool {
    text.trim_end().ends_with([':', '：'])
}

/// Whether a text explains the form and is nobody's value.
pub(super) fn is_note(text: &str) -> bool {
    const NOTES: [&str; 8] = [
        "注:",
        "注意",
        "备注:",
        "说明",
        "填表说明",
        "填写说明",
        "使用说明",
        "note",
    ];
    let key = leadsheet_core::compact_key(text);
    NOTES.iter().any(|note| key.starts_with(note))
}

/// Whether a text only counts blocks: `3`, `第三次`, `第3次跟进`, `（三）`.
pub(super) fn is_number(text: &str) -> bool {
    const DEEDS: [&str; 7] = ["", "跟进", "跟踪", "沟通", "拜访", "回访", "跟进记录"];
    let key = heading_key(text);
    let bare = key.trim_matches(['(', ')', '.', '、', '#']);
    let is_bare = (1..=3).contains(&bare.chars().count()) && bare.chars().all(is_numeral);
    is_bare || numbered(&key).is_some_and(|rest| DEEDS.contains(&rest))
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// What follows `第N次`.
fn numbered(key: &str) -> Option<&str> {
    let behind = key.strip_prefix('第')?;
    let rest = behind.trim_start_matches(is_numeral);
    let rest = rest.strip_prefix(['次', '轮', '回', '条', '个'])?;
    (rest.len() < behind.len()).then_some(rest)
}

/// `第一次跟进方式`, `1、跟进方式`, `跟进方式1`, `跟进方式(一)` without their number.
fn without_number(key: &str) -> Option<&str> {
    if let Some(rest) = numbered(key) {
        return Some(rest.trim_start_matches([':', '的']));
    }
    let marked = key.trim_start_matches(['(']);
    let behind = marked.trim_start_matches(is_numeral);
    let rest = behind.trim_start_matches(['、', '.', ')', ':', ',']);
    let is_counted = behind.len() < marked.len()
        && (rest.len() < behind.len() || marked.starts_with(|c: char| c.is_ascii_digit()));
    if is_counted && !rest.is_empty() {
        return Some(rest);
    }
    let bare = key.trim_end_matches([')']).trim_end_matches(is_numeral);
    let bare = bare.trim_end_matches(['(']);
    (bare.len() < key.len() && !bare.is_empty()).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_off_labels() {
        for text in [
            "第一次跟进方式",
            "第12次跟进方式",
            "1、跟进方式",
            "（三）跟进方式",
            "十、跟进方式",
            "跟进方式1",
            "跟进方式（一）",
            "①跟进方式",
        ] {
            let key = heading_key(text);
            assert_eq!(without_number(&key).unwrap_or(&key), "跟进方式", "{text}");
        }
        assert_eq!(without_number("跟进方式"), None);
        assert_eq!(without_number("一般客户"), None);
    }

    #[test]
    fn what_only_counts_is_no_value() {
        for text in ["1", "12", "第三次", "第3次跟进", "（三）", "十二", "3."] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "第三次跟进很顺利", "2024", "三套", "跟进"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn signatures_are_told_from_values() {
        for text in [
            "部门经理签字：",
            "审核人",
            "制表人：张三",
            "总经理",
            "主管签名",
        ] {
            assert!(is_signature(text), "{text}");
        }
        for text in [
            "客户经理",
            "双方已经在会上当场把合同签字",
            "跟进人",
            "准客户",
        ] {
            assert!(!is_signature(text), "{text}");
        }
    }
}
