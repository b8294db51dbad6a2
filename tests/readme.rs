//! The example in the README is what the command prints.

use crate::run::{leadsheet, root};

#[test]
fn the_readme_shows_what_the_first_command_prints() {
    for (file, language) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let shown = text.split("<!-- first command -->").nth(1).unwrap();
        let shown = shown
            .split("```text\n")
            .nth(1)
            .unwrap()
            .split("```")
            .next()
            .unwrap();
        let fixture = "fixtures/lead_ledger_lively.xlsx";
        let options = format!("{fixture} --today 2025-07-01 --lang {language}");
        assert!(
            text.contains(&format!("cargo run -- {options}\n")),
            "{file}"
        );
        let path = root().join(fixture);
        let ran = leadsheet(&[
            &path.to_string_lossy(),
            "--lang",
            language,
            "--today",
            "2025-07-01",
        ]);
        let printed = ran.out.replace(&*path.to_string_lossy(), fixture);
        // ⋮ stands for lines left out; what is shown between comes without a gap.
        let mut rest = printed.as_str();
        for block in shown.split("⋮\n").filter(|block| !block.is_empty()) {
            let found = rest
                .find(block)
                .unwrap_or_else(|| panic!("{file}: not printed:\n{block}\nin:\n{rest}"));
            rest = &rest[found + block.len()..];
        }
    }
}
