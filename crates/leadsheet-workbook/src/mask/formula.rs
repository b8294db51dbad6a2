//! Formulas: texts in them are new, and what was renamed is called by its new name.

use leadsheet_core::Masker;

use super::renames::{Renames, without_stars};

/// A formula with everybody hidden; `None` where nothing changes.
pub(crate) fn masked_formula(formula: &str, masker: &Masker, renames: &Renames) -> Option<String> {
    let mut new = String::with_capacity(formula.len());
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            '[' => bracketed(rest),
            c if is_of_word(c) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '"' => new.push_str(&text(token, masker)),
            '\'' => new.push_str(&quoted_sheet(token, masker, renames)),
            '[' => new.push_str(&masker.masked(token).unwrap_or_else(|| token.to_owned())),
            c if is_of_word(c) => new.push_str(&word(token, after, masker, renames)),
            _ => new.push_str(token),
        }
        rest = after;
    }
    (new != formula).then_some(new)
}

const fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '_' | '.' | '\\')
        || !c.is_ascii() && !c.is_whitespace()
}

/// How long a quoted token is; a doubled quote is none.
fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// What stands between the quotes of a token; the last one may be missing.
fn inside(token: &str, quote: char) -> &str {
    let inner = token.strip_prefix(quote).unwrap_or(token);
    inner.strip_suffix(quote).unwrap_or(inner)
}

fn bracketed(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

fn text(token: &str, masker: &Masker) -> String {
    let inner = inside(token, '"').replace("\"\"", "\"");
    match masker.masked(&inner) {
        Some(hidden) => format!("\"{}\"", hidden.replace('"', "\"\"")),
        None => token.to_owned(),
    }
}

/// `'张三'`, `'张三:李四'`, `'C:\[客户.xlsx]张三'`: a sheet, two, or one of another workbook.
fn quoted_sheet(token: &str, masker: &Masker, renames: &Renames) -> String {
    if token.len() < 2 || !token.ends_with('\'') {
        return token.to_owned();
    }
    let inner = inside(token, '\'').replace("''", "'");
    let (book, sheets) = inner
        .rfind(']')
        .map_or(("", &*inner), |end| inner.split_at(end + 1));
    let book = without_stars(masker, book).unwrap_or_else(|| book.to_owned());
    let sheets: Vec<_> = sheets
        .split(':')
        .map(|name| sheet(name, masker, renames))
        .collect();
    format!(
        "'{}'",
        format!("{book}{}", sheets.join(":")).replace('\'', "''")
    )
}

fn sheet(name: &str, masker: &Masker, renames: &Renames) -> String {
    let new = renames.sheet(name).map(str::to_owned);
    new.or_else(|| without_stars(masker, name))
        .unwrap_or_else(|| name.to_owned())
}

/// A word that is no text: a sheet before `!`, the name of a range, a number, a function.
fn word(token: &str, after: &str, masker: &Masker, renames: &Renames) -> String {
    if after.starts_with('!') || after.starts_with(':') && renames.sheet(token).is_some() {
        let new = sheet(token, masker, renames);
        let is_plain = new
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        return if is_plain || new == token {
            new
        } else {
            format!("'{new}'")
        };
    }
    if let Some(new) = renames.named(token) {
        return new.to_owned();
    }
    let number = token
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| token.parse().ok())
        .flatten();
    match number.and_then(|number| masker.number(number, false)) {
        Some((mask, _)) => format!("\"{mask}\""),
        None => token.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadsheet_core::{MaskBuilder, MaskOptions};

    #[test]
    fn texts_sheets_names_and_numbers_are_hidden_in_formulas() {
        let mut builder = MaskBuilder::new(MaskOptions::default());
        for name in ["张三", "张伟", "O'Neil Li"] {
            builder.person(name);
        }
        let masker = builder.build();
        let mut renames =
            Renames::of_sheets(["张三", "张伟", "张三 2024", "汇总"].into_iter(), &masker);
        renames.name("张三_总额", &masker);
        for (formula, masked) in [
            ("\"张三\"&B2", "\"张*\"&B2"),
            ("张三!A1+'张伟'!B2", "张某!A1+'张某 (2)'!B2"),
            ("SUM('张三 2024'!A1:A9)", "SUM('张某 2024'!A1:A9)"),
            ("SUM('张三:汇总'!A1)", "SUM('张某:汇总'!A1)"),
            ("[1]张三!A1", "[1]张某!A1"),
            (
                "COUNTIF(表1[张三],13800138000)",
                "COUNTIF(表1[张*],\"138****8000\")",
            ),
            (
                "IF(A1=\"say \"\"张三\"\"\",1,0)",
                "IF(A1=\"say \"\"张*\"\"\",1,0)",
            ),
            ("张三_总额*2", "张某_总额*2"),
        ] {
            assert_eq!(
                masked_formula(formula, &masker, &renames).as_deref(),
                Some(masked),
                "{formula}"
            );
        }
        for formula in [
            "SUM(A1:B9)*0.5",
            "汇总!A1",
            "IF(A1=\"是\",1.5,2)",
            "VLOOKUP(A1,$B$2:$C$9,2,FALSE)",
            "\"",
            "'",
            "[",
            "",
        ] {
            assert_eq!(
                masked_formula(formula, &masker, &renames),
                None,
                "{formula}"
            );
        }
    }
}
