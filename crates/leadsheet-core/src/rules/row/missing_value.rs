use hashbrown::HashSet;

use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::{EMPTY_CODE, Parsed};
use crate::message::Message;
use crate::place::CellRef;
use crate::rules::{Check, Context, Findings, declare_rule, names_somebody, says_nothing};

declare_rule! {
    /// ## What it finds
    /// An empty cell in a column that the template wants filled in every row, or a mere dash, `无` or `待定`, where
    /// somebody is to be named.
    ///
    /// ## Why it matters
    /// The row is missing wherever this column is counted or grouped by, and whoever takes over the customer has to
    /// ask again.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 跟进方式 |
    /// |---|---|---|
    /// | ZY-20240519-002 | YY贸易公司 | |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 跟进方式 |
    /// |---|---|---|
    /// | ZY-20240519-002 | YY贸易公司 | 微信 |
    ///
    /// ## What to do
    /// Fill it in. What is not known yet is better said in words (`其他`) than left empty.
    pub(super) static MISSING_VALUE = {
        code: "R102", name: "missing-value", severity: Error, since: "0.1.0",
        source: [LeadLedger, FollowUpRecords],
        check: Check::Table(missing_values),
    }
}

fn missing_values(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let ledger = reading.ledger();
    // A formula without a result is not missing; what it lacks has a rule of its own.
    let formulas: HashSet<CellRef> = ledger.uncalculated.iter().copied().collect();
    // One cell above the table may stand for every row; it is missing once.
    let mut told: HashSet<CellRef> = HashSet::new();
    for (position, column) in ledger.columns().iter().enumerate() {
        let is_wanted = |&field: &Field| {
            context
                .policy
                .requires(&ledger.template, field, column.required)
        };
        let Some(field) = column.field.filter(is_wanted) else {
            continue;
        };
        let meanings = reading.parsed_column(position);
        let is_blank = meanings
            .iter()
            .map(|parsed| matches!(parsed, Parsed::Blank));
        let mut blank: Vec<bool> = is_blank.collect();
        if NAMES.contains(&field) {
            let values = ledger.values().each(column.distinct());
            for (blank, value) in blank.iter_mut().zip(values) {
                *blank = *blank || says_nothing(&value.text());
            }
        }
        let is_filled = !blank.iter().skip(1).any(|&blank| blank);
        if is_filled && !column.codes().contains(EMPTY_CODE) {
            continue;
        }
        let is_missing = |&(_, code): &(usize, u32)| blank[code as usize];
        for (index, _) in column.codes().iter().enumerate().filter(is_missing) {
            let row = reading.row(index);
            // A row that names nobody is one mistake, not one for each of its cells.
            // Who can be called on a mobile has no need of a land line.
            let is_reached = Field::PHONES.contains(&field) && row.is_reachable();
            if !is_reached
                && names_somebody(&row)
                && !formulas.contains(&ledger.cell(index, column))
                && told.insert(ledger.cell(index, column))
            {
                let variant = if row.is_blank(field) { "" } else { "nobody" };
                let message = Message::new("missing-value", variant);
                let message = match variant {
                    "" => message,
                    _ => message.with("value", row.value(field).display().trim()),
                };
                findings.row(&row, field, message);
            }
        }
    }
}

/// Fields that name somebody: a dash there is nobody's name, nor is 待定.
const NAMES: [Field; 4] = [
    Field::Customer,
    Field::Contact,
    Field::Company,
    Field::Owner,
];

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    #[test]
    fn an_empty_cell_in_a_required_column_is_found() {
        let table = "
            | lead_id*        | customer*  | method* | remark |
            | ZY-20240520-001 | XX科技     | 电话    |        |
            | ZY-20240519-002 | YY贸易公司 |         |        |
            | ZY-20240519-003 |            | 微信    |        |
            |                 | ZZ工作室   | ␣       |        |";
        insta::assert_snapshot!(findings("R102", table), @r"
        C3 missing-value
        B4 missing-value
        A5 missing-value
        C5 missing-value
        ");
    }

    #[test]
    fn a_dash_is_nobodys_name() {
        let table = "
            | customer* | contact* | owner* | summary* |
            | 北辰机电  | -        | ？     | /        |
            | 南汀贸易  | **       | 张*    | -        |
            | 8848      | Li       | ——     | …        |
            | 未知      | 待 定    | N/A    | 无       |
            | 无锡机械  | 吴未知   | Tbdi   | 待定     |";
        insta::assert_snapshot!(findings("R102", table), @r"
        B2 missing-value-nobody value=-
        C2 missing-value-nobody value=？
        C4 missing-value-nobody value=——
        A5 missing-value-nobody value=未知
        B5 missing-value-nobody value=待 定
        C5 missing-value-nobody value=N/A
        ");
    }

    #[test]
    fn columns_that_may_be_empty_are_clean() {
        let table = "
            | lead_id*        | customer | method | stage_reason |
            | ZY-20240520-001 |          |        |              |";
        assert_eq!(findings("R102", table), "");
    }

    #[test]
    fn one_of_several_numbers_is_enough() {
        let table = "
            | lead_id*        | phone*       | mobile      |
            | ZY-20240520-001 |              | 13800000001 |
            | ZY-20240520-002 | 010-84664163 |             |
            | ZY-20240520-003 |              |             |";
        assert_eq!(findings("R102", table), "B4 missing-value");
    }

    #[test]
    fn a_row_that_names_nobody_is_one_mistake_and_not_many() {
        let table = "
            | lead_id* | customer* | method* | owner*   |
            |          |           |         | 业务员16 |";
        assert_eq!(findings("R102", table), "");
    }

    #[test]
    fn a_formula_without_a_result_has_a_rule_of_its_own() {
        let mut ledger = table("| lead_id* | method* |\n| A001 | |\n| A002 | |");
        ledger.uncalculated = vec![CellRef::new(1, 1)];
        assert_eq!(
            findings_of("R102", ledger, &Policy::default()),
            "B3 missing-value"
        );
    }

    #[test]
    fn a_team_wants_more_or_less_than_the_template() {
        let policy = Policy {
            required: vec![Field::Email],
            optional: vec![Field::Method],
            ..Policy::default()
        };
        let table = table("| lead_id* | method* | email |\n| A001 | | |");
        assert_eq!(findings_of("R102", table, &policy), "C2 missing-value");
    }

    #[test]
    fn an_error_value_is_not_missing_but_wrong() {
        assert_eq!(
            findings("R102", "| lead_id* | method* |\n| A001 | #N/A |"),
            ""
        );
    }
}
