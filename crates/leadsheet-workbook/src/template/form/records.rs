//! Which labels belong together: the head that holds for the whole form, and the blocks that are filled in anew.

use hashbrown::{HashMap, HashSet};
use leadsheet_core::{
    CellRef, DateHabits, DateReading, Field, Value, entry_days, parse_date_text, split_entries,
};

use super::FormDefinition;
use super::boxes::Boxes;
use super::labels::{Item, Label, Labels};
use super::values::FormValue;
use super::words::{is_note, is_number};

/// A piece of a block without the label that blocks begin with counts as a block from so many labels on.
const FEWEST_OF_A_BLOCK: usize = 3;

/// The labels of a form, by position: those of its head, and those of each block.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) head: Vec<usize>,
    pub(super) blocks: Vec<Vec<usize>>,
}

/// Groups labels into head and blocks. A block begins with the label by which the blocks come out most alike, and of
/// those the one that leaves the fewest labels outside and the most compact blocks.
pub(super) fn group(boxes: &Boxes<'_>, labels: &[Label], form: &FormDefinition) -> Groups {
    let is_declared = |label: &Label| {
        let mut asked = form.block.iter().chain(&form.log);
        asked.any(|&field| label.may_mean(field))
    };
    let mut count: HashMap<Item<'_>, usize> = HashMap::new();
    for label in labels {
        *count.entry(label.item()).or_default() += 1;
    }
    let is_of_block = |label: &Label| is_declared(label) || count[&label.item()] > 1;
    let of_block: Vec<usize> = (0..labels.len())
        .filter(|&at| is_of_block(&labels[at]))
        .collect();
    let mut items: Vec<Item<'_>> = Vec::new();
    for &at in &of_block {
        if !items.contains(&labels[at].item()) {
            items.push(labels[at].item());
        }
    }
    let groupings = items
        .iter()
        .map(|&item| begun_by(boxes, labels, &of_block, item));
    let Some(best) = groupings.min_by_key(|grouping| grouping.cost) else {
        return Groups {
            head: (0..labels.len()).collect(),
            blocks: Vec::new(),
        };
    };
    let in_blocks: HashSet<usize> = best.blocks.iter().flatten().copied().collect();
    let repeated: HashSet<Item<'_>> = in_blocks.iter().map(|&at| labels[at].item()).collect();
    let first = best.blocks.iter().flatten().min().copied().unwrap_or(0);
    // What a block asks for means something else behind the blocks: the day of a signature.
    let is_head = |at: &usize| {
        !in_blocks.contains(at) && (*at < first || !repeated.contains(&labels[*at].item()))
    };
    Groups {
        head: (0..labels.len()).filter(is_head).collect(),
        blocks: best.blocks,
    }
}

struct Grouping {
    blocks: Vec<Vec<usize>>,
    cost: Cost,
}

/// What speaks against a grouping, the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// Labels that a block has twice, and blocks that lack labels which others have.
    uneven: usize,
    /// Labels that no block has.
    outside: usize,
    /// Rows that the blocks cover.
    rows: u32,
}

fn begun_by(boxes: &Boxes<'_>, labels: &[Label], of_block: &[usize], item: Item<'_>) -> Grouping {
    let place = |at: usize| boxes.get(labels[at].at).first;
    let anchors: Vec<usize> = of_block
        .iter()
        .copied()
        .filter(|&at| labels[at].item() == item)
        .collect();
    let mut blocks: Vec<Vec<usize>> = vec![Vec::new(); anchors.len()];
    for &at in of_block {
        if let Some(block) = block_of(place(at), anchors.iter().map(|&anchor| place(anchor))) {
            blocks[block].push(at);
        }
    }
    let mut uneven = 0;
    let mut whole: Vec<Vec<usize>> = Vec::new();
    for block in blocks {
        let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
        for at in block {
            let is_there = |part: &Vec<usize>| {
                part.iter()
                    .any(|&other| labels[other].item() == labels[at].item())
            };
            if parts.last().is_some_and(is_there) {
                uneven += 1;
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(at);
            }
        }
        whole.extend(parts.into_iter().filter(|part| {
            part.len() >= FEWEST_OF_A_BLOCK || part.iter().any(|at| anchors.contains(at))
        }));
    }
    let most = whole.iter().map(Vec::len).max().unwrap_or(0);
    let rows_of = |part: &Vec<usize>| {
        let rows = part.iter().map(|&at| place(at).row);
        rows.clone().max().unwrap_or(0) - rows.min().unwrap_or(0)
    };
    let cost = Cost {
        uneven: uneven + whole.iter().filter(|part| part.len() < most).count(),
        outside: of_block.len() - whole.iter().map(Vec::len).sum::<usize>(),
        rows: whole.iter().map(rows_of).sum(),
    };
    Grouping {
        blocks: whole,
        cost,
    }
}

/// The block that a place belongs to, by where the blocks begin: the last one at or above its row; of blocks beside
/// each other, the one to its left.
pub(super) fn block_of(
    place: CellRef,
    begins: impl Iterator<Item = CellRef> + Clone,
) -> Option<usize> {
    let above = begins
        .enumerate()
        .filter(|(_, begin)| begin.row <= place.row);
    let row = above.clone().map(|(_, begin)| begin.row).max()?;
    let beside = above.filter(|(_, begin)| begin.row == row);
    let left = beside
        .clone()
        .filter(|(_, begin)| begin.column <= place.column)
        .max_by_key(|(_, begin)| begin.column);
    let (block, _) = left.or_else(|| beside.min_by_key(|(_, begin)| begin.column))?;
    Some(block)
}

/// One talk of a record area.
#[derive(Debug, Default)]
pub(super) struct Talk {
    pub(super) row: u32,
    pub(super) date: Option<FormValue>,
    pub(super) text: Option<FormValue>,
    /// Boxes that no label explains.
    pub(super) others: Vec<usize>,
}

/// The boxes of a record area: to the right of its label, and below it down to the next label or note.
pub(super) fn record_area(
    boxes: &Boxes<'_>,
    labels: &Labels,
    label: &Label,
    used: &[bool],
) -> Vec<usize> {
    let it = boxes.get(label.at);
    let is_free = |at: usize| !labels.is_label[at] && !used[at];
    let mut area = Vec::new();
    for row in boxes.rows().filter(|&row| row >= it.first.row) {
        let starts = |at: usize| boxes.get(at).first.row == row;
        let here = boxes.in_row(row).iter().copied();
        if row <= it.last.row {
            let right = here
                .skip_while(|&at| boxes.get(at).first.column <= it.last.column)
                .take_while(|&at| !labels.is_label[at]);
            area.extend(right.filter(|&at| starts(at) && is_free(at)));
            continue;
        }
        // A tall label embraces its records; below it something else begins.
        let is_tall = it.last.row > it.first.row && !area.is_empty();
        let mut new = here.clone().filter(|&at| starts(at));
        let ends = labels.signed.contains(&row)
            || new.clone().any(|at| labels.is_label[at])
            || new
                .next()
                .is_some_and(|at| boxes.text(at).is_some_and(is_note));
        if is_tall || ends {
            break;
        }
        area.extend(here.filter(|&at| {
            starts(at) && is_free(at) && boxes.get(at).first.column >= it.first.column
        }));
    }
    area
}

/// The talks of a record area, a row each, or as many as a cell lists. A row without a date goes on with the talk
/// above it where that one has a date.
pub(super) fn talks(boxes: &Boxes<'_>, area: &[usize]) -> Vec<Talk> {
    let mut talks: Vec<Talk> = Vec::new();
    let rows = area.chunk_by(|&one, &other| boxes.get(one).first.row == boxes.get(other).first.row);
    for row in rows {
        for talk in talks_of_row(boxes, row) {
            match talks.last_mut() {
                Some(before)
                    if talk.date.is_none() && talk.others.is_empty() && before.date.is_some() =>
                {
                    go_on(boxes, before, talk);
                }
                _ => talks.push(talk),
            }
        }
    }
    talks
}

fn go_on(boxes: &Boxes<'_>, before: &mut Talk, talk: Talk) {
    let Some(more) = talk.text else { return };
    before.text = Some(match before.text.take() {
        Some(text) => FormValue::text(
            text.cell,
            format!("{}\n{}", shown(boxes, &text), shown(boxes, &more)),
        ),
        None => more,
    });
}

fn shown(boxes: &Boxes<'_>, value: &FormValue) -> String {
    match &value.says {
        super::Said::Stored => boxes.sheet.value(value.cell).display(),
        super::Said::Text(text) => text.clone(),
        super::Said::Date(date) => date.to_string(),
    }
}

fn talks_of_row(boxes: &Boxes<'_>, row: &[usize]) -> Vec<Talk> {
    let mut talk = Talk::default();
    let mut text = None;
    for (position, &at) in row.iter().enumerate() {
        talk.row = boxes.get(at).first.row;
        let value = boxes.value(at);
        let is_counted = position == 0 && row.len() > 1 && is_number(&value.display());
        if is_counted {
            continue;
        }
        if talk.date.is_none() && text.is_none() && is_date(value) {
            talk.date = Some(FormValue::stored(boxes.get(at).first));
        } else if text.is_none() {
            text = Some(at);
        } else {
            talk.others.push(at);
        }
    }
    let Some(at) = text else {
        return if talk.date.is_some() {
            vec![talk]
        } else {
            Vec::new()
        };
    };
    let cell = boxes.get(at).first;
    let listed = boxes
        .text(at)
        .filter(|_| talk.date.is_none())
        .map(|text| split_entries(text, None))
        .filter(|entries| entries.iter().any(leadsheet_core::Entry::is_dated));
    let Some(entries) = listed else {
        talk.text = Some(FormValue::stored(cell));
        return vec![talk];
    };
    let days = entry_days(&entries, None);
    let row = talk.row;
    let mut others = talk.others;
    entries
        .into_iter()
        .zip(days)
        .map(|(entry, day)| {
            // A day without a year stays one: what is read of it is the reader's to say.
            let date = match (entry.date, day) {
                (DateReading::MonthDay { month, day }, _) => {
                    Some(FormValue::text(cell, format!("{month}月{day}日")))
                }
                (_, Some(day)) => Some(FormValue {
                    cell,
                    says: super::Said::Date(day.date.and_time(day.time.unwrap_or_default())),
                    holds: None,
                }),
                _ if entry.is_dated() => Some(FormValue::text(cell, entry.written.clone())),
                _ => None,
            };
            Talk {
                row,
                date,
                text: Some(FormValue::text(cell, entry.text)),
                others: std::mem::take(&mut others),
            }
        })
        .collect()
}

fn is_date(value: Value<'_>) -> bool {
    match value {
        Value::Date { .. } => true,
        Value::Text(text) => !matches!(
            parse_date_text(text, DateHabits::default()),
            DateReading::NotADate
        ),
        _ => false,
    }
}

/// Whether a label asks for what the record area holds.
pub(super) fn is_log(label: &Label, form: &FormDefinition) -> bool {
    form.log.is_some_and(|field: Field| label.may_mean(field))
}
