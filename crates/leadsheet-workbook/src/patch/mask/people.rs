//! Who made a workbook or wrote in it, and what is called by a name in it: read before anything is masked.

use crate::patch::error::PatchError;
use crate::patch::package::Package;
use crate::patch::scan::{Tagged, walk};
use crate::patch::xml::Node;

/// The people that properties, comments and logs name.
pub(super) fn authors(package: &mut Package) -> Vec<String> {
    let mut people = Vec::new();
    let is_wanted = |name: &str| {
        let name = name.to_lowercase();
        name == "docprops/core.xml"
            || name.contains("/comments")
            || name.contains("/persons/")
            || name.contains("comments/")
    };
    for part in package.find_all(is_wanted) {
        if package.is_dropped(part) {
            continue;
        }
        let Ok((document, root)) = package.parsed(part) else {
            // What is ill-formed is refused or looked over by itself.
            continue;
        };
        let text = document.text().to_owned();
        gather(&text, &root, &mut people);
    }
    people
}

fn gather(text: &str, node: &Node, people: &mut Vec<String>) {
    let tag = node.tag(text);
    match tag.name() {
        "author" | "creator" | "lastModifiedBy" => people.push(node.characters(text)),
        "person" => people.extend(tag.get("displayName").map(std::borrow::Cow::into_owned)),
        // Comments themselves name nobody but whom others name.
        "commentList" | "threadedComment" => {}
        _ => {
            for child in &node.children {
                gather(text, child, people);
            }
        }
    }
}

/// The names of ranges and tables.
pub(super) fn defined_names(package: &mut Package) -> Result<Vec<String>, PatchError> {
    let mut names = Vec::new();
    let main = package.main;
    let tables = package.find_all(|name| name.to_lowercase().contains("/tables/"));
    for part in tables.into_iter().chain([main]) {
        let name = package.name(part);
        if package.is_dropped(part) || !name.to_lowercase().ends_with(".xml") {
            continue;
        }
        walk(package.stream(part)?, &name, |tagged| {
            if let Tagged::Start(element) = tagged {
                let keys: &[&str] = match element.tag.name() {
                    "definedName" => &["name"],
                    "table" => &["name", "displayName"],
                    _ => &[],
                };
                names.extend(
                    keys.iter()
                        .filter_map(|key| Some(element.tag.get(key)?.into_owned())),
                );
            }
            Ok(())
        })?;
    }
    Ok(names)
}
