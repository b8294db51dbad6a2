## 写进用户自己的工作簿的文字

annotate-sheet = 检查结果
annotate-title = leadsheet 检查结果
annotate-counted = 共检查 { $rows } 行、{ $leads } 条线索，以 { $today } 为准
annotate-how = 点单元格编号可跳到原处。改好后请重新检查；要去掉颜色、批注和本表，请运行：leadsheet clean 文件 新文件
annotate-error = 有错：影响统计或跟进
annotate-warning = 很可能有错，请看一看
annotate-info = 值得留意
annotate-heading-severity = 严重程度
annotate-heading-code = 代码
annotate-heading-sheet = 工作表
annotate-heading-cell = 单元格
annotate-heading-owner = 跟进人
annotate-heading-header = 列名
annotate-heading-value = 当前值
annotate-heading-message = 问题
annotate-heading-advice = 怎么办
annotate-persons = 要改什么（可在下表按跟进人筛选）
annotate-person = 有错 { $errors }，警告 { $warnings }，提示 { $infos }：{ $rules }
annotate-more-persons = 另有 { $count } 人，请在下表按跟进人筛选
annotate-suggestion = 可能应为：{ $value }

annotated = 已写入 { $path }：{ $count ->
    [0] 没有要标记的单元格，见工作表「{ $sheet }」
   *[other] 标记了 { $count } 个单元格，原因见工作表「{ $sheet }」
 }
cleaned = 已写入 { $path }：颜色、批注和检查结果表都已去掉
fixed = 已写入 { $path }：{ $count ->
    [0] 没有可以直接改正的单元格
   *[other] 改正了 { $count } 个单元格
 }
fixes-listed = 已改正（原值 → 新值）
annotate-onto-itself = { $path } 就是正在检查的文件；要直接标记它，请加 --in-place（原文件保留为 .bak）
annotate-ending = { $path }：文件名应以 .{ $extension } 结尾，因为要标记的工作簿是这种格式
annotate-same-target = --annotate 和 --fix 不能写同一个文件
annotate-standard-input = 标准输入的内容无法标记，请指定文件

## 为什么没有改动工作簿

patch-error-format = .{ $kind } 文件不能直接标记或改正；请先转换（leadsheet convert 文件 新文件.xlsx），再对新文件.xlsx 做
patch-error-no-such-sheet = 没有叫「{ $name }」的工作表
patch-error-refused = 没有写入任何内容：{ $place } { $obstacle ->
    [ill-formed] 已损坏；请用 Excel 或 WPS 打开并保存，再试一次
    [encoding] 的文字编码不常见；请用 Excel 或 WPS 打开并保存，再试一次
    [trial] 由 Excel 2007 的试用版写成；请用 Excel 或 WPS 打开并保存，再试一次
    [too-large] 大得超出任何正常的工作簿
    [alternatives] 里有新旧程序各用一份的行；请用 Excel 或 WPS 打开并保存，再试一次
    [array-formula] 属于跨多个单元格的公式；请手工修改该公式
    [shared-formula] 的公式被其他单元格沿用；请手工修改
    [damaged] 已损坏；请用 Excel 或 WPS 打开并保存，再试一次
    [too-old] 的格式早于 Excel 97；请用 Excel 或 WPS 打开，另存为 .xlsx，再试一次
    [changed-since] 标记后被其他程序改动过，leadsheet 无法还原；请打开文件，手工删去检查结果表、以 [leadsheet] 开头的批注和颜色
    [styles] 容不下更多单元格格式；Excel 最多允许 64,000 种
    [not-a-worksheet] 不是普通工作表
    [date] 放不下这个日期；工作簿只能表示 1900 到 9999 年
    [number] 放不下这个数
    [data-model] 是数据模型（Power Pivot），无法查看其内容；请在 Excel 里删去它，再试一次
    [unmasked] 里仍会留下个人信息；请把这个情况告诉我们，不要分享该工作簿
   *[missing] 缺少内容；请用 Excel 或 WPS 打开并保存，再试一次
 }
patch-error-not-annotated = 没有可去掉的内容：leadsheet 没有标记过这个工作簿
patch-error-write = 无法写入：{ $reason }

patch-notice-signature = 工作簿带有数字签名；新文件的签名将失效
patch-notice-without-note = { $count } 个标记的单元格只有颜色、没有批注：那里已有别人的批注，或者该表批注太多；检查结果表里都有
patch-notice-without-fill = { $count } 个单元格只有批注、没有颜色：工作簿容不下更多单元格格式
patch-notice-left-out = 检查结果表放不下，少列了 { $count } 条；用 leadsheet check --format csv 可以看到全部
patch-notice-formulas-kept = { $count } 个单元格里是公式，没有改动
patch-notice-saved-since = 工作簿标记后又被其他程序保存过；leadsheet 放进去的内容按标记找到并去掉了，其余内容都保留
