//! Forms filled in by chance, made into a flat table and into a form again: every record says the same each time.

use leadsheet_core::{Field, Ledger, Message, Policy, Wording};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::sheet::testing::sheet;
use crate::template::{Templates, extract_form, recognise};
use crate::write::{Guide, compose_tables, into_template};
use crate::{OpenOptions, Sheet, WorkbookKind, workbook_from_bytes};

/// What a form asks for once, and for each talk.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    customer: String,
    contact: String,
    phone: String,
    talks: Vec<Talk>,
}

#[derive(Clone, Debug, PartialEq)]
struct Talk {
    method: String,
    topic: String,
    summary: String,
    category: String,
    owner: String,
    date: String,
}

const METHODS: [&str; 5] = ["直接登门", "邀约登门", "电话跟进", "网络对话", "手机短信"];
const CATEGORIES: [&str; 4] = ["准客户", "意向客户", "优质潜在客户", "一般潜在客户"];

fn form() -> impl Strategy<Value = Form> {
    let customer = select(vec!["北辰机电有限公司", "南汀贸易", "云渡松果😀", "王*"]);
    let contact = select(vec!["李雷", "韩梅梅", "欧阳 锋"]);
    let talks = vec(talk(), 1..6);
    (customer, contact, 0..1_000_u32, talks).prop_map(|(customer, contact, number, talks)| Form {
        customer: customer.to_owned(),
        contact: contact.to_owned(),
        phone: format!("13800{:06}", number * 7),
        talks,
    })
}

fn talk() -> impl Strategy<Value = Talk> {
    let topic = select(vec!["预约看样板间", "量房", "报价 v2", "签合同"]);
    let said = vec(
        select(vec![
            "客户周末有空",
            "价格偏高，再比比",
            "=1+1",
            "要 2 套方案",
            "已付定金",
            "😀",
        ]),
        1..4,
    );
    let people = select(vec!["李明", "周岚"]);
    let (methods, categories) = (select(METHODS.to_vec()), select(CATEGORIES.to_vec()));
    (
        methods,
        topic,
        said,
        categories,
        people,
        1..29_u32,
        1..13_u32,
    )
        .prop_map(|(method, topic, said, category, owner, day, month)| Talk {
            method: method.to_owned(),
            topic: topic.to_owned(),
            summary: said.join("，"),
            category: category.to_owned(),
            owner: owner.to_owned(),
            date: format!("2025-{month:02}-{day:02}"),
        })
}

fn boxes(all: &[&str], ticked: &str) -> String {
    let one = |text: &&str| format!("{}{text}", if *text == ticked { '☑' } else { '□' });
    all.iter().map(one).collect::<Vec<_>>().join(";")
}

/// 客户跟进记录表 as it is printed: a head, then a block of four lines for each talk.
fn printed_log(form: &Form) -> Sheet {
    let row = |cells: &[&str]| {
        cells
            .iter()
            .map(|&cell| cell.to_owned())
            .collect::<Vec<_>>()
    };
    let mut rows = vec![
        row(&["客户跟进记录表"]),
        row(&[
            "客户名称",
            &form.customer,
            "联系人",
            &form.contact,
            "联系方式",
            &form.phone,
        ]),
    ];
    for talk in &form.talks {
        let [year, month, day] = [0..4, 5..7, 8..10].map(|part| &talk.date[part]);
        rows.push(row(&["跟进方式", &boxes(&METHODS, &talk.method)]));
        rows.push(row(&["跟进主题", &talk.topic]));
        rows.push(row(&["跟进情况", &talk.summary]));
        rows.push(row(&[
            "客户类别",
            &boxes(&CATEGORIES, &talk.category),
            "跟进人",
            &talk.owner,
            "日期",
            year,
            "年",
            month,
            "月",
            day,
            "日",
        ]));
    }
    of(&rows)
}

/// 客户沟通记录表: a head, then an area with a line for each talk, begun by its day.
fn printed_record(form: &Form) -> Sheet {
    let mut rows = vec![
        vec!["客户沟通记录表".to_owned()],
        ["新人姓名", &form.talks[0].owner, "联系方式", &form.phone]
            .map(str::to_owned)
            .to_vec(),
        ["客户名称", &form.customer, "策划师", &form.contact]
            .map(str::to_owned)
            .to_vec(),
        vec!["沟通记录".to_owned()],
    ];
    for talk in &form.talks {
        rows.push(vec![format!("{} {}", talk.date, talk.summary)]);
    }
    of(&rows)
}

fn of(rows: &[Vec<String>]) -> Sheet {
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    Sheet {
        name: "跟进记录".to_owned(),
        ..sheet(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }
}

fn read_form(sheet: Sheet, templates: &Templates) -> Ledger {
    let recognised = recognise(&sheet, templates);
    let form = recognised.form.as_ref().expect("a form");
    extract_form(sheet, form)
}

/// The records of a ledger by field, as they show.
fn records(ledger: &Ledger, fields: &[Field]) -> Vec<Vec<String>> {
    let shown = |row: usize, field: &Field| {
        let column = ledger.column(*field);
        column.map_or_else(String::new, |column| ledger.value(row, column).display())
    };
    (0..ledger.len())
        .map(|row| fields.iter().map(|field| shown(row, field)).collect())
        .collect()
}

/// The ledger as a flat table of its template, written and read again.
fn through_a_flat_table(ledger: &Ledger, templates: &Templates, kind: WorkbookKind) -> Ledger {
    let target = templates.get(&ledger.template).unwrap();
    let policy = Policy::default();
    let words = |message: &Message| message.id();
    let guide = Guide {
        templates,
        policy: &policy,
        wording: Wording::Simplified,
        words: &words,
    };
    let table = into_template(ledger, target, templates);
    let bytes = compose_tables(&[table], kind, &guide).unwrap();
    let workbook = workbook_from_bytes(&bytes, &OpenOptions::default()).unwrap();
    assert!(
        recognise(&workbook.sheets[0], templates).layout.is_some(),
        "a flat table"
    );
    workbook.ledgers(templates).remove(0).unwrap()
}

const LOG: [Field; 9] = [
    Field::Customer,
    Field::Contact,
    Field::Phone,
    Field::Method,
    Field::Topic,
    Field::Summary,
    Field::Category,
    Field::Owner,
    Field::FollowUpDate,
];

const RECORD: [Field; 6] = [
    Field::Customer,
    Field::Phone,
    Field::Owner,
    Field::Planner,
    Field::FollowUpDate,
    Field::Summary,
];

fn expected_log(form: &Form) -> Vec<Vec<String>> {
    let one = |talk: &Talk| {
        let head = [&form.customer, &form.contact, &form.phone];
        let talk = [
            &talk.method,
            &talk.topic,
            &talk.summary,
            &talk.category,
            &talk.owner,
            &talk.date,
        ];
        head.into_iter().chain(talk).cloned().collect()
    };
    form.talks.iter().map(one).collect()
}

fn expected_record(form: &Form) -> Vec<Vec<String>> {
    let one = |talk: &Talk| {
        let owner = &form.talks[0].owner;
        [
            &form.customer,
            &form.phone,
            owner,
            &form.contact,
            &talk.date,
            &talk.summary,
        ]
        .map(Clone::clone)
        .to_vec()
    };
    form.talks.iter().map(one).collect()
}

/// The form that the records of a flat table say.
fn refilled(records: &[Vec<String>], fields: &[Field], owner: usize) -> Form {
    let of = |record: &Vec<String>, field: Field| {
        let position = fields.iter().position(|known| *known == field);
        position.map_or_else(String::new, |position| record[position].clone())
    };
    let first = &records[0];
    let contact = if owner == 0 {
        Field::Contact
    } else {
        Field::Planner
    };
    Form {
        customer: of(first, Field::Customer),
        contact: of(first, contact),
        phone: of(first, Field::Phone),
        talks: records
            .iter()
            .map(|record| Talk {
                method: of(record, Field::Method),
                topic: of(record, Field::Topic),
                summary: of(record, Field::Summary),
                category: of(record, Field::Category),
                owner: of(record, Field::Owner),
                date: of(record, Field::FollowUpDate),
            })
            .collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_log_is_the_same_as_a_form_as_a_table_and_as_a_form_again(
        form in form(),
        kind in select(vec![WorkbookKind::Xlsx, WorkbookKind::Xls, WorkbookKind::Ods]),
    ) {
        let templates = Templates::builtin();
        let ledger = read_form(printed_log(&form), &templates);
        prop_assert_eq!(&ledger.template, "follow-up-log");
        prop_assert_eq!(records(&ledger, &LOG), expected_log(&form));
        let flat = through_a_flat_table(&ledger, &templates, kind);
        prop_assert_eq!(records(&flat, &LOG), expected_log(&form));
        let again = refilled(&records(&flat, &LOG), &LOG, 0);
        prop_assert_eq!(&again, &form);
        let ledger = read_form(printed_log(&again), &templates);
        prop_assert_eq!(records(&ledger, &LOG), expected_log(&form));
    }

    #[test]
    fn a_record_area_is_the_same_as_a_table_and_as_a_record_area_again(
        form in form(),
        kind in select(vec![WorkbookKind::Xlsx, WorkbookKind::Xls, WorkbookKind::Ods]),
    ) {
        let templates = Templates::builtin();
        let ledger = read_form(printed_record(&form), &templates);
        prop_assert_eq!(&ledger.template, "communication-record");
        prop_assert_eq!(records(&ledger, &RECORD), expected_record(&form));
        let flat = through_a_flat_table(&ledger, &templates, kind);
        prop_assert_eq!(records(&flat, &RECORD), expected_record(&form));
        let again = refilled(&records(&flat, &RECORD), &RECORD, 1);
        let ledger = read_form(printed_record(&again), &templates);
        prop_assert_eq!(records(&ledger, &RECORD), expected_record(&form));
    }
}
