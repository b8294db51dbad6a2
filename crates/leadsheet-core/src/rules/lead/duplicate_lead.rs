use hashbrown::HashMap;

use crate::category::Outcome;
use crate::field::Field;
use crate::lead::{Lead, Leads};
use crate::ledger::Row;
use crate::message::Message;
use crate::rules::twice::{Twice, hash_of};
use crate::rules::{Check, Context, Findings, customer_field, declare_rule, is_masked};
use crate::value::{ContactPoint, ContactReading};

declare_rule! {
    /// ## What it finds
    /// Two lead numbers for one customer: same customer and contact, both in full, or same customer and mobile. A new
    /// lead after the earlier one was won or lost is business as usual. In a table without lead numbers: one contact of one
    /// customer with two mobiles, which make two leads of it. Of the two the earlier one stands, unless the later
    /// alone has both the contact's full name and a phone number.
    ///
    /// ## Why it matters
    /// The customer is counted twice, so every rate of its source and grade is too low, and two people may be
    /// calling.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系人 | 当前状态 |
    /// |---|---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 | 意向客户 |
    /// | ZH-20250205-001 | 砚湾听澜贸易公司 | 张佳宁 | 潜在客户 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系人 | 当前状态 |
    /// |---|---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 | 意向客户 |
    /// | ZH-20250205-001 | 云渡松果机械有限公司 | 张佳宁 | 潜在客户 |
    ///
    /// ## What to do
    /// Keep the number that stands and write it into the rows of the other one, where it is shown.
    pub(super) static DUPLICATE_LEAD = {
        code: "L110", name: "duplicate-lead", severity: Warning, since: "0.1.0",
        needs: [Customer],
        source: [FollowUpStatistics],
        check: Check::Table(duplicate_lead),
    }
}

/// What two leads of one customer have in common besides the customer.
#[derive(PartialEq, Eq, Hash)]
enum Sign {
    Contact(u32),
    Mobile(u64),
}

fn duplicate_lead(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    if leads.reading().column(Field::LeadId).is_none() {
        two_numbers_of_one(leads, findings);
        return;
    }
    for twice in registered_twice(leads, leads.iter().filter(Lead::is_numbered)) {
        let (stands, other) = (leads.lead(twice.stands), leads.lead(twice.other));
        let variant = if twice.is_stronger { "weaker" } else { "" };
        let number = |lead: &Lead<'_>| lead.first().value(Field::LeadId).display();
        let message = Message::new("duplicate-lead", variant)
            .with("value", number(&other).trim())
            .with("other", number(&stands).trim());
        let finding = findings.row(&other.first(), Field::LeadId, message);
        finding.related.extend(stands.first().cell(Field::LeadId));
    }
}

/// Without lead numbers a customer is told by the mobile: one contact with two of them is two leads.
fn two_numbers_of_one(leads: &Leads<'_>, findings: &mut Findings<'_>) {
    /// In so many it is no slip but how contacts were made up.
    const MOST_OF: usize = 50;
    const FEW: usize = 2;
    if customer_field(leads.reading()) != Some(Field::Customer) {
        return;
    }
    let (contacts, mobiles) = (leads.contacts(), leads.mobiles());
    let mobile = |lead: usize| mobiles.first(&leads.lead(lead).first());
    let contact = |lead: usize| contacts.of(&leads.lead(lead).first());
    let is_one_person = |twice: &RegisteredTwice| {
        let (one, other) = (twice.stands, twice.other);
        let has_two = mobile(one).is_some() && mobile(other).is_some();
        has_two && mobile(one) != mobile(other) && contact(one) == contact(other)
    };
    let mut twice = registered_twice(leads, leads.iter());
    twice.retain(is_one_person);
    if twice.len() > FEW && twice.len() * MOST_OF > leads.len() {
        return;
    }
    for twice in twice {
        let (stands, other) = (
            leads.lead(twice.stands).first(),
            leads.lead(twice.other).first(),
        );
        let shown = |row: &Row<'_>, field| row.value(field).display().trim().to_owned();
        let message = Message::new("duplicate-lead", "unnumbered")
            .with("contact", shown(&other, Field::Contact))
            .with("other", shown(&stands, Field::Phone));
        let finding = findings.row(&other, Field::Phone, message);
        finding.related.extend(stands.cell(Field::Phone));
    }
}

/// One customer registered as two leads; both by position.
pub(crate) struct RegisteredTwice {
    /// The lead whose registration stands.
    pub(crate) stands: usize,
    /// The other one.
    pub(crate) other: usize,
    /// Whether it stands though it is the later one, because it alone has a full name and a phone number.
    pub(crate) is_stronger: bool,
}

/// Which of these leads are registered for a customer who had another of them already that was not over.
pub(crate) fn registered_twice<'l>(
    leads: &'l Leads<'_>,
    among: impl Iterator<Item = Lead<'l>> + Clone,
) -> Vec<RegisteredTwice> {
    let reading = leads.reading();
    let customers = leads.customers();
    // Where the contact is all that names a customer, the name alone proves nothing.
    let by_contact = customer_field(reading) != Some(Field::Contact);
    let contacts = by_contact.then(|| leads.contacts());
    let mobiles = leads.mobiles();
    let registration = |(position, lead): (usize, Lead<'_>)| {
        let first = lead.first();
        Some(Registration {
            customer: customers.of(&first)?,
            position,
            lead: lead.index(),
            contact: contacts.and_then(|contacts| contacts.of(&first)),
            mobile: mobiles.first(&first),
        })
    };
    // Who shares no sign with anybody is registered once.
    let all = among.clone().enumerate().map(registration);
    let signs: Vec<[u64; 2]> = all
        .map(|it| it.map_or([NO_SIGN; 2], |it| it.signs()))
        .collect();
    let mut met = Twice::with_room_for(2 * signs.len());
    let given = signs.iter().flatten().filter(|sign| **sign != NO_SIGN);
    given.for_each(|&sign| met.note(sign));
    let is_shared = |signs: &[u64; 2]| {
        let mut given = signs.iter().filter(|sign| **sign != NO_SIGN);
        given.any(|&sign| met.is_twice(sign))
    };
    let shared = among
        .enumerate()
        .zip(&signs)
        .filter(|(_, signs)| is_shared(signs));
    let mut registrations: Vec<_> = shared.filter_map(|(lead, _)| registration(lead)).collect();
    registrations
        .sort_unstable_by_key(|registration| (registration.customer, registration.position));
    let of_one = |one: &Registration, other: &Registration| one.customer == other.customer;
    let mut found = Vec::new();
    for of_customer in registrations.chunk_by(of_one).filter(|all| all.len() > 1) {
        add_twins(leads, of_customer, &mut found);
    }
    found.sort_unstable_by_key(|&(position, _)| position);
    found.into_iter().map(|(_, twice)| twice).collect()
}

/// A lead as its first row registers it.
struct Registration {
    customer: u32,
    /// In the order in which the leads are looked at.
    position: usize,
    lead: usize,
    contact: Option<u32>,
    mobile: Option<u64>,
}

impl Registration {
    /// Each sign with the customer in a hash.
    fn signs(&self) -> [u64; 2] {
        // No contact is counted as high as the least mobile.
        let signs = [self.contact.map(u64::from), self.mobile];
        let hash = |sign| hash_of(self.customer, sign).max(NO_SIGN + 1);
        signs.map(|sign| sign.map_or(NO_SIGN, hash))
    }
}

/// Instead of the hash of a sign.
const NO_SIGN: u64 = 0;

/// Compares the leads of one customer, in their order.
fn add_twins(
    leads: &Leads<'_>,
    of_customer: &[Registration],
    found: &mut Vec<(usize, RegisteredTwice)>,
) {
    let mut known: HashMap<Sign, usize> = HashMap::with_capacity(2 * of_customer.len());
    for registration in of_customer {
        let index = registration.lead;
        let signs = [
            registration.contact.map(Sign::Contact),
            registration.mobile.map(Sign::Mobile),
        ];
        let mut twin = None;
        for sign in signs.into_iter().flatten() {
            let known = known.entry(sign).or_insert(index);
            if *known != index {
                twin.get_or_insert(*known);
                if is_over(&leads.lead(*known), &leads.lead(index)) {
                    *known = index;
                }
            }
        }
        let both = twin.map(|twin| (leads.lead(twin), leads.lead(index)));
        if let Some((earlier, lead)) = both.filter(|(earlier, lead)| !is_over(earlier, lead)) {
            let is_stronger = is_complete(&lead.first()) && !is_complete(&earlier.first());
            let (stands, other) = if is_stronger {
                (lead, earlier)
            } else {
                (earlier, lead)
            };
            let twice = RegisteredTwice {
                stands: stands.index(),
                other: other.index(),
                is_stronger,
            };
            found.push((registration.position, twice));
        }
    }
}

/// Whether a row registers its customer with the full name of the contact and a phone number: where two are one
/// customer, such a registration stands against one that lacks either (S2).
pub(crate) fn is_complete(row: &Row<'_>) -> bool {
    let contact = row.value(Field::Contact).display();
    let has_phone = || {
        let contact = row.contact(Field::Phone);
        let mut points = contact.into_iter().flat_map(ContactReading::points);
        points.any(|point| {
            matches!(
                point,
                ContactPoint::Mobile(_)
                    | ContactPoint::Landline(_)
                    | ContactPoint::International(_)
            )
        })
    };
    !contact.trim().is_empty() && !is_masked(&contact) && has_phone()
}

/// Whether the earlier lead was won or lost by the day the later one came.
fn is_over(earlier: &Lead<'_>, later: &Lead<'_>) -> bool {
    earlier.outcome() != Outcome::Open
        && matches!((earlier.closed(), later.created()), (Some(closed), Some(created)) if closed <= created)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn one_customer_under_two_numbers_is_found_at_the_later_one() {
        let table = "
            | lead_id         | customer             | contact | phone       | stage    |
            | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁  |             | 意向客户 |
            | XS-20250110-001 | 北辰机电             | 王敏    | 13800000001 | 意向客户 |
            | ZH-20250205-001 | 砚灣聽瀾貿易公司     | 张佳宁  |             | 潜在客户 |
            | ZH-20250206-001 | 北辰机电（北京）     | 李雷    | 13800000001 | 潜在客户 |
            | ZH-20250205-001 | 砚湾听澜贸易公司     | 张佳宁  |             | 潜在客户 |";
        insta::assert_snapshot!(findings("L110", table), @r"
        A4 duplicate-lead value=ZH-20250205-001 other=GW-20250108-001 beside A2
        A5 duplicate-lead value=ZH-20250206-001 other=XS-20250110-001 beside A3
        ");
    }

    #[test]
    fn a_registration_with_name_and_phone_stands_against_an_earlier_one_without() {
        let table = "
            | lead_id         | customer | contact | phone                     |
            | GW-20250108-001 | 北辰机电 | 王先生  | 13800000001               |
            | ZH-20250205-001 | 北辰机电 | 王敏    | 13800000001               |
            | GW-20250108-002 | 南汀贸易 | 李雷    | li@example.com            |
            | ZH-20250205-002 | 南汀贸易 | 李雷    | 13800000002               |
            | GW-20250108-003 | 远汐星槎 | 韩梅    | 13800000003               |
            | ZH-20250205-003 | 远汐星槎 | 韩先生  | 13800000003               |";
        insta::assert_snapshot!(findings("L110", table), @r"
        A2 duplicate-lead-weaker value=GW-20250108-001 other=ZH-20250205-001 beside A3
        A4 duplicate-lead-weaker value=GW-20250108-002 other=ZH-20250205-002 beside A5
        A7 duplicate-lead value=ZH-20250205-003 other=GW-20250108-003 beside A6
        ");
    }

    #[test]
    fn a_new_lead_after_the_earlier_one_is_closed_is_clean() {
        let table = "
            | lead_id         | customer | contact | follow_up_date | stage    | closed_date |
            | GW-20250108-001 | 北辰机电 | 张佳宁  | =2025-01-08    | 成交客户 | =2025-01-20 |
            | ZH-20250205-001 | 北辰机电 | 张佳宁  | =2025-02-05    | 流失客户 |             |
            | ZH-20250301-001 | 北辰机电 | 张佳宁  | =2025-03-01    | 潜在客户 |             |";
        assert_eq!(findings("L110", table), "");
        let one_more =
            format!("{table}\n| ZH-20250305-001 | 北辰机电 | 张佳宁 | =2025-03-05 | 潜在客户 | |");
        assert_eq!(
            findings("L110", &one_more),
            "A5 duplicate-lead value=ZH-20250305-001 other=ZH-20250301-001 beside A4"
        );
    }

    #[test]
    fn a_firm_has_several_contacts_and_a_name_several_bearers() {
        let table = "
            | lead_id         | customer | contact | phone       |
            | GW-20250108-001 | 北辰机电 | 张佳宁  | 13800000001 |
            | ZH-20250205-001 | 北辰机电 | 李雷    | 13800000002 |
            | ZH-20250205-002 | 南汀贸易 | 张佳宁  | 13800000003 |
            | ZH-20250205-003 | 南汀物流 | 韩梅    | 13800000003 |";
        assert_eq!(findings("L110", table), "");
    }

    #[test]
    fn masked_and_missing_names_prove_nothing() {
        let table = "
            | lead_id         | customer | contact | phone       |
            | GW-20250108-001 | 北辰机电 | 张*     | 138****0001 |
            | ZH-20250205-001 | 北辰机电 | 张*     | 138****0001 |
            | ZH-20250205-002 | 北辰机电 |         |             |
            | ZH-20250205-003 | 北*      | 李雷    | 13800000002 |
            | ZH-20250205-004 | 北*      | 李雷    | 13800000002 |";
        assert_eq!(findings("L110", table), "");
    }

    #[test]
    fn a_persons_name_alone_is_not_one_person() {
        let table = "
            | lead_id | contact | phone       |
            | A001    | 张伟    | 13800000001 |
            | A002    | 张伟    | 13800000002 |";
        assert_eq!(findings("L110", table), "");
    }

    #[test]
    fn without_numbers_one_contact_with_two_mobiles_is_found() {
        let table = "
            | customer | contact | phone       |
            | 北辰机电 | 张佳宁  | 13800000001 |
            | 北辰机电 | 张佳宁  | 13800000002 |
            | 北辰机电 | 李雷    | 13800000003 |
            | 南汀贸易 | 张佳宁  | 13800000004 |
            | 远汐星槎 | 韩先生  | 13800000005 |
            | 远汐星槎 | 韩先生  | 13800000006 |
            | 望川灯塔 | 孙静    |             |
            | 望川灯塔 | 孙静    | 13800000007 |";
        assert_eq!(
            findings("L110", table),
            "C3 duplicate-lead-unnumbered contact=张佳宁 other=13800000001 beside C2"
        );
    }

    #[test]
    fn without_numbers_the_rows_are_one_lead_already() {
        let table = "
            | customer | contact | phone       |
            | 北辰机电 | 张佳宁  | 13800000001 |
            | 北辰机电 | 张佳宁  | 13800000001 |";
        assert_eq!(findings("L110", table), "");
    }
}
