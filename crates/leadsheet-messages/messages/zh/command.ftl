## 命令出错

command-error = 出错
command-no-such-file = 找不到 { $path }：请检查文件名，或把文件拖进窗口
command-is-a-folder = { $path } 是文件夹；请指定其中一个文件
command-nothing-matches = { $path }：没有符合的文件
command-bad-pattern = { $path } 不是有效的通配写法
command-folder-without-workbooks = { $path }：这个文件夹及其子文件夹里没有表格文件（.xlsx、.xlsm、.xls、.et、.xlsb、.ods、.csv）
command-cannot-read = 无法读取 { $path }
command-unknown-rule = 没有叫「{ $name }」的规则；leadsheet explain --all 可列出全部规则
command-unknown-key = 不能按「{ $key }」统计；可用的有 { $keys }，也可以用 * 把两个交叉起来
command-key-twice = 不能按「{ $grouping }」统计：「{ $key }」重复了
command-file-before-command = { $path } 写在了命令前面；文件请放在命令后面：leadsheet check { $path }
config-unknown-setting = 第 { $line } 行：没有「{ $name }」这一项设置，可以写的有：{ $known }
config-wrong-value = 第 { $line } 行：「{ $shown }」的值不是这一项设置要的（{ $reason }）
config-bad-syntax = 第 { $line } 行：「{ $shown }」写法不对，可能是这里或上一行少了引号、逗号或括号（{ $reason }）
config-unknown-rule = 第 { $line } 行：没有叫「{ $name }」的规则；leadsheet explain --all 可列出全部规则
config-no-such-template = 第 { $line } 行：没有叫「{ $name }」的模板；leadsheet template list 可列出全部模板
command-no-such-template = 没有叫「{ $name }」的模板；leadsheet template list 可列出全部模板
command-no-such-sheet = 没有叫「{ $name }」的工作表；现有：{ $names }
command-no-table = 没有认出跟进表；leadsheet inspect 可查看文件内容，leadsheet template show lead-ledger 可查看需要哪些表头
command-nothing-to-write = 工作簿是空的，没有内容可写
command-one-table = 一个 parquet 文件只能放一张表，而这里有多张：{ $sheets }。请用 --sheet 指定其中一张
command-ingest-stdin = ingest 只读文件，不读标准输入；请给出文件名
command-ingest-unfinished = { $path } 里还没有读完的表：请把 leadsheet ingest 再运行一遍
command-ingest-gone = { $path } 已不在原处；它的表仍保留，可用 --prune 清除
command-ingest-pruned = { $path } 已不在原处；它的表已清除
command-ingested = 新增 { $new } 个文件，更新 { $changed } 个，未变 { $unchanged } 个，读不了 { $failed } 个，已不在 { $gone } 个；读到的文件中 { $without-table } 个没有跟进表。{ $path } 现有 { $tables } 张表、{ $rows } 行
command-period-reversed = 截止日期（{ $to }）早于起始日期（{ $from }）
command-unknown-topic = 报表没有「{ $name }」这一部分；有：{ $names }，以及 all、none
command-compare-what = --compare 需要一个时间段：请用 --from 和 --to 写明
command-compare-how = --compare 不能是「{ $value }」；请写 previous，或两个日期：2024-01-01..2024-03-31
command-report-format = { $path }：要写成什么格式由文件名的后缀决定，请用 .xlsx、.html、.json 或 .csv
command-onto-itself = { $path } 就是正在读取的文件；要替换它请加 --in-place（原文件保留为 .bak）
command-there-already = { $path } 已经存在，没有覆盖；请换个文件名，或加 --replace（原文件保留为 .bak）
command-blank-type = { $path }：空白工作簿可以写成 .xlsx、.xls 或 .ods
command-written = 已写入：{ $path }
command-more-notices = 另有 { $count } 处没能如实读出（加 --verbose 可全部显示）

## 命令写错

usage-missing = 还缺 { $argument }；加 --help 可查看用法
usage-unknown = 没有 { $argument } 这个选项；加 --help 可查看用法
usage-not-one-of = { $argument } 不能是「{ $value }」，可用的有：{ $valid }
usage-no-value = { $argument } 后面要有内容
usage-bad-value = { $argument } 不能是「{ $value }」；日期写成 2025-07-01 这样，天数写成整数
usage-unknown-command = 没有「{ $command }」这个命令；leadsheet --help 可列出全部命令
usage-no-command = 还缺子命令；加 --help 可查看用法
usage-conflict = { $argument } 不能和别的选项一起用

## 转换时没能带过去的内容

loss-formulas = 「{ $sheet }」：{ $count } 个公式已写成计算结果
loss-sheet = 「{ $sheet }」：这张工作表没有写入；可用 --sheet 指定
loss-around = 「{ $sheet }」：表格上下方的内容（标题、查询栏、合计、说明）没有写入；不套模板、写成 .xlsx 可以保留
loss-guarded = 有 { $count } 处文字会被表格软件当成公式，已在前面加上单引号
loss-control-characters = 「{ $sheet }」：{ $count } 处文字带有 .ods 放不下的控制字符，已换成 �
loss-dates = 「{ $sheet }」：{ $count } 个 1900 年以前的日期无法按日期存储，已写成文字
loss-other = 有内容没能带过去

## 转换时用语的变化

convert-terms = 这些用语在目标模板里说法不同，或者没有：
convert-column = 列
convert-old = 原来
convert-new = 改为
convert-target = 所在列
convert-cells = 单元格数
convert-no-such-term = （没有对应的说法，原来的列保留）

## 检查结果

severity-error = 错误
severity-warning = 警告
severity-info = 提示
list-comma = {"，"}
check-rows-and-leads = { $rows } 行，{ $leads } 条线索
check-no-table = 没有认出跟进表
check-suggestion = → { $value }
check-skipped = 第 { $row } 行未计入：{ $reason }
check-more = …… 另有 { $count } 条；查看全部：leadsheet check "{ $path }"
check-left-out = …… 这张表还有 { $count } 处没有列出：{ $rules }；加 -v 全部列出
skipped-blank = 空行
skipped-total = 合计行
skipped-example = 示例行
skipped-foot = 说明或签字
skipped-repeatedheader = 重复的表头
skipped-emptyblock = 空白的一栏
hidden-sheet = 这张工作表是隐藏的，内容照样读
hidden-rows = 第 { $rows } 行是隐藏的，内容照样读
hidden-columns = { $columns } 列是隐藏的，内容照样读
skipped-hint = 填写提示
summary-files = { $count } 个文件
summary-rows = { $count } 行
summary-leads = { $count } 条线索
summary-errors = { $count } 个错误
summary-warnings = { $count } 个警告
summary-infos = { $count } 条提示
check-excused = { $count } 个问题已由表内批注或备注说明，不再提示
summary-by-rule = 按规则
summary-by-person = 按负责人（谁有什么要改）
summary-code = 代码
summary-severity = 程度
summary-count = 数量
summary-fixable = 可自动改
summary-says = 是什么问题
summary-owner = 负责人
summary-error-count = 错误
summary-warning-count = 警告
summary-info-count = 提示
summary-rules = 规则
summary-nobody = （没有负责人）
summary-more-rules = …… 还有 { $count } 条规则；加 -v 全部列出
summary-more-persons = …… 还有 { $count } 个人；加 -v 全部列出
summary-explain = 想知道某个代码的含义和处理办法：leadsheet explain { $code }

## 规则说明

explain-excuse = 个别问题不必再提的：在该单元格的批注里写 `leadsheet：忽略 { $code }`；写在列名的批注里管整列，写在备注里管整行。
explain-finds = 查什么
explain-why = 为什么要紧
explain-fails = 有问题的例子
explain-passes = 没问题的例子
explain-todo = 怎么办
explain-source = 依据
rule-source-and = ；
rule-source-lead-ledger = 销售线索管理客户跟进记录表及其填写说明
rule-source-follow-up-records = 客户跟进记录表、客户沟通记录表及其说明
rule-source-follow-up-statistics = 客户跟进记录统计表及其样表、附带的案场客户登记规定
rule-source-pipeline = 客户流向管理表
rule-source-order-tracking = 跟单客户管理表
rule-source-spreadsheets = 表格软件遇到这样的单元格会怎么处理
rule-source-numbering-plans = 电话号码的编号规则
rule-source-practice = 看表的人首先会问的

## 模板

template-name = 名称
template-title = 标题
template-columns = 列数
template-banner = 表格上方：{ $label }
template-synonyms = 也可写作：{ $synonyms }
template-required = 必填
template-regular = 常用
template-optional = 可选

## 报表

report-headline = 转化情况：{ $rows } 行，{ $leads } 条线索
report-window = 期间 { $from } 至 { $to }，按{ $basis }
report-total = 合计
report-leads = 线索
report-won = 成交
report-lost = 流失
report-open = 进行中
report-rate = 转化率
report-interval = 95 % 区间
report-funnel = 漏斗
report-reached = 到达
report-next = 进入下一步
report-overall = 占全部
report-lost-here = 在此流失
report-went-on = 继续前进
report-still-here = 停留在此
report-low = 95 % 下限
report-high = 95 % 上限
basis-created = 线索产生日期
basis-followed-up = 跟进日期
basis-closed = 成交或流失日期
key-month = 月份
key-quarter = 季度
key-week = 周
key-file = 文件
key-folder = 文件夹
key-sheet = 工作表
key-template = 模板

## 查看文件

inspect-sheet = 工作表
inspect-visible = 是否显示
inspect-used = 使用区域
inspect-cells = 单元格
inspect-merges = 合并
inspect-template = 模板
inspect-runner-up = 次选
inspect-yes = 是
inspect-no = 隐藏
inspect-form = 「{ $sheet }」：表单，共 { $records } 条记录
inspect-heading = 「{ $sheet }」：表头在第 { $row } 行
inspect-nearest = 「{ $sheet }」：套不上任何模板；最接近的是 { $template }（满分 1，得 { $score }），还缺 { $missing }
inspect-nearest-complete = 「{ $sheet }」：套不上任何模板；最接近的是 { $template }（满分 1，得 { $score }）
inspect-heading-rows = 「{ $sheet }」：表头在第 { $rows } 行
decided-usual = 也可能是别的意思，这里按通常的意思理解
decided-columns = 它的首选含义已由另一列占用
decided-values = 下面 { $of } 个值中有 { $fit } 个是{ $field }
decided-values-against = 下面 { $of } 个值中只有 { $fit } 个像{ $field }
decided-group = 它在「{ $group }」之下
decided-team = 由您的配置指定

## 模板定义

definition-no-definition = { $file } 不是有效的模板定义：{ $cause }
definition-blank = { $file } 第 { $line } 行 { $key }：这里不能空着
definition-column-twice = { $file } 第 { $line } 行 { $key }：{ $value } 这一列定义了两次，请删去一个
definition-heading-twice = { $file } 第 { $line } 行 { $key }：「{ $value }」已经表示 { $other } 这一列，一个表头只能表示一列
definition-group-twice = { $file } 第 { $line } 行 { $key }：分组「{ $value }」定义了两次，请删去一个
definition-unknown-group = { $file } 第 { $line } 行 { $key }：没有叫「{ $value }」的 [[group]]，请先定义它，或改正这里的名称
definition-term-twice = { $file } 第 { $line } 行 { $key }：「{ $value }」列出了两次
definition-outcome-twice = { $file } 第 { $line } 行 { $key }：{ $value } 的成交判定定义了两次，请删去一个
definition-no-terms = { $file } 第 { $line } 行 { $key }：{ $value } 这一列没有固定用语，不能用来判定成交或流失
definition-unknown-term = { $file } 第 { $line } 行 { $key }：「{ $value }」不是这一列的用语，请先在该列的 terms 里列出
