//! House and room numbers behind the name of a street: `中山路123号5栋601室`.

use super::MaskKind;
use super::digits::Number;
use super::figures::Figures;

/// What a street, a village or an estate ends with.
const STREETS: [char; 16] = [
    '路', '街', '道', '巷', '弄', '里', '村', '镇', '园', '苑', '庭', '城', '厦', '胡', '同', '区',
];
/// What is counted in a street and in a house, the longer before what they begin with.
const UNITS: [&str; 16] = [
    "号楼", "号院", "单元", "号", "弄", "巷", "栋", "幢", "座", "室", "房", "层", "楼", "户", "門",
    "门",
];

/// Numbers of houses and rooms, each for itself.
pub(super) fn houses(figures: &Figures<'_>) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    // Where the chain of numbers and units goes on.
    let mut chain_end = None;
    for run in &figures.runs {
        if found.last().is_some_and(|last| last.end > run.start) {
            continue;
        }
        let before = figures.before(run.start);
        let goes_on = chain_end == Some(run.start);
        let begins = before.is_some_and(|c| STREETS.contains(&c));
        if !goes_on && !begins || run.digits.len() > 6 {
            continue;
        }
        // `12-3号`, `12之3号`, `601A室`.
        let mut end = run.end;
        while figures
            .at(end)
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '之' | '#'))
        {
            end += 1;
        }
        let behind = figures.between(end, end + 2);
        let Some(unit) = UNITS.iter().find(|unit| behind.starts_with(**unit)) else {
            continue;
        };
        let length = unit.chars().count();
        // A line of the underground is no house.
        if *unit == "号" && figures.at(end + 1) == Some('线') {
            continue;
        }
        chain_end = Some(end + length);
        found.push(Number {
            start: run.start,
            end,
            mask: "*".to_owned(),
            kind: MaskKind::Address,
        });
    }
    found
}
