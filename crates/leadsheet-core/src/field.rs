//! The fields a follow-up table can have: what a heading means once it is recognised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

macro_rules! fields {
    ($($(#[doc = $doc:literal])* $variant:ident = $key:literal,)*) => {
        /// What a column of a follow-up table means. Its key is stable: it stands in JSON, in template definitions
        /// and behind `--by`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Field {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Field {
            /// Every field, in the order in which a table usually has them.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The stable key, `follow_up_date` for instance.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Field::$variant => $key,)*
                }
            }
        }
    };
}

fields! {
    /// Lead number, 线索编号: `来源-日期-序号`, or a team's own numbering.
    LeadId = "lead_id",
    /// Running number of the row, 序号; not an identity.
    RowNumber = "row_number",
    /// Customer, a firm or a person, 客户名称.
    Customer = "customer",
    /// The person talked to, 联系人; the family name where the given name has a column of its own.
    Contact = "contact",
    /// The contact's given name, 名, where a table keeps it apart from the family name.
    GivenName = "given_name",
    /// That person's position, 职位.
    JobTitle = "job_title",
    /// Any way to reach them, 联系方式: phones, e-mail, `WeChat`.
    Phone = "phone",
    /// Mobile, 手机, of a table that keeps it beside another number.
    Mobile = "mobile",
    /// Land line, 座机 or 办公电话, likewise.
    Landline = "landline",
    /// E-mail address, 邮箱.
    Email = "email",
    /// `WeChat` id, 微信.
    Wechat = "wechat",
    /// Where the lead came from, 线索来源.
    Source = "source",
    /// How hot the lead is, 线索等级 A/B/C.
    Grade = "grade",
    /// 客户类别: 准客户, 意向客户, 优质潜在客户, 一般潜在客户.
    Category = "category",
    /// 客户类型: 一般客户, 优质客户, 超级VIP客户.
    CustomerType = "customer_type",
    /// What the customer first asked for, 初始需求.
    Need = "need",
    /// Day (and time) of the follow-up, 跟进日期.
    FollowUpDate = "follow_up_date",
    /// How contact was made, 跟进方式.
    Method = "method",
    /// Subject of the follow-up, 跟进主题.
    Topic = "topic",
    /// What was said, 沟通内容摘要.
    Summary = "summary",
    /// What the customer answered, 客户反馈.
    Feedback = "feedback",
    /// The customer's mood and attitude, 客户情绪与态度.
    Sentiment = "sentiment",
    /// What happens next, 下一步计划.
    NextStep = "next_step",
    /// When the next follow-up is planned, 计划跟进日期.
    NextDate = "next_date",
    /// What the planned talk is about, 沟通重点.
    PlanFocus = "plan_focus",
    /// What the planned talk should achieve, 预期目标.
    PlanGoal = "plan_goal",
    /// Deadline of the next step, 完成时限.
    DueDate = "due_date",
    /// Who on our side is responsible, 负责人.
    Owner = "owner",
    /// 当前状态: 潜在客户 through 成交客户 or 流失客户.
    Stage = "stage",
    /// Why the stage changed, 状态变更原因.
    StageReason = "stage_reason",
    /// Milestone of the customer's decision, 关键节点.
    Milestone = "milestone",
    /// 销售阶段: 初步接触 through 售后服务.
    SalesStage = "sales_stage",
    /// 转化状态: 潜在客户, 成交客户, 流失客户.
    ConversionStatus = "conversion_status",
    /// How far the deal is, 跟进进度, 0 to 100 %.
    Progress = "progress",
    /// 客户意向: 有意向, 徘徊犹豫, 确定购买意向.
    Intent = "intent",
    /// 跟进结果: 成交 or 未成交.
    Result = "result",
    /// Day the deal was closed, 成交日期.
    ClosedDate = "closed_date",
    /// Sales value, 销售额.
    SalesAmount = "sales_amount",
    /// The contact's firm, 公司名称.
    Company = "company",
    /// 所在地区.
    Region = "region",
    /// 行业.
    Industry = "industry",
    /// Free labels, 标签.
    Tags = "tags",
    /// 订单编号.
    OrderNo = "order_no",
    /// 订单金额.
    OrderAmount = "order_amount",
    /// 订单状态: 已下单 through 已完成, 已取消, 有问题.
    OrderStatus = "order_status",
    /// 订单日期.
    OrderDate = "order_date",
    /// 交货日期.
    DeliveryDate = "delivery_date",
    /// 满意度评价, in words or 1 to 5.
    Satisfaction = "satisfaction",
    /// 意见和建议.
    Suggestion = "suggestion",
    /// 购买潜力评估.
    Potential = "potential",
    /// 备注.
    Remark = "remark",
    /// When the row was written down, 录入时间.
    RecordedAt = "recorded_at",
    /// 策划师.
    Planner = "planner",
}

/// What the values of a field are, and so how they are parsed and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FieldKind {
    /// Free text.
    Text,
    /// A lead number.
    LeadId,
    /// A date, with or without a time of day.
    Date,
    /// Phones, e-mail addresses, `WeChat` ids; possibly several, possibly masked.
    Contact,
    /// A term of a vocabulary.
    Term,
    /// An amount of money with two decimals.
    Money,
    /// A share between 0 and 100 %.
    Percent,
}

impl Field {
    /// The columns that can hold somebody's number, the likeliest to hold a mobile first.
    pub const PHONES: [Field; 3] = [Field::Mobile, Field::Phone, Field::Landline];

    /// How the values of this field are parsed.
    pub const fn kind(self) -> FieldKind {
        match self {
            Field::LeadId => FieldKind::LeadId,
            Field::FollowUpDate
            | Field::NextDate
            | Field::DueDate
            | Field::ClosedDate
            | Field::OrderDate
            | Field::DeliveryDate
            | Field::RecordedAt => FieldKind::Date,
            Field::Phone | Field::Mobile | Field::Landline | Field::Email | Field::Wechat => {
                FieldKind::Contact
            }
            Field::Source
            | Field::Grade
            | Field::Category
            | Field::CustomerType
            | Field::Method
            | Field::Stage
            | Field::SalesStage
            | Field::ConversionStatus
            | Field::Intent
            | Field::Result
            | Field::OrderStatus
            | Field::Milestone
            | Field::Satisfaction => FieldKind::Term,
            Field::SalesAmount | Field::OrderAmount => FieldKind::Money,
            Field::Progress => FieldKind::Percent,
            _ => FieldKind::Text,
        }
    }

    /// Whether a date column says when something happened, and so cannot lie in the future; the others hold plans.
    pub const fn is_past_event(self) -> bool {
        matches!(
            self,
            Field::FollowUpDate | Field::ClosedDate | Field::OrderDate | Field::RecordedAt
        )
    }

    /// Position in [`Field::ALL`], for tables indexed by field.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A text that is no field key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a field key such as `follow_up_date`")]
pub struct UnknownField(pub String);

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let found = Field::ALL.iter().find(|field| field.key() == key);
        found.copied().ok_or_else(|| UnknownField(key.to_owned()))
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Field {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let keys: Vec<_> = Field::ALL.iter().map(|field| field.key()).collect();
        schemars::json_schema!({
            "description": "What a column means: the stable key of a field.",
            "type": "string",
            "enum": keys,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_their_field_and_no_other() {
        for (position, &field) in Field::ALL.iter().enumerate() {
            assert_eq!(field.key().parse(), Ok(field));
            assert_eq!(field.index(), position);
        }
        assert_eq!("Stage".parse::<Field>(), Err(UnknownField("Stage".into())));
    }
}
