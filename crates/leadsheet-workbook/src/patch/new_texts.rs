//! Texts that come to those a workbook shares, each once: their positions follow the last one there was.

use std::collections::HashMap;

/// The texts that are added.
#[derive(Debug)]
pub(super) struct NewTexts {
    /// How many texts there were.
    pub(super) known: u32,
    pub(super) added: Vec<String>,
    positions: HashMap<String, u32>,
    /// Cells that name one of those that were added.
    pub(super) named: u32,
}

impl NewTexts {
    /// None yet, behind so many.
    pub(super) fn after(known: u32) -> Self {
        Self {
            known,
            added: Vec::new(),
            positions: HashMap::new(),
            named: 0,
        }
    }

    /// The position of a text that one more cell names; it is added where it was not added before.
    pub(super) fn position(&mut self, text: &str) -> u32 {
        self.named += 1;
        if let Some(&position) = self.positions.get(text) {
            return position;
        }
        let position = self.known + self.added.len() as u32;
        self.added.push(text.to_owned());
        self.positions.insert(text.to_owned(), position);
        position
    }
}
