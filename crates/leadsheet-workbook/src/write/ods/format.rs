//! Number formats as `OpenDocument` has them, little trees of their own, from the codes that spreadsheets spell:
//! `yyyy-m` is `<number:year number:style="long"/>-<number:month/>` (ODF 1.3 part 3 §16.29).

use super::xml::{attribute, text};

/// What a number format is about; an element is named for it, and cells say it of their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Number,
    Percentage,
    Currency,
    Date,
    Time,
    Text,
}

impl Kind {
    const fn element(self) -> &'static str {
        match self {
            Kind::Number => "number:number-style",
            Kind::Percentage => "number:percentage-style",
            Kind::Currency => "number:currency-style",
            Kind::Date => "number:date-style",
            Kind::Time => "number:time-style",
            Kind::Text => "number:text-style",
        }
    }
}

/// The kind of a number format.
pub(super) fn kind_of(code: &str) -> Kind {
    sections(code)
        .first()
        .map(Section::kind)
        .unwrap_or_default()
}

/// The elements of a number format under this name: its own and before it those that stand for it when a number is
/// positive or negative.
pub(super) fn data_style(name: &str, code: &str) -> String {
    let sections = sections(code);
    let Some((own, others)) = sections.split_last() else {
        return String::new();
    };
    let conditions: &[&str] = match others.len() {
        0 => &[],
        1 => &["value()>=0"],
        _ => &["value()>0", "value()<0"],
    };
    let mut styles = String::new();
    let mut maps = String::new();
    for ((section, usual), position) in others.iter().zip(conditions).zip(0..) {
        let name = format!("{name}P{position}");
        let condition = section.condition.as_deref().unwrap_or(usual);
        styles += &section.element(&name, "");
        maps += &format!(
            "<style:map style:condition=\"{}\" style:apply-style-name=\"{name}\"/>",
            attribute(condition)
        );
    }
    styles + &own.element(name, &maps)
}

/// One section of a code: what it shows, piece by piece.
#[derive(Debug, Default)]
struct Section {
    pieces: Vec<Piece>,
    condition: Option<String>,
    is_red: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Literal(String),
    Symbol(String),
    Number(Digits),
    /// Decimals and digits of the exponent.
    Scientific(usize, usize),
    Fraction(usize),
    /// A letter of a date or a time and how often it stands there.
    Unit(char, usize),
    /// The same, counting on: `[h]`.
    Elapsed(char, usize),
    /// Decimals behind the seconds.
    Decimals(usize),
    AmPm,
    General,
    Content,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Digits {
    whole: usize,
    decimals: usize,
    fixed_decimals: usize,
    grouped: bool,
}

/// The sections of a code but for what only says that text is shown as text.
fn sections(code: &str) -> Vec<Section> {
    let mut rest = code;
    let mut sections = Vec::new();
    loop {
        let (section, after) = Section::read(rest);
        sections.push(section);
        match after {
            Some(after) if sections.len() < 4 => rest = after,
            _ => break,
        }
    }
    let is_text = |section: &Section| section.pieces == [Piece::Content];
    while sections.len() > 1 && (sections.len() > 3 || sections.last().is_some_and(is_text)) {
        sections.pop();
    }
    sections
}

/// Signs of money that stand in codes unquoted or quoted.
const SIGNS: [char; 5] = ['¥', '￥', '$', '€', '£'];

impl Section {
    /// Reads one section; gives what comes behind its semicolon.
    fn read(code: &str) -> (Self, Option<&str>) {
        let mut section = Self::default();
        let mut rest = code;
        while let Some(character) = rest.chars().next() {
            if character == ';' {
                return (section, Some(&rest[1..]));
            }
            rest = section.piece(character, rest);
        }
        (section, None)
    }

    /// Takes one piece; gives what comes behind it.
    fn piece<'c>(&mut self, character: char, rest: &'c str) -> &'c str {
        for (word, piece) in [
            ("General", Piece::General),
            ("G/通用格式", Piece::General),
            ("上午/下午", Piece::AmPm),
            ("AM/PM", Piece::AmPm),
            ("A/P", Piece::AmPm),
        ] {
            let head = rest.get(..word.len());
            if head.is_some_and(|head| head.eq_ignore_ascii_case(word)) {
                self.pieces.push(piece);
                return &rest[word.len()..];
            }
        }
        let after = &rest[character.len_utf8()..];
        let alike = rest
            .chars()
            .take_while(|other| other.eq_ignore_ascii_case(&character))
            .count();
        match character.to_ascii_lowercase() {
            '"' => {
                let end = after.find('"').unwrap_or(after.len());
                self.literal(&after[..end]);
                after.get(end + 1..).unwrap_or_default()
            }
            '\\' => self.one(after),
            // As wide as the next character; here a blank. Filled with it; here left out.
            '_' => {
                self.literal(" ");
                skip_one(after)
            }
            '*' => skip_one(after),
            '[' => {
                let end = after.find(']').unwrap_or(after.len());
                self.bracket(&after[..end]);
                after.get(end + 1..).unwrap_or_default()
            }
            '@' => {
                self.pieces.push(Piece::Content);
                after
            }
            '.' if self.ends_with_seconds() && after.starts_with('0') => {
                let count = after.chars().take_while(|&digit| digit == '0').count();
                self.pieces.push(Piece::Decimals(count));
                &after[count..]
            }
            '0' | '#' | '?' => self.number(rest),
            '.' if after.starts_with(['0', '#', '?']) => self.number(rest),
            letter @ ('y' | 'm' | 'd' | 'h' | 's' | 'e' | 'a' | 'g' | 'b')
                if self.may_be_time() =>
            {
                self.pieces.push(Piece::Unit(letter, alike));
                &rest[alike * character.len_utf8()..]
            }
            _ => self.one(rest),
        }
    }

    /// Digits make a number of a section, and letters behind them belong to a unit that nobody quoted.
    fn may_be_time(&self) -> bool {
        !self
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Number(_)))
    }

    fn ends_with_seconds(&self) -> bool {
        matches!(
            self.pieces.last(),
            Some(Piece::Unit('s', _) | Piece::Elapsed('s', _))
        )
    }

    /// The next character for itself.
    fn one<'c>(&mut self, rest: &'c str) -> &'c str {
        let length = rest.chars().next().map_or(0, char::len_utf8);
        self.literal(&rest[..length]);
        &rest[length..]
    }

    fn literal(&mut self, shown: &str) {
        if let [sign] = shown.chars().collect::<Vec<_>>()[..]
            && SIGNS.contains(&sign)
        {
            self.pieces.push(Piece::Symbol(sign.to_string()));
        } else if let Some(Piece::Literal(before)) = self.pieces.last_mut() {
            before.push_str(shown);
        } else if !shown.is_empty() {
            self.pieces.push(Piece::Literal(shown.to_owned()));
        }
    }

    /// `[h]` counts on, `[$¥-804]` is money, `[>1]` a condition, `[Red]` a colour; languages say nothing here.
    fn bracket(&mut self, inner: &str) {
        let lower = inner.to_ascii_lowercase();
        let first = lower.chars().next().unwrap_or_default();
        if let Some(symbol) = inner.strip_prefix('$') {
            let symbol = symbol.split('-').next().unwrap_or_default();
            if !symbol.is_empty() {
                self.pieces.push(Piece::Symbol(symbol.to_owned()));
            }
        } else if matches!(first, 'h' | 'm' | 's') && lower.chars().all(|other| other == first) {
            self.pieces.push(Piece::Elapsed(first, inner.len()));
        } else if matches!(first, '<' | '>' | '=') {
            self.condition = Some(format!("value(){}", inner.replace("<>", "!=")));
        } else if lower == "red" || inner == "红色" {
            self.is_red = true;
        }
    }

    /// Takes a number, a fraction or one with an exponent.
    fn number<'c>(&mut self, rest: &'c str) -> &'c str {
        let is_digit = |character: char| matches!(character, '0' | '#' | '?');
        let end = rest
            .find(|character: char| !is_digit(character) && !matches!(character, '.' | ','))
            .unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let count = |text: &str, wanted: char| text.matches(wanted).count();
        if let Some(exponent) = after
            .strip_prefix("E+")
            .or_else(|| after.strip_prefix("e+"))
            .or_else(|| after.strip_prefix("E-"))
        {
            let length = exponent
                .chars()
                .take_while(|&digit| is_digit(digit))
                .count();
            self.pieces
                .push(Piece::Scientific(decimals.chars().count(), length));
            return &exponent[length..];
        }
        if let Some(below) = after.strip_prefix('/') {
            let length = below.chars().take_while(char::is_ascii_punctuation).count();
            let length = below[..length]
                .chars()
                .take_while(|&it| is_digit(it))
                .count();
            if length > 0 {
                self.drop_whole_part();
                self.pieces.push(Piece::Fraction(length));
                return &below[length..];
            }
        }
        let digits = Digits {
            whole: count(whole, '0'),
            decimals: decimals.chars().filter(|&digit| is_digit(digit)).count(),
            fixed_decimals: count(decimals, '0'),
            grouped: whole.trim_end_matches(',').contains(','),
        };
        self.pieces.push(Piece::Number(digits));
        after
    }

    /// `# ?/?`: what stands before a fraction is its whole part.
    fn drop_whole_part(&mut self) {
        if let [.., Piece::Number(_), Piece::Literal(blank)] = &self.pieces[..]
            && blank == " "
        {
            self.pieces.truncate(self.pieces.len() - 2);
        }
    }

    fn kind(&self) -> Kind {
        let has = |wanted: fn(&Piece) -> bool| self.pieces.iter().any(wanted);
        let is_date = self
            .pieces
            .iter()
            .enumerate()
            .any(|(position, piece)| match piece {
                Piece::Unit('y' | 'd' | 'e' | 'g' | 'b' | 'a', _) => true,
                Piece::Unit('m', _) => !self.is_minute(position),
                _ => false,
            });
        if is_date {
            Kind::Date
        } else if has(|piece| matches!(piece, Piece::Unit(..) | Piece::Elapsed(..) | Piece::AmPm)) {
            Kind::Time
        } else if has(|piece| matches!(piece, Piece::Symbol(_))) {
            Kind::Currency
        } else if has(|piece| matches!(piece, Piece::Literal(text) if text.contains('%'))) {
            Kind::Percentage
        } else if has(|piece| matches!(piece, Piece::Content)) {
            Kind::Text
        } else {
            Kind::Number
        }
    }

    /// Whether an `m` stands behind hours or before seconds.
    fn is_minute(&self, position: usize) -> bool {
        let unit = |piece: &Piece| match piece {
            Piece::Unit(letter, _) | Piece::Elapsed(letter, _) => Some(*letter),
            _ => None,
        };
        let before = self.pieces[..position].iter().rev().find_map(unit);
        let after = self.pieces[position + 1..].iter().find_map(unit);
        before == Some('h') || after == Some('s')
    }

    fn element(&self, name: &str, maps: &str) -> String {
        let element = self.kind().element();
        let has_elapsed = |piece: &Piece| matches!(piece, Piece::Elapsed(..));
        let mut xml = format!("<{element} style:name=\"{name}\"");
        if self.pieces.iter().any(has_elapsed) {
            xml += " number:truncate-on-overflow=\"false\"";
        }
        xml.push('>');
        if self.is_red {
            xml += "<style:text-properties fo:color=\"#ff0000\"/>";
        }
        for (position, piece) in self.pieces.iter().enumerate() {
            let decimals = match self.pieces.get(position + 1) {
                Some(Piece::Decimals(count)) => *count,
                _ => 0,
            };
            xml += &piece.element(self.is_minute(position), decimals);
        }
        xml + maps + &format!("</{element}>")
    }
}

fn skip_one(rest: &str) -> &str {
    let length = rest.chars().next().map_or(0, char::len_utf8);
    &rest[length..]
}

impl Piece {
    fn element(&self, is_minute: bool, decimals: usize) -> String {
        let unit = |name: &str, is_long: bool, more: &str| {
            let long = if is_long {
                " number:style=\"long\""
            } else {
                ""
            };
            format!("<number:{name}{long}{more}/>")
        };
        match self {
            Piece::Literal(shown) => format!("<number:text>{}</number:text>", text(shown)),
            Piece::Symbol(symbol) => format!(
                "<number:currency-symbol>{}</number:currency-symbol>",
                text(symbol)
            ),
            Piece::Number(digits) => {
                let grouping = if digits.grouped {
                    " number:grouping=\"true\""
                } else {
                    ""
                };
                format!(
                    "<number:number number:decimal-places=\"{}\" number:min-decimal-places=\"{}\" \
                     number:min-integer-digits=\"{}\"{grouping}/>",
                    digits.decimals, digits.fixed_decimals, digits.whole
                )
            }
            Piece::Scientific(decimals, exponent) => format!(
                "<number:scientific-number number:decimal-places=\"{decimals}\" \
                 number:min-integer-digits=\"1\" number:min-exponent-digits=\"{exponent}\"/>"
            ),
            Piece::Fraction(digits) => format!(
                "<number:fraction number:min-integer-digits=\"0\" \
                 number:min-numerator-digits=\"{digits}\" number:min-denominator-digits=\"{digits}\"/>"
            ),
            &Piece::Unit(letter, count) | &Piece::Elapsed(letter, count) => match letter {
                'y' | 'e' => unit("year", count > 2 || letter == 'e', ""),
                'm' if is_minute || matches!(self, Piece::Elapsed(..)) => {
                    unit("minutes", count > 1, "")
                }
                'm' if count > 2 => unit("month", count == 4, " number:textual=\"true\""),
                'm' => unit("month", count > 1, ""),
                'd' | 'a' if count > 2 => unit("day-of-week", count > 3, ""),
                'd' => unit("day", count > 1, ""),
                'h' => unit("hours", count > 1, ""),
                's' if decimals > 0 => unit(
                    "seconds",
                    count > 1,
                    &format!(" number:decimal-places=\"{decimals}\""),
                ),
                's' => unit("seconds", count > 1, ""),
                'g' => unit("era", count > 2, ""),
                _ => String::new(),
            },
            Piece::Decimals(_) => String::new(),
            Piece::AmPm => "<number:am-pm/>".to_owned(),
            Piece::General => "<number:number number:min-integer-digits=\"1\"/>".to_owned(),
            Piece::Content => "<number:text-content/>".to_owned(),
        }
    }
}
