//! Won, lost or open: what every conversion figure rests on, and the columns that say it.

use serde::{Deserialize, Serialize};

use super::{OrderStatus, SalesStage, Stage, TermId};
use crate::field::Field;

/// How a lead ended, or that it has not.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Neither won nor lost.
    #[default]
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

impl Outcome {
    /// The fields that can say it. Where several speak, the first of them wins.
    pub const FIELDS: [Field; 5] = [
        Field::Stage,
        Field::ConversionStatus,
        Field::Result,
        Field::SalesStage,
        Field::OrderStatus,
    ];

    /// What a built-in term says, by the field it belongs to and its position in that field's vocabulary.
    pub fn of_builtin(field: Field, term: TermId) -> Option<Self> {
        let term = usize::from(term);
        match field {
            Field::Stage => Stage::at(term).map(Self::from),
            Field::ConversionStatus => ConversionStatus::at(term).map(Self::from),
            Field::Result => FollowUpResult::at(term).map(Self::from),
            Field::SalesStage => SalesStage::at(term).map(Self::from),
            Field::OrderStatus => OrderStatus::at(term).map(Self::from),
            _ => None,
        }
    }
}

/// What the terms of one column say about the outcome in a template that sees it otherwise than most, or has terms
/// of its own. Terms that are named neither as won nor as lost leave the lead open; where none is named at all, the
/// column says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OutcomeRule {
    /// The column.
    pub field: Field,
    /// Terms that say the lead is won.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub won: Vec<String>,
    /// Terms that say it is lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// A column that must be filled as well, where the table has it: no order without its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Field>,
}

super::category! {
    /// 转化状态 of a pipeline table (S3).
    ConversionStatus {
        /// Open.
        Potential = "潜在客户" / "Potential" ["潜在", "意向客户", "高意向客户", "未转化", "跟进中"];
        /// Won.
        Won = "成交客户" / "Won" ["成交", "已成交", "已转化", "converted"];
        /// Lost.
        Lost = "流失客户" / "Lost" ["流失", "已流失"];
    }
}

super::category! {
    /// 跟进结果 of a statistics table (S2).
    FollowUpResult {
        /// Closed.
        Won = "成交" / "Won" ["已成交", "成交客户", "成功", "签约"];
        /// Not closed, and so lost (S2 counts households closed against the rest).
        NotWon = "未成交" / "Not won" ["失败", "流失", "没成交", "战败", "lost"];
    }
}

impl From<Stage> for Outcome {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Won => Outcome::Won,
            Stage::Lost => Outcome::Lost,
            _ => Outcome::Open,
        }
    }
}

impl From<ConversionStatus> for Outcome {
    fn from(status: ConversionStatus) -> Self {
        match status {
            ConversionStatus::Won => Outcome::Won,
            ConversionStatus::Lost => Outcome::Lost,
            ConversionStatus::Potential => Outcome::Open,
        }
    }
}

impl From<FollowUpResult> for Outcome {
    fn from(result: FollowUpResult) -> Self {
        match result {
            FollowUpResult::Won => Outcome::Won,
            FollowUpResult::NotWon => Outcome::Lost,
        }
    }
}

impl From<SalesStage> for Outcome {
    fn from(stage: SalesStage) -> Self {
        if stage.is_won() {
            Outcome::Won
        } else {
            Outcome::Open
        }
    }
}

impl From<OrderStatus> for Outcome {
    fn from(status: OrderStatus) -> Self {
        // An order that is not cancelled is a sale, whatever trouble it is in.
        if status == OrderStatus::Cancelled {
            Outcome::Open
        } else {
            Outcome::Won
        }
    }
}
