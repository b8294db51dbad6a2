//! Promises about the sources: what no test of behaviour can see.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use leadsheet::Language;

use crate::run::root;

fn sources(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, ending, found);
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&root().join("crates"), "rs", &mut found);
    found
}

fn tree(package: &str, options: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .args(options)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn core_and_workbook_are_built_without_polars() {
    for (package, options) in [
        ("leadsheet-core", &[][..]),
        ("leadsheet-workbook", &[]),
        ("leadsheet-messages", &[]),
        ("leadsheet", &["--no-default-features"]),
    ] {
        let tree = tree(package, options);
        assert!(tree.lines().count() > 3, "{package}: {tree}");
        assert!(
            !tree.lines().any(|line| line.starts_with("polars")),
            "{package} depends on polars"
        );
    }
    assert!(tree("leadsheet-analytics", &[]).contains("polars"));
}

#[test]
fn dependencies_point_one_way() {
    for (package, strangers) in [
        (
            "leadsheet-core",
            &[
                "calamine",
                "rust_xlsxwriter",
                "zip ",
                "clap",
                "leadsheet-workbook",
            ][..],
        ),
        (
            "leadsheet-workbook",
            &["leadsheet-analytics", "clap", "leadsheet-messages"],
        ),
        (
            "leadsheet-analytics",
            &["leadsheet-workbook", "calamine", "clap"],
        ),
    ] {
        let tree = tree(package, &[]);
        for stranger in strangers {
            assert!(
                !tree.lines().any(|line| line.starts_with(stranger)),
                "{package} knows {stranger}"
            );
        }
    }
}

/// The ids that a source names: `Message::new("group", "variant")` is `group-variant`; where the variant is computed,
/// `group` with a star.
fn message_ids(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let mut ids = BTreeSet::new();
    for call in text.split("Message::new(").skip(1) {
        let mut arguments = call.split(')').next().unwrap().split(',').map(str::trim);
        let mut literal = || {
            let argument = arguments.next()?;
            argument
                .strip_prefix('"')?
                .strip_suffix('"')
                .map(str::to_owned)
        };
        match (literal(), literal()) {
            (Some(group), Some(variant)) if variant.is_empty() => ids.insert(group),
            (Some(group), Some(variant)) => ids.insert(format!("{group}-{variant}")),
            (Some(group), None) => {
                // A closure takes the variant: `let message = |variant| Message::new("notice", variant)`.
                for name in ["message(\"", "refused(\"", "part(\""] {
                    let variants = call
                        .split(name)
                        .skip(1)
                        .filter_map(|rest| rest.split('"').next());
                    ids.extend(
                        variants
                            .filter(|variant| !variant.is_empty())
                            .map(|variant| format!("{group}-{variant}")),
                    );
                }
                ids.insert(format!("{group}*"))
            }
            // The group is computed: its callers are looked at where they name it.
            (None, _) => false,
        };
    }
    ids
}

#[test]
fn everything_that_is_said_has_words_in_both_languages() {
    let catalogue = |language: &str| {
        let mut files = Vec::new();
        sources(
            &root()
                .join("crates/leadsheet-messages/messages")
                .join(language),
            "ftl",
            &mut files,
        );
        files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let catalogues = ["en", "zh"].map(catalogue);
    let mut seen = 0;
    for path in rust_files() {
        if path.ends_with("message.rs") || path.to_string_lossy().contains("leadsheet-messages") {
            continue;
        }
        for id in message_ids(&fs::read_to_string(&path).unwrap()) {
            seen += 1;
            for text in &catalogues {
                let said = match id.strip_suffix('*') {
                    Some(group) => text.lines().any(|line| line.starts_with(group)),
                    None => text
                        .lines()
                        .any(|line| line.split(" =").next() == Some(&id)),
                };
                assert!(said, "{}: no words for {id}", path.display());
            }
        }
    }
    assert!(seen > 80, "only {seen} messages were found");
}

#[test]
fn every_file_says_why_it_exists() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let is_rule = text.contains("declare_rule! {");
        assert!(
            text.starts_with("//!") || is_rule,
            "{} has no header",
            path.display()
        );
    }
}

#[test]
fn the_rule_catalogue_on_paper_is_fresh() {
    let written = fs::read_to_string(root().join("RULES.md")).unwrap_or_default();
    let fresh = rule_catalogue();
    if written != fresh {
        if std::env::var_os("LEADSHEET_BLESS").is_some() {
            fs::write(root().join("RULES.md"), &fresh).unwrap();
            return;
        }
        panic!("RULES.md is stale: LEADSHEET_BLESS=1 cargo test -p leadsheet-tests writes it anew");
    }
}

fn rule_catalogue() -> String {
    let mut text = String::from(
        "# Rules\n\nWhat `leadsheet check` looks for. `leadsheet explain CODE` prints an entry. 中文说明在每条之后。\n\nTo let a single finding stand, write `leadsheet: ignore CODE` in a note on its cell, in one on the heading for the column, or \
         in 备注 for the row.\n",
    );
    let (english, chinese) = (Language::English, Language::Chinese);
    for rule in leadsheet::rules() {
        let severity = english.label(&format!("severity-{}", rule.severity.as_str()));
        text += &format!("\n## {} {}\n\n", rule.code, english.rule_title(rule));
        text += &format!("`{}` · {severity} · since {}\n\n", rule.name, rule.since);
        text += &english.rule_docs(rule).trim_end().replace("## ", "### ");
        text += &format!("\n\n### {} {}\n\n", rule.code, chinese.rule_title(rule));
        for (attribute, heading) in [
            ("finds", "explain-finds"),
            ("why", "explain-why"),
            ("todo", "explain-todo"),
        ] {
            let words = chinese
                .find_attribute(rule.code, attribute)
                .unwrap_or_default();
            text += &format!("- **{}**：{words}\n", chinese.label(heading));
        }
        let source = chinese.rule_source(rule);
        text += &format!("- **{}**：{source}\n", chinese.label("explain-source"));
    }
    text
}
