//! Tables met in the field: follow-up tables, import sheets and exports of CRM systems, recognised column by column; and
//! tables of other kinds, left alone.

use super::{Templates, recognise};
use crate::sheet::testing::sheet;

/// The headings of one row, parted by blanks; `_` is a blank inside a heading.
fn row(headings: &str) -> Vec<String> {
    headings
        .split_whitespace()
        .map(|heading| heading.replace('_', " "))
        .collect()
}

/// The meaning of each heading, `-` for none, or which template comes nearest.
fn meanings(headings: &str) -> Result<String, String> {
    let row = row(headings);
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let templates = Templates::builtin();
    let found = recognise(&sheet(&[&row]), &templates);
    let fields = found.layout.map(|layout| {
        let columns = layout.columns.iter();
        let keys = columns.map(|column| column.field.map_or("-", |field| field.key()));
        keys.collect::<Vec<_>>().join(" ")
    });
    fields.ok_or_else(|| format!("{:?}", found.recognition.best))
}

#[test]
fn follow_up_tables_of_every_kind_are_read() {
    for (headings, expected) in [
        // A visit plan.
        (
            "序号 客户编号 客户姓名 公司名称 联系电话 公司地址 拜访客户状况 拜访时间 拜访方式 预期目的",
            "row_number lead_id contact customer phone - summary follow_up_date method plan_goal",
        ),
        // Foreign trade: the overview, and the sheet of one customer.
        (
            "日期 序号 客户名 等级 国家/区域 性质(贸易商/买家) 上次报告跟进情况",
            "follow_up_date row_number customer grade region - summary",
        ),
        (
            "日期 沟通方式 内容简要 当前阶段 下一步动作",
            "follow_up_date method summary stage next_step",
        ),
        // Import sheets of CRM systems.
        (
            "线索名称(*) 线索来源 电话 手机 客户行业 客户级别 下次联系时间 备注",
            "customer source phone mobile industry grade next_date remark",
        ),
        (
            "*跟进内容 *创建人 *所属客户(线索/联系人/商机/合同) 跟进时间-例:2020-2-1 跟进方式 相关联系人 相关商机",
            "summary owner customer follow_up_date method contact -",
        ),
        (
            "公司名称 线索进度 线索来源 线上来源详情 客户需求 联系人名称 联系人电话 意向产品 地区 负责人",
            "customer stage source - need contact phone - region owner",
        ),
        // Leads and their follow-ups as two sheets.
        (
            "线索编号 来源 公司 联系人 职位 电话 微信 邮箱 需求 状态 创建时间 最后跟进 负责人 负责大区 备注",
            "lead_id source customer contact job_title phone wechat email need stage recorded_at follow_up_date owner region remark",
        ),
        (
            "跟进编号 线索编号 跟进日期 跟进方式 首次反馈 跟进记录 产品型号意向 预算范围(万元) 预算确认 采购时间窗 预计成交金额(万) 成交概率(%) 阶段变化 下一步计划 负责人",
            "row_number lead_id follow_up_date method feedback summary need - - - - progress stage next_step owner",
        ),
        // Exports whose columns were renamed on the way: the forms of the CRMs themselves are profiles.
        (
            "First_Name Surname Company Job_Title Phone Mobile_Phone Email Lead_Source Lead_Status Rating Industry Lead_Owner City Stage_Date",
            "given_name contact customer job_title phone mobile email source stage grade industry owner region -",
        ),
        (
            "姓名 公司 电话 手机 邮件 来源 市场活动 线索阶段 负责人 下次跟进时间 备注",
            "contact customer phone mobile email source - stage owner next_date remark",
        ),
        (
            "name company tel mobile email source leads_stage owner next_followed_time remark",
            "contact customer phone mobile email source stage owner next_date remark",
        ),
        // What a small desk keeps.
        (
            "日期 客户 跟进情况 下次跟进时间 业务员",
            "follow_up_date customer summary next_date owner",
        ),
        (
            "拜访日期 客户名称 拜访方式 拜访内容 业务员",
            "follow_up_date customer method summary owner",
        ),
        (
            "客户姓名 联系方式 来源渠道 转化状态 跟进记录 销售额 转化率",
            "customer phone source conversion_status summary sales_amount -",
        ),
    ] {
        assert_eq!(meanings(headings).as_deref(), Ok(expected), "{headings}");
    }
}

#[test]
fn tables_of_other_kinds_are_left_alone() {
    for headings in [
        "姓名 电话 邮箱 公司 部门 职位 备注",
        "Name Company Title Phone Mobile Email Address City Country Notes",
        "编号 姓名 性别 部门 职位 电话 入职日期 状态 备注",
        "品名 规格 库存 备注",
        "发票号 客户名称 日期 金额 状态",
        "编号 日期 类型 内容 负责人 状态 备注",
        "序号 任务名称 负责人 状态 开始时间 完成时间 备注",
        "ID Task Owner Status Priority Start_Date Due_Date Notes",
        "日期 主题 内容 参加人 负责人 下一步",
        "姓名 部门 日期 上班时间 下班时间 状态",
        "日期 类型 金额 说明 申请人 审批人",
        "Date Description Amount Balance Type Category",
        "姓名 电话 邮箱 来源 面试时间 面试方式 面试结果 状态 备注",
        "供应商名称 联系人 电话 地址 类别 备注",
        "ID Name Category Type Price Status Description",
        "客户名称 联系电话 收货地址 发货日期 物流公司",
        "Order_ID Customer Date Amount Status City Country",
        "Row_ID Order_ID Order_Date Ship_Date Ship_Mode Customer_ID Customer_Name Segment Country City State Region Product_ID Category Sub-Category Product_Name Sales Quantity Discount Profit",
        "Date Category Type Amount Notes",
        "项目编号 项目名称 客户名称 项目经理 开始日期 结束日期 状态 合同金额 备注",
        "工单号 客户名称 联系电话 问题类型 问题描述 处理人 状态 创建时间 完成时间",
        "合同编号 客户名称 合同金额 签约日期 负责人 状态 备注",
        "客户名称 应收金额 已收金额 到期日期 负责人 备注",
        "学号 姓名 班级 联系电话 家长姓名 备注",
        "日期 客户姓名 联系电话 投诉内容 处理结果 责任人 满意度",
        "业务员 区域 销售额 目标 完成率",
        "工单号 客户名称 客户反馈 处理结果 处理人 状态",
        "日期 产品 满意度评价 意见和建议 备注",
        "拜访日期 客户名称 费用 报销人 备注",
        "订单编号 客户名称 订单金额 订单日期 交货日期 订单状态",
        "Date Project Task Hours Owner Notes",
        "Account Industry Phone Website City Country Employees",
        "日期 时间 地点 事项 备注",
        "项目名称 负责人 当前状态 下一步计划 风险",
        "培训日期 讲师 方式 内容 反馈 备注",
        "ID Title Type Priority Status Assigned_To Created_Date Description",
        "客户名称 联系人 联系电话 地址 客户类型 备注",
        "报价单号 客户名称 日期 产品 金额 状态 业务员",
        "客户名称 合同编号 回款日期 回款金额 回款方式 业务员 备注",
        "姓名 部门 请假类型 开始日期 结束日期 原因 审批状态",
        "日期 时间 会议室 主题 预订人 联系方式",
        "First_Name Last_Name Email Phone Company Title City State Country Source",
        "日期 来访人 单位 电话 事由 接待人 备注",
    ] {
        let found = meanings(headings);
        assert!(found.is_err(), "{headings}: {found:?}");
    }
}
