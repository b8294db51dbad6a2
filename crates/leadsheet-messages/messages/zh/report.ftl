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
report-note-nothing-in-window = 这段时间里没有线索：表中的线索{ $by ->
    [followed-up] 最近一次跟进
    [closed] 成交或流失
   *[created] 产生
 }于 { $first } 至 { $last }，请换一段时间再看
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
report-funnel-readings = 漏斗的其他读法
report-shown = 有行显示
report-in-order = 按顺序
report-next-in-order = 按顺序到下一阶段
report-about-readings = “到过”也包括没有行显示但必然经过的阶段。“有行显示”：某次跟进正好显示这一阶段，不论先后。“按顺序”（严格）：跟进依次显示到此为止的每个阶段，每个都首次出现在前一个之后；跳过阶段的就算到那里为止。
report-differs-none = 没有哪一组与其余各组合计的差别大到偶然难以解释（Fisher 精确检验，按 Holm 对 { $count } 组校正）。
report-differs-higher = { $name }的转化率高于其余各组合计：{ $rate }（{ $won }/{ $leads }），{ $difference }，95 % 区间 { $low } 至 { $high }，p { $p }。
report-differs-lower = { $name }的转化率低于其余各组合计：{ $rate }（{ $won }/{ $leads }），{ $difference }，95 % 区间 { $low } 至 { $high }，p { $p }。
report-differs-method = 以上差别偶然难以解释（Fisher 精确检验，按 Holm 对 { $count } 组校正）；没有提到的组，与其余各组的差别都不确定。
report-about-funnel = 继续前进：也到过下一阶段。在此流失：以此为最高阶段而流失。停留在此：两者都不是。

# 两个时间段对比

report-comparison = 对比
report-comparison-title = 两个时间段对比
report-compared-periods = { $from } 至 { $to }，对比 { $other_from } 至 { $other_to }。
report-compared-rose = 转化率从 { $before }（{ $won_before }/{ $leads_before }）升到 { $after }（{ $won_after }/{ $leads_after }）：{ $difference }，95 % 区间 { $low } 至 { $high }。偶然很少造成这么大的差别（p { $p }）。
report-compared-fell = 转化率从 { $before }（{ $won_before }/{ $leads_before }）降到 { $after }（{ $won_after }/{ $leads_after }）：{ $difference }，95 % 区间 { $low } 至 { $high }。偶然很少造成这么大的差别（p { $p }）。
report-compared-uncertain = 转化率之前是 { $before }（{ $won_before }/{ $leads_before }），现在是 { $after }（{ $won_after }/{ $leads_after }）：{ $difference }，95 % 区间 { $low } 至 { $high }。这个差别可能只是偶然（p { $p }）。
report-compared-empty = 其中一个时间段没有线索，无法对比。
report-compared-mix = 如果两个时间段的{ $key }构成相同：{ $before } 与 { $after }，相差 { $difference }（{ $covered } 的线索属于两段都有的组）。
report-compared-groups-some = 按{ $key }看，{ $count } 组中变化大到偶然难以解释的有：{ $names }。
report-compared-groups-none = 按{ $key }看，{ $count } 组的变化都可能只是偶然。
report-about-comparison = 构成相同时就消失的变化来自线索不同，而不是工作做得不同。差值区间用 Newcombe 法；p 用 Fisher 精确检验，表中因同时看多组而按 Holm 校正：低于 0.05 时，差别难以用偶然解释。
report-before-leads = 之前线索
report-before-won = 之前成交
report-before-rate = 之前转化率
report-after-leads = 线索
report-after-won = 成交
report-after-rate = 转化率
report-change = 变化
report-p = p（Holm）
report-note-compared-unripe = 较晚的时间段里，线索用来成交的时间更短；用 --within 60 可让两段时间一样长

# 速度

report-speed = 速度
report-speed-title = 速度：多快回应，多久成交
report-response-title = 首次回应（按等级）
report-about-response = 回应时限是 { $hours } 小时（设置里的 first-response-hours）。单元格没写钟点时，能不能算在时限内有时无法证实：时限为 24 小时，当天回应一定在内，第二天回应只是可能。因此在时限内的比例介于所列两个比例之间。程序自动发送的不算回应。
report-bands-title = 首次回应：线索产生后多少天、多少小时
report-band-day = { $count ->
    [0] 当天
    [1] 第二天
   *[other] 第 { $count } 天
 }
report-band-days = { $first } 至 { $last } 天
report-band-later = { $count } 天以上
report-within-hours = { $hours } 小时内（有钟点的）
report-hours-to-answer = 首次回应所用小时
report-p95 = 95 % ≤
report-about-spread = 一半的数值在两个四分位数之间，中位数居中。阶段停留天数：从首次显示该阶段的跟进，到之后首次显示其他阶段的跟进。
report-same-day = 当天
report-next-day = 第二天
report-later = 更晚
report-within-at-least = { $hours } 小时内至少
report-within-at-most = { $hours } 小时内至多
report-inside-title = 及时回应与其他线索的转化
report-answered = 回应时间
report-inside = { $hours } 小时内（确定或可能）
report-outside = 更晚
report-gap-certain = { $hours } 小时内（确定或可能）回应的线索与其他线索相差 { $difference }，95 % 区间 { $low } 至 { $high }：偶然很少造成这么大的差别（p { $p }）。
report-gap-uncertain = { $hours } 小时内（确定或可能）回应的线索与其他线索相差 { $difference }，95 % 区间 { $low } 至 { $high }：可能只是偶然（p { $p }）。
report-spread-title = 要多久，要多少
report-measure = 项目
report-count = 线索
report-q1 = 四分之一 ≤
report-median = 中位数
report-q3 = 四分之三 ≤
report-mean = 平均
report-still-there = 仍在其中
report-days-to-close = 成交所用天数
report-follow-ups-per-won = 每条成交线索的跟进次数
report-days-in-stage = { $stage }停留天数
report-note-response-days = 线索产生日期取自编号，钟点取自首次沟通前已录入的行；如果编号是首次联系时才给的，回应看起来会比实际快
report-note-no-response = 编号和录入时间都没有写明线索何时产生，无法知道多快回应
report-note-response-automatic = { $count } 条线索只有程序自动发送的消息，不计入首次回应
report-note-response-numberless = { $count } 条线索的编号里没有日期，不计入首次回应
report-note-response-undated = { $count } 条线索没有带日期的跟进，不计入首次回应
report-note-response-backwards = { $count } 条线索的首次跟进早于编号里的日期，其中一个日期有误，不计入首次回应
report-note-close-undated = { $count } 条成交线索缺产生日期或成交日期，不计入成交所用天数
report-note-close-backwards = { $count } 条成交线索的成交日期早于产生日期，其中一个日期有误，不计入成交所用天数

# 工作量

report-activity = 工作量
report-activity-title = 新增线索和跟进次数
report-activity-by = 按{ $key }看新增线索和跟进次数
report-follow-ups-by = 按{ $key }看跟进次数
report-new-leads = 新增线索
report-follow-ups = 跟进次数
report-others = 其余
report-about-activity = 新增线索算在产生当天，归首行所写的人（或来源、地区）；跟进算在跟进当天，归本行所写的人。
report-note-activity-running = { $period } 还没有结束，数字还会增加
report-note-sales-running = { $period } 还没有结束，金额还会增加
report-note-activity-window = 新增线索和跟进都按各自的日期落在时间段内来统计
report-note-activity-undated-leads = { $count } 条线索没有日期，不计入新增
report-note-activity-undated = { $count } 次跟进没有可读的日期，未计入
report-note-activity-listed = { $rows } 行在一格里列出了几次带日期的沟通，按 { $count } 次跟进计
key-day = 日
key-year = 年份

# 逾期

report-overdue = 逾期
report-overdue-title = 等得太久的线索
report-overdue-share = 逾期比例
report-longest = 最长等待（天）
report-about-overdue = 在跟线索超过其等级允许的天数没有跟进，从最近一次跟进或计划的下次跟进日算起；`leadsheet due` 可列出该联系谁。
report-note-overdue-pace = 允许间隔：A 级 { $a } 天，B 级 { $b } 天，C 级或未填 { $c } 天（见规定中的 cadence），以 { $today } 为准，与报表时间段无关

# 业绩分摊

report-credit = 业绩分摊
report-credit-title = 共同跟进的线索平均分摊
report-about-credit = 两人共同跟进的线索各算一半（业绩分半），三人各算三分之一。任何一行写到的负责人都算共同跟进。分摊后的数字没有 95 % 区间。
report-shared-leads = { $count ->
    [0] 没有共同跟进的线索。
   *[other] { $count } 条线索由多人共同跟进。
 }
report-alone = 独自跟进
report-shared = 共同跟进

# 销售额

report-sales = 销售额
report-sales-title = 销售额
report-sales-by = 按{ $key }看销售额
report-orders = 订单数
report-amount = 金额
report-sales-drop = { $by } { $key }：{ $month } 仅 { $amount }，平常每月 { $usual }。
report-about-sales = 一笔订单写在几行里只算一次，取最近的金额；没有订单编号时一条线索算一笔。只计成交且未取消的，日期取订单日期，其次成交日期，再次跟进日期。
report-about-drop = 最近一个完整月份不到前三个月中位数的一半、且那三个月至少有五笔订单时，提示突然下降。
report-note-sales-no-outcome = 没有一列说明是否成交，所有金额都计入
report-note-sales-unsold = { $count } 笔金额所属订单未成交或已取消，未计入
report-note-sales-unreadable = { $count } 个单元格不是金额，未计入
report-note-sales-undated = { $count } 笔销售没有日期，不计入任何月份，也不计入指定的时间段
report-note-sales-outside = { $count } 笔销售在时间段之外

# 完整度

report-quality = 完整度
report-quality-title = 填写完整度
report-quality-owners = 按负责人看完整行
report-about-quality = 统计模板要求每行必填的列；各列都填了就算完整，不论对错。填错的地方见 `leadsheet check`。
report-rows = 行数
report-column = 列
report-filled = 已填
report-complete = 完整
report-share = 比例

# 按产生月份

report-cohorts = 按产生月份
report-cohorts-title = 按产生月份看：多久成交多少
report-about-cohorts = 该月线索到当月末、次月末……为止已成交的比例。还没到的月份留空；括号里是正在进行的月份，数字还会涨。请竖着比较同一列，括号里的不比。
report-cohorts-within = 多少天内成交（只算已满这些天的线索）
report-within-days = { $count } 天内
report-about-within = 第二张表的每一列只算已产生这么多天的线索；括号里是整月还没有满这些天的月份。
report-after-months = { $count ->
    [0] 当月
   *[other] 第 { $count } 个月
 }
report-note-cohort-undated = { $count } 条线索不知道产生日期，不计入任何月份
report-note-cohort-unplaced = { $count } 条成交线索没有成交日期，或早于产生日期：计入线索数，不计入任何月份的成交
report-note-no-overdue = 没有一列能看出线索是否还在跟，无法知道谁逾期
report-note-no-sales = 没有一张表有金额列，没有销售额可统计
report-note-no-quality = 没有模板要求必填的列，无法统计完整度
report-note-no-cohorts = 没有既知道产生日期又知道结果的线索，无法按产生月份统计
report-note-no-credit = 没有一张表既写明负责人又能看出成交与否，无法分摊业绩

## 今天该联系谁

due-name = 待跟进
due-title = 该联系谁
due-about = 到期日取计划的下次跟进日期；没有计划时，按最近一次跟进加上该等级允许的天数。
due-headline = 截至 { $today }：逾期 { $late } 条，今天 { $now } 条，之后 { $later } 条
due-day = 到期日
due-late = 逾期天数
due-last = 最近跟进
due-place = 位置
due-event = 跟进 { $name }
due-event-late = 已逾期 { $count } 天，原定 { $day }
command-due-format = { $path }：要写成什么格式由文件名的后缀决定，请用 .ics、.xlsx 或 .json
