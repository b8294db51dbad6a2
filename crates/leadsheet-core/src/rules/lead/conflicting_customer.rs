use hashbrown::HashMap;

use crate::lead::Lead;
use crate::message::Message;
use crate::rules::{
    Check, Context, Findings, customer_field, declare_rule, is_masked, says_nothing,
};
use crate::text::organisation_key;

declare_rule! {
    /// ## What it finds
    /// One lead number with two customers. Legal form, place in brackets and script do not tell customers apart:
    /// 北辰机电（北京）有限公司 and 北辰機電有限責任公司 are one.
    ///
    /// ## Why it matters
    /// Two customers are counted as one lead, and one of them is followed up under the other's history.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | XS-20250114-001 | 云渡青枣机械商行 |
    /// | XS-20250114-001 | 砚湾半夏文具商行 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 |
    /// |---|---|
    /// | XS-20250114-001 | 云渡青枣机械商行 |
    /// | XS-20250114-002 | 砚湾半夏文具商行 |
    ///
    /// ## What to do
    /// Correct the name, or give the other customer a number of its own. The rows that differ from most rows of the
    /// lead are shown; where none prevail, those that differ from the first.
    pub(super) static CONFLICTING_CUSTOMER = {
        code: "L101", name: "conflicting-customer", severity: Error, since: "0.1.0",
        needs: [LeadId],
        source: [LeadLedger],
        varying: [Customer, Company, Contact],
        check: Check::Lead(conflicting_customer),
    }
}

fn conflicting_customer(_: &Context<'_>, lead: &Lead<'_>, findings: &mut Findings<'_>) {
    let reading = lead.first().reading();
    let Some(field) = customer_field(reading).filter(|_| lead.is_numbered()) else {
        return;
    };
    let Some(column) = reading.column(field) else {
        return;
    };
    // One spelling throughout is one customer.
    let code = |index: usize| column.code(index);
    let first = code(lead.first().index());
    if lead.rows().all(|row| code(row.index()) == first) {
        return;
    }
    let named: Vec<_> = lead
        .rows()
        .map(|row| (row, row.value(field).display()))
        .filter(|(_, name)| !says_nothing(name) && !is_masked(name))
        .map(|(row, name)| (row, organisation_key(&name)))
        .collect();
    let mut rows_of: HashMap<&str, usize> = HashMap::new();
    for (_, key) in &named {
        *rows_of.entry(key).or_default() += 1;
    }
    // `max_by_key` takes the last of equals, hence from the back.
    let prevailing = named
        .iter()
        .rev()
        .max_by_key(|(_, key)| rows_of[key.as_str()]);
    let Some((standing, key)) = prevailing else {
        return;
    };
    for (row, _) in named.iter().filter(|(_, other)| other != key) {
        let message = Message::new("conflicting-customer", "")
            .with("value", row.value(field).display().trim())
            .with("other", standing.value(field).display().trim());
        let finding = findings.row(row, field, message);
        finding.related.extend(standing.cell(field));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn a_name_without_a_name_and_what_has_no_width_is_nobody_else() {
        let table = "
            | lead_id         | customer         |
            | XS-20250114-001 | 北辰机电有限公司 |
            | XS-20250114-001 | 无               |
            | XS-20250114-001 | ？？？           |
            | XS-20250114-001 | 北辰机电有限公司\u{200b} |";
        assert_eq!(findings("L101", table), "");
    }

    #[test]
    fn another_customer_under_the_same_number_is_found() {
        let table = "
            | lead_id         | customer         | follow_up_date |
            | XS-20250114-001 | 云渡青枣机械商行 | =2025-01-14    |
            | XS-20250115-001 | 北辰机电         | =2025-01-15    |
            | XS-20250114-001 | 砚湾半夏文具商行 | =2025-02-11    |
            | XS-20250115-001 | 南汀贸易         | =2025-02-12    |
            | XS-20250114-001 | 云渡青枣机械商行 | =2025-03-03    |";
        insta::assert_snapshot!(findings("L101", table), @r"
        B4 conflicting-customer value=砚湾半夏文具商行 other=云渡青枣机械商行 beside B2
        B5 conflicting-customer value=南汀贸易 other=北辰机电 beside B3
        ");
    }

    #[test]
    fn what_most_rows_say_stands() {
        let table = "
            | lead_id | customer | follow_up_date |
            | A001    | 南汀贸易 | =2025-01-14    |
            | A001    | 北辰机电 | =2025-01-15    |
            | A001    | 北辰机电 | =2025-01-16    |";
        assert_eq!(
            findings("L101", table),
            "B2 conflicting-customer value=南汀贸易 other=北辰机电 beside B3"
        );
    }

    #[test]
    fn spellings_of_one_name_blank_and_masked_names_are_clean() {
        let table = "
            | lead_id         | customer                 |
            | XS-20250114-001 | 北辰机电（北京）有限公司 |
            | XS-20250114-001 | 北辰機電有限責任公司     |
            | XS-20250114-001 | ␣北辰机电有限公司␣␣      |
            | XS-20250114-001 |                          |
            | XS-20250114-001 | 北*                      |";
        assert_eq!(findings("L101", table), "");
    }

    #[test]
    fn a_customer_may_have_several_contacts_and_several_leads() {
        let table = "
            | lead_id         | customer | contact |
            | XS-20250114-001 | 北辰机电 | 王敏    |
            | XS-20250114-001 | 北辰机电 | 李雷    |
            | XS-20250301-001 | 北辰机电 | 王敏    |";
        assert_eq!(findings("L101", table), "");
    }

    #[test]
    fn without_a_number_one_phone_under_two_names_is_not_its_business() {
        let table = "
            | customer | phone       |
            | 北辰机电 | 13800000001 |
            | 南汀贸易 | 13800000001 |";
        assert_eq!(findings("L101", table), "");
    }
}
