use crate::customers::Named;
use crate::field::Field;
use crate::lead::Leads;
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::twice::{Twice, hash_of};
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::value::ContactReading;

declare_rule! {
    /// ## What it finds
    /// Two leads of one customer whose mobiles are the same but for two neighbouring digits that have changed places. All other
    /// digits must be equal: 13800000001 and 13800000002 are two numbers. Two contacts of one customer, both named in full, may have such
    /// numbers.
    ///
    /// ## Why it matters
    /// Swapped digits are the commonest slip of the hand with numbers. One of the two reaches a stranger, and the customer
    /// is counted twice.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系方式 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 13800138010 |
    /// | ZH-20250205-001 | 砚湾听澜贸易公司 | 13800138001 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系方式 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 13800138010 |
    /// | ZH-20250205-001 | 砚湾听澜贸易公司 | 13800138020 |
    ///
    /// ## What to do
    /// Find out which number is right, correct the other one, and keep the earlier lead.
    pub(super) static SWAPPED_DIGITS = {
        code: "L123", name: "swapped-digits", severity: Info, since: "0.1.0",
        source: [FollowUpStatistics, Practice],
        check: Check::Table(swapped_digits),
    }
}

/// Leads of one customer with the same digits in some order; more are no customer but a list, and are not compared.
const MOST: usize = 30;

fn swapped_digits(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    let is_phone = |&field: &Field| reading.column(field).is_some();
    if !Field::PHONES.iter().any(is_phone) {
        return;
    }
    let (customers, contacts, mobiles) = (leads.customers(), leads.contacts(), leads.mobiles());
    // Customer, digits and lead in one number each: such numbers are quickly sorted.
    let mut numbers: Vec<u128> = Vec::with_capacity(leads.len());
    for lead in leads.iter() {
        let row = lead.first();
        if let (Some(mobile), Some(customer)) = (mobiles.first(&row), customers.of(&row)) {
            let (customer, lead) = (u128::from(customer), lead.index() as u128);
            numbers.push(customer << 96 | u128::from(digits(mobile)) << 32 | lead);
        }
    }
    let hash = |number: &u128| hash_of((number >> 96) as u32, (number >> 32) as u64);
    let mut twice = Twice::with_room_for(numbers.len());
    for number in &numbers {
        twice.note(hash(number));
    }
    numbers.retain(|number| twice.is_twice(hash(number)));
    // Those that may be twins stand together, the earlier first.
    numbers.sort_unstable();
    let lead = |number: &u128| *number as u32 as usize;
    let mut twins = Vec::new();
    for alike in numbers.chunk_by(|one, other| one >> 32 == other >> 32) {
        for (position, number) in alike.iter().enumerate() {
            let row = leads.lead(lead(number)).first();
            let is_twin = |other: &usize| is_twin(contacts, &row, &leads.lead(*other).first());
            let earlier = alike[..position.min(MOST)].iter();
            let twin = earlier.map(lead).find(is_twin);
            twins.extend(twin.map(|twin| (lead(number), twin)));
        }
    }
    for (index, twin) in twins {
        let row = leads.lead(index).first();
        let other = leads.lead(twin).first();
        report(&row, &other, findings);
    }
}

/// Whether two rows name one contact, or one of them none, and numbers that differ by two digits that changed places.
fn is_twin(contacts: &Named<'_>, row: &Row<'_>, other: &Row<'_>) -> bool {
    let (contact, other_contact) = (contacts.of(row), contacts.of(other));
    let is_one = contact.is_none() || other_contact.is_none() || contact == other_contact;
    let mobiles = row.mobile().zip(other.mobile());
    is_one && mobiles.is_some_and(|(mobile, other)| is_swapped(mobile, other))
}

fn report(row: &Row<'_>, other: &Row<'_>, findings: &mut Findings<'_>) {
    let holding = |row: &Row<'_>, mobile: &str| {
        let holds =
            |field: &Field| row.contact(*field).and_then(ContactReading::mobile) == Some(mobile);
        let mut fields = Field::PHONES.into_iter();
        fields.find(holds).unwrap_or(Field::Phone)
    };
    let mobile = row.mobile().unwrap_or_default();
    let other_mobile = other.mobile().unwrap_or_default();
    let message = Message::new("swapped-digits", "")
        .with("value", mobile)
        .with("other", other_mobile);
    let finding = findings.row(row, holding(row, mobile), message);
    finding
        .related
        .extend(other.cell(holding(other, other_mobile)));
}

/// How often each digit occurs, in 40 bits: equal for numbers with the same digits in any order.
const fn digits(mut mobile: u64) -> u64 {
    let mut digits = 0;
    while mobile > 0 {
        digits += 1 << (4 * (mobile % 10));
        mobile /= 10;
    }
    digits
}

/// Whether two numbers of one length differ in two neighbouring digits, which have changed places.
fn is_swapped(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let Some(at) = one.iter().zip(other).position(|(one, other)| one != other) else {
        return false;
    };
    match (one.get(at..), other.get(at..)) {
        (Some([a, b, rest @ ..]), Some([c, d, other_rest @ ..])) => {
            a == d && b == c && rest == other_rest
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn two_digits_that_changed_places_are_found_at_the_later_lead() {
        let table = "
            | lead_id         | customer             | contact | phone             |
            | GW-20250108-001 | 砚湾听澜贸易有限公司 |         | 13800138010       |
            | ZH-20250205-001 | 砚湾听澜贸易公司     | 张佳宁  | 138 0013 8001     |
            | ZH-20250205-002 | 北辰机电             | 王敏    | 13900012345       |
            | ZH-20250205-003 | 北辰机电             | 王敏    | 王敏：13900021345 |";
        insta::assert_snapshot!(findings("L123", table), @r"
        D3 swapped-digits value=13800138001 other=13800138010 beside D2
        D5 swapped-digits value=13900021345 other=13900012345 beside D4
        ");
    }

    #[test]
    fn without_numbers_rows_of_one_name_are_compared() {
        let table = "
            | contact | mobile      | phone |
            | 王敏    | 13900012345 |       |
            | 王敏    |             | 13900012354 |";
        assert_eq!(
            findings("L123", table),
            "C3 swapped-digits value=13900012354 other=13900012345 beside B2"
        );
    }

    #[test]
    fn another_digit_digits_far_apart_and_the_same_number_are_clean() {
        let table = "
            | lead_id         | customer | phone       |
            | GW-20250108-001 | 北辰机电 | 13800138010 |
            | GW-20250108-002 | 北辰机电 | 13800138020 |
            | GW-20250108-003 | 北辰机电 | 13010138080 |
            | GW-20250108-004 | 北辰机电 | 13800138010 |
            | GW-20250108-005 | 北辰机电 | 13080130810 |
            | GW-20250108-006 | 北辰机电 | 138****8001 |";
        assert_eq!(findings("L123", table), "");
    }

    #[test]
    fn two_people_of_one_firm_and_strangers_are_clean() {
        let table = "
            | lead_id         | customer | contact | phone       |
            | GW-20250108-001 | 北辰机电 | 王敏    | 13800138010 |
            | GW-20250108-002 | 北辰机电 | 李雷    | 13800138001 |
            | GW-20250108-003 | 南汀贸易 | 韩梅    | 13800138100 |
            | GW-20250108-004 | 远汐星槎 | 韩梅    | 13800131800 |
            | GW-20250108-005 | 望川*    |         | 13900012345 |
            | GW-20250108-006 | 望川*    |         | 13900012354 |";
        assert_eq!(findings("L123", table), "");
    }
}
