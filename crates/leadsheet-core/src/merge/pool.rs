//! The values of many tables, each once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::ledger::{Full, Value, ValueId, Values};

/// Values by what they are: kind, content and format.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) values: Values,
    known: HashTable<ValueId>,
    hasher: DefaultHashBuilder,
    /// What a cell shows, as a hash; equal texts have equal ones.
    shown: HashMap<ValueId, u64>,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            values: Values::new(std::sync::Arc::default()),
            known: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            shown: HashMap::new(),
        }
    }
}

impl Pool {
    /// The id of a value, which is added where it is new.
    pub(super) fn intern(&mut self, value: Value<'_>) -> Result<ValueId, Full> {
        if value == Value::Empty {
            return Ok(ValueId::EMPTY);
        }
        let Self {
            values,
            known,
            hasher,
            shown,
        } = self;
        let hash = |value: Value<'_>| hasher.hash_one(distinct(value));
        let own = hash(value);
        let found = known.find(own, |&id| distinct(values.get(id)) == distinct(value));
        if let Some(&id) = found {
            return Ok(id);
        }
        let id = values.add(value)?;
        known.insert_unique(own, id, |&id| hash(values.get(id)));
        if !value.is_blank() {
            shown.insert(id, hasher.hash_one(value.text().trim()));
        }
        Ok(id)
    }

    /// A hash of what a cell shows, whatever its type; `None` where it is blank.
    pub(super) fn shown(&self, id: ValueId) -> Option<u64> {
        self.shown.get(&id).copied()
    }

    /// A hash of several numbers.
    pub(super) fn hash_of(&self, parts: (usize, u64)) -> u64 {
        self.hasher.hash_one(parts)
    }

    /// Whether two cells show the same, whatever their type.
    pub(super) fn show_the_same(&self, one: ValueId, other: ValueId) -> bool {
        one == other
            || (self.shown(one) == self.shown(other)
                && self.values.get(one).text().trim() == self.values.get(other).text().trim())
    }
}

/// What tells values apart: kind, number, text, format.
fn distinct(value: Value<'_>) -> (u8, i128, &str, &str) {
    match value {
        Value::Empty => (0, 0, "", ""),
        Value::Text(text) => (1, 0, text, ""),
        Value::Error(text) => (2, 0, text, ""),
        Value::Bool(value) => (3, i128::from(value), "", ""),
        Value::Number { value, format } => (4, i128::from(value.to_bits()), "", format),
        Value::Date { value, format } => {
            let moment = value.and_utc();
            let nanoseconds = i128::from(moment.timestamp()) * 1_000_000_000
                + i128::from(moment.timestamp_subsec_nanos());
            (5, nanoseconds, "", format)
        }
        Value::Time { value, format } => {
            let nanoseconds =
                i128::from(value.num_seconds()) * 1_000_000_000 + i128::from(value.subsec_nanos());
            (6, nanoseconds, "", format)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_one_and_types_and_formats_tell_them_apart() -> Result<(), Full> {
        let mut pool = Pool::default();
        let number = |format| Value::Number { value: 0.5, format };
        let ids = [
            pool.intern(Value::Text("0.5"))?,
            pool.intern(number(""))?,
            pool.intern(number("0%"))?,
            pool.intern(Value::Text("0.5 "))?,
        ];
        assert_eq!(ids[0], pool.intern(Value::Text("0.5"))?);
        assert_eq!(ids[1], pool.intern(number(""))?);
        let blank = pool.intern(Value::Text(" \u{3000}"))?;
        assert!(pool.show_the_same(blank, ValueId::EMPTY));
        // 0.5 and " 0.5" look alike; 50% does not.
        assert!(pool.show_the_same(ids[0], ids[1]));
        assert!(pool.show_the_same(ids[0], ids[3]));
        assert!(!pool.show_the_same(ids[0], ids[2]));
        Ok(())
    }
}
