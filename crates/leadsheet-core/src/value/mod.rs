//! What the text of a cell means, one parser a file. Each accepts the spellings met in the field and says exactly
//! what is wrong with the rest; none of them guesses.

mod contact;
mod date;
mod entries;
mod lead_id;
mod money;
mod percent;
mod person_name;
mod tick_boxes;

pub use contact::{ContactPoint, ContactReading, parse_contact};
pub use date::{
    DateOrder, DateReading, FoundDate, Spelling, dates_in_text, infer_year, parse_date,
    parse_date_text,
};
pub use entries::{Entry, EntryDay, entry_days, split_entries};
pub use lead_id::{LeadId, LeadIdError};
pub use money::{Money, MoneyError, parse_money};
pub use percent::{PercentError, parse_percent};
pub use person_name::{PersonName, split_name, whole_name};
pub use tick_boxes::{TickBox, tick_boxes, ticked};
