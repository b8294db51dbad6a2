//! The closed vocabularies of the field: each a Rust enum with its terms, their English labels and the synonyms met
//! in real tables. Traditional spellings need no entry of their own: terms are compared after folding.

mod customer_category;
mod customer_type;
mod grade;
mod intent;
mod method;
mod milestone;
mod order_status;
mod outcome;
mod proof;
mod sales_stage;
mod satisfaction;
mod source;
mod stage;
mod vocabulary;

pub use customer_category::{CustomerCategory, Evidence};
pub use customer_type::CustomerType;
pub use grade::Grade;
pub use intent::Intent;
pub use method::Method;
pub use milestone::Milestone;
pub use order_status::OrderStatus;
pub use outcome::{ConversionStatus, FollowUpResult, Outcome, OutcomeRule};
pub use proof::{Proof, Proofs};
pub use sales_stage::SalesStage;
pub use satisfaction::Satisfaction;
pub use source::Source;
pub use stage::{Stage, StageStep};
pub use vocabulary::{Term, TermId, Vocabulary};

/// Declares a category: `Variant = "canonical term" / "English label" ["synonym", …];`
macro_rules! category {
    ($(#[$attribute:meta])* $name:ident {
        $($(#[$note:meta])* $variant:ident = $canonical:literal / $english:literal [$($synonym:literal),* $(,)?];)+
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$note])* $variant,)+
        }

        impl $name {
            /// Every term, in the order in which the field lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The term in Simplified Chinese, which is also its key in every output.
            pub const fn canonical(self) -> &'static str {
                match self { $(Self::$variant => $canonical,)+ }
            }

            /// The label in English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $english,)+ }
            }

            /// Other spellings that mean the same.
            pub const fn synonyms(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($synonym),*],)+ }
            }

            /// The term at a position of [`Self::ALL`], which is its position in the built-in vocabulary.
            pub fn at(position: usize) -> Option<Self> {
                Self::ALL.get(position).copied()
            }

            /// Term, English label and synonyms of each, in order: what the built-in vocabulary is made of.
            pub(crate) fn spellings() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
                Self::ALL.iter().map(|term| (term.canonical(), term.english(), term.synonyms()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.canonical())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.canonical())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                let found = Self::ALL.iter().find(|term| term.canonical() == text || term.english() == text);
                found.copied().ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no term of {}", stringify!($name))))
            }
        }
    };
}
pub(crate) use category;
