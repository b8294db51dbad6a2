## 写成 CRM 导入表

crm-unknown = 没有叫「{ $name }」的 CRM 导入表；可用的有：{ $known }，也可以给出自己定义的文件（FORM.toml）
crm-no-form = { $file } 不是导入表的定义：{ $cause }
crm-form-blank = { $file }：有一列没有写表头；请补上，或删掉这一列
crm-form-heading-twice = { $file }：表头「{ $value }」出现了两次；请删掉一列
crm-form-field-twice = { $file }：有两列都写了 field = "{ $value }"；请只留一个，另一列改写 from = ["{ $value }"]
crm-form-unfilled = { $file }：没有内容可以填到「{ $value }」这一列；请写 field、from 或 rest = true
crm-form-two-rests = { $file }：「{ $value }」是第二个写了 rest = true 的列；只能有一列收其余内容
crm-form-empty = { $file }：导入表「{ $value }」一列也没有
crm-form-unknown-heading = { $file }：at-least-one 里的「{ $value }」不是任何一列的表头
crm-form-date-format = { $file }：date-format 不能是「{ $value }」；请写成 %Y-%m-%d 这样
crm-file-type = { $path }：CRM 导入表只能写成 .csv 或 .xlsx
crm-too-many = 共有 { $count } 条线索，{ $crm } 一次最多导入 { $most } 条；请用 --sheet 分工作表转换，或把工作簿拆开
crm-form = { $name } 是 CRM 的导入表，不是跟进表模板；要得到它，请用 leadsheet convert 跟进表.xlsx 导入.csv --to { $name }
crm-unverified = 注意：{ $crm } 的列名未经官方导入模板核实，导入前请与系统里下载的模板对一遍
crm-other-files = 注意：{ $crm } 只接受 { $files } 文件；请把文件名改成这个后缀再转换一次
crm-lacking = { $crm } 会拒收的线索（{ $count } 条）：缺少必填内容
crm-lacking-line = 「{ $sheet }」{ $cell }：缺 { $headings }
crm-too-long = { $crm } 会拒收的内容（{ $count } 处）：太长
crm-too-long-line = 「{ $sheet }」{ $cell }：{ $heading } 最多 { $most } 个字
crm-more = …… 另有 { $count } 处（加 --verbose 可全部显示）
crm-unlisted = { $heading } 在 CRM 里是固定选项，导入前请确认有这些选项：{ $values }
crm-users = { $heading } 要填 CRM 用户的邮箱，下面这些不是邮箱，导入前请改好：{ $values }
crm-described = 在 CRM 里没有对应的列，已写进「{ $heading }」：{ $columns }
crm-left-out = 在 CRM 里没有地方放，没有写入：{ $columns }
crm-left-out-column = { $heading }（{ $count } 条线索）
crm-earlier = 每条线索只写最新的内容；{ $rows } 行跟进成为 { $leads } 条线索，以前的跟进没有写入
crm-nameless = 「{ $sheet }」第 { $row } 行没有客户，没有写入
crm-guarded = 「{ $heading }」第 { $count } 条记录的内容会被表格软件当成公式，前面加了单引号；CRM 会连单引号一起导入，请在原表里改掉开头的符号
