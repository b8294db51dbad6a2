use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::field::Field;
use crate::grouped::Grouped;
use crate::lead::{Lead, Leads};
use crate::message::Message;
use crate::rules::chance::{LONG, is_chance, pairs};
use crate::rules::twice::{Twice, hash_of};
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};
use crate::text::compact_key;

declare_rule! {
    /// ## What it finds
    /// Two leads with one contact, named in full, whose customers are spelled almost alike, places in brackets and 有限公司
    /// aside: one character differs, is missing or is added, two neighbours have changed places, or one name goes on where
    /// the other ends (北辰机电, 北辰机电设备). One such change is the limit, however long the names are, because with two
    /// 云渡机械 would be 临溪机械. Digits must be the same: 客户1 and 客户10 are two. And, whoever their contacts are, two leads
    /// whose customers are one but for the legal form: 北辰机电, 北辰机电有限公司, 北辰机电有限责任公司.
    /// Where names and contacts are so alike that
    /// chance alone gives about as many, as among ten thousand customers, none is told.
    ///
    /// ## Why it matters
    /// It is probably one customer registered twice, and counted twice.
    ///
    /// ## Example that fails
    /// | 线索编号 | 客户名称 | 联系人 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 |
    /// | ZH-20250205-001 | 砚湾听阑贸易公司 | 张佳宁 |
    ///
    /// ## Example that passes
    /// | 线索编号 | 客户名称 | 联系人 |
    /// |---|---|---|
    /// | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁 |
    /// | ZH-20250205-001 | 砚湾听阑贸易公司 | 王敏 |
    ///
    /// ## What to do
    /// If they are one customer, spell the name alike and keep the earlier lead number. If they are two, nothing.
    pub(super) static SIMILAR_CUSTOMER = {
        code: "L121", name: "similar-customer", severity: Info, since: "0.1.0",
        needs: [Customer, Contact],
        source: [FollowUpStatistics, Practice],
        check: Check::Table(similar_customer),
    }
}

/// Names shorter than this have little in common by having all but one character in common.
const SHORTEST: usize = 4;
/// A contact of more firms than this that are spelled alike is no person but a word (前台), and tells nothing.
const MOST: usize = 30;

fn similar_customer(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let reading = leads.reading();
    if customer_field(reading) != Some(Field::Customer) {
        return;
    }
    let (customers, contacts) = (leads.customers(), leads.contacts());
    let keys = customers.keys();
    let spellings = Spellings::shared(keys);
    let has_numbers = reading.column(Field::LeadId).is_some();
    let named = |lead: Lead<'_>| {
        let row = lead.first();
        let customer = customers.of(&row)?;
        if spellings.of(customer).is_empty() || has_numbers && !lead.is_numbered() {
            return None;
        }
        Some(Named {
            lead: lead.index() as u32,
            customer,
            contact: contacts.of(&row)?,
        })
    };
    let named: Vec<Named> = leads.iter().filter_map(named).collect();
    for (lead, other) in other_forms(leads, &spellings) {
        report(leads, (lead, other), ["form", "form-unnumbered"], findings);
    }
    let twins = twins(&named, &spellings, keys);
    let expected = || expected_by_chance(&named, &spellings, contacts.len());
    if !twins.is_empty() && is_chance(twins.len(), expected()) {
        return;
    }
    for (lead, twin) in twins {
        let pair = (lead as usize, twin as usize);
        report(leads, pair, ["", "unnumbered"], findings);
    }
}

fn report(
    leads: &Leads<'_>,
    (lead, twin): (usize, usize),
    [numbered, unnumbered]: [&'static str; 2],
    findings: &mut Findings<'_>,
) {
    let has_numbers = leads.reading().column(Field::LeadId).is_some();
    let row = leads.lead(lead).first();
    let other = leads.lead(twin).first();
    let variant = if has_numbers { numbered } else { unnumbered };
    let message = Message::new("similar-customer", variant)
        .with("value", row.value(Field::Customer).display().trim())
        .with("other", other.value(Field::Customer).display().trim())
        .with("lead", other.value(Field::LeadId).display().trim());
    let finding = findings.row(&row, Field::Customer, message);
    finding.related.extend(other.cell(Field::Customer));
}

/// Leads whose customer is that of an earlier one with another legal form, and the earlier one; one of a customer, and none
/// that a rule tells already because contact or mobile are the same. Where names that differ by a character are twenty
/// times as many, as among thousands that are made of the same few words, so may these be by chance, and none is told.
fn other_forms(leads: &Leads<'_>, spellings: &Spellings) -> Vec<(usize, usize)> {
    const BY_CHANCE: f64 = 20.0;
    let (customers, contacts, mobiles) = (leads.customers(), leads.contacts(), leads.mobiles());
    let reading = leads.reading();
    let has_numbers = reading.column(Field::LeadId).is_some();
    let Some(names) = reading.column(Field::Customer) else {
        return Vec::new();
    };
    // The first lead of each customer that has one form, and whether it was told.
    let mut first_of: Vec<Option<(usize, bool)>> = vec![None; customers.len()];
    let mut found = Vec::new();
    for lead in leads
        .iter()
        .filter(|lead| !has_numbers || lead.is_numbered())
    {
        let row = lead.first();
        let Some(customer) = customers.of(&row) else {
            continue;
        };
        let known = &mut first_of[customer as usize];
        let Some((first, is_told)) = known else {
            *known = Some((lead.index(), false));
            continue;
        };
        let other = leads.lead(*first).first();
        // Most are spelled alike, which the codes tell.
        if *is_told || names.code(row.index()) == names.code(other.index()) {
            continue;
        }
        let (contact, mobile) = (contacts.of(&row), mobiles.first(&row));
        let is_twin = (contact.is_some() && contact == contacts.of(&other))
            || (mobile.is_some() && mobile == mobiles.first(&other));
        let [one, two] = [&row, &other].map(|row| row.value(Field::Customer).text());
        if !is_twin && is_other_form(&one, &two) {
            found.push((lead.index(), *first));
            *is_told = true;
        }
    }
    if found.is_empty() {
        return found;
    }
    let mut hashes = spellings.hashes.clone();
    hashes.sort_unstable();
    let alike = hashes.chunk_by(|one, other| one == other);
    let pairs_alike: f64 = alike.map(|alike| pairs(alike.len())).sum();
    if pairs_alike >= BY_CHANCE * found.len() as f64 {
        found.clear();
    }
    found
}

/// Whether two names of one organisation differ by their legal form alone.
fn is_other_form(one: &str, other: &str) -> bool {
    if one == other {
        return false;
    }
    let (one, other) = (compact_key(one), compact_key(other));
    let has_legal_form = |name: &str| name.ends_with("公司") || name.ends_with(['.', 'd']);
    let differs = one != other && !one.contains('(') && !other.contains('(');
    differs && (has_legal_form(&one) || has_legal_form(&other))
}

/// A lead whose customer's name is spelled almost like another, with its contact.
struct Named {
    lead: u32,
    customer: u32,
    contact: u32,
}

/// How many leads would have a twin if contacts were given out by lot: among thousands of customers whose names differ by
/// a character, some share a contact's name because people share names.
fn expected_by_chance(named: &[Named], spellings: &Spellings, contacts: usize) -> f64 {
    let of_lead = |named: &Named| spellings.of(named.customer).len();
    if named.iter().map(of_lead).sum::<usize>() < LONG {
        return 0.0;
    }
    // By customer, the last contact that was met with it, and whether it was met at all.
    let mut met: Vec<Option<u32>> = vec![None; spellings.customers()];
    let of_contacts = || named.iter().map(|it| (it.contact as usize, it.customer));
    let customers_of = Grouped::new(contacts, of_contacts);
    let (mut shared, mut different) = (0.0, 0);
    for contact in 0..contacts as u32 {
        let is_new = |customer: &&u32| {
            let last = met[**customer as usize].replace(contact);
            last != Some(contact)
        };
        let customers = customers_of
            .get(contact as usize)
            .iter()
            .filter(is_new)
            .count();
        shared += pairs(customers);
        different += customers;
    }
    let named = (0..).zip(&met).filter(|(_, contact)| contact.is_some());
    let mut alike: Vec<u64> = named
        .flat_map(|(customer, _)| spellings.of(customer))
        .copied()
        .collect();
    alike.sort_unstable();
    let alike = alike.chunk_by(|one, other| one == other);
    let pairs_alike: f64 = alike.map(|alike| pairs(alike.len())).sum();
    pairs_alike * shared / pairs(different)
}

/// How a name may have come to be spelled as it is not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    /// As it is.
    Whole,
    /// With a character left out: so meet two names that differ by one change.
    WithoutOne,
    /// Its beginning, where another name may end.
    Beginning,
}

/// By customer: the spellings that their key shares with another's. Keys are compared by what they share, and not each with
/// each. A spelling is known by its hash; whether keys are alike is asked of themselves.
struct Spellings {
    hashes: Vec<u64>,
    /// Where those of each customer begin; one more than there are customers.
    begins: Vec<u32>,
}

impl Spellings {
    fn of(&self, customer: u32) -> &[u64] {
        let customer = customer as usize;
        &self.hashes[self.begins[customer] as usize..self.begins[customer + 1] as usize]
    }

    const fn customers(&self) -> usize {
        self.begins.len() - 1
    }

    fn shared(keys: &[String]) -> Self {
        let mut spellings = met_twice(keys);
        spellings.sort_unstable();
        let mut shared = Vec::new();
        for alike in spellings.chunk_by(|one, other| one.0 == other.0) {
            let is_whole = |spelling: Spelling| spelling == Spelling::Whole;
            // Many names begin alike; only one that is nothing but that beginning is told again by it.
            let has_whole = is_whole(alike[0].1);
            let counts = |spelling| has_whole || spelling != Spelling::Beginning;
            let mut counted = alike.iter().filter(|(_, spelling, _)| counts(*spelling));
            let Some(&(_, _, first)) = counted.next() else {
                continue;
            };
            if counted.any(|&(_, _, customer)| customer != first) {
                let counted = alike.iter().filter(|(_, spelling, _)| counts(*spelling));
                shared.extend(counted.map(|&(hash, _, customer)| (customer, hash)));
            }
        }
        shared.sort_unstable();
        shared.dedup();
        let mut begins = vec![0; keys.len() + 1];
        for &(customer, _) in &shared {
            begins[customer as usize + 1] += 1;
        }
        for customer in 1..begins.len() {
            begins[customer] += begins[customer - 1];
        }
        Self {
            hashes: shared.into_iter().map(|(_, hash)| hash).collect(),
            begins,
        }
    }
}

/// Every spelling of a key that may be one of another key's as well, with the customer.
fn met_twice(keys: &[String]) -> Vec<(u64, Spelling, u32)> {
    let characters = keys.iter().map(|key| key.chars().count());
    let most = characters.map(|length| 2 * length + 1).sum();
    let (mut whole, mut met) = (Twice::with_room_for(keys.len()), Twice::with_room_for(most));
    // What is worked out for one key and then for the next.
    let mut beginnings = Vec::new();
    for key in keys {
        each_spelling(key, &mut beginnings, |spelling, hash| {
            if spelling == Spelling::Whole {
                whole.note(hash);
            }
        });
    }
    let counts = |spelling, hash| spelling != Spelling::Beginning || whole.is_noted(hash);
    for key in keys {
        each_spelling(key, &mut beginnings, |spelling, hash| {
            if counts(spelling, hash) {
                met.note(hash);
            }
        });
    }
    let mut spellings = Vec::new();
    for (customer, key) in (0..).zip(keys) {
        each_spelling(key, &mut beginnings, |spelling, hash| {
            if counts(spelling, hash) && met.is_twice(hash) {
                spellings.push((hash, spelling, customer));
            }
        });
    }
    spellings
}

/// Every spelling by which a key may be like another, the whole of it first.
fn each_spelling(key: &str, beginnings: &mut Vec<u64>, mut tell: impl FnMut(Spelling, u64)) {
    // Hashes of the beginnings of the key by their length, longest last.
    beginnings.clear();
    beginnings.push(0);
    let longer = key.chars().scan(0, |hash, character| {
        *hash = followed_by(*hash, character);
        Some(*hash)
    });
    beginnings.extend(longer);
    let length = beginnings.len() - 1;
    if length < SHORTEST {
        return;
    }
    tell(Spelling::Whole, beginnings[length]);
    for &beginning in &beginnings[SHORTEST..length] {
        tell(Spelling::Beginning, beginning);
    }
    // From the last character to the first: what follows the one that is left out, and what it weighs.
    let (mut end, mut weight) = (0_u64, 1_u64);
    for (character, before) in key.chars().rev().zip(beginnings[..length].iter().rev()) {
        let without = before.wrapping_mul(weight).wrapping_add(end);
        tell(Spelling::WithoutOne, without);
        end = end.wrapping_add(weight.wrapping_mul(u64::from(character)));
        weight = weight.wrapping_mul(BASE);
    }
}

/// Contact, spelling of the customer's name and lead in one number, for such numbers are quickly sorted. In their order
/// those that may be alike stand together, the earlier first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bearer(u128);

impl Bearer {
    fn new(contact: u32, spelling: u64, lead: u32) -> Self {
        Self(u128::from(contact) << 96 | u128::from(spelling) << 32 | u128::from(lead))
    }

    const fn lead(self) -> u32 {
        self.0 as u32
    }

    const fn may_be_like(self, other: Self) -> bool {
        self.0 >> 32 == other.0 >> 32
    }
}

/// The leads whose customer is spelled almost like that of an earlier one with the same contact, with the earliest.
fn twins(named: &[Named], spellings: &Spellings, keys: &[String]) -> BTreeMap<u32, u32> {
    let of_lead = |named: &Named| spellings.of(named.customer).len();
    let mut met = Twice::with_room_for(named.iter().map(of_lead).sum());
    for named in named {
        for &spelling in spellings.of(named.customer) {
            met.note(hash_of(named.contact, spelling));
        }
    }
    let (mut bearers, mut customer_of) = (Vec::new(), HashMap::new());
    for named in named {
        for &spelling in spellings.of(named.customer) {
            if met.is_twice(hash_of(named.contact, spelling)) {
                bearers.push(Bearer::new(named.contact, spelling, named.lead));
                customer_of.insert(named.lead, named.customer);
            }
        }
    }
    bearers.sort_unstable();
    let mut twins: BTreeMap<u32, u32> = BTreeMap::new();
    // Leads, of which one stands for its customer.
    let mut told: Vec<u32> = Vec::new();
    let customer = |lead: u32| customer_of[&lead];
    let key = |lead: u32| &keys[customer(lead) as usize];
    for alike in bearers.chunk_by(|one, other| one.may_be_like(*other)) {
        told.clear();
        for lead in alike.iter().map(|bearer| bearer.lead()) {
            if told.len() > MOST {
                break;
            }
            let is_another = |&earlier: &u32| customer(earlier) != customer(lead);
            let is_twin = |earlier: &u32| is_another(earlier) && is_alike(key(lead), key(*earlier));
            if let Some(&twin) = told.iter().find(|earlier| is_twin(earlier)) {
                let known = twins.entry(lead).or_insert(twin);
                *known = twin.min(*known);
            }
            if told.iter().all(is_another) {
                told.push(lead);
            }
        }
    }
    twins
}

/// The base of the hashes, which are polynomials: one character more or less is a step and no new look at the others.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a text with one character more.
fn followed_by(hash: u64, character: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(character))
}

/// One change by Damerau and Levenshtein, whatever the length: two changes make 云渡 of 临溪, and another firm.
fn is_alike(one: &str, other: &str) -> bool {
    fn digits(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(u8::is_ascii_digit)
    }
    if !digits(one).eq(digits(other)) {
        return false;
    }
    let (length, other_length) = (one.chars().count(), other.chars().count());
    one.starts_with(other)
        || other.starts_with(one)
        || (length.abs_diff(other_length) <= 1 && strsim::damerau_levenshtein(one, other) == 1)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn one_contact_under_two_spellings_is_found_at_the_later_one() {
        let table = "
            | lead_id         | customer             | contact |
            | GW-20250108-001 | 砚湾听澜贸易有限公司 | 张佳宁  |
            | ZH-20250205-001 | 砚湾听阑贸易公司     | 张佳宁  |
            | ZH-20250205-002 | 北辰机电             | 王敏    |
            | ZH-20250205-003 | 北辰机电设备         | 王敏    |
            | ZH-20250205-006 | 望川塔软件           | 韩梅    |
            | ZH-20250205-007 | 望川灯塔软件         | 韩梅    |";
        insta::assert_snapshot!(findings("L121", table), @r"
        B3 similar-customer value=砚湾听阑贸易公司 other=砚湾听澜贸易有限公司 lead=GW-20250108-001 beside B2
        B5 similar-customer value=北辰机电设备 other=北辰机电 lead=ZH-20250205-002 beside B4
        B7 similar-customer value=望川灯塔软件 other=望川塔软件 lead=ZH-20250205-006 beside B6
        ");
    }

    #[test]
    fn neighbours_that_changed_places_are_found_wherever_they_stand() {
        let table = "
            | lead_id         | customer         | contact |
            | GW-20250108-001 | 北辰机电         | 张佳宁  |
            | GW-20250108-002 | 北机辰电         | 张佳宁  |
            | GW-20250108-003 | 云渡（北京）松果机械 | 王敏  |
            | GW-20250108-004 | 云渡松机果械有限公司 | 王敏  |
            | GW-20250108-005 | 南汀1号贸易      | 韩梅    |
            | GW-20250108-006 | 南汀号1贸易      | 韩梅    |";
        insta::assert_snapshot!(findings("L121", table), @r"
        B3 similar-customer value=北机辰电 other=北辰机电 lead=GW-20250108-001 beside B2
        B5 similar-customer value=云渡松机果械有限公司 other=云渡（北京）松果机械 lead=GW-20250108-003 beside B4
        B7 similar-customer value=南汀号1贸易 other=南汀1号贸易 lead=GW-20250108-005 beside B6
        ");
    }

    #[test]
    fn what_chance_alone_would_give_is_not_told() {
        // 1296 names of one pattern, each like seventy others, and forty contacts: thousands of pairs by chance.
        let many: Vec<char> =
            "云天海金宏瑞华盛德智创星汇达鑫永恒泰安信远博卓越联合利丰康健美佳新中东方"
                .chars()
                .collect();
        let mut rows = "| lead_id | customer | contact |\n".to_owned();
        for (number, (one, two)) in many
            .iter()
            .flat_map(|one| many.iter().map(move |two| (one, two)))
            .enumerate()
        {
            let who = many[number * 7 % many.len()];
            rows += &format!("| A{number:05} | 杭州{one}{two}贸易 | 王{who}平 |\n");
        }
        assert_eq!(findings("L121", &rows), "");
    }

    #[test]
    fn the_same_characters_in_quite_another_order_are_another_name() {
        let table = "
            | lead_id         | customer | contact |
            | GW-20250108-001 | 北辰机电 | 张佳宁  |
            | GW-20250108-002 | 电机辰北 | 张佳宁  |
            | GW-20250108-003 | 望川12店 | 王敏    |
            | GW-20250108-004 | 望川21店 | 王敏    |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn tables_without_lead_numbers_are_compared_as_well() {
        let table = "
            | customer     | contact | phone       |
            | 北辰机电     | 王敏    | 13800000001 |
            | 北辰机电     | 王敏    | 13800000001 |
            | 北晨机电     | 王敏    | 13900000002 |";
        assert_eq!(
            findings("L121", table),
            "A4 similar-customer-unnumbered value=北晨机电 other=北辰机电 lead= beside A2"
        );
    }

    #[test]
    fn names_that_differ_by_more_or_by_a_digit_are_two() {
        let table = "
            | lead_id         | customer     | contact |
            | GW-20250108-001 | 云渡禾木机械 | 张佳宁  |
            | GW-20250108-002 | 云渡禾木教育 | 张佳宁  |
            | GW-20250108-003 | 临溪禾木机械 | 张佳宁  |
            | GW-20250108-004 | 测试客户1    | 张佳宁  |
            | GW-20250108-005 | 测试客户10   | 张佳宁  |
            | GW-20250108-006 | 张三店       | 张佳宁  |
            | GW-20250108-007 | 张五店       | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn without_the_same_contact_in_full_likeness_proves_nothing() {
        let table = "
            | lead_id         | customer | contact |
            | GW-20250108-001 | 北辰机电 | 张佳宁  |
            | GW-20250108-002 | 南辰机电 | 王敏    |
            | GW-20250108-003 | 东辰机电 |         |
            | GW-20250108-004 | 西辰机电 | 张*     |
            | GW-20250108-005 | 中辰机电 | 张先生  |
            | GW-20250108-006 | 北*机电  | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn a_contact_of_very_many_firms_is_no_person_and_takes_no_time() {
        let rows: Vec<_> = (0..20_000)
            .map(|row| {
                format!(
                    "| ZH-20250105-{row:06} | 北京甲乙{}店 | 前台 |",
                    char::from_u32(0x4e00 + row).unwrap()
                )
            })
            .collect();
        let table = format!("| lead_id | customer | contact |\n{}", rows.join("\n"));
        assert_eq!(findings("L121", &table), "");
    }

    #[test]
    fn one_firm_with_two_legal_forms_is_found_whoever_the_contacts_are() {
        let table = "
            | lead_id         | customer             | contact | phone       |
            | GW-20250108-001 | 北辰机电有限公司     | 张佳宁  | 13800000001 |
            | GW-20250108-002 | 北辰機電有限責任公司 | 李雷    | 13800000002 |
            | GW-20250108-003 | 北辰机电             | 韩梅    | 13800000003 |
            | GW-20250108-004 | 南汀贸易             | 王敏    | 13800000004 |
            | GW-20250108-005 | 南汀贸易公司         | 赵磊    | 13800000005 |";
        insta::assert_snapshot!(findings("L121", table), @r"
        B3 similar-customer-form value=北辰機電有限責任公司 other=北辰机电有限公司 lead=GW-20250108-001 beside B2
        B6 similar-customer-form value=南汀贸易公司 other=南汀贸易 lead=GW-20250108-004 beside B5
        ");
    }

    #[test]
    fn branches_groups_scripts_and_second_contacts_are_clean() {
        let table = "
            | lead_id         | customer             | contact | phone       |
            | GW-20250108-001 | 北辰机电有限公司     | 张佳宁  | 13800000001 |
            | GW-20250108-003 | 北辰機電有限公司     | 韩梅    | 13800000003 |
            | GW-20250108-004 | 北辰机电（上海）有限公司 | 孙静 | 13800000004 |
            | GW-20250108-005 | 北辰机电集团有限公司 | 王敏    | 13800000005 |
            | GW-20250108-006 | 南汀贸易有限公司     | 赵磊    | 13800000006 |
            | GW-20250108-007 | 南汀贸易有限公司     | 钱越    | 13800000007 |";
        assert_eq!(findings("L121", table), "");
    }

    #[test]
    fn the_same_customer_has_another_rule() {
        let table = "
            | lead_id         | customer           | contact |
            | GW-20250108-001 | 砚湾听澜贸易公司   | 张佳宁  |
            | ZH-20250205-001 | 硯灣聽瀾貿易有限公司 | 张佳宁  |";
        assert_eq!(findings("L121", table), "");
    }
}
