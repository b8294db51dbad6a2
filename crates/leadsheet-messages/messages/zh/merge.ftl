## 合并后的工作簿

merge-origin-file = 来源文件
merge-origin-sheet = 来源工作表
merge-origin-row = 来源行
merge-origin-copies = 另见于

merge-conflicts = 冲突
merge-conflicts-lead = 线索
merge-conflicts-what = 哪里不一致
merge-conflicts-stands = 以此为准
merge-conflicts-stands-at = 出处
merge-conflicts-other = 另有
merge-conflicts-other-at = 另有的出处
merge-conflicts-why = 理由

merge-duplicates = 重复行
merge-duplicates-kept = 保留的行
merge-duplicates-other = 相同的行

merge-what-outcome = 成交或流失
merge-what-twice = 同一客户登记了两次
merge-what-number = 同一编号，不同客户
merge-what-mobile = 同一手机号，不同客户

merge-why-first = 首次跟进所写
merge-why-latest = 最近一次跟进所写
merge-why-order = 日期分不出先后，按文件、工作表、行的顺序
merge-why-earlier = 先登记的为准
merge-why-stronger = 全名登记且电话正确的为准
merge-why-both = 都保留，请核实；可能是一家人或共用号码
merge-why-both-numbers = 都保留，请给其中一个另编号

## 合并的小结

merge-summary = 合并 { $count } 个文件：{ $in } 行并为 { $out } 行
merge-table = 「{ $sheet }」：{ $out } 行，{ $leads } 条线索，来自 { $count } 个文件
merge-duplicates-found = 重复 { $count } 行：各文件里一模一样，只取一次
merge-conflicts-found = 冲突 { $count } 处：
merge-conflict = { $lead }，{ $what }：以「{ $stands }」为准（{ $at }），另有「{ $other }」（{ $elsewhere }）；{ $why }
merge-conflict-both = { $lead }，{ $what }：「{ $stands }」（{ $at }）和「{ $other }」（{ $elsewhere }）；{ $why }
merge-more = …… 另有 { $count } 处（加 --verbose 可全部显示，--format json 也有）
merge-left-out-sheets = 没有合并的工作表（没认出跟进表）：{ $names }
merge-left-out-around = 有 { $count } 张工作表的表格上下方内容（标题、查询栏、合计、说明）没有带过来
merge-left-out-formulas = 有 { $count } 个公式已写成计算结果
merge-and-more = { $names }，另有 { $count } 张
merge-one-table = 这种格式只能放一张表，这里有 { $count } 张（{ $names }）；请用 --template 合成一张，或写成 .xlsx
merge-without-lists = 这种格式放不下「{ $names }」；要保留请写成 .xlsx，或用 --format json
merge-no-room = { $path }：超过 4 GiB 的不同文字，放不下
