//! How a table numbers its leads, where that is not the way its template expects.

use super::table::Ledger;
use super::values::Value;
use crate::field::Field;
use crate::text::nfkc;

/// So many numbers in one scheme are no slips of the hand.
const FEWEST: usize = 4;
/// The most digits of a running number; more may hold a date.
const MOST_DIGITS: usize = 7;

impl Ledger {
    /// Whether the lead numbers, four or more, are all of one scheme that tells neither source nor day: the same letters in
    /// front, or none, and a running number (`LD-0001`, `A001`, `000001`).
    pub fn numbers_its_own_way(&self) -> bool {
        let mut columns = self.columns().iter();
        let Some(column) = columns.find(|column| column.field == Some(Field::LeadId)) else {
            return false;
        };
        let (mut letters, mut count): (Option<String>, usize) = (None, 0);
        for &id in column.distinct() {
            let value = self.values().get(id);
            if value.is_blank() {
                continue;
            }
            let (Value::Text(_) | Value::Number { .. }) = value else {
                return false;
            };
            let text = value.text();
            let text = nfkc(text.trim());
            let digits = text
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(text.len());
            let (prefix, number) = text.split_at(digits);
            let is_number = (1..=MOST_DIGITS).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || letters.get_or_insert_with(|| prefix.to_owned()) != prefix {
                return false;
            }
            count += 1;
        }
        count >= FEWEST
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::table;

    fn is_own_way(numbers: &[&str]) -> bool {
        let rows: Vec<_> = numbers
            .iter()
            .map(|number| format!("| {number} |"))
            .collect();
        table(&format!("| lead_id |\n{}", rows.join("\n"))).numbers_its_own_way()
    }

    #[test]
    fn four_numbers_of_one_scheme_are_a_scheme() {
        for numbers in [
            ["LD-0001", "LD-0002", "LD-0003", "LD-0104"],
            ["A001", "A002", "Ａ003", "A999"],
            ["000001", "000002", "000003", "000007"],
            ["=1", "=2", "=3", "=4"],
        ] {
            assert!(is_own_way(&numbers), "{numbers:?}");
        }
    }

    #[test]
    fn fewer_others_among_them_and_dates_are_none() {
        for numbers in [
            &["LD-0001", "LD-0002", "LD-0003", "LD-0003", ""][..],
            &["LD-0001", "LD-0002", "LD-0003", "ZH-20240520-001"],
            &["LD-0001", "LD-0002", "LD-0003", "XS-0004"],
            &[
                "ZH-20240520-001",
                "ZH-20240520-002",
                "ZH-20240521-001",
                "ZH-20240522-001",
            ],
            &[
                "ZH2024052001",
                "ZH2024052002",
                "ZH2024052003",
                "ZH2024052004",
            ],
            &["LD-1-1", "LD-1-2", "LD-1-3", "LD-1-4"],
            &["待编", "无", "未编号", "补"],
        ] {
            assert!(!is_own_way(numbers), "{numbers:?}");
        }
    }
}
