//! The one thing in style sheets that matters here: `mso-number-format`, by which Excel and web systems say that a
//! cell is text or a date.

use hashbrown::HashMap;

use crate::read::cells::NumberFormat;
use crate::read::named_format::number_format;

const PROPERTY: &str = "mso-number-format";

/// The number formats of a page.
#[derive(Debug, Default)]
pub(super) struct Styles {
    formats: Vec<NumberFormat>,
    by_code: HashMap<String, usize>,
    by_class: HashMap<String, usize>,
}

impl Styles {
    /// Adds the classes of a style sheet.
    pub(super) fn add_sheet(&mut self, sheet: &str) {
        for rule in sheet.split('}') {
            let Some((selectors, declarations)) = rule.rsplit_once('{') else {
                continue;
            };
            let Some(format) = self.in_declarations(declarations) else {
                continue;
            };
            for selector in selectors.split(',') {
                if let Some((_, class)) = selector.trim().rsplit_once('.') {
                    self.by_class.insert(class.to_owned(), format);
                }
            }
        }
    }

    /// The format that a `style` attribute names.
    pub(super) fn in_declarations(&mut self, declarations: &str) -> Option<usize> {
        let start = declarations.to_ascii_lowercase().find(PROPERTY)? + PROPERTY.len();
        let value = declarations.get(start..)?.trim_start().strip_prefix(':')?;
        Some(self.of_code(&code(value.trim_start())))
    }

    /// The format of a cell with these classes.
    pub(super) fn of_classes(&self, classes: &str) -> Option<usize> {
        classes
            .split_ascii_whitespace()
            .find_map(|class| self.by_class.get(class).copied())
    }

    /// The format with this code or name.
    pub(super) fn of_code(&mut self, code: &str) -> usize {
        if let Some(&known) = self.by_code.get(code) {
            return known;
        }
        self.formats.push(number_format(code));
        self.by_code.insert(code.to_owned(), self.formats.len() - 1);
        self.formats.len() - 1
    }

    /// A format by its position.
    pub(super) fn get(&self, format: Option<usize>) -> NumberFormat {
        format
            .and_then(|format| self.formats.get(format))
            .cloned()
            .unwrap_or_default()
    }
}

/// The value of the property: quoted or not, with `\@` for `@` and `\0022` for a quotation mark.
fn code(value: &str) -> String {
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''));
    let mut rest = match quote {
        Some(_) => value.get(1..).unwrap_or_default(),
        None => value,
    };
    let mut code = String::new();
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        match character {
            '\\' => {
                // Excel always writes four digits, and does not mind when more that look like digits follow.
                let digits = rest.get(..4).filter(|digits| {
                    digits.starts_with("00") && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
                });
                let escaped = digits
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                    .and_then(char::from_u32);
                match escaped.or(rest.chars().next()) {
                    Some(next) => {
                        code.push(next);
                        let taken = if escaped.is_some() {
                            4
                        } else {
                            next.len_utf8()
                        };
                        rest = rest.get(taken..).unwrap_or_default();
                    }
                    None => break,
                }
            }
            _ if Some(character) == quote => break,
            ';' | '}' if quote.is_none() => break,
            _ => code.push(character),
        }
    }
    let trimmed = if quote.is_none() {
        code.trim_end()
    } else {
        &code
    };
    trimmed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_are_read_however_they_are_written() {
        for (declarations, code) in [
            (r#"mso-number-format:"\@""#, "@"),
            (r"mso-number-format:\@;color:red", "@"),
            (r"color:red; MSO-Number-Format : '\@' ;", "@"),
            (r#"mso-number-format:"yyyy\\-mm\\-dd""#, r"yyyy\-mm\-dd"),
            (
                r#"mso-number-format:"yyyy\0022年\0022m\0022月\0022d\0022日\0022""#,
                "yyyy\"年\"m\"月\"d\"日\"",
            ),
            (r#"mso-number-format:"\#\,\#\#0\.00_ ""#, "#,##0.00_ "),
            (r#"mso-number-format:"Short Date""#, "yyyy/m/d"),
            (r"mso-number-format:General", ""),
        ] {
            let mut styles = Styles::default();
            let format = styles.in_declarations(declarations);
            assert_eq!(styles.get(format).code, code, "{declarations}");
        }
    }

    #[test]
    fn classes_carry_formats() {
        let mut styles = Styles::default();
        styles.add_sheet("<!-- td {color:red}\n.xl24, td.xl25\n {mso-style-parent:style0; mso-number-format:\"\\@\";} .b{x:y} -->");
        assert_eq!(styles.get(styles.of_classes("b xl25")).code, "@");
        assert_eq!(styles.of_classes("b"), None);
    }
}
