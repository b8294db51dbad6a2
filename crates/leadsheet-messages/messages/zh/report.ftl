### 报表对自己的说明：统计了什么、按哪个日期、哪些没法统计。

report-note-leads = { $rows } 行跟进合并为 { $count } 条线索：一个客户无论跟进多少次只算一条，成交、流失还是在跟，以最近一次跟进为准
report-note-no-table = 没有认出任何跟进表，无从统计
report-note-unidentified = { $count } 行没有写明客户（编号、手机、姓名都没有），不计入任何线索
report-note-undated-rows = { $count } 行没有可读的跟进日期，按晚于同一线索所有有日期的行处理
report-note-no-outcome = 没有任何一列能看出是否成交（当前状态、转化状态、跟进结果、销售阶段、订单状态），因此无法统计转化
report-note-without-outcome = { $count } 条线索只出现在看不出成交与否的表里，未计入

report-note-all = 统计全部线索，不限时间
report-note-created = 按线索产生日期统计：{ $bounds ->
    [from] { $from } 及以后
    [to] { $to } 及以前
   *[both] { $from } 至 { $to }{" "}
 }产生的 { $count } 条线索，之后任何时候成交都算成交
report-note-followed-up = 按跟进日期统计：{ $bounds ->
    [from] { $from } 及以后
    [to] { $to } 及以前
   *[both] { $from } 至 { $to }{" "}
 }跟进过的 { $count } 条线索（{ $rows } 次跟进），任何时候成交都算成交
report-note-closed = 按成交（或流失）日期统计：日期在 { $bounds ->
    [from] { $from } 及以后
    [to] { $to } 及以前
   *[both] { $from } 至 { $to }{" "}
 }的 { $count } 条线索，不论何时产生；这里的转化率是已了结线索中的成交比例，不是新增线索中的
report-note-not-created = { $count } 条线索的编号里没有日期，也没有跟进日期，无法归入时间段，未计入
report-note-not-followed-up = { $count } 条线索没有跟进日期，无法归入时间段，未计入
report-note-not-closed = { $count } 条线索没有成交或流失日期（多数仍在跟进），无法归入时间段，未计入

report-note-within = 产生后 { $days } 天内成交才算成交；{ $count ->
    [0] 截至 { $today }，没有不满这个天数的线索
   *[other] 截至 { $today } 不满这个天数的 { $count } 条线索未计入
 }
report-note-within-not-created = { $count } 条线索不知道产生日期，未计入
report-note-latest-grade = 线索等级取最近一次跟进；因为成交才调高的等级说明不了什么

report-note-no-column = 没有一张表有「{ $key }」这一列，无法按它统计
report-note-column-missing = 「{ $key }」：{ $count } 条线索所在的表没有这一列，按未填写统计
report-note-no-stage = 没有一张表有当前状态这一列，因此没有漏斗，也不能按阶段统计
report-note-unknown-stage = { $count } 条在跟线索没有可识别的当前状态，未计入漏斗
report-note-reopened = { $count } 条线索曾经成交，但最近一次跟进又不是成交：计入到过成交客户，不计为成交

### 报表的版面：标题、数字的含义、图表。

report-title = 线索转化报表
report-conversion-by = 按{ $key }看转化
report-funnel-title = 漏斗：线索走到了哪一步
report-notes = 统计说明
report-sort = 按此列排序
report-chart-rate = 按{ $key }的转化率（成交/线索，95 % 区间）
report-chart-leads = 按{ $key }的线索数
report-chart-leads-over-time = 按{ $key }的线索数和成交数
report-about-lead = 一个客户无论跟进多少次都只算一条线索；成交、流失还是在跟，以最近一次跟进为准。
report-about-rate = 转化率 = 成交 ÷ 线索。95 % 区间（Wilson）表示以现有的线索数，真实转化率大致落在哪个范围：两个区间大幅重叠时，差别可能只是偶然。
report-about-small = 灰色的行不足 10 条线索。
report-about-first = 来源和等级取线索的首次跟进：因为成交才调高的等级说明不了什么。
report-about-stage = 线索到过的每个阶段都计入：直到各行显示的最高阶段；成交的算到过全部阶段，流失的至少到过第一个。
report-about-funnel = 继续前进：也到过下一阶段。在此流失：以此为最高阶段而流失。停留在此：两者都不是。
