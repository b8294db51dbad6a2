//! What the text of a cell means, one parser a file. Each accepts the spellings met in the field and says exactly
//! what is wrong with the rest; none of them guesses.

mod contact;
mod date;
mod entries;
mod lead_id;
mod money;
mod name;
mod percent;
mod person_name;
mod tick_boxes;
mod truth;

pub use contact::{ContactPoint, ContactReading, Mobile, parse_contact};
pub(crate) use date::each_date_in_text;
pub(crate) use date::in_arabic;
pub use date::{
    DateHabits, DateOrder, DateReading, FoundDate, ShortYears, Spelling, dates_in_text, infer_year,
    parse_date, parse_date_text,
};
pub use entries::{Entry, EntryDay, entry_days, split_entries};
pub(crate) use lead_id::Prefixes;
pub use lead_id::{LeadId, LeadIdError};
pub(crate) use money::is_general;
pub use money::{Money, MoneyError, parse_money, unit_of_heading};
pub use name::{NameReading, parse_name};
pub(crate) use name::{is_of_a_person, surname_length, without_title};
pub use percent::{BareNumbers, PercentError, parse_percent};
pub use person_name::{PersonName, split_name, whole_name};
pub use tick_boxes::{TickBox, tick_boxes, ticked};
pub(crate) use truth::asks_yes_or_no;
pub use truth::parse_truth;
