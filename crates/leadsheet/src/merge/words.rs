//! What a merged workbook says in its own language, whatever that of its reader is.

use leadsheet_core::{
    Conflict, ConflictKind, MergedTable, OriginHeadings, Standing, Wording, traditional,
};
use leadsheet_messages::Language;

/// The words of a merged workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeWords {
    wording: Wording,
}

/// One of two texts, in the script of the wording.
pub(super) fn script(wording: Wording, chinese: &str, english: &str) -> String {
    match wording {
        Wording::Simplified => chinese.to_owned(),
        Wording::Traditional => traditional(chinese).into_owned(),
        Wording::English => english.to_owned(),
    }
}

impl MergeWords {
    /// The words in a language.
    pub const fn of(wording: Wording) -> Self {
        Self { wording }
    }

    /// The words in the language of a reader.
    pub const fn in_language(language: Language) -> Self {
        Self::of(match language {
            Language::Chinese => Wording::Simplified,
            Language::English => Wording::English,
        })
    }

    fn say(self, id: &str) -> String {
        let language = match self.wording {
            Wording::English => Language::English,
            Wording::Simplified | Wording::Traditional => Language::Chinese,
        };
        let words = language.label(&format!("merge-{id}"));
        script(self.wording, &words, &words)
    }

    /// The headings of the columns that say where rows come from.
    pub fn origins(self) -> OriginHeadings {
        OriginHeadings {
            file: self.say("origin-file"),
            sheet: self.say("origin-sheet"),
            row: self.say("origin-row"),
            copies: self.say("origin-copies"),
        }
    }

    /// The name of the list of conflicts.
    pub fn conflicts(self) -> String {
        self.say("conflicts")
    }

    /// The name of the list of duplicates.
    pub fn duplicates(self) -> String {
        self.say("duplicates")
    }

    /// The headings of the list of conflicts.
    pub(super) fn conflict_headings(self) -> [String; 7] {
        [
            "lead",
            "what",
            "stands",
            "stands-at",
            "other",
            "other-at",
            "why",
        ]
        .map(|heading| self.say(&format!("conflicts-{heading}")))
    }

    /// The headings of the list of duplicates.
    pub(super) fn duplicate_headings(self) -> [String; 2] {
        ["kept", "other"].map(|heading| self.say(&format!("duplicates-{heading}")))
    }

    /// What is at odds: a fact by the heading of its column.
    pub fn what(self, table: &MergedTable, conflict: &Conflict) -> String {
        match conflict.kind {
            ConflictKind::Outcome => self.say("what-outcome"),
            ConflictKind::RegisteredTwice => self.say("what-twice"),
            ConflictKind::SharedNumber => self.say("what-number"),
            ConflictKind::SharedMobile => self.say("what-mobile"),
            _ => {
                let column = table.ledger.column(conflict.field);
                column.map_or_else(String::new, |column| column.header.trim().to_owned())
            }
        }
    }

    /// Why what stands stands.
    pub fn why(self, conflict: &Conflict) -> String {
        self.say(match conflict.standing {
            Standing::First => "why-first",
            Standing::Latest => "why-latest",
            Standing::Earlier => "why-earlier",
            Standing::Stronger => "why-stronger",
            Standing::Both if conflict.kind == ConflictKind::SharedNumber => "why-both-numbers",
            Standing::Both => "why-both",
            _ => "why-order",
        })
    }
}
