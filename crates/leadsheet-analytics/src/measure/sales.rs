//! Sales: amounts sold by source, region and person, month by month, and where they drop suddenly.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use leadsheet_core::{Field, Message, Money, Outcome, Row, compact_key};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Asked, note, note_running, period};
use crate::arranged::LeadRow;
use crate::definition::Key;
use crate::known::{Grouped, in_order};
use crate::tables::Table;
use crate::topics::Period;

/// What was sold.
///
/// A sale is an order: rows of one lead with one order number; of rows without a number, the lead itself. Its amount is
/// that of its latest row that has one, so that an amount repeated from follow-up to follow-up counts once. It is sold
/// where the last of its rows that says what became of it says won; where no column can say, every amount counts. Its
/// day is the order date, else the closing date, else the follow-up that has the amount.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sales {
    /// The length of the periods.
    pub per: Period,
    /// The periods, ascending; those between without anything as well.
    pub periods: Vec<String>,
    /// All together.
    pub total: SalesFigures,
    /// By each field that any table has.
    pub by: Vec<SalesDimension>,
    /// Groups that sold suddenly less.
    pub drops: Vec<SalesDrop>,
    /// What could not be counted.
    #[serde(skip)]
    pub notes: Vec<Message>,
}

/// Sales by one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SalesDimension {
    /// The field's key.
    pub name: String,
    /// Its groups in their own order.
    pub groups: Vec<SalesGroup>,
}

/// Sales of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SalesGroup {
    /// What it is.
    pub key: String,
    /// What was sold.
    #[serde(flatten)]
    pub figures: SalesFigures,
}

/// Orders and amounts. Amounts are decimals, in JSON as text: money is never binary floating point.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SalesFigures {
    /// Orders sold.
    pub orders: u32,
    /// What they are worth.
    pub amount: Decimal,
    /// The same period by period; sales without a day are in none.
    pub amount_by_period: Vec<Decimal>,
}

/// A group that sold suddenly less: in the last whole month less than half of what it usually sells, which is the
/// median of the three months before, where these had five orders at least.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SalesDrop {
    /// The field's key.
    pub by: String,
    /// The group.
    pub key: String,
    /// The month.
    pub month: String,
    /// Sold in it.
    pub amount: Decimal,
    /// Usually sold.
    pub usual: Decimal,
}

/// Months that say what is usual, and the orders they must have had.
const MONTHS_BEFORE: usize = 3;
const ORDERS_BEFORE: u32 = 5;

struct Sale {
    amount: Decimal,
    day: Option<NaiveDate>,
    /// The groups under each key.
    groups: Vec<u32>,
}

#[derive(Default)]
struct Tally {
    orders: u32,
    amount: Decimal,
    by_period: BTreeMap<NaiveDate, Decimal>,
    /// By month, whatever the periods: orders and amount.
    by_month: BTreeMap<NaiveDate, (u32, Decimal)>,
}

impl Tally {
    fn add(&mut self, sale: &Sale, per: Period) {
        self.orders += 1;
        self.amount = self.amount.saturating_add(sale.amount);
        if let Some(day) = sale.day {
            let of_period = self.by_period.entry(per.start(day)).or_default();
            *of_period = of_period.saturating_add(sale.amount);
            let (orders, amount) = self.by_month.entry(Period::Month.start(day)).or_default();
            *orders += 1;
            *amount = amount.saturating_add(sale.amount);
        }
    }

    fn figures(&self, periods: &[NaiveDate]) -> SalesFigures {
        let of = |start: &NaiveDate| self.by_period.get(start).copied().unwrap_or_default();
        SalesFigures {
            orders: self.orders,
            amount: self.amount,
            amount_by_period: periods.iter().map(of).collect(),
        }
    }

    /// What it sold in `month` and what it usually does, where that is suddenly less.
    fn drop_in(&self, month: NaiveDate) -> Option<(Decimal, Decimal)> {
        let mut before = Vec::new();
        let mut orders = 0;
        let mut start = month;
        for _ in 0..MONTHS_BEFORE {
            start = Period::Month.start(start.pred_opt()?);
            let (count, amount) = self.by_month.get(&start).copied().unwrap_or_default();
            orders += count;
            before.push(amount);
        }
        before.sort_unstable();
        let usual = before[MONTHS_BEFORE / 2];
        let sold = self
            .by_month
            .get(&month)
            .map_or(Decimal::ZERO, |(_, amount)| *amount);
        let is_less = sold.saturating_mul(Decimal::TWO) < usual;
        (orders >= ORDERS_BEFORE && is_less).then_some((sold, usual))
    }
}

/// `None` where no table has amounts.
pub(crate) fn sales(asked: &Asked<'_, '_>) -> Option<Sales> {
    let definition = asked.definition;
    let fields: Vec<_> = asked.gathered.every_table().map(amount_field).collect();
    if fields.iter().all(Option::is_none) {
        return None;
    }
    let keys = definition.activity_by.iter();
    let grouped: Vec<_> = keys
        .filter_map(|&field| Some((field, Grouped::by(asked.gathered, Key::Field(field))?)))
        .collect();
    let mut notes = Vec::new();
    let (mut unsold, mut unreadable, mut undated, mut outside) = (0, 0, 0, 0);
    let mut says_outcome = false;
    let mut sold = Vec::new();
    for lead in asked.known.leads() {
        for order in orders(asked.gathered.rows_of(lead.number), &fields) {
            says_outcome |= order.can_say;
            unreadable += order.unreadable;
            let Some((amount, at)) = order.amount else {
                continue;
            };
            if order.can_say && order.outcome != Some(Outcome::Won) {
                unsold += 1;
                continue;
            }
            let day = order.day.or_else(|| at.row.date(Field::FollowUpDate));
            undated += usize::from(day.is_none());
            if definition.window.is_bounded() {
                let Some(day) = day else { continue };
                if !period::holds(&definition.window, day.to_epoch_days()) {
                    outside += 1;
                    continue;
                }
            }
            let groups = grouped.iter();
            sold.push(Sale {
                amount: amount.amount,
                day,
                groups: groups
                    .map(|(_, grouped)| grouped.of_row(at.table, &at.row, lead.number))
                    .collect(),
            });
        }
    }
    if !says_outcome {
        notes.push(Message::new("report-note", "sales-no-outcome"));
    }
    note(&mut notes, "sales-unsold", unsold);
    note(&mut notes, "sales-unreadable", unreadable);
    note(&mut notes, "sales-undated", undated);
    note(&mut notes, "sales-outside", outside);
    Some(counted(asked, &sold, &grouped, notes))
}

fn counted(
    asked: &Asked<'_, '_>,
    sold: &[Sale],
    grouped: &[(Field, Grouped)],
    mut notes: Vec<Message>,
) -> Sales {
    let per = asked.definition.per;
    let mut total = Tally::default();
    let mut by: Vec<HashMap<u32, Tally>> = grouped.iter().map(|_| HashMap::new()).collect();
    for sale in sold {
        total.add(sale, per);
        for (tallies, &group) in by.iter_mut().zip(&sale.groups) {
            tallies.entry(group).or_default().add(sale, per);
        }
    }
    let periods = per.between(total.by_period.keys().copied().collect());
    note_running(&mut notes, "sales-running", asked.definition, &periods);
    // What is usual is known only where the tables reach that far back.
    let first_month = total.by_month.keys().next().copied();
    let month = last_whole_month(asked).filter(|&month| {
        let back = month.checked_sub_months(chrono::Months::new(MONTHS_BEFORE as u32));
        first_month
            .zip(back)
            .is_some_and(|(first, back)| first <= back)
    });
    let mut drops = Vec::new();
    let mut dimensions = Vec::new();
    for ((field, grouped), tallies) in grouped.iter().zip(by) {
        let mut groups = Vec::new();
        for (code, tally) in in_order(&grouped.labels, tallies, |tally| tally.orders.into()) {
            let key = grouped.name(code);
            let dropped = month.and_then(|month| Some((month, tally.drop_in(month)?)));
            if let Some((month, (amount, usual))) = dropped {
                drops.push(SalesDrop {
                    by: field.key().to_owned(),
                    key: key.clone(),
                    month: Period::Month.of(month),
                    amount,
                    usual,
                });
            }
            groups.push(SalesGroup {
                key,
                figures: tally.figures(&periods),
            });
        }
        dimensions.push(SalesDimension {
            name: field.key().to_owned(),
            groups,
        });
    }
    Sales {
        per,
        total: total.figures(&periods),
        periods: periods.iter().map(|&start| per.of(start)).collect(),
        by: dimensions,
        drops,
        notes,
    }
}

/// The last month that is over: on the day of the report, or at the end of its period.
fn last_whole_month(asked: &Asked<'_, '_>) -> Option<NaiveDate> {
    let definition = asked.definition;
    let end = definition
        .window
        .to
        .map_or(definition.today, |to| to.min(definition.today));
    let after = end.succ_opt()?;
    Some(Period::Month.start(Period::Month.start(after).pred_opt()?))
}

pub(crate) fn amount_field(table: &Table<'_>) -> Option<Field> {
    [Field::OrderAmount, Field::SalesAmount]
        .into_iter()
        .find(|&field| table.has(field))
}

/// The rows of one order.
pub(crate) struct Order<'g> {
    pub(crate) number: String,
    pub(crate) amount: Option<(Money, LeadRow<'g>)>,
    pub(crate) outcome: Option<Outcome>,
    /// Whether any of its rows stands in a table that can say what became of it.
    pub(crate) can_say: bool,
    pub(crate) day: Option<NaiveDate>,
    /// The latest of its rows.
    pub(crate) last: LeadRow<'g>,
    unreadable: usize,
}

pub(crate) fn orders<'g>(
    rows: impl Iterator<Item = LeadRow<'g>>,
    fields: &[Option<Field>],
) -> Vec<Order<'g>> {
    let mut orders: Vec<Order<'g>> = Vec::new();
    for it in rows {
        let row = &it.row;
        let number = compact_key(&row.value(Field::OrderNo).display());
        let position = orders.iter().position(|order| order.number == number);
        let position = position.unwrap_or_else(|| {
            orders.push(Order {
                number,
                amount: None,
                outcome: None,
                can_say: false,
                day: None,
                last: it,
                unreadable: 0,
            });
            orders.len() - 1
        });
        let order = &mut orders[position];
        order.last = it;
        if let Some(field) = fields.get(it.table).copied().flatten() {
            match row.money(field) {
                Some(money) => order.amount = Some((money, it)),
                None => order.unreadable += usize::from(!row.is_blank(field)),
            }
        }
        order.can_say |= row.reading().ledger().has_outcome();
        order.outcome = row.stated_outcome().or(order.outcome);
        order.day = day_of(row).or(order.day);
    }
    orders
}

fn day_of(row: &Row<'_>) -> Option<NaiveDate> {
    row.date(Field::OrderDate)
        .or_else(|| row.date(Field::ClosedDate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{by, day, report_of};
    use crate::{ReportDefinition, Topic, Window};

    fn sales_of(text: &str, definition: ReportDefinition) -> Option<Sales> {
        let definition = ReportDefinition {
            show: vec![Topic::Sales],
            ..definition
        };
        report_of(text, &definition).sales
    }

    fn shown(figures: &SalesFigures) -> String {
        let amounts: Vec<_> = figures
            .amount_by_period
            .iter()
            .map(ToString::to_string)
            .collect();
        format!(
            "{} {} = {}",
            figures.orders,
            figures.amount,
            amounts.join(" + ")
        )
    }

    fn note_names(sales: &Sales) -> Vec<String> {
        let name = |note: &Message| note.to_string().replace("report-note-", "");
        sales.notes.iter().map(name).collect()
    }

    /// Two orders of one customer, the first told in two rows, and a cancelled one.
    const ORDERS: &str = "
        customer | follow_up_date | order_no | order_amount | order_status | order_date | region
        甲       | 2025-03-01     | D1       | 100.10       | 已下单       | 2025-03-01 | 华东
        甲       | 2025-03-09     | D1       | 120.20       | 已发货       | 2025-03-01 | 华东
        甲       | 2025-05-01     | D2       | 0.10         | 已下单       |            | 华东
        乙       | 2025-03-05     | D3       | 500.00       | 已取消       | 2025-03-05 | 华北
        丙       | 2025-03-06     | D4       | 面议         | 已下单       | 2025-03-06 | 华北";

    #[test]
    fn an_order_told_twice_is_sold_once_for_what_it_was_worth_at_last() {
        let sales = sales_of(ORDERS, by(&[])).unwrap();
        assert_eq!(sales.periods, ["2025-03", "2025-04", "2025-05"]);
        assert_eq!(shown(&sales.total), "2 120.30 = 120.20 + 0 + 0.10");
        let regions = &sales.by[0];
        assert_eq!((regions.name.as_str(), regions.groups.len()), ("region", 1));
        assert_eq!(
            note_names(&sales),
            ["sales-unsold count=1", "sales-unreadable count=1"]
        );
    }

    #[test]
    fn a_window_takes_sales_by_their_own_day() {
        let definition = ReportDefinition {
            window: Window {
                from: Some(day("2025-04-01")),
                ..Window::default()
            },
            ..by(&[])
        };
        let sales = sales_of(ORDERS, definition).unwrap();
        assert_eq!(shown(&sales.total), "1 0.10 = 0.10");
        assert!(note_names(&sales).contains(&"sales-outside count=1".to_owned()));
    }

    /// A pipeline repeats its 销售额 in every follow-up of a customer.
    #[test]
    fn an_amount_repeated_from_row_to_row_counts_once() {
        let text = "
            customer | follow_up_date | sales_stage | sales_amount | source
            甲       | 2025-03-01     | 报价        | 8万          | 展会
            甲       | 2025-03-09     | 合同签订    | 7.5万        | 展会
            乙       | 2025-03-09     | 报价        | 3万          | 展会";
        let sales = sales_of(text, by(&[])).unwrap();
        assert_eq!((sales.total.orders, sales.total.amount), (1, 75_000.into()));
        assert_eq!(sales.by[0].groups[0].key, "行业展会");
    }

    /// Six orders of 100 in every month from January to March, and of April one only: half of 600 is 300.
    #[test]
    fn a_region_that_suddenly_sells_less_is_named() {
        let mut rows = String::new();
        for (month, orders) in [(1, 6), (2, 6), (3, 6), (4, 1)] {
            for number in 0..orders {
                for region in ["华东", "华北"] {
                    // In the north the orders get fewer and greater.
                    let amount = if region == "华北" && month == 4 {
                        900
                    } else {
                        100
                    };
                    rows += &format!(
                        "{region}{month}{number} | 2025-{month:02}-05 | D{region}{month}{number} | {amount} | 已完成 | {region}\n"
                    );
                }
            }
        }
        let text = format!(
            "customer | follow_up_date | order_no | order_amount | order_status | region\n{rows}"
        );
        let on = |today| ReportDefinition {
            today: day(today),
            ..by(&[])
        };
        let drops = sales_of(&text, on("2025-05-10")).unwrap().drops;
        let shown: Vec<_> = drops
            .iter()
            .map(|it| {
                format!(
                    "{} {} {} {} {}",
                    it.by, it.key, it.month, it.amount, it.usual
                )
            })
            .collect();
        assert_eq!(shown, ["region 华东 2025-04 100 600"]);
        // April is not over yet, and March was as ever.
        assert_eq!(sales_of(&text, on("2025-04-29")).unwrap().drops, []);
        // Nothing is usual where the tables begin too late.
        let since_february = ReportDefinition {
            window: Window {
                from: Some(day("2025-02-01")),
                ..Window::default()
            },
            ..on("2025-05-10")
        };
        assert_eq!(sales_of(&text, since_february).unwrap().drops, []);
    }

    #[test]
    fn a_table_without_amounts_has_no_sales() {
        assert_eq!(sales_of("customer | stage\n甲 | 成交客户", by(&[])), None);
    }
}
