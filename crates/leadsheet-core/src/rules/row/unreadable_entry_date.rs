use crate::field::Field;
use crate::follow_up::may_list;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::value::{DateReading, entry_days};

declare_rule! {
    /// ## What it finds
    /// A cell that lists several talks with their dates, one of which cannot be read: no such day, day and month that
    /// could be either, or a day without a year in a row without any date.
    ///
    /// ## Why it matters
    /// The talk is read, but it has no day: it stands in no month, and nobody knows how long ago it was.
    ///
    /// ## Example that fails
    /// | 客户名称 | 跟进记录 |
    /// |---|---|
    /// | 北辰机电 | 2024.09.14 电话；2024.09.31：发报价 |
    ///
    /// ## Example that passes
    /// | 客户名称 | 跟进记录 |
    /// |---|---|
    /// | 北辰机电 | 2024.09.14 电话；2024.09.30：发报价 |
    ///
    /// ## What to do
    /// Write the date with its year, `2024-09-30`. Better still, give every talk a row of its own.
    pub(super) static UNREADABLE_ENTRY_DATE = {
        code: "R304", name: "unreadable-entry-date", severity: Warning, since: "0.1.0",
        needs: [Summary],
        source: [FollowUpRecords],
        check: Check::Table(unreadable_entry_date),
    }
}

fn unreadable_entry_date(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let Some(column) = reading.column(Field::Summary) else {
        return;
    };
    let may_list = column.map_distinct(reading.ledger().values(), |value| {
        value.as_text().is_some_and(may_list)
    });
    if !may_list.contains(&true) {
        return;
    }
    let rows = reading.rows().zip(column.codes().iter());
    for (row, _) in rows.filter(|&(_, code)| may_list[code as usize]) {
        find_in_row(&row, findings);
    }
}

fn find_in_row(row: &Row<'_>, findings: &mut Findings<'_>) {
    let entries = row.entries();
    if entries.is_empty() {
        return;
    }
    for (entry, day) in entries.iter().zip(entry_days(&entries, row.known_date())) {
        if day.is_some() || !entry.is_dated() {
            continue;
        }
        let variant = match entry.date {
            DateReading::Impossible => "impossible",
            DateReading::MonthDay { .. } => "year",
            _ => "",
        };
        let message = Message::new("unreadable-entry-date", variant).with("value", &entry.written);
        findings.row(row, Field::Summary, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn dates_of_talks_that_cannot_be_read_are_found_one_by_one() {
        let table = "
            | customer | follow_up_date | summary                                  |
            | 北辰机电 | 2024-09-14     | 2024.9.14：电话；2024.9.31：报价；2.30：拜访 |
            | 南汀贸易 | 2024-09-14     | 3/4：电话；4/5：报价                       |
            | 临溪食品 |                | 9.14：电话；9.20：报价                     |";
        insta::assert_snapshot!(findings("R304", table), @r"
        C2 unreadable-entry-date-impossible value=2024.9.31
        C2 unreadable-entry-date-impossible value=2.30
        C3 unreadable-entry-date value=3/4
        C3 unreadable-entry-date value=4/5
        C4 unreadable-entry-date-year value=9.14
        C4 unreadable-entry-date-year value=9.20
        ");
    }

    #[test]
    fn dates_that_can_be_read_and_texts_that_list_nothing_are_clean() {
        let table = "
            | lead_id         | follow_up_date | summary                    |
            | ZH-20240914-001 | 2024-09-14     | 9.14：电话；9.20：报价       |
            | ZH-20240914-001 |                | 9.14：电话；9.20：报价       |
            | A001            |                | 2024-9-14：电话；9.20：报价  |
            | A001            |                | 9.31：电话                   |
            | A001            |                | 1.2万或3.5万，4.5折，6.7折   |";
        assert_eq!(findings("R304", table), "");
    }
}
