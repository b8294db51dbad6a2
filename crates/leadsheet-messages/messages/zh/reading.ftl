## 文件打不开的原因：它是什么，该怎么办

read-error-io = 打不开：{ $kind ->
    [not-found] 文件不在了
    [permission-denied] 没有读取权限
    [a-folder] 这是文件夹
    [busy] 正被别的程序占用
   *[other] { $reason }
 }
read-error-empty = 文件是空的（0 字节），请让对方重新发送
read-error-not-a-workbook = 这不是表格文件，而是{ $what ->
    [plain-text] 纯文本
    [pdf] PDF 文档
    [image] 图片
    [word-document] Word 文档
    [presentation] 演示文稿
    [archive] 压缩包
    [mail] 邮件
    [web-page] 没有表格的网页（可能下载到的是登录页）
   *[unknown] 无法识别的文件
 }；请用原来的程序打开，另存为 .xlsx
read-error-encrypted = 工作簿设有密码；请用 Excel 或 WPS 打开，取消密码并保存后再试
read-error-unsupported = { $what ->
    [parquet] 本程序编译时没有包含 Parquet 支持
    [parquet-lz4] 不支持 LZ4 压缩的 Parquet 文件；请改用 snappy、zstd 或 gzip 压缩后重新导出
    [parquet-brotli] 不支持 Brotli 压缩的 Parquet 文件；请改用 snappy、zstd 或 gzip 压缩后重新导出
    [parquet-lzo] 不支持 LZO 压缩的 Parquet 文件；请改用 snappy、zstd 或 gzip 压缩后重新导出
   *[other] 不支持{ $what }；请用 Excel 或 WPS 打开，另存为 .xlsx
 }
read-error-damaged = 文件已损坏（{ $part }：{ $reason }）；请用 Excel 或 WPS 打开并修复，保存后再试
read-error-limit = { $part } 超过了上限 { $limit }（{ $maximum }），正常的表格不会这样；如果确认文件可信，请用 Excel 或 WPS 打开后另存一份
read-error-doctype = { $part } 中含有 DOCTYPE：表格软件不会写入，常见于攻击文件，因此没有打开

## 写不进去的原因

write-error-io = 无法写入 { $path }：{ $kind ->
    [not-found] 文件夹不存在
    [permission-denied] 没有写入权限
    [read-only] 磁盘是只读的
    [full] 磁盘已满或超出配额
    [a-folder] 已有同名文件夹
    [busy] 文件正被别的程序占用
    [differs] 写好后读回来的内容不一样，磁盘或网络盘可能有问题；原文件没有动
   *[other] { $reason }
 }
write-error-busy = 另一个 leadsheet 正在写 { $path }，请等它结束后再运行
write-error-in-use = 没有写入 { $path }：它正在 Excel、WPS 或 LibreOffice 中打开，请先关闭再试；如果其实没有打开，请删除 { $sign }
write-error-unknown-format = { $path }：要写成什么格式由文件名的后缀决定，请用 .xlsx、.xls、.ods、.csv、.json、.jsonl 或 .parquet
write-error-does-not-fit = { $what } 放不下：{ $reason }
write-error-sheet-too-large = 「{ $sheet }」有 { $rows } 行、{ $columns } 列；.xls 最多只能放 { $most-rows } 行、{ $most-columns } 列，请改写成 .xlsx
write-error-text-too-long = 「{ $sheet }」{ $cell }：文字有 { $length } 个字符，一个单元格最多放 { $maximum } 个，请缩短或分到几个单元格里
write-error-nul = 「{ $sheet }」{ $cell }：文字里有单元格放不下的字符（NUL），请重新输入这个单元格再保存
write-error-bad-sheet-name = 工作表不能叫「{ $name }」：名称须为 1 到 31 个字符，不含 []:*?/\，且不能重名。请先在原文件里改名
write-error-too-many-formats = 不同的数字格式超过了 .xls 能放的 { $maximum } 种，请改写成 .xlsx
write-error-compose = 无法生成工作簿：{ $reason }

## 没能如实读出的内容

notice-missing-shared-string = 引用了工作簿中不存在的第 { $value } 条文字，按空白读取
notice-bad-boolean = 应为真或假，实际是「{ $value }」，按文字读取
notice-bad-number = 应为数字，实际是「{ $value }」，按文字读取
notice-bad-date = 应为日期，实际是「{ $value }」，按文字读取
notice-date-out-of-range = 数字 { $value } 设成了日期格式，但不在 1900 至 9999 年之间，按数字读取
notice-not-calculated = 公式从未计算过；请用 Excel 或 WPS 打开文件并保存
notice-digits-lost = 数字 { $value } 超过 15 位，保存它的软件已经丢掉了后面的位数；这类号码应存为文本
notice-text-too-long = 有 { $length } 个字符，超过单元格上限 32767
notice-unknown-cell-type = 单元格类型「{ $value }」无法识别，按文字读取
notice-bad-address = 「{ $value }」不是单元格地址，已放在相邻单元格之后
notice-bad-merge = 「{ $value }」不是合并区域
notice-bad-style = 引用了不存在的样式：{ $value }
notice-bad-encoding = 有无法解码的内容：{ $value }
notice-truncated = 文件在这张工作表中断了，之前的内容已读取
notice-sheet-lost = 工作表「{ $sheet }」读不出来：{ $why }
notice-not-a-worksheet = 「{ $sheet }」没有单元格（图表、宏或对话框工作表），已跳过
notice-wrong-extension = 文件名后缀是 .{ $extension }，内容其实是 { $kind }，已按实际内容读取
notice-encoding-guessed = 文字编码是推断出来的，按 { $encoding } 读取
notice-not-a-record = 这一行不是 JSON 对象，已按文字保留
notice-notes-not-read = 单元格批注读不出来，批注里写了忽略的问题仍会提示。请另存为 .xlsx，或者把「leadsheet：忽略 代码」写在备注列
notice-unclosed-quote = 以引号开头，却没有对应的结束引号；引号按普通字符读取
notice-column-not-read = 列 { $value } 存的是列表、嵌套记录或二进制数据，单元格放不下，已略过
notice-beyond-sheet = 有 { $cells } 个单元格超出工作表的 1048576 行或 16384 列（最低到第 { $row } 行），没有读取
notice-more = 还有 { $count } 处同类问题：{ $of }
notice-stored-twice = 文件中这个单元格存了不止一次，以最后一次为准
notice-other = { $text }
