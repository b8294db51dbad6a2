use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A sheet that was recognised, though columns are missing that its template wants.
    ///
    /// ## Why it matters
    /// What those columns hold cannot be checked or counted: without 线索来源 there is no conversion by source.
    ///
    /// ## Example
    /// | 线索编号 | 客户名称 | 跟进日期 | 当前状态 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 北辰机电 | 2024-05-20 | 意向客户 |
    ///
    /// ## What to do
    /// Add the columns. If one is there under a name of your own, add that name to the template as a synonym.
    pub(super) static MISSING_REQUIRED_COLUMN = {
        code: "S102", name: "missing-required-column", severity: Warning, since: "0.1.0",
        check: Check::Sheet(missing_required_column),
    }
}

fn missing_required_column(
    _: &Context<'_>,
    _: &Book,
    sheet: &BookSheet,
    findings: &mut Findings<'_>,
) {
    let (Some(_), Some(template)) = (&sheet.ledger, &sheet.recognition.best) else {
        return;
    };
    if !template.missing.is_empty() {
        let message = Message::new("missing-required-column", "")
            .with("template", &template.template)
            .with("missing", template.missing.join("、"));
        findings.sheet(message);
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use crate::recognition::{BookSheet, Candidate, Recognition};
    use crate::rules::testing::{findings_in_sheet, table};

    fn findings(missing: &[&str], is_recognised: bool) -> String {
        let sheet = BookSheet {
            visible: true,
            recognition: Recognition {
                best: Some(Candidate {
                    template: "lead-ledger".into(),
                    score: 0.8,
                    missing: missing.iter().map(|&heading| heading.into()).collect(),
                }),
                ..Recognition::default()
            },
            ledger: is_recognised.then(|| table("| customer |\n| 北辰机电 |")),
            ..BookSheet::default()
        };
        findings_in_sheet("S102", sheet, &Policy::default())
    }

    #[test]
    fn missing_columns_are_named_at_once() {
        assert_eq!(
            findings(&["线索来源", "线索等级"], true),
            "- missing-required-column template=lead-ledger missing=线索来源、线索等级"
        );
    }

    #[test]
    fn a_complete_sheet_is_clean() {
        assert_eq!(findings(&[], true), "");
    }

    #[test]
    fn a_sheet_that_no_template_fits_has_another_rule() {
        assert_eq!(findings(&["线索来源"], false), "");
    }
}
