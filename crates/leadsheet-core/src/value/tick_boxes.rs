//! Tick-box cells, as printed forms have them: `☑电话沟通 □网络对话`. Which boxes there are, which are ticked, and
//! what was written behind them.
//!
//! Boxes are drawn in many ways: `□ ☐` empty, `■ ☑ ☒` ticked, `√` with or without a box, brackets that are empty or
//! hold a tick, the letters and private-use characters that symbol fonts leave behind. Copies from the web turn a
//! ticked box into `?`; beside an empty box that is what it is taken for.

/// One box of a tick-box cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickBox<'t> {
    /// Whether it is ticked.
    pub ticked: bool,
    /// What it stands for.
    pub label: &'t str,
    /// What was written behind the label (`其他：朋友介绍`); empty where nothing was.
    pub remark: &'t str,
}

const EMPTY_BOXES: [char; 11] = [
    '□', '☐', '▢', '◻', '❏', '❑', '\u{f0a8}', '\u{f06f}', '\u{f0a3}', '\u{f071}', '£',
];
const TICKED_BOXES: [char; 10] = [
    '■', '☑', '☒', '▣', '◼', '✅', '🗹', '\u{f0fe}', '\u{f052}', '\u{f0fd}',
];
const TICKS: [char; 4] = ['√', '✓', '✔', '\u{f0fc}'];
/// What copies make of a ticked box.
const LOST: [char; 3] = ['?', '？', '\u{fffd}'];
/// What a symbol font shows as a ticked box, where `£` is its empty one.
const LETTER_TICKED: char = 'R';
const SEPARATORS: [char; 12] = [
    ';', '；', ',', '，', '、', '|', '/', '.', '。', '\n', '\r', '\t',
];

/// The boxes of a cell from left to right; `None` where the text is no tick-box cell.
///
/// ```
/// use leadsheet_core::tick_boxes;
/// let boxes = tick_boxes("☑电话沟通 □网络对话").unwrap_or_default();
/// assert_eq!(boxes.iter().map(|it| (it.ticked, it.label)).collect::<Vec<_>>(), [(true, "电话沟通"), (false, "网络对话")]);
/// ```
pub fn tick_boxes(text: &str) -> Option<Vec<TickBox<'_>>> {
    let marks = marks(text)?;
    let boxes = if labels_come_first(text, &marks) {
        boxes_behind_labels(text, &marks)
    } else {
        boxes_before_labels(text, &marks)
    };
    let boxes: Vec<_> = boxes
        .into_iter()
        .filter(|it| !it.label.is_empty())
        .collect();
    (!boxes.is_empty()).then_some(boxes)
}

/// What a tick-box cell says: the ticked labels, with what was written behind them in brackets; empty where nothing
/// is ticked. `None` where the text is no tick-box cell.
pub fn ticked(text: &str) -> Option<String> {
    let said = tick_boxes(text)?
        .into_iter()
        .filter(|it| it.ticked)
        .map(|it| match it.remark {
            "" => it.label.to_owned(),
            remark => format!("{}（{remark}）", it.label),
        });
    Some(said.collect::<Vec<_>>().join("、"))
}

/// A box or tick in the text.
#[derive(Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    ticked: bool,
}

fn marks(text: &str) -> Option<Vec<Mark>> {
    if text.is_ascii() && !text.contains(['(', '[']) {
        return None;
    }
    let drawn = text.contains(EMPTY_BOXES) || text.contains(TICKED_BOXES);
    let marks = if drawn {
        drawn_marks(text)
    } else {
        let bracketed = bracketed_marks(text);
        // One pair of empty brackets may be anything.
        if bracketed.len() >= 2 || bracketed.iter().any(|mark| mark.ticked) {
            bracketed
        } else {
            let ticks = text.char_indices().filter(|(_, c)| TICKS.contains(c));
            ticks
                .map(|(start, c)| Mark {
                    start,
                    end: start + c.len_utf8(),
                    ticked: true,
                })
                .collect()
        }
    };
    (!marks.is_empty()).then_some(marks)
}

fn drawn_marks(text: &str) -> Vec<Mark> {
    let lettered = text.contains('£');
    let mut marks: Vec<Mark> = Vec::new();
    let mut characters = text.char_indices().peekable();
    let mut before = None;
    while let Some((start, c)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        let starts_option = before.is_none_or(is_separator);
        let ticked = if EMPTY_BOXES.contains(&c) {
            // A tick set into the box.
            Some(next.is_some_and(|next| TICKS.contains(&next)))
        } else if TICKED_BOXES.contains(&c) || TICKS.contains(&c) {
            Some(true)
        } else {
            let is_lost = LOST.contains(&c) && next.is_some_and(char::is_alphanumeric);
            let is_lettered = lettered
                && c == LETTER_TICKED
                && next.is_some_and(|next| !next.is_ascii() && next.is_alphanumeric());
            (starts_option && (is_lost || is_lettered)).then_some(true)
        };
        before = Some(c);
        let Some(ticked) = ticked else { continue };
        let mut end = start + c.len_utf8();
        // A tick and a box beside each other are one mark.
        let joins = |next: char| {
            (EMPTY_BOXES.contains(&c) && TICKS.contains(&next))
                || (TICKS.contains(&c) && EMPTY_BOXES.contains(&next))
        };
        if next.is_some_and(joins)
            && let Some((at, joined)) = characters.next()
        {
            end = at + joined.len_utf8();
        }
        marks.push(Mark { start, end, ticked });
    }
    marks
}

fn bracketed_marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut position = 0;
    while let Some(found) = text[position..].find(['(', '（', '[', '［', '【', '〔']) {
        let start = position + found;
        let inside = start + text[start..].chars().next().map_or(1, char::len_utf8);
        position = inside;
        let Some(length) = text[inside..].find([')', '）', ']', '］', '】', '〕']) else {
            break;
        };
        let close = inside + length;
        let ticked = match text[inside..close].trim() {
            "" => false,
            "x" | "X" | "v" | "V" | "*" | "●" | "√" | "✓" | "✔" | "\u{f0fc}" => true,
            _ => continue,
        };
        let end = close + text[close..].chars().next().map_or(1, char::len_utf8);
        marks.push(Mark { start, end, ticked });
        position = end;
    }
    marks
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || SEPARATORS.contains(&c) || matches!(c, ':' | '：')
}

/// Whether each box stands behind what it is for: `电话□ 微信☑`.
fn labels_come_first(text: &str, marks: &[Mark]) -> bool {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
        return false;
    };
    let head = &text[..first.start];
    if head.trim_matches(is_separator).is_empty() {
        return false;
    }
    if text[last.end..].trim_matches(is_separator).is_empty() {
        return true;
    }
    let touches = !head.ends_with(is_separator);
    touches && text[first.end..].starts_with(is_separator)
}

fn boxes_before_labels<'t>(text: &'t str, marks: &[Mark]) -> Vec<TickBox<'t>> {
    let ends = marks.iter().skip(1).map(|mark| mark.start);
    let only_ticks = !marks.iter().any(|mark| !mark.ticked);
    let mut boxes = Vec::new();
    for (mark, end) in marks.iter().zip(ends.chain([text.len()])) {
        let segment = &text[mark.end..end];
        let (label, remark) = split_label(segment);
        // `√电话；微信；短信`: what has no tick is an option that was not chosen.
        let behind = segment
            .find(label)
            .map_or("", |at| &segment[at + label.len()..]);
        if only_ticks && !is_other(label) && behind.contains(SEPARATORS) {
            boxes.push(TickBox {
                ticked: true,
                label,
                remark: "",
            });
            boxes.extend(unticked(remark));
        } else {
            boxes.push(TickBox {
                ticked: mark.ticked,
                label,
                remark,
            });
        }
    }
    boxes
}

fn boxes_behind_labels<'t>(text: &'t str, marks: &[Mark]) -> Vec<TickBox<'t>> {
    let starts = [0].into_iter().chain(marks.iter().map(|mark| mark.end));
    let mut boxes = Vec::new();
    for (mark, start) in marks.iter().zip(starts) {
        let segment = text[start..mark.start].trim_matches(is_separator);
        let from = segment
            .rfind(|c: char| SEPARATORS.contains(&c) || matches!(c, ':' | '：'))
            .map_or(0, |at| {
                at + segment[at..].chars().next().map_or(1, char::len_utf8)
            });
        boxes.extend(unticked(&segment[..from]));
        boxes.push(TickBox {
            ticked: mark.ticked,
            label: segment[from..].trim(),
            remark: "",
        });
    }
    if let Some(last) = marks.last() {
        boxes.extend(unticked(&text[last.end..]));
    }
    boxes
}

fn unticked(text: &str) -> impl Iterator<Item = TickBox<'_>> {
    text.split(SEPARATORS).map(|label| TickBox {
        ticked: false,
        label: label.trim_matches(is_separator),
        remark: "",
    })
}

fn is_other(label: &str) -> bool {
    ["其他", "其它", "other", "Other"].contains(&label)
}

/// The label that a segment begins with, and what is written behind it.
fn split_label(segment: &str) -> (&str, &str) {
    let is_line = |c: char| matches!(c, '_' | '＿' | '﹍' | '—');
    let trimmed = segment.trim_matches(|c: char| is_separator(c) || is_line(c));
    let mut before = ' ';
    let mut end = trimmed.len();
    for (at, c) in trimmed.char_indices() {
        let behind = trimmed[at..].trim_start().chars().next();
        let is_phrase = before.is_ascii_alphanumeric()
            && behind.is_some_and(|behind| behind.is_ascii_alphanumeric());
        let cuts = match c {
            '/' | '.' => false,
            ' ' => !is_phrase,
            '(' | '（' => true,
            c => is_separator(c) || is_line(c),
        };
        if cuts {
            end = at;
            break;
        }
        before = c;
    }
    let remark = trimmed[end..].trim_matches(|c: char| {
        is_separator(c) || is_line(c) || matches!(c, '(' | '（' | ')' | '）')
    });
    (&trimmed[..end], remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let Some(boxes) = tick_boxes(text) else {
            return "no boxes".into();
        };
        let shown = boxes.iter().map(|it| {
            let mark = if it.ticked { "+" } else { "-" };
            match it.remark {
                "" => format!("{mark}{}", it.label),
                remark => format!("{mark}{}={remark}", it.label),
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_ticked_box_of_three_however_it_is_drawn() {
        for text in [
            "□登门 ☑电话 □短信",
            "□登门;☑电话;□短信",
            "□登门；■电话；□短信；",
            "☐登门\n☒电话\n☐短信",
            "□ 登门　√电话　□ 短信",
            "□登门、□√电话、□短信",
            "□登门 √□电话 □短信",
            "□登门;?电话;□短信",
            "□登门；？电话；□短信",
            "□登门 \u{fffd}电话 □短信",
            "( )登门 (√)电话 ( )短信",
            "（　）登门（√）电话（　）短信",
            "[ ] 登门 [x] 电话 [ ] 短信",
            "【】登门【√】电话【】短信",
            "登门□ 电话☑ 短信□",
            "登门□；电话☑；短信□",
            "登门( ) 电话(√) 短信( )",
            "跟进方式：□登门 ☑电话 □短信",
            "£登门 R电话 £短信",
            "\u{f0a8}登门 \u{f0fe}电话 \u{f0a8}短信",
        ] {
            assert_eq!(shown(text), "-登门 +电话 -短信", "{text}");
        }
    }

    #[test]
    fn ticks_without_boxes_choose_among_what_is_separated() {
        assert_eq!(shown("√电话；微信；短信"), "+电话 -微信 -短信");
        assert_eq!(shown("电话、微信√、短信"), "-电话 +微信 -短信");
        assert_eq!(shown("√准客户"), "+准客户");
        assert_eq!(shown("准客户√"), "+准客户");
    }

    #[test]
    fn nothing_and_several_may_be_ticked() {
        assert_eq!(ticked("□登门 □电话").as_deref(), Some(""));
        assert_eq!(ticked("☑登门 ☑电话").as_deref(), Some("登门、电话"));
    }

    #[test]
    fn what_is_written_behind_a_label_is_kept() {
        assert_eq!(shown("□电话 ☑其他____"), "-电话 +其他");
        assert_eq!(shown("□电话 ☑其他__托人带话__"), "-电话 +其他=托人带话");
        assert_eq!(shown("□电话 ☑其他：托人带话"), "-电话 +其他=托人带话");
        assert_eq!(shown("□电话 ☑其他（托人带话）"), "-电话 +其他=托人带话");
        assert_eq!(shown("□电话 □其他（   ）"), "-电话 -其他");
        assert_eq!(shown("√其他；托人带话"), "+其他=托人带话");
        assert_eq!(
            ticked("■其他 托人带话").as_deref(),
            Some("其他（托人带话）")
        );
        assert_eq!(
            shown("☑准客户（一个月内） □意向客户"),
            "+准客户=一个月内 -意向客户"
        );
    }

    #[test]
    fn labels_of_several_words_and_with_a_stroke_stay_whole() {
        assert_eq!(
            shown("☐ Phone call ☑ Text message"),
            "-Phone call +Text message"
        );
        assert_eq!(shown("☑方案/报价 □合同签订"), "+方案/报价 -合同签订");
    }

    #[test]
    fn ordinary_values_have_no_boxes() {
        for text in [
            "",
            "电话",
            "A（重点客户）",
            "A()",
            "合同签订（待定）",
            "电话？",
            "?电话",
            "√",
            "□",
            "□ □",
            "R电话",
            "Phone (office)",
        ] {
            assert_eq!(shown(text), "no boxes", "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_asked(text in "[□☑√?？£R()（）\\[\\]xX 电话微信;；、:：_\\n\\t\\PC]{0,40}") {
            for it in tick_boxes(&text).unwrap_or_default() {
                assert!(text.contains(it.label) && text.contains(it.remark));
            }
        }

        #[test]
        fn any_ticks_without_boxes_can_be_asked(text in "[√✓ ;；、：\\n（）电话微]{0,16}") {
            for it in tick_boxes(&text).unwrap_or_default() {
                assert!(text.contains(it.label) && text.contains(it.remark));
            }
        }

        #[test]
        fn the_box_that_was_ticked_is_found(
            chosen in 0_usize..4,
            style in 0_usize..5,
            separator in proptest::sample::select(vec![";", "；", " ", "\n", "、", "　"]),
        ) {
            let labels = ["直接登门", "电话跟进", "手机短信", "其他"];
            let (empty, full) = [("□", "☑"), ("☐", "☒"), ("□", "?"), ("（ ）", "（√）"), ("[ ]", "[x]")][style];
            let cell = labels.iter().enumerate().map(|(at, label)| format!("{}{label}", if at == chosen { full } else { empty }));
            let cell = cell.collect::<Vec<_>>().join(separator);
            assert_eq!(ticked(&cell).as_deref(), Some(labels[chosen]), "{cell}");
        }
    }
}
