//! Terms on their way into another template: where it says with another field what the table says with its own, the
//! terms that have a counterpart there are carried over, and each is listed, as is each that has none.

use std::collections::{BTreeMap, HashMap};

use leadsheet_core::{Field, FieldKind, Policy, Value, is_traditional, traditional};
use serde::Deserialize;

use super::table::{OutputColumn, OutputTable};
use crate::template::{TemplateDefinition, Templates};

/// What became of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermChange {
    /// The heading that it stands under.
    pub column: String,
    /// What that means.
    pub field: Field,
    /// The term as the table spells it.
    pub old: String,
    /// What it is called in the new table; `None` where that has no such term.
    pub new: Option<String>,
    /// The heading that the new term stands under.
    pub target: String,
    /// What that means.
    pub target_field: Field,
    /// How many cells hold it.
    pub cells: usize,
}

#[derive(Deserialize)]
struct File {
    equivalent: Vec<Equivalent>,
}

/// The terms of a field in those of another.
#[derive(Deserialize)]
struct Equivalent {
    from: Field,
    to: Field,
    terms: BTreeMap<String, String>,
}

const EQUIVALENTS: &str = include_str!("../../templates/equivalents.toml");

impl OutputTable<'_> {
    /// Fills the columns of `target` that the table lacks from those that say the same in other terms, and lists what
    /// became of each term in [`OutputTable::terms`]. A column whose every term has a counterpart of its own gives way
    /// to the new one; any other stays beside it.
    ///
    /// # Panics
    /// Never: the equivalents are part of the crate and a test reads them.
    #[must_use]
    pub fn with_equivalents(
        mut self,
        target: &TemplateDefinition,
        templates: &Templates,
        policy: &Policy,
    ) -> Self {
        let file: File = toml::from_str(EQUIVALENTS).expect("the built-in equivalents are sound");
        for equivalent in &file.equivalent {
            self.carry_over(equivalent, target, templates, policy);
        }
        self.name_strangers(target, policy);
        self
    }

    fn carry_over(
        &mut self,
        equivalent: &Equivalent,
        target: &TemplateDefinition,
        templates: &Templates,
        policy: &Policy,
    ) {
        let Some(definition) = target.column(equivalent.to) else {
            return;
        };
        let filled = |field: Field| {
            let mut columns = self.columns.iter();
            columns.position(|column| column.field == Some(field) && column.is_filled())
        };
        let (Some(source), None, None) = (
            filled(equivalent.from),
            filled(equivalent.to),
            target.column(equivalent.from),
        ) else {
            return;
        };
        let source = self.columns[source].clone();
        let Some(vocabulary) = policy.vocabulary_beside(equivalent.from, &[]) else {
            return;
        };
        let is_traditional_table = is_traditional(&source.header);
        let counterpart = |text: &str| {
            let term = vocabulary.term(vocabulary.find(text)?)?;
            let new = equivalent.terms.get(&term.canonical)?;
            Some(if is_traditional_table {
                traditional(new).into_owned()
            } else {
                new.clone()
            })
        };
        let mut texts = self.distinct_texts(&source);
        texts.sort();
        let found: HashMap<String, Option<String>> = texts
            .iter()
            .map(|(text, _)| (text.clone(), counterpart(text)))
            .collect();
        if found.values().all(Option::is_none) {
            return;
        }
        let header = templates.heading(definition);
        let header = if is_traditional_table {
            traditional(header).into_owned()
        } else {
            header.to_owned()
        };
        self.terms
            .extend(texts.iter().map(|(text, cells)| TermChange {
                column: source.header.clone(),
                field: equivalent.from,
                old: text.clone(),
                new: found[text].clone(),
                target: header.clone(),
                target_field: equivalent.to,
                cells: *cells,
            }));
        let rows = (0..self.len()).map(|row| match self.value(row, &source) {
            Value::Text(text) => found.get(text).cloned().flatten().unwrap_or_default(),
            _ => String::new(),
        });
        let carried: Vec<String> = rows.collect();
        // Two terms that become one could not be told apart any more.
        let terms = texts.iter().filter_map(|(text, _)| vocabulary.find(text));
        let old: std::collections::HashSet<_> = terms.collect();
        let new: std::collections::HashSet<_> = found.values().flatten().collect();
        let gives_way = found.values().all(Option::is_some) && old.len() == new.len();
        let holds_nothing_else = (0..self.len())
            .all(|row| matches!(self.value(row, &source), Value::Text(_) | Value::Empty));
        if gives_way && holds_nothing_else {
            self.columns.retain(|column| *column != source);
        }
        let column = OutputColumn {
            header,
            field: Some(equivalent.to),
            width: definition.width,
            from: None,
            joined: Some(self.joined.len()),
        };
        self.joined.push(carried);
        self.place(column, target);
    }

    /// Puts a column where the template has it.
    fn place(&mut self, column: OutputColumn, target: &TemplateDefinition) {
        let rank = |field: Option<Field>| {
            let mut columns = target.columns.iter();
            columns.position(|definition| Some(definition.field) == field)
        };
        let own = rank(column.field);
        let empty = self
            .columns
            .iter()
            .position(|known| known.field == column.field);
        match empty {
            Some(position) => self.columns[position] = column,
            None => {
                let later = self
                    .columns
                    .iter()
                    .position(|known| rank(known.field).is_none_or(|rank| Some(rank) > own));
                let position = later.unwrap_or(self.columns.len());
                self.columns.insert(position, column);
            }
        }
    }

    /// Lists the terms that only a team's own template knew and a closed list of the new one does not have. They stay.
    fn name_strangers(&mut self, target: &TemplateDefinition, policy: &Policy) {
        let mut found = Vec::new();
        for column in self.columns.iter().filter(|column| column.from.is_some()) {
            let Some(field) = column.field.filter(|field| field.kind() == FieldKind::Term) else {
                continue;
            };
            let Some(definition) = target.column(field) else {
                continue;
            };
            let vocabulary = policy.vocabulary_beside(field, &definition.terms);
            let Some(vocabulary) = vocabulary.filter(|vocabulary| !vocabulary.is_open()) else {
                continue;
            };
            let mut texts = self.distinct_texts(column);
            texts.sort();
            let strangers = texts
                .into_iter()
                .filter(|(text, _)| !text.trim().is_empty() && vocabulary.find(text).is_none());
            found.extend(strangers.map(|(old, cells)| TermChange {
                column: column.header.clone(),
                field,
                old,
                new: None,
                target: column.header.clone(),
                target_field: field,
                cells,
            }));
        }
        self.terms.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::into_template;
    use leadsheet_core::{Ledger, LedgerBuilder, Vocabulary};

    fn ledger(template: &str, field: Field, heading: &str, terms: &[&str]) -> Ledger {
        let mut builder = LedgerBuilder::new("跟进", template);
        builder
            .column("客户名称", Some(Field::Customer))
            .column(heading, Some(field));
        for term in terms {
            let value = if term.is_empty() {
                Value::Empty
            } else {
                Value::Text(term)
            };
            builder.row(&[Value::Text("甲"), value]).unwrap();
        }
        builder.build()
    }

    type Said = (String, Option<String>, usize);

    /// Headings, terms by row under the heading of `field`, and what was said of the terms.
    fn converted(
        ledger: &Ledger,
        target: &str,
        field: Field,
    ) -> (Vec<String>, Vec<String>, Vec<Said>) {
        let templates = Templates::builtin();
        let target = templates.get(target).unwrap();
        let table = into_template(ledger, target, &templates);
        let table = table.with_equivalents(target, &templates, &Policy::default());
        let headings = table.columns.iter().map(|column| column.header.clone());
        let column = table
            .columns
            .iter()
            .find(|column| column.field == Some(field))
            .unwrap();
        let shown = (0..table.len()).map(|row| table.value(row, column).display());
        let said = table.terms.iter();
        let said = said.map(|term| (term.old.clone(), term.new.clone(), term.cells));
        (headings.collect(), shown.collect(), said.collect())
    }

    #[test]
    fn every_equivalent_is_made_of_terms_that_there_are() {
        let file: File = toml::from_str(EQUIVALENTS).unwrap();
        for equivalent in file.equivalent {
            let of = |field| Vocabulary::builtin(field).unwrap();
            for (old, new) in &equivalent.terms {
                assert!(of(equivalent.from).find(old).is_some(), "{old}");
                assert!(of(equivalent.to).find(new).is_some(), "{new}");
            }
        }
    }

    #[test]
    fn a_term_without_a_counterpart_is_named_and_its_column_stays() {
        let terms = ["成交", "高意向客户", "", "流失客户", "高意向客户"];
        let ledger = ledger("lead-ledger", Field::Stage, "当前状态", &terms);
        let (headings, shown, said) = converted(&ledger, "pipeline", Field::ConversionStatus);
        assert!(headings.contains(&"当前状态".to_owned()), "{headings:?}");
        assert_eq!(shown, ["成交客户", "", "", "流失客户", ""]);
        let owned = |text: &str| Some(text.to_owned());
        assert_eq!(
            said,
            [
                ("成交".to_owned(), owned("成交客户"), 1),
                ("流失客户".to_owned(), owned("流失客户"), 1),
                ("高意向客户".to_owned(), None, 2),
            ]
        );
    }

    #[test]
    fn a_column_gives_way_only_where_every_term_has_a_counterpart_of_its_own() {
        let all = ledger(
            "pipeline",
            Field::ConversionStatus,
            "轉化狀態",
            &["潛在客戶", "成交客戶"],
        );
        let (headings, shown, _) = converted(&all, "lead-ledger", Field::Stage);
        assert!(!headings.contains(&"轉化狀態".to_owned()), "{headings:?}");
        assert_eq!(shown, ["潛在客戶", "成交客戶"]);
        // Where it stands among the template's own columns: the last of fourteen.
        assert_eq!(headings.iter().position(|it| it == "當前狀態"), Some(13));
        // 未成交 says no more than that the customer is not won yet.
        let some = ledger(
            "follow-up-statistics",
            Field::Result,
            "跟进结果",
            &["成交", "未成交"],
        );
        let (headings, shown, said) = converted(&some, "lead-ledger", Field::Stage);
        assert!(headings.contains(&"跟进结果".to_owned()), "{headings:?}");
        assert_eq!(shown, ["成交客户", ""]);
        assert_eq!(said[1], ("未成交".to_owned(), None, 1));
    }
}
