//! The domain of sales follow-up tables.
//!
//! A [`Ledger`] is a table of follow-ups in memory: dictionary columns with the address of every cell. A [`Reading`]
//! is that table with every distinct value parsed under a [`Policy`]; [`Row`] and [`Lead`] are views over it, [`FollowUp`] and
//! [`LeadRecord`] the same as plain records. The
//! rules of the catalogue ([`rules`]) turn a [`Book`] into [`Finding`]s. Nothing here reads a file or a clock: the
//! day is an argument.

mod calendar;
mod category;
mod correction;
mod customers;
mod field;
mod finding;
mod follow_up;
mod grouped;
mod identities;
mod lead;
mod ledger;
mod mask;
mod merge;
mod message;
mod mobiles;
mod needs;
mod next_contact;
mod place;
mod plan;
mod policy;
mod recognition;
mod rules;
mod tally;
mod text;
mod value;
mod wording;

pub use calendar::Calendar;
pub use category::{
    ConversionStatus, CustomerCategory, CustomerType, Evidence, FollowUpResult, Grade, Intent,
    Method, Milestone, OrderStatus, Outcome, OutcomeRule, Proof, Proofs, SalesStage, Satisfaction,
    Source, Stage, StageStep, Term, TermId, Vocabulary,
};
pub use correction::{Correction, corrections};
pub use field::{Field, FieldKind, UnknownField};
pub use finding::{Finding, Severity};
pub use follow_up::{FollowUp, LeadRecord, may_list};
pub use grouped::Grouped;
pub use identities::LeadIdentity;
pub use lead::{Lead, Leads};
pub use ledger::{
    Banner, BannerKind, Codes, Column, EMPTY_CODE, Excuse, FormatId, Full, LeadIdPattern, Ledger,
    LedgerBuilder, Meanings, Moved, NewValue, Parsed, Reading, Row, SkipReason, SkippedRow,
    TermReading, Texts, Value, ValueId, Values, iso_date, iso_time, shortest,
};
pub use mask::{MaskBuilder, MaskEdit, MaskKind, MaskOptions, Masker};
pub use merge::{
    Conflict, ConflictKind, ConflictSide, MergeOptions, MergedTable, Merger, OriginHeadings,
    RowOrder, RowOrigin, Standing,
};
pub use message::Message;
pub use needs::{LEFT_OUT, Need, Needs};
pub use next_contact::{NextContact, next_contact, next_contact_in};
pub use place::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS, ParseCellRefError, column_letters};
pub use policy::{Cadence, CountedDays, ExtraTerm, Policy, WantedFields};
pub use recognition::{
    Book, BookSheet, Candidate, Decision, MissingColumn, NearMiss, Reason, Recognition,
};
pub use rules::{
    Checkup, Context, Findings, Rule, RuleChoice, RuleSource, Selection, TemplateRules,
    UnknownRule, check, names_a_rule, rule, rules,
};
pub use rust_decimal::Decimal;
pub use tally::{Counts, OfPerson, OfRule, by_person, by_person_in, by_rule};
pub use text::{
    compact_key, is_traditional, likeness, match_key, nfkc, organisation_key, simplified,
    traditional,
};
pub use value::{
    BareNumbers, ContactPoint, ContactReading, DateHabits, DateOrder, DateReading, Entry, EntryDay,
    FoundDate, LeadId, LeadIdError, Mobile, Money, MoneyError, NameReading, PercentError,
    PersonName, ShortYears, Spelling, TickBox, dates_in_text, entry_days, infer_year,
    parse_contact, parse_date, parse_date_text, parse_money, parse_name, parse_percent,
    parse_truth, split_entries, split_name, tick_boxes, ticked, unit_of_heading, whole_name,
};
pub use wording::Wording;
