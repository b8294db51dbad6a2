//! The calculation chain: the order in which formulas are calculated. Excel calls a workbook damaged whose chain names
//! a cell that holds no formula.

use std::collections::HashSet;

use leadsheet_core::CellRef;

use super::error::PatchError;
use super::package::{Change, Package};
use super::scan::{Tagged, walk};
use super::splice::Splice;

/// Takes cells, each with the number of its sheet, out of the chain.
pub(super) fn remove(
    package: &mut Package,
    gone: &HashSet<(u32, CellRef)>,
) -> Result<(), PatchError> {
    let main = package.name(package.main);
    let related = package.relationships(&main)?;
    let Some(relationship) = related.iter().find(|one| one.kind == "calcChain") else {
        return Ok(());
    };
    let Some(part) = relationship.part.filter(|_| !gone.is_empty()) else {
        return Ok(());
    };
    let name = package.name(part);
    let mut splices = Vec::new();
    let (mut sheet, mut kept) = (0, 0_u64);
    let mut unsaid = false;
    walk(package.stream(part)?, &name, |tagged| {
        let Tagged::Start(element) = tagged else {
            return Ok(());
        };
        if element.depth != 1 || element.tag.name() != "c" {
            return Ok(());
        }
        let said = element.tag.number("i");
        sheet = said.unwrap_or(sheet);
        let cell = element.tag.get("r").and_then(|cell| cell.parse().ok());
        if cell.is_some_and(|cell| gone.contains(&(sheet, cell))) {
            splices.push(Splice::replace(element.at, element.end - element.at, ""));
            // The next one may leave its sheet to this one to say.
            unsaid |= said.is_some();
            return Ok(());
        }
        kept += 1;
        if said.is_none() && unsaid {
            let slash = if element.empty { "/" } else { "" };
            let tag = element.tag.with("i", &sheet.to_string());
            let tag = format!("<{tag}{slash}>");
            splices.push(Splice::replace(element.at, element.end - element.at, tag));
        }
        unsaid = false;
        Ok(())
    })?;
    if kept > 0 {
        package.change(part, Change::Spliced(splices));
        return Ok(());
    }
    // A chain of nothing is none.
    package.unrelate(&main, relationship)?;
    package.drop_part(part)
}
