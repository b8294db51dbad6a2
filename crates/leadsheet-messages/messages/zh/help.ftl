help = 检查、转换、统计销售跟进表（.xls、.xlsx），不需要 CRM
    .long = 不带命令时给出概览：文件里哪里有错，转化情况如何。
help-examples = 例子：
help-files = 表格文件、文件夹或通配写法；- 表示标准输入
help-config = 团队的规定、自有用语和规则选择（leadsheet.toml）
help-template_file = 另外的模板定义，可多次给出
help-today = 以哪一天为准（默认：中国的今天）
help-lang = 输出语言：auto 跟随系统，zh 中文，en 英文
help-color = 何时使用颜色：auto 自动，always 总是，never 从不
help-quiet = 只输出所要的内容
help-verbose = 多说一些：未计入的行、读到的文件
help-no_progress = 不显示进度条
help-help = 显示帮助
help-version = 显示版本
help-format = 输出格式：text 给人看，json 给程序用
help-out = 写入文件，格式由后缀决定：.xlsx、.html、.json 或 .csv

help-check = 查出错误、缺漏、逾期、重复和矛盾
    .long = 退出码：0 没有错误，1 有错误，2 有文件读不了。
help-check-select = 只用这些规则：代码、代码开头或名称，用逗号分隔
help-check-ignore = 不用这些规则
help-check-annotate = 写出标记好的工作簿：有问题的单元格上色、加批注，并列在一张表里；多个文件时 OUT 是文件夹（.xlsx、.xlsm、.xls）
help-check-fix = 写出改正好的工作簿：只改不用问就能改的（多余空格、文字写成的日期和数字）
help-check-in_place = 允许 OUT 就是 FILE；没有 OUT 时直接标记 FILE；旧文件保留为 .bak

help-clean = 去掉 check --annotate 放进去的颜色、批注和检查结果表
    .long = 标记后没有保存过的工作簿，每个部分都恢复得一字节不差；之后做的修改会保留。
help-clean-input = 标记过的工作簿
help-clean-output = 要写的文件
help-clean-in_place = 直接写回 IN；旧文件保留为 .bak

help-convert = 转换格式或模板，内容不丢
    .long = 写成什么格式由 OUT 的后缀决定：.xlsx、.xls、.ods、.csv、.json、.jsonl 或 .parquet。模板里没有的列也会保留。写成 CRM 导入表时（--to），若有线索会被 CRM 拒收，文件照写，逐条列出，退出码为 1。
help-convert-input = 要读的表格；- 表示标准输入
help-convert-output = 要写的文件
help-convert-template = 把每张表改成这个模板的列
help-convert-to = 写成 CRM 的导入表，每条线索一行：salesforce、zoho、zoho-zh、hubspot、wukong（悟空CRM）、fxiaoke（纷享销客），或自己定义的导入表（FORM.toml）
help-convert-sheet = 只要这张工作表
help-convert-format = 列和用语的变化怎么输出：text 给人看，json 给程序用
help-convert-in_place = 允许写回原文件；原文件保留为 .bak

help-mask = 脱敏：隐去姓名、电话等个人信息，以便分享
    .long = 姓名变为张*，电话变为 138****5678，邮箱、微信号、证件号、银行账号和门牌号也隐去；不仅在各自的列里，也在备注、批注、文件属性等一切文字里。其余内容不变。同一个人在一个文件里总是一样；隐去的内容无法还原。OUT 与 IN 后缀相同时保留原工作簿，只改这些；否则另写成 .xlsx、.xls、.csv 或 .json。
help-mask-input = 要脱敏的表格；- 表示标准输入
help-mask-output = 要写的文件
help-mask-staff = 团队自己的人（负责人、业务员）也隐去
help-mask-companies = 单位名称也隐去
help-mask-number = 遮盖后相同的人按出现顺序编号，以便区分：张*1、张*2
help-mask-in_place = 直接写回 IN；没有脱敏的原文件保留为 .bak，请勿分享

help-report = 按来源、等级、状态或其他项目统计转化率
    .long = 一条线索只算一次，不管跟进了多少行。每个比率都带人数和 95 % 区间。
help-report-by = 统计项目：字段名、month、quarter、week、file、folder、sheet、template，可用 * 交叉
help-report-from = 期间的第一天
help-report-to = 期间的最后一天
help-report-period_by = 按哪个日期归入期间：created 产生，followed-up 跟进，closed 成交或流失
help-report-within = 在这么多天内成交才算成交，不满这么多天的线索不计
help-report-show = 除转化和漏斗外还要什么：speed 速度，activity 工作量，overdue 逾期，sales 销售额，quality 完整度，cohorts 按产生月份，credit 业绩分摊，all 全部，none 都不要（默认：终端不显示，JSON、.html、.xlsx 全部）
help-report-compare = 与之前同样长的时间段（previous）或另一时间段（2024-01-01..2024-03-31）对比，需要 --from 和 --to
help-report-per = 工作量和销售额按多长时间统计：day 日，week 周，month 月，quarter 季，year 年
help-report-activity_by = 工作量和销售额按什么统计：字段名
help-report-grade_at = 以哪次跟进的等级为准：first 首次，latest 最近

help-merge = 把多人的表格合成一个
    .long = 每一行、每一列都保留；几个文件里一模一样的行只取一次。末尾的几列写明每行来自哪个文件、工作表和行。各文件对同一线索说法不一的，另列一张表：两种说法、出处、以哪个为准和理由。退出码：0 已合并，1 已合并但有冲突，2 有文件读不了（其余照样合并）。
help-merge-out = 要写的文件，格式由后缀决定：.xlsx、.xls、.ods、.csv、.json、.jsonl 或 .parquet
help-merge-template = 把每张表改成这个模板的列（默认：每种模板一张表）
help-merge-order = 行的顺序：lead 按线索产生的先后，各自的跟进按日期；file 按文件名，行序不变
help-merge-no_provenance = 不加写明来源的列
help-merge-in_place = 允许 OUT 就是某个 FILE；原文件保留为 .bak

help-due = 列出今天该联系谁，逾期最久的在前
    .long = 依据计划的日期（计划跟进日期、完成时限、下一步计划里的日期），没有时依据规定的跟进间隔。退出码：用 --exit-code 时，有人要联系为 1。
help-due-owner = 只看这个人的线索
help-due-ahead = 也列出之后这么多天内到期的
help-due-contacts = 同时列出电话
help-due-out = 写入文件，格式由后缀决定：.ics（日历）或 .xlsx
help-due-exit_code = 有人要联系时以退出码 1 结束

help-inspect = 查看文件里有什么（不套模板）
    .long = 可以看到程序看到的内容：工作表、各自符合的模板，加 --cells 列出每个单元格。
help-inspect-file = 表格文件；- 表示标准输入
help-inspect-cells = 列出每个有内容的单元格

help-template = 列出模板、查看某个模板，或生成空白工作簿
help-template-list = 列出模板
help-template-schema = 输出模板定义的 JSON Schema，供编辑器补全和检查
help-template-schema-crm = 改为输出 convert --to FORM.toml 所用导入表的结构
help-template-show = 查看模板的列和各种叫法
help-template-show-name = 模板名称
help-template-new = 生成一份空白工作簿，可以直接发给大家填写
    .long = 带下拉列表、日期和金额格式、按状态变色、打印设置，以及一张填写说明。说明的语言由 --lang 决定。
help-template-new-name = 模板名称
help-template-new-output = 要写的文件，后缀为 .xlsx
help-template-new-samples = 带几行编造的示例
help-template-new-traditional = 用繁体字
help-template-new-replace = 允许覆盖已有的文件；原文件保留为 .bak

help-explain = 说明一条规则：查什么、为什么、怎么办
help-explain-code = 代码（如 C203）或名称（如 impossible-date）
help-explain-all = 全部规则

help-ingest = 把大量表格读成一个 parquet 表的文件夹，以后不必再读
    .long = 各命令读这个文件夹和读原来的表格结果相同，只是更快；DuckDB、pandas 也能直接读。再次运行时只读新增和改动过的文件。已不在原处的文件，其表保留到使用 --prune 为止。
help-ingest-files = 表格文件、文件夹或通配写法
help-ingest-out = 要写的文件夹，没有就新建
help-ingest-prune = 清除已不在原处的文件的表

help-sql = 用 SQL 查询表格
    .long = follow_ups 每行一行，leads 每条线索一行，orders 每张订单一行，findings 每个问题一行；--columns 列出各表的列。线索的算法与 report 相同。
help-sql-query = 查询语句
help-sql-columns = 列出各表和各列
help-sql-contacts = 允许查询电话、邮箱等联系方式

help-template-text =
    {"{about-with-newline}"}
    用法：{"{usage}"}

    {"{all-args}{after-help}"}
help-options = 选项
help-arguments = 参数
help-commands = 命令
help-check-format = 输出格式：text 给人看，json 给程序用，csv 用表格打开，sarif 是 SARIF 2.1.0，给展示各种检查结果的程序用
help-report-format = 输出格式：text 给人看，json 给程序用，csv 用表格打开
