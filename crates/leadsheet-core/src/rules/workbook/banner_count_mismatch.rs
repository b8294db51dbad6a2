use chrono::NaiveDate;

use crate::category::Outcome;
use crate::lead::{Lead, Leads};
use crate::ledger::{BannerKind, Reading, Value};
use crate::message::Message;
use crate::rules::{Check, Context, Findings, declare_rule};
use crate::text::nfkc;
use crate::value::parse_date;

declare_rule! {
    /// ## What it finds
    /// A 成交户数统计 above the table that is not the number of won leads closed between 查询日期(起) and (止), both
    /// days included; of all won leads where no period is given.
    ///
    /// ## Why it matters
    /// The number at the top is the one that is passed on. Where the rows give another, one of them is out of date.
    ///
    /// ## Example that fails
    /// | 查询日期(起) | 2020-02-01 | 查询日期(止) | 2020-04-25 | 成交户数统计 | 12 |
    /// |---|---|---|---|---|---|
    /// | 编号 | 姓名 | 跟进日期 | 跟进结果 | 成交日期 | 业务员 |
    /// | A001 | 客户1 | 2020-02-01 | 成交 | 2020-02-02 | 业务员1 |
    ///
    /// ## Example that passes
    /// | 查询日期(起) | 2020-02-01 | 查询日期(止) | 2020-04-25 | 成交户数统计 | 1 |
    /// |---|---|---|---|---|---|
    /// | 编号 | 姓名 | 跟进日期 | 跟进结果 | 成交日期 | 业务员 |
    /// | A001 | 客户1 | 2020-02-01 | 成交 | 2020-02-02 | 业务员1 |
    ///
    /// ## What to do
    /// Write the number that the rows give, or a formula that counts them; if the number is right, a row lacks its
    /// result or its 成交日期.
    pub(super) static BANNER_COUNT_MISMATCH = {
        code: "W101", name: "banner-count-mismatch", severity: Error, since: "0.1.0",
        source: [FollowUpStatistics],
        check: Check::Table(banner_count_mismatch),
    }
}

fn banner_count_mismatch(_: &Context<'_>, leads: &Leads<'_>, findings: &mut Findings<'_>) {
    let ledger = leads.reading().ledger();
    let mut banner = ledger.banner.iter();
    let Some(banner) = banner.find(|banner| banner.kind == BannerKind::WonCount) else {
        return;
    };
    let value = ledger.values().get(banner.value);
    let Some(stated) = count(value).filter(|_| ledger.has_outcome()) else {
        return;
    };
    let day = |kind| day(leads.reading(), kind);
    let (from, to) = (day(BannerKind::QueryFrom), day(BannerKind::QueryTo));
    let is_inside = |lead: &Lead<'_>| {
        (from.is_none() && to.is_none())
            || lead.closed().is_some_and(|closed| {
                from.is_none_or(|from| closed >= from) && to.is_none_or(|to| closed <= to)
            })
    };
    let won = leads
        .iter()
        .filter(|lead| lead.outcome() == Outcome::Won && is_inside(lead))
        .count();
    if won != stated {
        let message = Message::new("banner-count-mismatch", "")
            .with("stated", stated)
            .with("counted", won);
        let finding = findings.cell(banner.cell, message);
        finding.value = Some(value.text().into());
        finding.suggestion = Some(won.to_string());
    }
}

/// `10`, `10户`; `None` where nothing is stated or it cannot be read.
fn count(value: Value<'_>) -> Option<usize> {
    let shown = value.display();
    let folded = nfkc(&shown);
    let digits = folded
        .trim()
        .trim_end_matches(['户', '戶', '家', '个', '個']);
    digits.trim().parse().ok()
}

fn day(reading: &Reading<'_>, kind: BannerKind) -> Option<NaiveDate> {
    let ledger = reading.ledger();
    let mut banner = ledger.banner.iter();
    let banner = banner.find(|banner| banner.kind == kind)?;
    parse_date(ledger.values().get(banner.value), reading.date_habits()).date()
}

#[cfg(test)]
mod tests {
    use crate::field::Field;
    use crate::ledger::{BannerKind, Ledger, LedgerBuilder, Value};
    use crate::place::CellRef;
    use crate::policy::Policy;
    use crate::rules::testing::findings_of;

    /// Three won leads closed in February, March and April, and one lost in March, under a banner.
    fn ledger(from: &str, to: &str, count: &str) -> Ledger {
        let mut builder = LedgerBuilder::new("跟进统计", "follow-up-statistics");
        for (key, field) in [
            ("编号", Field::LeadId),
            ("跟进结果", Field::Result),
            ("成交日期", Field::ClosedDate),
        ] {
            builder.column(key, Some(field));
        }
        for row in [
            ["A001", "成交", "2020-02-01"],
            ["A002", "成交", "2020-03-15"],
            ["A003", "成交", "2020-04-25"],
            ["A004", "未成交", "2020-03-15"],
        ] {
            builder.row(&row.map(Value::Text)).unwrap();
        }
        for (kind, column, text) in [
            (BannerKind::QueryFrom, 1, from),
            (BannerKind::QueryTo, 4, to),
            (BannerKind::WonCount, 8, count),
        ] {
            if !text.is_empty() {
                let cell = CellRef::new(1, column);
                builder.banner(kind, cell, Value::Text(text)).unwrap();
            }
        }
        builder.build()
    }

    fn findings(from: &str, to: &str, count: &str) -> String {
        findings_of("W101", ledger(from, to, count), &Policy::default())
    }

    #[test]
    fn a_number_that_the_rows_do_not_give_is_found() {
        assert_eq!(
            findings("2020-02-01", "2020-04-25", "4户"),
            "I2 banner-count-mismatch stated=4 counted=3 → 3"
        );
        assert_eq!(
            findings("2020-02-02", "2020-04-25", "3"),
            "I2 banner-count-mismatch stated=3 counted=2 → 2"
        );
    }

    #[test]
    fn both_ends_of_the_period_count() {
        assert_eq!(findings("2020-02-01", "2020-04-25", "3"), "");
        assert_eq!(findings("2020-03-15", "2020-03-15", "1"), "");
    }

    #[test]
    fn a_period_may_be_open_at_either_end() {
        assert_eq!(findings("", "", "3"), "");
        assert_eq!(findings("2020-03-01", "", "2"), "");
        assert_eq!(findings("", "2020-03-31", "2"), "");
    }

    #[test]
    fn where_nothing_is_stated_nothing_mismatches() {
        assert_eq!(findings("2020-02-01", "2020-04-25", ""), "");
        assert_eq!(findings("2020-02-01", "2020-04-25", "待统计"), "");
    }
}
