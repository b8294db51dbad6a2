//! Headings beside or below which people are named, in tables that no template knows as well.

use leadsheet_core::compact_key;

/// What stands below or beside a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Person,
    Staff,
    Organisation,
    Contact,
    Identity,
    Bank,
}

const HEADINGS: [(Heading, &[&str]); 6] = [
    (
        Heading::Person,
        &[
            "联系人",
            "联络人",
            "姓名",
            "客户姓名",
            "客户",
            "客户名称",
            "客户名",
            "名字",
            "业主",
            "业主姓名",
            "家长",
            "家长姓名",
            "学员",
            "学员姓名",
            "学生姓名",
            "新郎",
            "新娘",
            "新人姓名",
            "决策人",
            "关键人",
            "收货人",
            "收件人",
            "介绍人",
            "推荐人",
            "转介绍人",
            "法人",
            "法定代表人",
            "紧急联系人",
            "配偶",
            "家属",
            "患者",
            "患者姓名",
            "会员",
            "会员姓名",
            "第二联系人",
            "联系人2",
            "昵称",
            "微信名",
            "微信昵称",
            "contact",
            "contactname",
            "contactperson",
            "name",
            "fullname",
            "customer",
            "customername",
            "client",
        ],
    ),
    (
        Heading::Staff,
        &[
            "负责人",
            "业务员",
            "跟进人",
            "销售",
            "销售员",
            "销售人员",
            "策划师",
            "录入人",
            "顾问",
            "客户经理",
            "owner",
            "salesperson",
        ],
    ),
    (
        Heading::Organisation,
        &[
            "公司",
            "公司名称",
            "单位",
            "单位名称",
            "企业名称",
            "company",
            "companyname",
            "organisation",
            "organization",
        ],
    ),
    (
        Heading::Contact,
        &[
            "电话",
            "联系电话",
            "电话号码",
            "手机",
            "手机号",
            "手机号码",
            "联系方式",
            "联系手机",
            "座机",
            "办公电话",
            "传真",
            "微信",
            "微信号",
            "qq",
            "qq号",
            "邮箱",
            "电子邮箱",
            "备用电话",
            "家庭电话",
            "紧急联系电话",
            "phone",
            "mobile",
            "tel",
            "telephone",
            "email",
            "e-mail",
            "wechat",
            "wechatid",
        ],
    ),
    (
        Heading::Identity,
        &[
            "身份证",
            "身份证号",
            "身份证号码",
            "证件号",
            "证件号码",
            "护照",
            "护照号",
            "护照号码",
            "passport",
            "passportno",
            "idnumber",
            "idno",
        ],
    ),
    (
        Heading::Bank,
        &[
            "银行卡",
            "银行卡号",
            "卡号",
            "账号",
            "帐号",
            "银行账号",
            "银行帐号",
            "收款账号",
            "支付宝",
            "支付宝账号",
            "bankaccount",
            "accountno",
        ],
    ),
];

/// What a text says of what stands below or beside it, where it is a heading at all.
pub(super) fn heading(text: &str) -> Option<Heading> {
    let key = compact_key(text);
    let bare = key.trim_matches(|c: char| "*:：()（）.-_ ".contains(c));
    let words = HEADINGS.iter().find(|(_, words)| words.contains(&bare));
    words.map(|(heading, _)| *heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_however_they_are_decorated() {
        assert_eq!(heading("聯繫人："), Some(Heading::Person));
        assert_eq!(heading("* 身份证号 "), Some(Heading::Identity));
        assert_eq!(heading("E-mail"), Some(Heading::Contact));
        assert_eq!(heading("联系人说下周"), None);
    }
}
