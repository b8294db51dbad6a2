//! The sheet that says how the table is filled in: each column, the rules that hold, what the colours mean.

use std::borrow::Cow;

use leadsheet_core::{CellRef, Field, FieldKind, LeadIdPattern, Message, TermId};

use super::{heading, meaning};
use crate::template::{ColumnDefinition, RowColour, TemplateDefinition};
use crate::write::draft::{Draft, Page as Paper};
use crate::write::guide::{Entry, Guide, OwnTerms};
use crate::write::look::{Line, Look, Side};

/// Widths of the four columns: heading, whether it is needed, what it means, what may be entered.
const WIDTHS: [f64; 4] = [18.0, 10.0, 46.0, 54.0];
const LINE: f64 = 16.5;

/// The sheet for whoever fills the table in.
pub(super) fn draft(
    name: String,
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    guide: &Guide<'_>,
    has_samples: bool,
) -> Draft<'static> {
    let mut page = Page {
        draft: Draft {
            name,
            is_bare: true,
            page: Some(Paper {
                repeated: None,
                footer: Some(guide.say("page")),
            }),
            ..Draft::default()
        },
        row: 0,
    };
    for (width, column) in WIDTHS.into_iter().zip(0..) {
        page.draft.widen(column, width);
    }
    let name = guide.wording_of(&template.title, &template.english);
    let title = guide.tell(&Message::new("blank", "title").with("title", name));
    let look = Look {
        side: Side::Usual,
        ..Look::title()
    };
    page.across(&title, &look, 28.0);
    page.row += 1;
    page.heading(&guide.say("columns"));
    page.columns(template, columns, guide);
    page.row += 1;
    page.heading(&guide.say("rules"));
    for (sentence, number) in rules(template, columns, guide, has_samples).iter().zip(1..) {
        page.sentence(&format!("{number}. {sentence}"));
    }
    let colours = coloured(template, columns, guide);
    if !colours.is_empty() {
        page.row += 1;
        page.heading(&guide.say("colours"));
        for (colour, sentence) in colours {
            page.colour(colour, &sentence);
        }
    }
    page.draft
}

struct Page {
    draft: Draft<'static>,
    row: u32,
}

impl Page {
    fn across(&mut self, text: &str, look: &Look, height: f64) {
        let last = WIDTHS.len() as u32 - 1;
        self.draft.across(self.row, (0, last), text, look);
        self.draft.heights.insert(self.row, height);
        self.row += 1;
    }

    fn heading(&mut self, text: &str) {
        self.across(text, &Look::part(), 22.0);
    }

    fn sentence(&mut self, text: &str) {
        let height = LINE * lines(text, WIDTHS.iter().sum()) as f64 + 3.0;
        self.across(text, &Look::sentence(), height);
    }

    fn columns(
        &mut self,
        template: &TemplateDefinition,
        columns: &[&ColumnDefinition],
        guide: &Guide<'_>,
    ) {
        let heads = ["column", "need", "meaning", "entry"].map(|variant| guide.say(variant));
        for (text, column) in heads.into_iter().zip(0..) {
            let cell = CellRef::new(self.row, column);
            self.draft.text(cell, text, &Look::heading(true));
        }
        self.draft.heights.insert(self.row, 22.0);
        self.row += 1;
        let text = Look {
            line: Line::Around,
            ..Look::sentence()
        };
        for column in columns {
            let cells = [
                heading(column, guide).into_owned(),
                guide.say(need(column)),
                meaning(column, template, guide),
                hint(column.field, template, guide),
            ];
            let highest = cells
                .iter()
                .zip(WIDTHS)
                .map(|(cell, width)| lines(cell, width))
                .max()
                .unwrap_or(1);
            let name = Look::heading(column.required);
            let looks = [&name, &Look::labelled(), &text, &text];
            for ((cell, look), index) in cells.into_iter().zip(looks).zip(0..) {
                self.draft.text(CellRef::new(self.row, index), cell, look);
            }
            let height = LINE * highest as f64 + 5.0;
            self.draft.heights.insert(self.row, height);
            self.row += 1;
        }
    }

    fn colour(&mut self, colour: RowColour, text: &str) {
        let (background, letters) = colour.rgb();
        let look = Look {
            fill: Some(background),
            letters: Some(letters),
            ..Look::sentence()
        };
        let height = LINE * lines(text, WIDTHS.iter().sum()) as f64 + 5.0;
        self.across(text, &look, height);
    }
}

/// Whether a column must be filled in: the id of the word for it.
pub(super) const fn need(column: &ColumnDefinition) -> &'static str {
    if column.required {
        "need-required"
    } else {
        "need-usual"
    }
}

/// What may be entered in the column of a field.
pub(super) fn hint(field: Field, template: &TemplateDefinition, guide: &Guide<'_>) -> String {
    let say = |message: Message| guide.tell(&message);
    match guide.entry(Some(template), field, &OwnTerms::default()) {
        Some(Entry::Term { terms, open }) => {
            let variant = if open { "open" } else { "terms" };
            let listed = say(Message::new("hint", variant).with("terms", terms.join(" / ")));
            match field {
                Field::Grade | Field::Category | Field::Stage => {
                    let defined = say(Message::new("terms", field.key()));
                    format!("{listed}\n{defined}")
                }
                _ => listed,
            }
        }
        Some(Entry::Date { days_ahead: 0, .. }) => say(Message::new("hint", "past")),
        Some(Entry::Date { .. }) => say(Message::new("hint", "date")),
        Some(Entry::Share) => say(Message::new("hint", "share")),
        Some(Entry::Amount) => say(Message::new("hint", "amount")),
        Some(Entry::Phone) => say(Message::new("hint", "phone")),
        None if field.kind() == FieldKind::LeadId => {
            let is_numbered = template.lead_id == LeadIdPattern::SourceDateNumber;
            say(Message::new(
                "hint",
                if is_numbered { "numbered" } else { "number" },
            ))
        }
        None => say(Message::new("hint", "text")),
    }
}

/// What is to be kept in mind: the template's own sentences, then those that follow from its columns.
fn rules(
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    guide: &Guide<'_>,
    has_samples: bool,
) -> Vec<String> {
    let has = |field: Field| columns.iter().any(|column| column.field == field);
    let mut sentences: Vec<String> = template
        .instructions
        .iter()
        .map(|instruction| {
            guide
                .wording_of(&instruction.text, &instruction.english)
                .into_owned()
        })
        .collect();
    let mut rule = |variant: &'static str, holds: bool| {
        if holds {
            sentences.push(guide.tell(&Message::new("rule", variant)));
        }
    };
    rule("samples", has_samples);
    rule("required", columns.iter().any(|column| column.required));
    rule("terms", true);
    rule("record", has(Field::Summary));
    rule("phone", has(Field::Phone));
    rule("next", has(Field::NextStep));
    rule("stage", has(Field::Stage));
    rule("closing", has(Field::Result) && has(Field::ClosedDate));
    rule("progress", has(Field::Result) && has(Field::Progress));
    rule("order", has(Field::OrderNo));
    rule("privacy", has(Field::Phone) || has(Field::Need));
    if has(Field::Grade) && has(Field::FollowUpDate) {
        let cadence = guide.policy.cadence;
        let message = Message::new("rule", "cadence")
            .with("a", cadence.a)
            .with("b", cadence.b)
            .with("c", cadence.c);
        sentences.push(guide.tell(&message));
    }
    let optional: Vec<String> = template
        .columns
        .iter()
        .filter(|column| column.optional)
        .map(|column| heading(column, guide).into_owned())
        .collect();
    if !optional.is_empty() {
        let message = Message::new("rule", "optional").with("columns", optional.join(" / "));
        sentences.push(guide.tell(&message));
    }
    sentences.push(guide.tell(&Message::new("rule", "check")));
    sentences
}

/// What each colour in use means, in the terms that bring it about.
fn coloured(
    template: &TemplateDefinition,
    columns: &[&ColumnDefinition],
    guide: &Guide<'_>,
) -> Vec<(RowColour, String)> {
    let of = |&colour: &RowColour| {
        let mut causes = Vec::new();
        for column in columns {
            let (Some(colours), Some(vocabulary)) = (
                guide.templates.colours(Some(template), column.field),
                guide.vocabulary(Some(template), column.field),
            ) else {
                continue;
            };
            let terms: Vec<Cow<'_, str>> = (0..vocabulary.terms().len() as TermId)
                .filter(|&id| {
                    let term = vocabulary.term(id).map(|term| &term.canonical);
                    term.and_then(|term| colours.get(term)) == Some(&colour)
                })
                .map(|id| guide.spelling(&vocabulary, id))
                .collect();
            if !terms.is_empty() {
                causes.push(format!("{} = {}", heading(column, guide), terms.join(", ")));
            }
        }
        let name = match colour {
            RowColour::Green => "green",
            RowColour::Red => "red",
            RowColour::Yellow => "yellow",
            RowColour::Grey => "grey",
        };
        let message = Message::new("colour", name).with("causes", causes.join(" / "));
        (!causes.is_empty()).then(|| (colour, guide.tell(&message)))
    };
    RowColour::ALL.iter().filter_map(of).collect()
}

/// Lines that a text takes in a column of this width: a Chinese character counts two.
pub(super) fn lines(text: &str, width: f64) -> usize {
    let of_line = |line: &str| {
        let wide: f64 = line
            .chars()
            .map(|c| if c > '\u{2E7F}' { 2.0 } else { 1.05 })
            .sum();
        ((wide / (width - 1.0)).ceil() as usize).max(1)
    };
    text.lines().map(of_line).sum::<usize>().max(1)
}
