//! Headers and footers of printed pages: texts among codes for fonts, sizes, pages and sections.

use leadsheet_core::Masker;

use super::runs::{Piece, edited};

/// A header or footer with everybody hidden; `None` where nobody is in it.
pub(super) fn masked(text: &str, masker: &Masker) -> Option<String> {
    // Codes stand between pieces of text; one that begins a section ends a text.
    let mut new = String::with_capacity(text.len());
    let mut spans: Vec<(bool, &str)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = code(rest);
        if length > 0 {
            let (code, after) = rest.split_at(length);
            spans.push((true, code));
            rest = after;
        } else {
            let (words, after) = rest.split_at(words_before_code(rest));
            spans.push((false, words));
            rest = after;
        }
    }
    let begins_section =
        |span: &(bool, &str)| span.0 && matches!(span.1, "&L" | "&C" | "&R" | "&l" | "&c" | "&r");
    for section in spans.chunk_by(|_, next| !begins_section(next)) {
        let mut at = 0;
        let pieces: Vec<Piece> = section
            .iter()
            .map(|(is_code, span)| {
                at += 1;
                let text = if *is_code {
                    String::new()
                } else {
                    span.replace("&&", "&")
                };
                Piece {
                    place: at..at + 1,
                    text,
                    open: None,
                }
            })
            .collect();
        let changed = edited(&pieces, masker, false);
        for ((is_code, span), piece) in section.iter().zip(&pieces) {
            match changed.iter().find(|(one, _)| one.place == piece.place) {
                Some((_, words)) if !is_code => new.push_str(&words.replace('&', "&&")),
                _ => new.push_str(span),
            }
        }
    }
    (new != text).then_some(new)
}

/// How long the text is that stands before the next code.
fn words_before_code(text: &str) -> usize {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if text[at..].starts_with("&&") {
            at += 2;
        } else if code(&text[at..]) > 0 {
            break;
        } else {
            at += first.len_utf8();
        }
    }
    at
}

/// How long the code is that a text begins with; nothing where it begins with none.
fn code(text: &str) -> usize {
    let Some(after) = text.strip_prefix('&') else {
        return 0;
    };
    match after.chars().next() {
        // `&&` is the sign itself.
        None | Some('&') => 0,
        Some('"') => after[1..].find('"').map_or(text.len(), |end| end + 3),
        Some('K' | 'k') => {
            1 + after.len().min(7).min(
                after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '-')
                    .unwrap_or(after.len()),
            )
        }
        // A size has at most three digits; behind a longer number its first two are taken for one.
        Some(c) if c.is_ascii_digit() => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            1 + if digits > 3 { 2 } else { digits }
        }
        Some(c) => 1 + c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::{MaskBuilder, MaskOptions};

    #[test]
    fn names_are_hidden_among_codes() {
        let mut builder = MaskBuilder::new(MaskOptions::default());
        builder.person("张三");
        let masker = builder.build();
        for (text, hidden) in [
            (
                "&L&\"宋体,常规\"&12张三 &D&R13800138000",
                "&L&\"宋体,常规\"&12张* &D&R138****8000",
            ),
            ("&C张&B三&B客户", "&C张*&B&B客户"),
            ("&L张&R三", "&L张&R三"),
            ("&K00B050张三&&李四", "&K00B050张*&&李四"),
            ("&1213800138000", "&12138****8000"),
        ] {
            let got = masked(text, &masker).unwrap_or_else(|| text.to_owned());
            assert_eq!(got, hidden, "{text}");
        }
    }
}
