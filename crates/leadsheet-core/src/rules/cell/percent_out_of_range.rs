use crate::field::FieldKind;
use crate::ledger::Parsed;
use crate::message::Message;
use crate::rules::{CellValue, Check, Context, Flaw, declare_rule};
use crate::value::PercentError;

declare_rule! {
    /// ## What it finds
    /// A progress below 0 % or above 100 %, one that is no percentage, or a bare number up to 1 among others that count
    /// per cent: `0.45` may be meant as 45 % or as 0.45 %.
    ///
    /// ## Why it matters
    /// Averages and forecasts rest on it; a progress of 850 % outweighs eight leads.
    ///
    /// ## Example that fails
    /// | 编号 | 跟进进度 |
    /// |---|---|
    /// | A002 | 850% |
    ///
    /// ## Example that passes
    /// | 编号 | 跟进进度 |
    /// |---|---|
    /// | A002 | 85% |
    ///
    /// ## What to do
    /// Write a share between `0%` and `100%`, with its sign.
    pub(super) static PERCENT_OUT_OF_RANGE = {
        code: "C603", name: "percent-out-of-range", severity: Error, since: "0.1.0",
        source: [FollowUpStatistics],
        check: Check::Cell(&[FieldKind::Percent], percent_out_of_range),
    }
}

fn percent_out_of_range(_: &Context<'_>, cell: &CellValue<'_>) -> Option<Flaw> {
    let Parsed::Percent(Err(error)) = cell.parsed else {
        return None;
    };
    let variant = match error {
        PercentError::OutOfRange => "",
        PercentError::NotANumber => "unreadable",
        PercentError::Ambiguous => "ambiguous",
    };
    let message = Message::new("percent-out-of-range", variant).with("value", cell.value.display());
    Some(Flaw::new(message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::findings;

    #[test]
    fn impossible_shares_and_words_are_found() {
        let table = "
            | lead_id | progress |
            | A001    | 850%     |
            | A002    | =1.2 0%  |
            | A003    | -5%      |
            | A004    | 约一半   |";
        insta::assert_snapshot!(findings("C603", table), @r"
        B2 percent-out-of-range value=850%
        B3 percent-out-of-range value=120%
        B4 percent-out-of-range value=-5%
        B5 percent-out-of-range-unreadable value=约一半
        ");
    }

    #[test]
    fn every_spelling_of_a_share_is_clean() {
        let table = "
            | progress | remark |
            | =0.45 0% | 850%   |
            | 45％     |        |
            | =45      |        |
            | 0%       |        |
            | 100%     |        |
            |          |        |";
        assert_eq!(findings("C603", table), "");
    }
}
