//! What a report needs of the tables, topic by topic: a reader may leave the rest of a great file where it is.

use leadsheet_core::{Field, Need, Needs, Outcome};

use crate::definition::{Grouping, Key, ReportDefinition};
use crate::topics::Topic;

/// What tells a customer where no number does.
const NAMES: [Field; 3] = [Field::Customer, Field::Contact, Field::GivenName];

impl ReportDefinition {
    /// What this report needs of the tables. A file that was read with no more than this gives the same report.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        let mut values = |fields: &[Field]| {
            for &field in fields {
                needs.add(field, Need::Values);
            }
        };
        values(&[Field::LeadId, Field::FollowUpDate, Field::Stage]);
        // Orders that have no number are no sales.
        values(&[Field::ClosedDate, Field::OrderNo]);
        values(&Outcome::FIELDS);
        for key in self.by.iter().flat_map(Grouping::keys) {
            if let Key::Field(field) = key {
                values(&[*field]);
            }
        }
        for topic in &self.show {
            match topic {
                Topic::Speed => values(&[Field::Grade, Field::Method, Field::RecordedAt]),
                Topic::Activity => {
                    values(&self.activity_by);
                    values(&[Field::RecordedAt]);
                }
                Topic::Overdue => values(&[
                    Field::Grade,
                    Field::Owner,
                    Field::NextDate,
                    Field::DueDate,
                    Field::NextStep,
                ]),
                Topic::Sales => {
                    values(&self.activity_by);
                    values(&[Field::OrderAmount, Field::SalesAmount, Field::OrderDate]);
                }
                Topic::Quality | Topic::Credit => values(&[Field::Owner]),
                Topic::Cohorts => {}
            }
        }
        // Where one text lists several talks, each of them counts.
        let counts_talks = |topic: &Topic| matches!(topic, Topic::Speed | Topic::Activity);
        if self.show.iter().any(counts_talks) {
            needs.add(Field::Summary, Need::Lists);
        }
        for field in Field::PHONES.into_iter().chain(NAMES) {
            needs.add(field, Need::Unnumbered);
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use leadsheet_core::{
        Book, Field, FieldKind, LEFT_OUT, LeadId, LedgerBuilder, Need, Needs, Policy, Value,
        may_list,
    };
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use crate::testing::{book, by};
    use crate::{ReportDefinition, Topic, report};

    const NUMBERS: [&str; 3] = ["ZH-20250301-001", "ZH-20250310-002", "XS-20250312-003"];

    const COLUMNS: [(Field, &[&str]); 22] = [
        (Field::LeadId, &NUMBERS),
        (Field::Customer, &["甲公司", "乙有限公司", "丙厂", ""]),
        (Field::Contact, &["张三", "李四", ""]),
        (Field::Phone, &["13800000001", "138 0000 0002", ""]),
        (Field::Source, &["行业展会", "展会", "抖音直播", ""]),
        (Field::Region, &["华东", "华南", ""]),
        (Field::Grade, &["A", "B类", "D", ""]),
        (
            Field::FollowUpDate,
            &["2025-03-01", "2025-03-20", "2025-04-30", "3/4/2025", ""],
        ),
        (Field::Owner, &["何苗", "吴桐", "何苗、吴桐", ""]),
        (Field::Method, &["电话", "自动回复", ""]),
        (Field::RecordedAt, &["2025-03-01 09:30", "2025-03-20", ""]),
        (
            Field::Summary,
            &[
                "谈价格",
                "3.5 已电话\n3.9 发报价",
                "2025-03-02：来访；2025-03-08：报价",
                "",
            ],
        ),
        (Field::Feedback, &["满意", "再看看", ""]),
        (Field::NextStep, &["5月20日前寄样", "再联系", ""]),
        (Field::NextDate, &["2025-05-20", "5月2日", ""]),
        (Field::OrderNo, &["DD-1", "DD-2", ""]),
        (Field::OrderStatus, &["已下单", "已取消", ""]),
        (Field::OrderAmount, &["1.5万", "200.50", "面议", ""]),
        (Field::OrderDate, &["2025-03-25", ""]),
        (
            Field::Stage,
            &["潜在客户", "高意向客户", "成交客户", "流失客户", "待定", ""],
        ),
        (Field::ClosedDate, &["2025-03-31", "5月1日", ""]),
        (Field::Remark, &["加急", ""]),
    ];

    /// What stands in a cell that is read no farther than it is needed.
    fn left<'c>(field: Field, cell: &'c str, needs: &Needs, are_numbered: bool) -> &'c str {
        let is_read = match needs.of(field) {
            _ if cell.is_empty() || field.kind() == FieldKind::Term => true,
            Need::Values => true,
            Need::Unnumbered => !are_numbered,
            Need::Lists => may_list(cell),
            Need::Presence => false,
        };
        if is_read { cell } else { LEFT_OUT }
    }

    fn books(rows: &[Vec<&str>], needs: Option<&Needs>) -> [Book; 2] {
        let (one, other) = rows.split_at(rows.len() / 2);
        let file = |path: &str, rows: &[Vec<&str>]| {
            let mut builder = LedgerBuilder::new("线索跟进", "lead-ledger");
            for (field, _) in COLUMNS {
                builder.required_column(field.key(), field);
            }
            let are_numbered = rows.iter().all(|row| LeadId::day_in(row[0]).is_ok());
            for row in rows {
                let cells = COLUMNS.iter().zip(row);
                let cells = cells.map(|(&(field, _), &cell)| match needs {
                    Some(needs) => left(field, cell, needs, are_numbered),
                    None => cell,
                });
                let cells: Vec<&str> = cells.collect();
                let values: Vec<_> = cells
                    .iter()
                    .map(|cell| match *cell {
                        "" => Value::Empty,
                        cell => Value::Text(cell),
                    })
                    .collect();
                builder.row(&values).unwrap();
            }
            book(path, [builder.build()])
        };
        [file("a.parquet", one), file("b.parquet", other)]
    }

    fn rows() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
        let columns: Vec<_> = COLUMNS.iter().map(|(_, values)| select(*values)).collect();
        (
            vec(columns, 0..24),
            any::<bool>(),
            select(&["", "A001"][..]),
        )
            .prop_map(|(mut rows, are_numbered, other)| {
                let some = rows.iter_mut().step_by(3).filter(|_| !are_numbered);
                some.for_each(|row| row[0] = other);
                rows
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_a_report_does_not_need_changes_nothing_in_it(
            rows in rows(),
            groupings in subsequence(vec!["source", "grade", "stage", "region*month", "owner", "feedback"], 0..4),
            show in subsequence(Topic::ALL.to_vec(), 0..=Topic::ALL.len()),
        ) {
            let definition = ReportDefinition { show, ..by(&groupings) };
            let report = |books: &[Book]| {
                report(books, &Policy::default(), &definition).unwrap()
            };
            let needs = definition.needs();
            let whole = books(&rows, None);
            let said = report(&whole);
            prop_assert_eq!(&said, &report(&books(&rows, Some(&needs))));
            let mut left = whole;
            for book in &mut left {
                book.leave_out(&needs);
            }
            prop_assert_eq!(said, report(&left));
        }
    }
}
