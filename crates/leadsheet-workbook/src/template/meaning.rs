//! What each heading of a row means in a template, decided by its words, its group, the other columns and the values.

use hashbrown::HashSet;
use leadsheet_core::{CellRef, Decision, Field, FieldKind, Reason};

use super::definition::{Keys, Meaning, Overruled, Strength, TemplateDefinition, Templates};
use super::evidence::{Evidence, Verdict, Witnesses};
use super::fit::FEWEST_COLUMNS;
use super::header::heading_key;
use super::heading_row::{Heading, HeadingRow};

/// What a heading was taken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Assigned {
    /// Nothing that is known.
    Unknown,
    /// This.
    Means(Meaning),
    /// Something that another column is already.
    Again(Field),
    /// Nothing, as the team has decided.
    Kept,
}

impl Assigned {
    /// What it means.
    pub(crate) const fn field(self) -> Option<Field> {
        match self {
            Assigned::Means(meaning) => Some(meaning.field),
            _ => None,
        }
    }
}

/// What was made of a row's headings.
#[derive(Debug)]
pub(crate) struct Meanings {
    /// By heading.
    pub(crate) assigned: Vec<Assigned>,
    /// By heading: what was weighed, where a heading may mean several things.
    pub(crate) decisions: Vec<Option<Decision>>,
}

/// How well the group speaks for a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ByGroup {
    /// It stands under this meaning's group.
    Within,
    /// Nothing to go by.
    Silent,
    /// It stands under another meaning's group.
    Elsewhere,
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    meaning: Meaning,
    by_group: ByGroup,
    evidence: Evidence,
    /// Whether it may be chosen at all.
    is_eligible: bool,
}

impl Choice {
    /// The lower, the likelier.
    fn rank(&self) -> impl Ord + use<> {
        (
            !self.is_eligible,
            self.evidence.verdict == Verdict::Against,
            self.by_group,
            self.meaning.strength != Strength::Own,
            self.evidence.verdict,
            self.meaning.strength,
        )
    }
}

/// Gives each heading the likeliest meaning that is still free. The surest are served first: beside 客户名称, 公司名称 is
/// the company; alone, it is the customer.
pub(crate) fn assign(
    witnesses: &Witnesses<'_>,
    row: &HeadingRow,
    template: &TemplateDefinition,
    keys: &Keys,
    templates: &Templates,
) -> Meanings {
    let count = row.headings.len();
    let mut meanings = Meanings {
        assigned: vec![Assigned::Unknown; count],
        decisions: vec![None; count],
    };
    // Values are asked only where the row may be a heading: 电话 and 微信 stand in data as well.
    let known = |heading: &&Heading| {
        let mut all = std::iter::once(&heading.key)
            .chain(heading.readings.iter().map(|reading| &reading.key));
        all.any(|key| keys.contains_key(key))
    };
    let asks_values = row.headings.iter().filter(known).count() >= FEWEST_COLUMNS;
    let mut taken: HashSet<Field> = HashSet::new();
    let mut open: Vec<(usize, Vec<Choice>)> = Vec::new();
    for (position, heading) in row.headings.iter().enumerate() {
        match templates.overruled(&template.name, &heading.key) {
            Some(Overruled::Kept) => {
                meanings.assigned[position] = Assigned::Kept;
                meanings.decisions[position] = Some(decision(heading, None, &[], Reason::Team));
            }
            Some(Overruled::Means(field)) => {
                let is_free = taken.insert(field);
                meanings.assigned[position] = if is_free {
                    Assigned::Means(Meaning {
                        field,
                        strength: Strength::Listed,
                        is_common: false,
                    })
                } else {
                    Assigned::Again(field)
                };
                let field = is_free.then_some(field);
                meanings.decisions[position] = Some(decision(heading, field, &[], Reason::Team));
            }
            None => {
                let options = options(
                    witnesses,
                    row,
                    heading,
                    (template, keys),
                    templates,
                    asks_values,
                );
                if options.iter().any(|option| option.is_eligible) {
                    open.push((position, options));
                } else {
                    meanings.decisions[position] = weighed(heading, None, &options, &taken);
                }
            }
        }
    }
    // Of equally sure headings, the one with fewer ways out is served first: 电话 is the phone, 手机 beside it the mobile.
    open.sort_by_key(|(position, options)| (options[0].rank(), options.len(), *position));
    for (position, options) in open {
        let heading = &row.headings[position];
        let chosen = options
            .iter()
            .find(|option| option.is_eligible && !taken.contains(&option.meaning.field));
        if let Some(chosen) = chosen {
            taken.insert(chosen.meaning.field);
        }
        meanings.assigned[position] = match chosen {
            Some(chosen) => Assigned::Means(chosen.meaning),
            None => match options
                .iter()
                .find(|option| option.is_eligible && !option.meaning.strength.is_weak())
            {
                Some(option) => Assigned::Again(option.meaning.field),
                None => Assigned::Unknown,
            },
        };
        meanings.decisions[position] = weighed(heading, chosen, &options, &taken);
    }
    promote_company(row, template, keys, &mut meanings);
    meanings
}

/// What a heading may mean, the likeliest first.
fn options(
    witnesses: &Witnesses<'_>,
    row: &HeadingRow,
    heading: &Heading,
    (template, keys): (&TemplateDefinition, &Keys),
    templates: &Templates,
    asks_values: bool,
) -> Vec<Choice> {
    let mut found: Vec<Meaning> = keys.get(&heading.key).cloned().unwrap_or_default();
    let mut group = heading.group.as_deref().map(heading_key);
    let mut key = heading.key.clone();
    if found.is_empty() {
        (found, key) = by_parts(heading, keys, templates, &mut group);
    }
    let known_group = group.as_deref().and_then(|group| templates.group(group));
    // A short heading under a group is the long one: 日期 under 订单信息 is 订单日期.
    let mut composite: Vec<Field> = Vec::new();
    // A template's own word is none: 公司名称 under 客户资料 is the company, where the template has one.
    let is_vague = found.first().is_none_or(|first| {
        first.strength.is_weak() || found.len() > 1 && first.strength != Strength::Own
    });
    if let (Some(group), true) = (&group, is_vague) {
        let own = known_group
            .map(|known| known.stems.clone())
            .unwrap_or_default();
        for stem in own.into_iter().chain(stem_of(group)) {
            let long = keys.get(&format!("{stem}{key}")).into_iter().flatten();
            for &meaning in long.filter(|meaning| !meaning.strength.is_weak()) {
                composite.push(meaning.field);
                found.retain(|known| known.field != meaning.field);
                found.push(meaning);
            }
        }
    }
    let by_group = |field: Field| {
        let of_column = template
            .column(field)
            .and_then(|column| column.group.as_deref());
        match (known_group, of_column) {
            _ if composite.contains(&field) => ByGroup::Within,
            (Some(known), Some(own)) if known.name == own => ByGroup::Within,
            (Some(_), Some(own)) if template.groups.iter().any(|group| group.name == own) => {
                ByGroup::Elsewhere
            }
            _ => ByGroup::Silent,
        }
    };
    let is_vague = found.len() > 1 || found.iter().any(|meaning| meaning.strength.is_weak());
    let below = CellRef::new(row.row, heading.cell.column);
    let evidence = |meaning: &Meaning| {
        if asks_values && is_vague {
            witnesses.speak(below, meaning.field, template)
        } else {
            Evidence::NONE
        }
    };
    let found: Vec<_> = found
        .into_iter()
        .map(|meaning| (meaning, evidence(&meaning)))
        .collect();
    let is_at_home = found.iter().any(|(meaning, evidence)| {
        meaning.strength < Strength::WeakStranger && evidence.verdict != Verdict::Against
    });
    let choice = |(meaning, evidence): (Meaning, Evidence)| {
        let by_group = by_group(meaning.field);
        let is_eligible = match meaning.strength {
            // Values speak louder than a weak word, but a template's column keeps its meaning whatever people write.
            Strength::Own | Strength::Listed | Strength::Usual => true,
            Strength::Stranger | Strength::Weak => evidence.verdict != Verdict::Against,
            // A word that only may mean a field the template does not even have wants values or a group that say so;
            // but any text may be a remark or a region.
            Strength::WeakStranger => {
                evidence.verdict == Verdict::For
                    || by_group == ByGroup::Within
                    || (meaning.field.kind() == FieldKind::Text && !is_at_home)
            }
        };
        Choice {
            meaning,
            by_group,
            evidence,
            is_eligible,
        }
    };
    let mut options: Vec<Choice> = found.into_iter().map(choice).collect();
    options.sort_by_key(Choice::rank);
    options
}

/// The meanings of a cell that holds more than a heading: what its known parts have in common, else those of the first.
fn by_parts(
    heading: &Heading,
    keys: &Keys,
    templates: &Templates,
    group: &mut Option<String>,
) -> (Vec<Meaning>, String) {
    let mut found: Option<(&Vec<Meaning>, &str)> = None;
    for reading in &heading.readings {
        let named = reading
            .group
            .as_ref()
            .filter(|name| templates.group(name).is_some());
        if reading.group.is_some() && named.is_none() {
            continue;
        }
        if let Some(named) = named {
            *group = Some(named.clone());
            if !keys.contains_key(&reading.key) {
                return (Vec::new(), reading.key.clone());
            }
        }
        let Some(meanings) = keys.get(&reading.key) else {
            continue;
        };
        match found {
            None => found = Some((meanings, &reading.key)),
            Some((first, key)) => {
                let common: Vec<Meaning> = first
                    .iter()
                    .filter(|one| meanings.iter().any(|other| other.field == one.field))
                    .copied()
                    .collect();
                // Two languages that say the same leave open what the first leaves open.
                if common
                    .first()
                    .is_some_and(|one| one.field == first[0].field)
                {
                    return (first.clone(), key.to_owned());
                }
                if !common.is_empty() {
                    return (common, key.to_owned());
                }
            }
        }
        if named.is_some() {
            break;
        }
    }
    found.map_or_else(
        || (Vec::new(), heading.key.clone()),
        |(meanings, key)| (meanings.clone(), key.to_owned()),
    )
}

/// `跟进` of `跟进信息`: what a group is about, where nobody has defined it.
fn stem_of(group: &str) -> Option<String> {
    const ENDINGS: [&str; 9] = [
        "基本信息",
        "信息",
        "情况",
        "记录",
        "资料",
        "内容",
        "明细",
        "information",
        "details",
    ];
    let stem = ENDINGS.iter().find_map(|ending| group.strip_suffix(ending));
    stem.filter(|stem| !stem.is_empty()).map(str::to_owned)
}

/// A firm is the customer where no other column is, and the template wants one; and where only a person's name is, the
/// person is the contact.
fn promote_company(
    row: &HeadingRow,
    template: &TemplateDefinition,
    keys: &Keys,
    meanings: &mut Meanings,
) {
    let place_of = |field: Field| {
        let mut assigned = meanings.assigned.iter();
        assigned.position(|assigned| assigned.field() == Some(field))
    };
    let (Some(company), Some(_)) = (place_of(Field::Company), template.column(Field::Customer))
    else {
        return;
    };
    let mut moves = vec![(company, Field::Company, Field::Customer)];
    if let Some(customer) = place_of(Field::Customer) {
        let is_weak = matches!(meanings.assigned[customer], Assigned::Means(meaning) if meaning.strength.is_weak());
        let may_be_contact = keys
            .get(&row.headings[customer].key)
            .is_some_and(|known| known.iter().any(|meaning| meaning.field == Field::Contact));
        if !is_weak || !may_be_contact || place_of(Field::Contact).is_some() {
            return;
        }
        moves.push((customer, Field::Customer, Field::Contact));
    }
    for (position, from, to) in moves {
        meanings.assigned[position] = Assigned::Means(Meaning {
            field: to,
            strength: Strength::Usual,
            is_common: true,
        });
        let decided = decision(&row.headings[position], Some(to), &[from], Reason::Columns);
        meanings.decisions[position] = Some(decided);
    }
}

/// What was weighed at a heading that may mean several things; `None` where there was nothing to weigh.
fn weighed(
    heading: &Heading,
    chosen: Option<&Choice>,
    options: &[Choice],
    taken: &HashSet<Field>,
) -> Option<Decision> {
    let field = chosen.map(|chosen| chosen.meaning.field);
    let others: Vec<Field> = options
        .iter()
        .map(|option| option.meaning.field)
        .filter(|&other| Some(other) != field)
        .collect();
    let against = options
        .iter()
        .filter(|option| option.evidence.verdict == Verdict::Against)
        .min_by_key(|option| option.meaning.strength);
    let fit = |option: &Choice, is_for: bool| Reason::Values {
        field: option.meaning.field,
        fit: option.evidence.fit,
        of: option.evidence.of,
        is_for,
    };
    let reason = match chosen {
        None => match against.filter(|option| !option.is_eligible) {
            Some(against) => fit(against, false),
            None if others.iter().any(|other| taken.contains(other)) => Reason::Columns,
            None => return None,
        },
        Some(_) if others.is_empty() => return None,
        Some(chosen)
            if chosen.by_group == ByGroup::Within
                && options
                    .iter()
                    .any(|option| option.by_group != ByGroup::Within) =>
        {
            Reason::Group(
                heading
                    .group
                    .clone()
                    .unwrap_or_else(|| heading.text.clone()),
            )
        }
        Some(chosen)
            if chosen.evidence.verdict == Verdict::For
                && chosen.meaning.strength != Strength::Own =>
        {
            fit(chosen, true)
        }
        Some(chosen) if chosen.meaning.strength == Strength::Own => return None,
        Some(chosen) => {
            // Would another have been chosen by its words alone?
            let surer = options
                .iter()
                .filter(|option| {
                    option.meaning.strength < chosen.meaning.strength
                        || option.meaning.field < chosen.meaning.field
                            && option.meaning.strength == chosen.meaning.strength
                })
                .find(|option| option.meaning.field != chosen.meaning.field);
            match surer {
                Some(surer) if surer.evidence.verdict == Verdict::Against => fit(surer, false),
                Some(surer) if taken.contains(&surer.meaning.field) => Reason::Columns,
                _ if chosen.meaning.strength.is_weak() => Reason::Usual,
                _ => return None,
            }
        }
    };
    Some(decision(heading, field, &others, reason))
}

fn decision(heading: &Heading, field: Option<Field>, others: &[Field], reason: Reason) -> Decision {
    Decision {
        cell: heading.cell,
        header: heading.text.clone(),
        field,
        instead_of: others.to_vec(),
        reason,
    }
}
