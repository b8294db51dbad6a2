use crate::field::Field;
use crate::message::Message;
use crate::recognition::{Book, BookSheet};
use crate::rules::{Check, Context, Findings, declare_rule};

declare_rule! {
    /// ## What it finds
    /// A sheet that was recognised, though columns are missing that its template wants, or that the team wants in every
    /// table or in those of this template (`required` in `leadsheet.toml`). What the team calls `optional` may be missing.
    ///
    /// ## Why it matters
    /// What those columns hold cannot be checked or counted: without 线索来源 there is no conversion by source.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 跟进日期 | 当前状态 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 北辰机电 | 2024-05-20 | 意向客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 线索来源 | 联系人 | 联系方式 | 线索等级 | 跟进日期 | 跟进方式 | 负责人 | 当前状态 |
    /// |---|---|---|---|---|---|---|---|---|---|
    /// | ZH-20240520-001 | 北辰机电 | 行业展会 | 王敏 | 13800000001 | B | 2024-05-20 | 电话 | 李雷 | 意向客户 |
    ///
    /// ## What to do
    /// Add the columns. If one is there under a name of your own, add that name to the template as a synonym.
    pub(super) static MISSING_REQUIRED_COLUMN = {
        code: "S102", name: "missing-required-column", severity: Warning, since: "0.1.0",
        source: [LeadLedger],
        check: Check::Sheet(missing_required_column),
    }
}

fn missing_required_column(
    context: &Context<'_>,
    _: &Book,
    sheet: &BookSheet,
    findings: &mut Findings<'_>,
) {
    let (Some(ledger), Some(template)) = (&sheet.ledger, &sheet.recognition.best) else {
        return;
    };
    let missing = template.missing.iter();
    let policy = context.policy;
    let wanted = missing.filter(|missing| policy.requires(&ledger.template, missing.field, true));
    let wanted: Vec<_> = wanted.map(|missing| &*missing.heading).collect();
    if !wanted.is_empty() {
        let message = Message::new("missing-required-column", "")
            .with("template", &template.template)
            .with("missing", wanted.join("、"));
        findings.sheet(message);
    }
    let has = |field: Field| {
        let mut columns = ledger.columns().iter();
        columns.any(|column| column.field == Some(field))
    };
    let is_there = |field: Field| {
        // Any number to call serves.
        let is_phone = Field::PHONES.contains(&field);
        has(field) || (is_phone && Field::PHONES.into_iter().any(has))
    };
    let is_told = |field: Field| {
        template
            .missing
            .iter()
            .any(|missing| missing.field == field)
    };
    let of_team = policy.wanted(&ledger.template);
    let of_team: Vec<_> = of_team
        .filter(|&field| policy.requires(&ledger.template, field, false))
        .filter(|&field| !is_there(field) && !is_told(field))
        .map(Field::key)
        .collect();
    if !of_team.is_empty() {
        let message = Message::new("missing-required-column", "team");
        findings.sheet(message.with("fields", of_team.join("、")));
    }
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::policy::Policy;
    use crate::recognition::{BookSheet, Candidate, Recognition};
    use crate::rules::testing::{findings_in_sheet, missing, table};

    fn findings(columns: &[(Field, &str)], is_recognised: bool) -> String {
        findings_under(&Policy::default(), columns, is_recognised)
    }

    fn findings_under(policy: &Policy, columns: &[(Field, &str)], is_recognised: bool) -> String {
        let sheet = BookSheet {
            visible: true,
            recognition: Recognition {
                best: Some(Candidate {
                    template: "lead-ledger".into(),
                    score: 0.8,
                    missing: missing(columns),
                }),
                ..Recognition::default()
            },
            ledger: is_recognised.then(|| table("| customer | mobile |\n| 北辰机电 | |")),
            ..BookSheet::default()
        };
        findings_in_sheet("S102", sheet, policy)
    }

    const SOURCE: (Field, &str) = (Field::Source, "线索来源");
    const GRADE: (Field, &str) = (Field::Grade, "线索等级");

    #[test]
    fn the_team_wants_more_or_less_than_the_template() {
        let policy = Policy {
            required: vec![Field::Email, Field::Customer, Field::Phone, Field::Source],
            optional: vec![Field::Grade],
            ..Policy::default()
        };
        assert_eq!(
            findings_under(&policy, &[SOURCE, GRADE], true),
            "- missing-required-column template=lead-ledger missing=线索来源\n\
             - missing-required-column-team fields=email"
        );
        assert_eq!(
            findings_under(&policy, &[GRADE], true),
            "- missing-required-column-team fields=email、source"
        );
        assert_eq!(findings_under(&policy, &[], false), "");
    }

    #[test]
    fn missing_columns_are_named_at_once() {
        assert_eq!(
            findings(&[SOURCE, GRADE], true),
            "- missing-required-column template=lead-ledger missing=线索来源、线索等级"
        );
    }

    #[test]
    fn a_complete_sheet_is_clean() {
        assert_eq!(findings(&[], true), "");
    }

    #[test]
    fn a_sheet_that_no_template_fits_has_another_rule() {
        assert_eq!(findings(&[SOURCE], false), "");
    }
}
