use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule, names_somebody};

declare_rule! {
    /// ## What it finds
    /// An empty cell in a column that need not be filled and yet is in nineteen of twenty rows: what was talked about, the
    /// need, the class of the customer, who was there.
    ///
    /// ## Why it matters
    /// A team that fills a column in almost always reads it. The gap is most often an oversight.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进日期 | 跟进内容 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-05-20 | |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进日期 | 跟进内容 |
    /// |---|---|---|
    /// | 北辰机电 | 2024-05-20 | 问了价格 |
    ///
    /// ## What to do
    /// Fill it in, or leave it if there was nothing to say. What must be filled in every row belongs under `required` in
    /// `leadsheet.toml`.
    pub(super) static LEFT_OUT = {
        code: "R103", name: "left-out", severity: Info, since: "0.1.0",
        source: [LeadLedger, FollowUpRecords, Practice],
        check: Check::Table(left_out),
    }
}

/// Fields that are said of every follow-up where they are said at all. Plans, feedback, results and remarks are not among
/// them: often there are none.
const SAID: [Field; 14] = [
    Field::Customer,
    Field::Contact,
    Field::Phone,
    Field::Source,
    Field::Grade,
    Field::Need,
    Field::Method,
    Field::Topic,
    Field::Summary,
    Field::Category,
    Field::CustomerType,
    Field::Stage,
    Field::Owner,
    Field::Planner,
];
/// Fewer rows than this have no habits.
const ENOUGH: usize = 20;

fn left_out(context: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let ledger = reading.ledger();
    if ledger.len() < ENOUGH {
        return;
    }
    for (position, column) in ledger.columns().iter().enumerate() {
        let is_said = |field: &Field| {
            let is_wanted = context
                .policy
                .requires(&ledger.template, *field, column.required);
            let is_optional = context.policy.optional.contains(field);
            SAID.contains(field) && !is_wanted && !is_optional
        };
        let Some(field) = column.field.filter(is_said) else {
            continue;
        };
        let meanings = reading.parsed_column(position);
        let blank: Vec<bool> = meanings
            .iter()
            .map(|parsed| matches!(parsed, Parsed::Blank))
            .collect();
        let empty = column.codes().iter().enumerate();
        let empty: Vec<usize> = empty
            .filter(|&(_, code)| blank[code as usize])
            .map(|(row, _)| row)
            .take(ledger.len() / ENOUGH + 1)
            .collect();
        if empty.is_empty() || empty.len() * ENOUGH > ledger.len() || column.is_carried() {
            continue;
        }
        for row in empty {
            let row = reading.row(row);
            let is_calculated = || {
                let cell = ledger.cell(row.index(), column);
                ledger.uncalculated.contains(&cell)
            };
            let is_reached = Field::PHONES.contains(&field) && row.is_reachable();
            if names_somebody(&row) && !is_reached && !is_calculated() {
                findings.row(&row, field, Message::new("left-out", ""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::policy::Policy;
    use crate::rules::testing::{findings, findings_of, table};

    /// Forty rows of a customer, what was talked about and what the customer said; some cells left out.
    fn forty(gaps: &[(usize, usize)]) -> String {
        let mut rows = "| customer | summary | feedback |\n".to_owned();
        for row in 0..40 {
            let cell = |column: usize, text: &str| {
                if gaps.contains(&(row, column)) {
                    String::new()
                } else {
                    format!("{text}{row}")
                }
            };
            rows += &format!(
                "| {} | {} | {} |\n",
                cell(0, "客户"),
                cell(1, "谈价格"),
                cell(2, "满意")
            );
        }
        rows
    }

    #[test]
    fn a_gap_in_a_column_that_is_always_filled_is_found() {
        let found = findings("R103", &forty(&[(3, 1), (8, 2), (9, 1)]));
        assert_eq!(found, "B5 left-out\nB11 left-out");
    }

    #[test]
    fn columns_with_many_gaps_short_tables_and_rows_of_nobody_are_clean() {
        assert_eq!(findings("R103", &forty(&[(3, 1), (9, 1), (20, 1)])), "");
        assert_eq!(findings("R103", &forty(&[(3, 0), (3, 1)])), "");
        assert_eq!(
            findings(
                "R103",
                "| customer | summary |\n| 北辰机电 | |\n| 南汀贸易 | 谈价格 |"
            ),
            ""
        );
        assert_eq!(findings("R103", &forty(&[])), "");
    }

    #[test]
    fn what_the_team_calls_optional_may_be_left_out() {
        let policy = Policy {
            optional: vec![Field::Summary],
            ..Policy::default()
        };
        assert_eq!(findings_of("R103", table(&forty(&[(3, 1)])), &policy), "");
    }
}
