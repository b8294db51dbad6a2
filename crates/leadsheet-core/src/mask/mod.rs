//! Masking: texts with what identifies people taken out of them, so that a workbook can be shared.
//!
//! First everything that a workbook's own columns say about people is gathered ([`MaskBuilder`]): names, numbers, ids. Then a
//! [`Masker`] finds all of it in any text, wherever it stands, and besides what looks like a number, an address or an id
//! by itself. It depends on nothing but the text: the same person masks alike everywhere. Nothing of what is hidden is
//! left in the mask, no hash either, which a list of all eleven-digit numbers would undo.

mod address;
mod builder;
mod digits;
mod figures;
mod masker;
mod people;
mod words;

pub use builder::{MaskBuilder, MaskOptions};
pub use masker::{MaskEdit, Masker};

/// What is hidden, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MaskKind {
    /// A person's name.
    Name,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An id with `WeChat`, QQ or another service.
    Account,
    /// The number of an identity card, passport or permit.
    Identity,
    /// The number of a bank card or account.
    Bank,
    /// House and room numbers.
    Address,
    /// The name of an organisation.
    Organisation,
    /// What says who made or changed a file.
    Author,
}

impl MaskKind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [MaskKind; 9] = [
        MaskKind::Name,
        MaskKind::Phone,
        MaskKind::Email,
        MaskKind::Account,
        MaskKind::Identity,
        MaskKind::Bank,
        MaskKind::Address,
        MaskKind::Organisation,
        MaskKind::Author,
    ];

    /// The stable key, `phone` for instance.
    pub const fn key(self) -> &'static str {
        match self {
            MaskKind::Name => "name",
            MaskKind::Phone => "phone",
            MaskKind::Email => "email",
            MaskKind::Account => "account",
            MaskKind::Identity => "identity",
            MaskKind::Bank => "bank",
            MaskKind::Address => "address",
            MaskKind::Organisation => "organisation",
            MaskKind::Author => "author",
        }
    }
}

#[cfg(test)]
mod tests;
