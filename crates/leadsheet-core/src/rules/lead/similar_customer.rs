use std::collections::BTreeMap;

use crate::field::Field;
use crate::lead::Leads;
use crate::message::Message;
use crate::rules::chance::{LONG, is_chance, pairs};
use crate::rules::{Check, Context, Findings, customer_field, declare_rule};
use crate::text::{compact_key, organisation};

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
    let Some(names) = reading.column(Field::Customer) else {
        return;
    };
    if customer_field(reading) != Some(Field::Customer) {
        return;
    }
    let (customers, contacts) = (leads.customers(), leads.contacts());
    let mut keys = vec![String::new(); customers.len()];
    for (code, &id) in (0..).zip(names.distinct()) {
        let key = customers
            .of_code(code)
            .map(|customer| &mut keys[customer as usize]);
        // However its names are spelled, a customer has one key.
        if let Some(key) = key.filter(|key| key.is_empty()) {
            *key = organisation(&reading.ledger().values().get(id).text()).into_owned();
        }
    }
    let spellings = shared_spellings(&keys);
    let begins = |customer: u32| spellings.partition_point(|(other, _)| *other < customer);
    let begins: Vec<usize> = (0..=keys.len() as u32).map(begins).collect();
    let has_numbers = reading.column(Field::LeadId).is_some();
    let mut bearers = Vec::new();
    let mut customer_of = vec![0; leads.len()];
    for lead in leads.iter() {
        let row = lead.first();
        let Some(customer) = customers.of(&row) else {
            continue;
        };
        let spellings = &spellings[begins[customer as usize]..begins[customer as usize + 1]];
        if spellings.is_empty() || has_numbers && !lead.is_numbered() {
            continue;
        }
        let Some(contact) = contacts.of(&row) else {
            continue;
        };
        customer_of[lead.index()] = customer;
        let lead = lead.index() as u32;
        let bearer = |&(_, spelling): &_| Bearer::new(contact, spelling, lead);
        bearers.extend(spellings.iter().map(bearer));
    }
    for (lead, other) in other_forms(leads, &spellings) {
        report(leads, (lead, other), ["form", "form-unnumbered"], findings);
    }
    let twins = twins(&mut bearers, &customer_of, &keys);
    let expected = || expected_by_chance(&bearers, &customer_of);
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
fn other_forms(leads: &Leads<'_>, spellings: &[(u32, u64)]) -> Vec<(usize, usize)> {
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
        if names.code(row.index()) == names.code(other.index()) {
            continue;
        }
        let is_same = |one: Option<u32>, other| one.is_some() && one == other;
        let is_twin = is_same(contacts.of(&row), contacts.of(&other))
            || is_same(mobiles.first(&row), mobiles.first(&other));
        let [one, two] = [&row, &other].map(|row| row.value(Field::Customer).text());
        if !*is_told && !is_twin && is_other_form(&one, &two) {
            found.push((lead.index(), *first));
            *is_told = true;
        }
    }
    if found.is_empty() {
        return found;
    }
    let mut hashes: Vec<u64> = spellings.iter().map(|&(_, hash)| hash).collect();
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

/// How many leads would have a twin if contacts were given out by lot: among thousands of customers whose names differ by
/// a character, some share a contact's name because people share names.
fn expected_by_chance(bearers: &[Bearer], customer_of: &[u32]) -> f64 {
    if bearers.len() < LONG {
        return 0.0;
    }
    let customer = |one: &Bearer| customer_of[one.lead() as usize];
    let mut alike: Vec<_> = bearers
        .iter()
        .map(|one| (one.spelling(), customer(one)))
        .collect();
    alike.sort_unstable();
    alike.dedup();
    let mut contacts: Vec<_> = bearers
        .iter()
        .map(|one| (one.contact(), customer(one)))
        .collect();
    contacts.sort_unstable();
    contacts.dedup();
    let of_spelling = alike.chunk_by(|one, other| one.0 == other.0);
    let of_contact = contacts.chunk_by(|one, other| one.0 == other.0);
    let pairs_alike: f64 = of_spelling.map(|alike| pairs(alike.len())).sum();
    let shared: f64 = of_contact.map(|shared| pairs(shared.len())).sum();
    pairs_alike * shared / pairs(contacts.len())
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

/// By customer, in order: the spellings that their key shares with another's. Keys are compared by what they share, and
/// not each with each. A spelling is known by its hash; whether keys are alike is asked of themselves.
fn shared_spellings(keys: &[String]) -> Vec<(u32, u64)> {
    let mut spellings: Vec<(u64, Spelling, u32)> = Vec::new();
    // Hashes of the beginnings of a key by their length, longest last.
    let mut beginnings: Vec<u64> = Vec::new();
    for (customer, key) in (0..).zip(keys) {
        beginnings.clear();
        beginnings.push(0);
        let longer = key.chars().scan(0, |hash, character| {
            *hash = followed_by(*hash, character);
            Some(*hash)
        });
        beginnings.extend(longer);
        let length = beginnings.len() - 1;
        if length < SHORTEST {
            continue;
        }
        let mut push = |spelling, hash| spellings.push((hash, spelling, customer));
        push(Spelling::Whole, beginnings[length]);
        for &beginning in &beginnings[SHORTEST..length] {
            push(Spelling::Beginning, beginning);
        }
        // From the last character to the first: what follows the one that is left out, and what it weighs.
        let (mut end, mut weight) = (0_u64, 1_u64);
        for (character, before) in key.chars().rev().zip(beginnings[..length].iter().rev()) {
            let without = before.wrapping_mul(weight).wrapping_add(end);
            push(Spelling::WithoutOne, without);
            end = end.wrapping_add(weight.wrapping_mul(u64::from(character)));
            weight = weight.wrapping_mul(BASE);
        }
    }
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
    shared
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

    const fn contact(self) -> u32 {
        (self.0 >> 96) as u32
    }

    const fn spelling(self) -> u64 {
        (self.0 >> 32) as u64
    }

    const fn may_be_like(self, other: Self) -> bool {
        self.0 >> 32 == other.0 >> 32
    }
}

/// The leads whose customer is spelled almost like that of an earlier one with the same contact, with the earliest.
fn twins(bearers: &mut [Bearer], customer_of: &[u32], keys: &[String]) -> BTreeMap<u32, u32> {
    bearers.sort_unstable();
    let mut twins: BTreeMap<u32, u32> = BTreeMap::new();
    // Leads, of which one stands for its customer.
    let mut told: Vec<u32> = Vec::new();
    let customer = |lead: u32| customer_of[lead as usize];
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
