//! The three proofs of a 高意向客户 (S1): the budget is confirmed, the decision maker known, the time of co-operation clear.

/// One of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// 预算确认.
    Budget,
    /// 决策人明确.
    DecisionMaker,
    /// 合作时间清晰.
    Time,
}

impl Proof {
    /// All three, in their order.
    pub const ALL: [Self; 3] = [Proof::Budget, Proof::DecisionMaker, Proof::Time];

    /// What it is about, in Chinese.
    pub const fn words(self) -> &'static str {
        match self {
            Proof::Budget => "预算",
            Proof::DecisionMaker => "决策人",
            Proof::Time => "合作时间",
        }
    }
}

/// Which of the proofs are given. Without all three nobody is a 高意向客户.
///
/// ```
/// use leadsheet_core::{Proof, Proofs};
/// let talk = Proofs::in_text("预算已批，老板拍板");
/// assert!(!talk.are_complete());
/// assert_eq!(talk.missing().collect::<Vec<_>>(), [Proof::Time]);
/// assert!(talk.and(Proofs::in_text("合作時間定在六月")).are_complete());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Proofs(u8);

/// The words by which people mention a proof, in both scripts and in lower case. Those that begin alike stand together.
const WORDS: [(&str, Proof); 45] = [
    ("预算", Proof::Budget),
    ("預算", Proof::Budget),
    ("经费", Proof::Budget),
    ("經費", Proof::Budget),
    ("budget", Proof::Budget),
    ("资金", Proof::Budget),
    ("資金", Proof::Budget),
    ("决策", Proof::DecisionMaker),
    ("決策", Proof::DecisionMaker),
    ("拍板", Proof::DecisionMaker),
    ("总经理", Proof::DecisionMaker),
    ("總經理", Proof::DecisionMaker),
    ("老板", Proof::DecisionMaker),
    ("老闆", Proof::DecisionMaker),
    ("负责人", Proof::DecisionMaker),
    ("負責人", Proof::DecisionMaker),
    ("decision", Proof::DecisionMaker),
    ("董事长", Proof::DecisionMaker),
    ("董事長", Proof::DecisionMaker),
    ("时间", Proof::Time),
    ("時間", Proof::Time),
    ("日期", Proof::Time),
    ("周期", Proof::Time),
    ("週期", Proof::Time),
    ("排期", Proof::Time),
    ("月底", Proof::Time),
    ("月初", Proof::Time),
    ("月内", Proof::Time),
    ("月內", Proof::Time),
    ("time", Proof::Time),
    ("schedule", Proof::Time),
    ("下月", Proof::Time),
    ("本月", Proof::Time),
    ("季度", Proof::Time),
    ("年内", Proof::Time),
    ("年內", Proof::Time),
    ("年底", Proof::Time),
    ("启动", Proof::Time),
    ("啟動", Proof::Time),
    ("开工", Proof::Time),
    ("開工", Proof::Time),
    ("上线", Proof::Time),
    ("上線", Proof::Time),
    ("进场", Proof::Time),
    ("進場", Proof::Time),
];

impl Proofs {
    /// Those that a text speaks of, in either script or in English. That it speaks of them is taken for the proof: who writes
    /// about the budget has asked.
    pub fn in_text(text: &str) -> Self {
        let mut proofs = Self::default();
        let mut rest = text.as_bytes();
        loop {
            let (first_word, behind) = match rest {
                // Chinese, and whatever else takes three bytes.
                [0xe0..=0xef, second, third, behind @ ..] => {
                    (FIRST_WORDS[place(*second, *third)], behind)
                }
                [first, behind @ ..] if first.is_ascii_alphabetic() => {
                    (FIRST_WORDS[of_letter(*first)], behind)
                }
                [_, behind @ ..] => (NO_WORD, behind),
                [] => return proofs,
            };
            if first_word != NO_WORD {
                proofs = proofs.and(Self::in_front_of(rest, first_word));
                if proofs.are_complete() {
                    return proofs;
                }
            }
            rest = behind;
        }
    }

    /// Those of the words with which a text begins, which begin alike and stand together from this one on.
    fn in_front_of(text: &[u8], first_word: u8) -> Self {
        let begins = |word: &str| {
            let spelled = text.get(..word.len());
            spelled.is_some_and(|spelled| spelled.eq_ignore_ascii_case(word.as_bytes()))
        };
        let words = &WORDS[usize::from(first_word)..];
        let alike = words
            .iter()
            .take_while(|(word, _)| begins_like(word, words[0].0));
        let found = alike.filter(|(word, _)| begins(word));
        found.fold(Self::default(), |proofs, (_, proof)| proofs.with(*proof))
    }

    /// The same and one more.
    #[must_use]
    pub const fn with(self, proof: Proof) -> Self {
        Self(self.0 | 1 << proof as u8)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of them is given.
    pub const fn has(self, proof: Proof) -> bool {
        self.0 >> proof as u8 & 1 == 1
    }

    /// Whether all three are given.
    pub const fn are_complete(self) -> bool {
        self.0 == 0b111
    }

    /// Those that are not given, in their order.
    pub fn missing(self) -> impl Iterator<Item = Proof> {
        Proof::ALL
            .into_iter()
            .filter(move |&proof| !self.has(proof))
    }
}

/// The first of the words that begin with a character, by what follows the first byte of a Chinese one, or by letter. Nearly
/// every character is told by that alone to begin none.
static FIRST_WORDS: [u8; 1 << 12] = {
    let mut first_words = [NO_WORD; 1 << 12];
    let mut position = 0;
    while position < WORDS.len() {
        let begins = match WORDS[position].0.as_bytes() {
            [0xe0..=0xef, second, third, ..] => place(*second, *third),
            [first, ..] => of_letter(*first),
            [] => panic!("a word has letters"),
        };
        if first_words[begins] == NO_WORD {
            first_words[begins] = position as u8;
        } else {
            let first = WORDS[first_words[begins] as usize].0;
            assert!(
                begins_like(WORDS[position].0, first),
                "two beginnings in one place"
            );
            assert!(
                begins_like(WORDS[position - 1].0, first),
                "words that begin alike stand together"
            );
        }
        position += 1;
    }
    first_words
};

const NO_WORD: u8 = u8::MAX;

const fn place(second: u8, third: u8) -> usize {
    (second as usize & 0x3f) << 6 | third as usize & 0x3f
}

/// Letters have the places of characters that hardly anybody writes.
const fn of_letter(letter: u8) -> usize {
    place(0, letter & 0x1f)
}

/// Whether two words begin with the same character.
const fn begins_like(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let length = if one[0] < 0x80 { 1 } else { 3 };
    let mut at = 0;
    while at < length {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Proofs, WORDS};

    #[test]
    fn every_word_is_found_and_no_other() {
        for (word, proof) in WORDS {
            let found = Proofs::in_text(&format!("了{word}。"));
            assert_eq!(found, Proofs::default().with(proof), "{word}");
        }
        assert!(Proofs::in_text("Budget ok, DECISION by boss, 排期已定").are_complete());
        assert!(Proofs::in_text("预算已批，老板拍板，计划下月启动").are_complete());
        assert_eq!(Proofs::in_text("谈得不错，下周再联系"), Proofs::default());
    }
}
