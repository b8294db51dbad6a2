## 脱敏的结果

mask-written = 已写入 { $path }：{ $cells ->
    [0] 单元格里没有个人信息
   *[other] 脱敏了 { $cells } 个单元格
 }
mask-kinds = 其中：{ $kinds }
mask-kind = { $kind } { $count } 处
mask-separator = 、
mask-kind-name = 姓名
mask-kind-phone = 电话
mask-kind-email = 邮箱
mask-kind-account = 账号（微信、QQ 等）
mask-kind-identity = 证件号
mask-kind-bank = 银行账号
mask-kind-address = 门牌号
mask-kind-organisation = 单位名称
mask-kind-author = 作者
mask-kind-other = 其他
mask-sheets = { $count } 张工作表以人名命名，已改名；公式跟着改了
mask-left-out = 无法查看内容，未保留：{ $what ->
    [picture] 图片（原处留一块灰色）
    [macros] 宏
    [printer] 打印机设置
    [embedded] 嵌入的对象（外框保留）
    [signature] 数字签名
    [undo] leadsheet clean 用来还原的记录
    [properties] 文件属性（标题、作者、单位）
    [query] 保存的查询
   *[unknown] 未知类型的数据
 }（{ $place }）
mask-backup = { $path } 是没有脱敏的原文件：请不要分享，不再需要时请删除
mask-look = 分享前请通读一遍：绰号、单独的名（不带姓）和图片里的内容查不出来
mask-ending = { $path }：脱敏后的工作簿保持原格式，文件名应以 .{ $extension } 结尾；也可以另写成 .xlsx、.xls、.csv 或 .json
mask-too-large = { $path }：某张工作表里不同的值太多，无法另写
