//! Numbers in a text: telephones, identity cards, bank cards. Which digits are one number, and what is left of it.

use std::collections::HashSet;

use super::MaskKind;
use super::figures::{Called, Figures, Run};

/// A number that was found: from which to which character, what is left of it, and what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) mask: String,
    pub(super) kind: MaskKind,
}

/// Shorter ones may be anything outside the column that they come from.
pub(super) const SHORTEST_KNOWN: usize = 7;

/// Finds numbers, those in `known` whatever they look like.
pub(super) fn numbers(figures: &Figures<'_>, known: &HashSet<String>) -> Vec<Number> {
    let mut found = Vec::new();
    let mut position = 0;
    while position < figures.runs.len() {
        match number_at(figures, position, known) {
            Some((number, taken)) => {
                found.push(number);
                position += taken;
            }
            None => position += 1,
        }
    }
    found
}

/// The number whose first digits are those of a run, and how many runs it has.
fn number_at(
    figures: &Figures<'_>,
    position: usize,
    known: &HashSet<String>,
) -> Option<(Number, usize)> {
    let runs = figures.runs.get(position..)?;
    let first = runs.first()?;
    if is_fraction(figures, first) || is_of_drawn_id(figures, first) {
        return None;
    }
    let called = || figures.called(first.start);
    identity(figures, runs)
        .or_else(|| bank(figures, runs, &called))
        .or_else(|| telephone(figures, runs))
        .or_else(|| known_number(figures, runs, known))
        .or_else(|| called_number(figures, runs, &called))
}

/// Whether digits are those behind a decimal point.
fn is_fraction(figures: &Figures<'_>, run: &Run) -> bool {
    let whole = run.start.checked_sub(2).and_then(|at| figures.at(at));
    figures.before(run.start) == Some('.')
        && whole.is_some_and(|c| c.is_ascii_digit())
        && !is_behind_plus(figures, run.start)
}

/// Whether digits are those of an id that a program drew: `9a0364e2-fd5a-4a4b-b8e4-9e1f6a3e4e3b`.
fn is_of_drawn_id(figures: &Figures<'_>, run: &Run) -> bool {
    let is_of_it = |c: char| c.is_ascii_hexdigit() || c == '-';
    let (mut start, mut end) = (run.start, run.end);
    while figures.before(start).is_some_and(is_of_it) && run.start - start < 36 {
        start -= 1;
    }
    while figures.at(end).is_some_and(is_of_it) && end - run.end < 36 {
        end += 1;
    }
    let id = figures.between(start, end);
    id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// The digits of the first so many runs, where no more than a sign of grouping stands between them.
fn joined(figures: &Figures<'_>, runs: &[Run], count: usize) -> Option<String> {
    let runs = runs.get(..count)?;
    let together = runs.windows(2).all(|pair| {
        let gap = figures.between(pair[0].end, pair[1].start);
        (1..=3).contains(&gap.chars().count()) && gap.chars().all(|c| " -.()".contains(c))
    });
    together.then(|| runs.iter().map(|run| &*run.digits).collect())
}

fn number(runs: &[Run], count: usize, mask: String, kind: MaskKind) -> Option<(Number, usize)> {
    let number = Number {
        start: runs.first()?.start,
        end: runs.get(count - 1)?.end,
        mask,
        kind,
    };
    Some((number, count))
}

/// An identity card: seventeen digits and a check, the birthday among them; the old ones have fifteen.
fn identity(figures: &Figures<'_>, runs: &[Run]) -> Option<(Number, usize)> {
    for count in 1..=3.min(runs.len()) {
        let Some(digits) = joined(figures, runs, count) else {
            break;
        };
        let has_x =
            digits.len() == 17 && matches!(figures.at(runs[count - 1].end), Some('x' | 'X'));
        let born = match digits.len() {
            18 => digits.get(6..14),
            17 if has_x => digits.get(6..14),
            _ => None,
        };
        let is_old = count == 1
            && digits.len() == 15
            && is_day(&format!("19{}", &digits[6..12]))
            && !digits.starts_with(['0', '9']);
        if born.is_some_and(is_day) || is_old {
            let (mut number, taken) = number(
                runs,
                count,
                identity_mask(&digits, has_x),
                MaskKind::Identity,
            )?;
            number.end += usize::from(has_x);
            return Some((number, taken));
        }
    }
    None
}

/// Eight digits as a day on which somebody may have been born.
fn is_day(digits: &str) -> bool {
    let part = |range| {
        digits
            .get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
            .unwrap_or(0)
    };
    (1900..2100).contains(&part(0..4))
        && (1..=12).contains(&part(4..6))
        && (1..=31).contains(&part(6..8))
}

/// The province stays and the last two; the birthday and the check digit make more than that a riddle with few answers.
fn identity_mask(digits: &str, has_x: bool) -> String {
    let last = if has_x {
        format!("{}X", &digits[digits.len() - 1..])
    } else {
        digits[digits.len() - 2..].to_owned()
    };
    let all = digits.len() + usize::from(has_x);
    format!("{}{}{last}", &digits[..2], "*".repeat(all - 4))
}

/// A bank card, by its check digit, by the number of China's card network, or because it is called so.
fn bank(
    figures: &Figures<'_>,
    runs: &[Run],
    called: &dyn Fn() -> Option<Called>,
) -> Option<(Number, usize)> {
    for count in (1..=5.min(runs.len())).rev() {
        let Some(digits) = joined(figures, runs, count) else {
            continue;
        };
        let in_fours = runs[..count - 1].iter().all(|run| run.digits.len() == 4);
        let is_long = (16..=19).contains(&digits.len()) && in_fours && !digits.starts_with('0');
        if is_long
            && (is_luhn(&digits) || digits.starts_with("62") || called() == Some(Called::Bank))
        {
            return number(runs, count, ends(&digits, 4, 4), MaskKind::Bank);
        }
    }
    None
}

/// Luhn's check, which every card passes and one in ten other numbers.
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, double) => double / 10 + double % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A telephone number that is one by its form.
fn telephone(figures: &Figures<'_>, runs: &[Run]) -> Option<(Number, usize)> {
    let first = runs.first()?;
    let with_plus = is_behind_plus(figures, first.start);
    for count in 1..=6.min(runs.len()) {
        let Some(digits) = joined(figures, runs, count) else {
            break;
        };
        let groups = || runs[..count].iter().map(|run| run.digits.len());
        let is_decimal = count == 1
            && figures.at(first.end) == Some('.')
            && runs
                .get(1)
                .is_some_and(|next| next.start == first.end + 1 && next.digits.len() <= 2);
        if is_decimal {
            continue;
        }
        let in_groups = count == 1 || groups().all(|length| (3..=8).contains(&length));
        if is_mobile(&digits) && in_groups {
            return number(runs, count, ends(&digits, 3, 4), MaskKind::Phone);
        }
        if let Some((code, mobile)) = with_code(&digits)
            && is_mobile(mobile)
        {
            return number(
                runs,
                count,
                format!("{code} {}", ends(mobile, 3, 4)),
                MaskKind::Phone,
            );
        }
        let more = joined(figures, runs, count + 1).is_some_and(|more| more.len() <= 15);
        if with_plus && (7..=15).contains(&digits.len()) && !more {
            return number(runs, count, foreign_mask(&digits), MaskKind::Phone);
        }
        if !with_plus
            && count == 1
            && digits.starts_with("00")
            && (11..=17).contains(&digits.len())
            && !digits.starts_with("000")
        {
            return number(
                runs,
                count,
                format!("00{}", foreign_mask(&digits[2..])),
                MaskKind::Phone,
            );
        }
        if let Some(area) = area_of(&digits).filter(|_| !with_plus) {
            let local = digits.get(area..).unwrap_or_default();
            let is_split = first.digits.len() == area || count == 1;
            if (7..=8).contains(&local.len())
                && is_split
                && groups().skip(1).all(|length| length >= 3)
            {
                return land_line(figures, runs, count, &digits[..area], local);
            }
        }
        let is_service =
            (digits.starts_with("400") || digits.starts_with("800")) && digits.len() == 10;
        if is_service && count > 1 && first.digits.len() == 3
            || is_service && count == 1 && digits.starts_with("400")
        {
            return number(
                runs,
                count,
                format!("{}****{}", &digits[..3], &digits[7..]),
                MaskKind::Phone,
            );
        }
    }
    None
}

/// A land line with its area code; a number behind the extension's dash goes too.
fn land_line(
    figures: &Figures<'_>,
    runs: &[Run],
    count: usize,
    area: &str,
    local: &str,
) -> Option<(Number, usize)> {
    let mask = format!("{area}-{}", local_mask(local));
    let (mut land_line, mut taken) = number(runs, count, mask, MaskKind::Phone)?;
    if let (Some(last), Some(next)) = (runs.get(count - 1), runs.get(count)) {
        let gap = figures.between(last.end, next.start);
        if matches!(
            gap.trim(),
            "-" | "转" | "轉" | "ext" | "ext." | "分机" | "#"
        ) && next.digits.len() <= 5
        {
            land_line.end = next.end;
            taken += 1;
        }
    }
    Some((land_line, taken))
}

/// A number that a column of the workbook holds, however it is grouped here.
fn known_number(
    figures: &Figures<'_>,
    runs: &[Run],
    known: &HashSet<String>,
) -> Option<(Number, usize)> {
    let longest = (1..=4.min(runs.len())).rev();
    for count in longest {
        let Some(digits) = joined(figures, runs, count) else {
            continue;
        };
        if digits.len() >= SHORTEST_KNOWN && known.contains(&digits) {
            return number(runs, count, any_mask(&digits), MaskKind::Phone);
        }
    }
    None
}

/// A number that is one because the words before it say so.
fn called_number(
    figures: &Figures<'_>,
    runs: &[Run],
    called: &dyn Fn() -> Option<Called>,
) -> Option<(Number, usize)> {
    let count = (1..=4.min(runs.len()))
        .take_while(|&count| joined(figures, runs, count).is_some())
        .last()?;
    let digits = joined(figures, runs, count)?;
    if digits.len() < 5 {
        return None;
    }
    let first = &runs.first()?.digits;
    match called()? {
        Called::Phone if digits.len() <= 15 => {
            number(runs, count, any_mask(&digits), MaskKind::Phone)
        }
        Called::Account if first.len() >= 5 => number(runs, 1, id_mask(first), MaskKind::Account),
        Called::Identity if first.len() >= 5 => number(runs, 1, id_mask(first), MaskKind::Identity),
        Called::Bank if digits.len() >= 8 => number(
            runs,
            count,
            ends(&digits, 4.min(digits.len() - 8), 4),
            MaskKind::Bank,
        ),
        _ => None,
    }
}

fn is_behind_plus(figures: &Figures<'_>, start: usize) -> bool {
    let mut before = start;
    while let Some(c) = figures.before(before) {
        match c {
            '+' => return true,
            '(' | ' ' if start - before < 2 => before -= 1,
            _ => return false,
        }
    }
    false
}

pub(super) fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// A number behind the country code of China.
fn with_code(digits: &str) -> Option<(&str, &str)> {
    ["0086", "86"]
        .iter()
        .find_map(|code| Some((*code, digits.strip_prefix(code)?)))
}

/// How long the area code is that the digits begin with.
fn area_of(digits: &str) -> Option<usize> {
    match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => Some(3),
        [b'0', b'3'..=b'9', _, _, ..] => Some(4),
        _ => None,
    }
}

/// So many digits at the beginning and at the end, and never fewer than four hidden.
pub(super) fn ends(digits: &str, first: usize, last: usize) -> String {
    let hidden = digits.len().saturating_sub(first + last).max(4);
    format!(
        "{}{}{}",
        &digits[..first],
        "*".repeat(hidden),
        &digits[digits.len() - last..]
    )
}

/// A number without its area code.
fn local_mask(digits: &str) -> String {
    format!("****{}", digits.get(4..).unwrap_or_default())
}

/// The country code, as far as it can be told, and the last digits.
fn foreign_mask(digits: &str) -> String {
    let code = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    };
    let last = digits.len().saturating_sub(code + 4).min(4);
    format!(
        "{} {}{}",
        &digits[..code],
        "*".repeat((digits.len() - code - last).max(4)),
        &digits[digits.len() - last..]
    )
}

/// Digits of which nobody says what they are.
pub(super) fn any_mask(digits: &str) -> String {
    match digits.len() {
        0..=6 => id_mask(digits),
        7..=8 => local_mask(digits),
        9..=10 => ends(digits, 2, digits.len() - 6),
        _ => ends(digits, 3, 4),
    }
}

/// The first character of an id.
pub(super) fn id_mask(id: &str) -> String {
    let first: String = id.chars().take(1).collect();
    format!("{first}***")
}
