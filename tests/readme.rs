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
        let path = root().join("fixtures/lead_ledger_sample.xlsx");
        let ran = leadsheet(&[
            &path.to_string_lossy(),
            "--lang",
            language,
            "--today",
            "2024-05-21",
        ]);
        let printed = ran
            .out
            .replace(&*path.to_string_lossy(), "fixtures/lead_ledger_sample.xlsx");
        assert_eq!(shown.trim_end(), printed.trim_end(), "{file}");
    }
}
