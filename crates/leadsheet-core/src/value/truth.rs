//! Yes and no, as people tick them: `是`, `√`, `Y`, 1, `☑`.

use crate::text::compact;

/// What a tick, a cross or a word says; `None` where it is neither yes nor no.
pub fn parse_truth(text: &str) -> Option<bool> {
    Some(match &*compact(text) {
        "是" | "对" | "√" | "✓" | "✔" | "y" | "yes" | "true" | "1" | "■" | "☑" | "☒" | "●" => {
            true
        }
        "否" | "不是" | "×" | "✗" | "✘" | "x" | "n" | "no" | "false" | "0" | "□" | "☐" | "○" => {
            false
        }
        _ => return None,
    })
}

/// Whether a heading asks for yes or no: 是否成交, 成交与否, 已成交?
pub(crate) fn asks_yes_or_no(heading: &str) -> bool {
    let key = compact(heading);
    let key = key.trim_end_matches(['*', ')', '(']);
    key.contains("是否") || key.ends_with(['否', '?', '吗'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_words_are_yes_or_no() {
        for text in ["是", "√", "Y", "yes", "1", "■", "☑", "☒", "TRUE", " 是 "] {
            assert_eq!(parse_truth(text), Some(true), "{text}");
        }
        for text in ["否", "×", "N", "no", "0", "□", "☐", "FALSE", "Ｘ"] {
            assert_eq!(parse_truth(text), Some(false), "{text}");
        }
        for text in ["", "待定", "2", "成交", "?"] {
            assert_eq!(parse_truth(text), None, "{text}");
        }
    }

    #[test]
    fn a_heading_asks_or_it_does_not() {
        for heading in [
            "是否成交",
            "是否成交(*)",
            "是否轉化",
            "成交与否",
            "已成交？",
        ] {
            assert!(asks_yes_or_no(heading), "{heading}");
        }
        for heading in ["跟进结果", "成交日期", ""] {
            assert!(!asks_yes_or_no(heading), "{heading}");
        }
    }
}
