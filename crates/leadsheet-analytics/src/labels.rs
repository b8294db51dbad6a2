//! The groups a key divides leads into: a code for each while counting, its name and place afterwards.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;
use leadsheet_core::{
    Codes, Field, FieldKind, Parsed, Stage, TermReading, Value, Vocabulary, compact_key, nfkc,
    simplified,
};

use crate::definition::Key;
use crate::tables::Table;
use crate::topics::Period;

/// The name of the group of leads in which the cell is empty, or a date is missing.
pub const NOT_FILLED_IN: &str = "（未填写）";

/// The code of [`NOT_FILLED_IN`].
pub(crate) const EMPTY: u32 = 0;

/// Where a group stands among those of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// Terms in the order of their vocabulary; days, periods and shares ascending.
    Listed(i64),
    /// Everything else: the greatest first.
    Free,
    /// Nothing: last.
    Empty,
}

/// The groups met so far, by code.
#[derive(Debug)]
pub(crate) struct Labels {
    groups: Vec<(Place, String)>,
    listed: HashMap<i64, u32>,
    free: HashMap<String, u32>,
}

/// The group of each row of a table.
pub(crate) enum RowCodes<'a> {
    /// One and the same.
    Same(u32),
    /// That of the value in a column.
    OfValue {
        of_value: Vec<u32>,
        codes: &'a Codes,
    },
    /// By row.
    Each(Vec<u32>),
}

impl RowCodes<'_> {
    #[inline]
    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Same(code) => *code,
            Self::OfValue { of_value, codes } => of_value[codes.get(row) as usize],
            Self::Each(codes) => codes[row],
        }
    }
}

impl Labels {
    pub(crate) fn new() -> Self {
        Self {
            groups: vec![(Place::Empty, NOT_FILLED_IN.to_owned())],
            listed: HashMap::new(),
            free: HashMap::new(),
        }
    }

    /// The rungs of the ladder of stages, counted from 1.
    pub(crate) fn of_stages() -> Self {
        let mut labels = Self::new();
        for (rung, stage) in (1..).zip(Stage::LADDER) {
            labels.listed(rung, || stage.canonical().to_owned());
        }
        labels
    }

    /// Name and place of a group.
    pub(crate) fn get(&self, code: u32) -> (Place, &str) {
        let (place, text) = &self.groups[code as usize];
        (*place, text)
    }

    /// How many codes there are.
    pub(crate) const fn len(&self) -> usize {
        self.groups.len()
    }

    /// The code of each row of a table; `None` where the table has no such column.
    pub(crate) fn of_rows<'a>(&mut self, table: &Table<'a>, key: Key) -> Option<RowCodes<'a>> {
        let ledger = table.reading.ledger();
        let text = match key {
            Key::File => table.path,
            Key::Folder => folder_of(table.path),
            Key::Sheet => &ledger.sheet,
            Key::Template => &ledger.template,
            Key::Field(field) => return self.of_field(table, field),
            Key::Month | Key::Quarter | Key::Week => return None,
        };
        Some(RowCodes::Same(self.text(text)))
    }

    fn of_field<'a>(&mut self, table: &Table<'a>, field: Field) -> Option<RowCodes<'a>> {
        let reading = &table.reading;
        let (column, parsed) = reading.coded(field)?;
        let values = reading.ledger().values();
        let ids = column.distinct().iter();
        let of_value: Vec<u32> = ids
            .zip(parsed)
            .map(|(&id, parsed)| self.value(values.get(id), parsed, reading.vocabulary(field)))
            .collect();
        if field.kind() == FieldKind::Date {
            // Of a date without a year only the row knows the day.
            let codes = reading.rows().map(|row| match row.date(field) {
                Some(day) => self.day(day),
                None => of_value[column.code(row.index()) as usize],
            });
            return Some(RowCodes::Each(codes.collect()));
        }
        let codes = column.codes();
        Some(RowCodes::OfValue { of_value, codes })
    }

    fn value(&mut self, value: Value<'_>, parsed: &Parsed, vocabulary: Option<&Vocabulary>) -> u32 {
        match parsed {
            Parsed::Blank => EMPTY,
            Parsed::Term(TermReading::Known(id)) => {
                let term = vocabulary.and_then(|vocabulary| vocabulary.term(*id));
                let name = || term.map_or_else(|| value.display(), |term| term.canonical.clone());
                self.listed(i64::from(*id), name)
            }
            // To a tenth of a per mille: 45 % is one group however it was computed.
            Parsed::Percent(Ok(share)) => {
                let tenths = (share * 10_000.0).round();
                self.listed(tenths as i64, || format!("{}%", tenths / 100.0))
            }
            _ => self.text(&value.display()),
        }
    }

    /// The code of a text: spellings that fold to one key are one group, named as the first of them in Simplified.
    fn text(&mut self, text: &str) -> u32 {
        let key = compact_key(text);
        if key.is_empty() {
            return EMPTY;
        }
        let next = self.groups.len() as u32;
        *self.free.entry(key).or_insert_with(|| {
            let name = simplified(&nfkc(text.trim())).into_owned();
            self.groups.push((Place::Free, name));
            next
        })
    }

    fn day(&mut self, day: NaiveDate) -> u32 {
        self.listed(i64::from(day.to_epoch_days()), || day.to_string())
    }

    /// The code of the period that a day lies in.
    pub(crate) fn period(&mut self, period: Period, day: NaiveDate) -> u32 {
        let start = period.start(day).to_epoch_days();
        self.listed(i64::from(start), || period.of(day))
    }

    fn listed(&mut self, position: i64, name: impl FnOnce() -> String) -> u32 {
        let next = self.groups.len() as u32;
        *self.listed.entry(position).or_insert_with(|| {
            self.groups.push((Place::Listed(position), name()));
            next
        })
    }
}

/// The folder that a file stands in; `.` of a bare name.
fn folder_of(path: &str) -> &str {
    let folder = Path::new(path).parent().and_then(Path::to_str);
    folder.filter(|folder| !folder.is_empty()).unwrap_or(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_stand_in_the_order_of_time() {
        let mut labels = Labels::new();
        let mut code = |text: &str| labels.period(Period::Month, text.parse().unwrap());
        let (march, february) = (code("2025-03-01"), code("2025-02-28"));
        assert_eq!(code("2025-03-31"), march);
        let (place, name) = labels.get(march);
        assert_eq!(name, "2025-03");
        assert!(place > labels.get(february).0);
    }

    #[test]
    fn spellings_of_one_text_are_one_group() {
        let mut labels = Labels::new();
        let code = labels.text(" 抖音直播 ");
        assert_eq!(labels.text("抖 音 直播"), code);
        assert_eq!(labels.text("　"), EMPTY);
        let traditional = labels.text("華東區");
        assert_eq!(labels.text("华东区"), traditional);
        assert_eq!(labels.get(traditional), (Place::Free, "华东区"));
    }
}
