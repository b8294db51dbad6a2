//! A vocabulary at work: the terms a column may hold, found under any of their spellings. Starts from the built-in
//! category of its field; a team adds its own terms and synonyms.

use std::collections::HashMap;

use super::{
    ConversionStatus, CustomerCategory, CustomerType, FollowUpResult, Grade, Intent, Method,
    Milestone, OrderStatus, SalesStage, Satisfaction, Source, Stage,
};
use crate::field::Field;
use crate::text::{compact, compact_key, likeness};

/// Position of a term in its vocabulary. The built-in terms come first, in their category's order.
pub type TermId = u16;

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The spelling used in every output.
    pub canonical: String,
    /// The label in English; the canonical one where a team gave none.
    pub english: String,
}

/// The terms of one field.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    open: bool,
    terms: Vec<Term>,
    by_key: HashMap<String, TermId>,
}

impl Vocabulary {
    /// A vocabulary without terms. In an open one an unknown term is a warning, in a closed one an error.
    pub fn empty(open: bool) -> Self {
        Self {
            open,
            terms: Vec::new(),
            by_key: HashMap::new(),
        }
    }

    /// The built-in vocabulary of a field, where it has one.
    pub fn builtin(field: Field) -> Option<Self> {
        Some(match field {
            Field::Source => Self::of(true, Source::spellings()),
            Field::Method => Self::of(true, Method::spellings()),
            Field::Grade => Self::of(false, Grade::spellings()),
            Field::Category => Self::of(false, CustomerCategory::spellings()),
            Field::CustomerType => Self::of(true, CustomerType::spellings()),
            Field::Stage => Self::of(false, Stage::spellings()),
            Field::SalesStage => Self::of(false, SalesStage::spellings()),
            Field::ConversionStatus => Self::of(false, ConversionStatus::spellings()),
            Field::Intent => Self::of(true, Intent::spellings()),
            Field::Result => Self::of(false, FollowUpResult::spellings()),
            Field::OrderStatus => Self::of(false, OrderStatus::spellings()),
            Field::Milestone => Self::of(true, Milestone::spellings()),
            Field::Satisfaction => Self::of(true, Satisfaction::spellings()),
            _ => return None,
        })
    }

    fn of(
        open: bool,
        spellings: impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])>,
    ) -> Self {
        let mut vocabulary = Self::empty(open);
        for (canonical, english, synonyms) in spellings {
            vocabulary.add(canonical, english, synonyms.iter().copied());
        }
        vocabulary
    }

    /// Adds a term, or synonyms to one that is there. A spelling that is taken stays with its first owner.
    pub fn add<'s>(
        &mut self,
        canonical: &str,
        english: &str,
        synonyms: impl IntoIterator<Item = &'s str>,
    ) {
        let id = self
            .by_key
            .get(&compact_key(canonical))
            .copied()
            .unwrap_or_else(|| {
                self.terms.push(Term {
                    canonical: canonical.to_owned(),
                    english: english.to_owned(),
                });
                (self.terms.len() - 1) as TermId
            });
        for spelling in [canonical, english] {
            self.by_key.entry(compact_key(spelling)).or_insert(id);
        }
        for spelling in synonyms {
            self.by_key.entry(compact_key(spelling)).or_insert(id);
        }
    }

    /// Whether a team may use terms that are not listed.
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// The terms in order.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term at a position.
    pub fn term(&self, id: TermId) -> Option<&Term> {
        self.terms.get(usize::from(id))
    }

    /// The term that `text` spells; a remark behind it (`A（重点客户）`, `A:贵宾`) is passed over, as long as it is no term
    /// itself.
    pub fn find(&self, text: &str) -> Option<TermId> {
        let key = compact(text);
        if let Some(&id) = self.by_key.get(&*key) {
            return Some(id);
        }
        let (head, remark) = key.split_once(['(', ':', '[', '【'])?;
        let &id = self.by_key.get(head)?;
        let remark = remark.trim_end_matches([')', ']', '】']);
        let other = self.by_key.get(remark).filter(|&&other| other != id);
        other.is_none().then_some(id)
    }

    /// The listed spelling nearest to `text`, where one is near enough to be meant: at least two of three
    /// characters in common by Damerau-Levenshtein distance.
    pub fn nearest(&self, text: &str) -> Option<&Term> {
        const NEAR: f64 = 0.65;
        let key = compact_key(text);
        let length = key.chars().count();
        let near = |(spelling, &id): (&String, &TermId)| {
            // The distance is at least the difference in length: whole sentences are passed over unread.
            let other = spelling.chars().count();
            let (shorter, longer) = (length.min(other), length.max(other));
            if (shorter as f64) < NEAR * longer as f64 {
                return None;
            }
            let likeness = likeness(spelling, &key);
            (likeness >= NEAR).then_some((likeness, id))
        };
        let (_, id) = self
            .by_key
            .iter()
            .filter_map(near)
            .max_by(|(one, first), (other, second)| one.total_cmp(other).then(second.cmp(first)))?;
        self.term(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(field: Field, text: &str) -> Option<String> {
        let vocabulary = Vocabulary::builtin(field)?;
        vocabulary
            .find(text)
            .and_then(|id| vocabulary.term(id))
            .map(|term| term.canonical.clone())
    }

    #[test]
    fn every_spelling_finds_its_term() {
        for (field, text, expected) in [
            (Field::Grade, "Ａ類", "A"),
            (Field::Grade, "A（重点客户）", "A"),
            (Field::Grade, "a", "A"),
            (Field::Stage, "意向客戶", "意向客户"),
            (Field::Stage, " 高意向 客户", "高意向客户"),
            (Field::Stage, "won", "成交客户"),
            (Field::Source, "展会咨询", "行业展会"),
            (Field::Method, "電話溝通", "电话"),
            (Field::Result, "未成交", "未成交"),
            (Field::Intent, "有意向徘徊犹豫", "徘徊犹豫"),
        ] {
            assert_eq!(canonical(field, text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(canonical(Field::Grade, "D"), None);
        assert_eq!(canonical(Field::Need, "A"), None);
    }

    /// The spellings met in the field, by column.
    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_people_and_other_programs_write_is_known() {
        for (field, expected, spellings) in [
            (
                Field::Grade,
                "A",
                &[
                    "A",
                    "a",
                    "Ａ",
                    "A类",
                    "A類",
                    "A级",
                    "A級",
                    "A（重点客户）",
                    "A （重点客户）",
                    "A(重点客户)",
                    "A:贵宾",
                    "高",
                    "Hot",
                    "hot",
                    "重点客户",
                ][..],
            ),
            (Field::Grade, "B", &["B（普通客户）", "中", "Warm"]),
            (Field::Grade, "C", &["C（非优先客户）", "低", "Cold"]),
            (
                Field::Method,
                "电话",
                &[
                    "电话跟进",
                    "电话沟通",
                    "打电话",
                    "電話拜訪",
                    "Call",
                    "Phone",
                ],
            ),
            (
                Field::Method,
                "登门拜访",
                &[
                    "直接登门",
                    "直接登门拜访",
                    "上门拜访",
                    "见面拜访",
                    "拜访",
                    "面谈",
                    "到府拜訪",
                    "当面拜访",
                    "Visit",
                ],
            ),
            (
                Field::Method,
                "邀约来访",
                &["邀约登门", "邀约客户来访", "到店跟进"],
            ),
            (Field::Method, "现场跟进", &["現場跟進"]),
            (Field::Method, "微信", &["微信沟通", "WeChat"]),
            (Field::Method, "网络对话", &["WhatsApp", "QQ", "網路對話"]),
            (
                Field::Method,
                "手机短信",
                &["发短信", "短信", "SMS", "簡訊"],
            ),
            (
                Field::Method,
                "邮件",
                &["发邮件", "寄e-mail", "电子邮件", "電子郵件"],
            ),
            (Field::Method, "会议", &["活动", "開會"]),
            (Field::Method, "其他", &["其它"]),
            (
                Field::Stage,
                "潜在客户",
                &["潜在", "潛在客戶", "New", "新线索"],
            ),
            (
                Field::Stage,
                "成交客户",
                &["成交", "已成交", "赢单", "Closed Won"],
            ),
            (
                Field::Stage,
                "流失客户",
                &["流失", "输单", "Closed Lost", "Lost Lead"],
            ),
            (Field::SalesStage, "初步接触", &["验证客户", "初次联系"]),
            (Field::SalesStage, "需求分析", &["需求确认", "需求確認"]),
            (
                Field::SalesStage,
                "报价",
                &["方案/报价", "建議/報價", "报价中"],
            ),
            (Field::SalesStage, "合同签订", &["签约成交", "赢单"]),
            (Field::SalesStage, "售后服务", &["合作中"]),
            (
                Field::Source,
                "行业展会",
                &["展会", "展会资源", "展会咨询", "Trade Show", "展會"],
            ),
            (
                Field::Source,
                "客户转介绍",
                &["转介绍", "客户介绍", "介绍", "Word of mouth", "轉介紹"],
            ),
            (
                Field::Source,
                "官网注册",
                &["官网咨询", "线上注册", "Web Site"],
            ),
            (Field::OrderStatus, "已下单", &["新建", "待发货"]),
            (
                Field::OrderStatus,
                "已发货",
                &["部分发货", "待验收", "已出货"],
            ),
            (Field::OrderStatus, "已取消", &["已作废"]),
            (Field::ConversionStatus, "成交客户", &["已成交", "成交"]),
            (Field::Intent, "徘徊犹豫", &["有意向徘徊犹豫", "猶豫"]),
            (Field::Intent, "确定购买意向", &["强烈意愿"]),
            (Field::Milestone, "预算获批", &["预算确认"]),
            (Field::Satisfaction, "非常满意", &["5", "5分", "★★★★★"]),
            (Field::Satisfaction, "非常不满意", &["1", "很不满意"]),
        ] {
            for spelling in spellings {
                assert_eq!(
                    canonical(field, spelling).as_deref(),
                    Some(expected),
                    "{field} {spelling}"
                );
            }
        }
    }

    /// Their meaning here is anybody's guess, so nobody guesses.
    #[test]
    fn words_of_other_programs_without_a_clear_meaning_stay_unknown() {
        for (field, spelling) in [
            (Field::Grade, "D:中断"),
            (Field::Grade, "战略客户"),
            (Field::Grade, "A/B"),
            (Field::Grade, "A:B"),
            (Field::Stage, "Converted"),
            (Field::Stage, "已转换"),
            (Field::Stage, "处理中"),
            (Field::Stage, "Contacted"),
            (Field::Stage, "Nurture"),
            (Field::Stage, "Junk Lead"),
            (Field::Stage, "无效"),
            (Field::Stage, "沉默"),
            (Field::Stage, "未成交"),
            (Field::SalesStage, "输单"),
            (Field::SalesStage, "谈判协商"),
            (Field::SalesStage, "商务洽谈"),
            (Field::Method, "样品"),
            (Field::Method, "报价"),
            (Field::Source, "陌拜"),
            (Field::OrderStatus, "退货"),
        ] {
            assert_eq!(canonical(field, spelling), None, "{field} {spelling}");
        }
    }

    #[test]
    fn a_slip_of_the_hand_has_a_nearest_term() {
        let sources = Vocabulary::builtin(Field::Source).unwrap();
        assert_eq!(
            sources
                .nearest("行业展汇")
                .map(|term| term.canonical.as_str()),
            Some("行业展会")
        );
        assert_eq!(sources.nearest("抖音直播"), None);
    }

    #[test]
    fn a_team_adds_terms_and_synonyms() {
        let mut sources = Vocabulary::builtin(Field::Source).unwrap();
        sources.add("抖音直播", "Douyin", ["抖音"]);
        sources.add("行业展会", "Trade fair", ["广交会"]);
        assert_eq!(sources.find("抖音"), Some(Source::ALL.len() as TermId));
        assert_eq!(sources.find("广交会"), sources.find("展会"));
        assert_eq!(sources.terms().len(), Source::ALL.len() + 1);
    }

    #[test]
    fn no_spelling_belongs_to_two_terms() {
        for &field in Field::ALL {
            let Some(vocabulary) = Vocabulary::builtin(field) else {
                continue;
            };
            for (position, term) in vocabulary.terms.iter().enumerate() {
                assert_eq!(
                    vocabulary.find(&term.canonical),
                    Some(position as TermId),
                    "{}",
                    term.canonical
                );
                assert_eq!(
                    vocabulary.find(&term.english),
                    Some(position as TermId),
                    "{}",
                    term.english
                );
            }
        }
    }
}
