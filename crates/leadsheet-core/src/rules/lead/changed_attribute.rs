use crate::field::Field;
use crate::lead::Lead;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, gives_reason, is_filled};
use crate::text::{compact_key, organisation_key};

declare_rule! {
    /// ## What it finds
    /// A lead whose source, grade, industry, region or company changes from one row to the next without a note.
    ///
    /// ## Why it matters
    /// Figures by source and grade take the first row. A source does not change, so one of the rows is wrong; a grade
    /// may, but then the note tells why.
    ///
    /// ## Example that fails
    /// | 线索编号 | 线索来源 | 线索等级 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 行业展会 | B | |
    /// | ZH-20240520-001 | 线上推广 | B | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 线索来源 | 线索等级 | 状态变更原因 |
    /// |---|---|---|---|
    /// | ZH-20240520-001 | 行业展会 | B | |
    /// | ZH-20240520-001 | 行业展会 | A | 等级 B 改 A：要求报价 |
    ///
    /// ## What to do
    /// Correct the row that is wrong, or note the change in 状态变更原因 (or 备注, where there is no such column).
    pub(super) static CHANGED_ATTRIBUTE = {
        code: "L116", name: "changed-attribute", severity: Info, since: "0.1.0",
        source: [LeadLedger],
        varying: [Source, Grade, Industry, Region, Company],
        check: Check::Lead(changed_attribute),
    }
}

fn changed_attribute(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    if lead.rows().len() < 2 {
        return;
    }
    let reading = lead.first().reading();
    for field in [
        Field::Source,
        Field::Grade,
        Field::Industry,
        Field::Region,
        Field::Company,
    ] {
        let Some(column) = reading.column(field) else {
            continue;
        };
        let mut before = None;
        for row in lead.rows_in_order().filter(|row| !row.is_blank(field)) {
            let code = column.code(row.index());
            let earlier = before.replace((row, code));
            let Some((earlier, _)) = earlier.filter(|&(_, other)| other != code) else {
                continue;
            };
            let (was, is) = (earlier.value(field).display(), row.value(field).display());
            // Without a number a lead may be two customers with one telephone.
            if !lead.is_numbered() && earlier.name_key() != row.name_key() {
                continue;
            }
            let is_same = match (earlier.term_id(field), row.term_id(field)) {
                (Some(was), Some(is)) => was == is,
                // An unknown term is another rule's finding.
                (None, Some(_)) | (Some(_), None) => true,
                (None, None) if field == Field::Company => {
                    organisation_key(&was) == organisation_key(&is)
                }
                (None, None) => compact_key(&was) == compact_key(&is),
            };
            if !is_same && !explains(&row, field) {
                let message = Message::new("changed-attribute", "")
                    .with("value", is.trim())
                    .with("before", was.trim());
                let finding = findings.row(&row, field, message);
                finding.related.extend(earlier.cell(field));
            }
        }
    }
}

/// Whether a note tells why the value is another one. Why a stage was reached is no reason for another source.
fn explains(row: &Row<'_>, field: Field) -> bool {
    if field != Field::Source {
        return gives_reason(row);
    }
    let speaks_of_it = |note: Field| {
        let note = compact_key(&row.value(note).text());
        ["来源", "渠道", "source", "channel"]
            .iter()
            .any(|word| note.contains(word))
            || note.contains(&compact_key(&row.value(field).text()))
    };
    is_filled(row, Field::Remark) || speaks_of_it(Field::StageReason)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_change_without_a_note_is_found() {
        let table = "
            | lead_id         | follow_up_date | source   | grade | region | stage_reason |
            | ZH-20240520-001 | =2024-05-20    | 行业展会 | B     | 华东   |              |
            | ZH-20240520-001 | =2024-05-24    | 线上推广 | A     | 华南   |              |
            | ZH-20240520-001 | =2024-05-28    | 线上推广 | A     | 华南   |              |";
        insta::assert_snapshot!(findings("L116", table), @r"
        C3 changed-attribute value=线上推广 before=行业展会 beside C2
        D3 changed-attribute value=A before=B beside D2
        E3 changed-attribute value=华南 before=华东 beside E2
        ");
    }

    #[test]
    fn a_note_explains_it() {
        let table = "
            | lead_id | follow_up_date | grade | stage_reason |
            | A001    | =2024-05-20    | B     |              |
            | A001    | =2024-05-24    | A     | 等级B改A     |";
        assert_eq!(findings("L116", table), "");
    }

    #[test]
    fn a_company_is_the_same_however_it_is_spelled() {
        let table = "
            | lead_id | customer | follow_up_date | company          |
            | A001    | 王敏     | =2024-05-20    | 北辰机电有限公司 |
            | A001    | 王敏     | =2024-05-24    | 北辰機電         |
            | A001    | 王敏     | =2024-05-28    | 南汀贸易         |";
        assert_eq!(
            findings("L116", table),
            "D4 changed-attribute value=南汀贸易 before=北辰機電 beside D3"
        );
    }

    #[test]
    fn why_a_stage_was_reached_is_no_reason_for_another_source() {
        let table = "
            | lead_id | follow_up_date | source   | stage_reason             |
            | A001    | =2024-05-20    | 行业展会 |                          |
            | A001    | =2024-05-24    | 线上推广 | 成交：签署合同           |
            | A002    | =2024-05-20    | 行业展会 |                          |
            | A002    | =2024-05-24    | 线上推广 | 来源更正，客户自己说的   |";
        assert_eq!(
            findings("L116", table),
            "C3 changed-attribute value=线上推广 before=行业展会 beside C2"
        );
    }

    #[test]
    fn spellings_of_one_term_gaps_and_unknown_terms_are_clean() {
        let table = "
            | lead_id | follow_up_date | source   | grade | region |
            | A001    | =2024-05-20    | 行业展会 | A     | 华东   |
            | A001    | =2024-05-22    | 展会     | A类   |        |
            | A001    | =2024-05-24    | 行业展汇 | Ａ    | 華東   |";
        assert_eq!(findings("L116", table), "");
    }

    #[test]
    fn without_a_number_rows_of_one_customer_are_compared_and_those_of_a_household_not() {
        let table = "
            | customer | contact | phone       | follow_up_date | industry |
            | 北辰机电 | 王敏    | 13800000001 | =2024-05-20    | 机械     |
            | 北辰机电 | 王敏    | 13800000001 | =2024-05-24    | 宠物     |
            | 南汀贸易 | 李雷    | 13800000001 | =2024-05-26    | 贸易     |";
        assert_eq!(
            findings("L116", table),
            "E3 changed-attribute value=宠物 before=机械 beside E2"
        );
    }

    #[test]
    fn one_customer_may_be_two_leads() {
        let table = "
            | lead_id | customer | source   |
            | A001    | 北辰机电 | 行业展会 |
            | A002    | 北辰机电 | 线上推广 |";
        assert_eq!(findings("L116", table), "");
    }
}
