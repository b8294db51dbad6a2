//! Headings as they are compared: the decorations that teams and import tools put around them taken off, and what a
//! cell that holds more than a heading may say.

use leadsheet_core::compact_key;

/// Texts longer than this are no headings.
const LONGEST: usize = 80;

/// The key under which two spellings of a heading meet: NFKC, Traditional folded, no blanks, no `*`, no number or
/// mark in front, no colon at the end, no example (`-例:…`), no unit or remark in brackets (`(万元)`, `(%)`, `(*)`,
/// `【必填】`), lower case; English ones without `_` and `-`.
pub(crate) fn heading_key(heading: &str) -> String {
    if heading.chars().count() > LONGEST {
        return String::new();
    }
    let mut key = compact_key(heading);
    // Most headings are a bare word.
    if key.chars().all(char::is_alphanumeric) {
        return key;
    }
    key.retain(|c| {
        !matches!(
            c,
            '*' | '※' | '★' | '●' | '▲' | '▼' | '△' | '▽' | '◆' | '■' | '\u{200b}' | '\u{feff}'
        )
    });
    let mut key = key
        .replace(['【', '〔', '[', '<', '{', '《'], "(")
        .replace(['】', '〕', ']', '>', '}', '》'], ")");
    if let Some(example) = EXAMPLES.iter().filter_map(|mark| key.find(mark)).min()
        && example > 0
    {
        key.truncate(key[..example].trim_end_matches('(').len());
    }
    let mut key = without_number(&key).trim_end_matches(TAIL).to_owned();
    loop {
        if let Some(open) = key.strip_suffix(')').and_then(|head| head.rfind('('))
            && is_remark(&key[open + 1..key.len() - 1])
        {
            key.truncate(open);
        } else if let Some(close) = key.strip_prefix('(').and_then(|tail| tail.find(')'))
            && is_remark(&key[1..=close])
        {
            key.drain(..close + 2);
        } else {
            break;
        }
        key.truncate(key.trim_end_matches(TAIL).len());
    }
    if key.is_ascii() {
        key.retain(|c| !matches!(c, '_' | '-' | '.' | '\''));
    }
    key
}

const TAIL: [char; 8] = [':', '.', '。', ';', ',', '、', '-', '/'];

/// What an example or a format in the same cell begins with.
const EXAMPLES: [&str; 8] = ["-例", "(例", "例:", "例如", "(如", "如:", "示例:", "格式:"];

/// `1.客户名称`, `2、联系人`, `(3)职位`: pre-printed forms number their headings.
fn without_number(key: &str) -> &str {
    let rest = key
        .trim_start_matches('(')
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = rest.len() < key.len() && rest.starts_with(['.', '、', ')']);
    let bare = rest.trim_start_matches(['.', '、', ')']);
    if is_numbered && !bare.is_empty() {
        bare
    } else {
        key
    }
}

/// What may stand in brackets without changing what a heading means. `(起)` and `(止)` do change it.
fn is_remark(inside: &str) -> bool {
    const UNITS: [&str; 26] = [
        "",
        "元",
        "万元",
        "千元",
        "万",
        "￥",
        "¥",
        "$",
        "%",
        "百分比",
        "必填",
        "必填项",
        "选填",
        "非必填",
        "可选",
        "可不填",
        "人民币",
        "rmb",
        "cny",
        "usd",
        "美元",
        "天",
        "单选",
        "多选",
        "required",
        "optional",
    ];
    const BEGINNINGS: [&str; 8] = ["必填", "选填", "格式", "下拉", "例", "如", "最多", "请"];
    UNITS.contains(&inside)
        || BEGINNINGS
            .iter()
            .any(|beginning| inside.starts_with(beginning))
}

/// Something a cell may say besides the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What stands before a separator, and may be the group.
    pub(crate) group: Option<String>,
    /// The key.
    pub(crate) key: String,
}

/// What a heading that nobody knows as it stands may say: without its brackets, what stands in them, its parts around a
/// separator (`客户基本信息/客户名称`, `客户名称 / Customer`), its Chinese and its English part (`公司名称Company Name`).
/// In this order, each once. `whole` is its key.
pub(crate) fn readings(heading: &str, whole: &str) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    if !may_say_more(heading) {
        return readings;
    }
    let mut add = |group: Option<String>, key: String| {
        let reading = Reading { group, key };
        if !reading.key.is_empty() && reading.key != whole && !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    if let (Some(open), Some(close)) = (whole.find('('), whole.rfind(')'))
        && open < close
    {
        let inside = &whole[open + 1..close];
        if !is_boundary(inside) {
            add(
                None,
                heading_key(&format!("{}{}", &whole[..open], &whole[close + 1..])),
            );
            add(None, heading_key(inside));
        }
    }
    let parts: Vec<&str> = heading
        .split(SEPARATORS)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if let [first, rest @ ..] = &parts[..]
        && !rest.is_empty()
    {
        add(Some(heading_key(first)), heading_key(&rest.concat()));
        for part in &parts {
            add(None, heading_key(part));
        }
    }
    let (chinese, english) = scripts(heading);
    if !chinese.is_empty() && english.chars().count() > 1 {
        add(None, heading_key(&chinese));
        add(None, heading_key(&english));
    }
    readings
}

const SEPARATORS: [char; 18] = [
    '\n', '\r', '/', '／', '|', '｜', '·', '•', '—', '–', '-', '>', '＞', '→', ':', '：', '\\', '_',
];

/// Whether a text is short and has parts: most cells of a sheet are data, and folding their parts is dear.
fn may_say_more(text: &str) -> bool {
    let mut length = 0;
    let (mut is_parted, mut has_chinese, mut has_latin, mut digits) = (false, false, false, 0);
    for c in text.chars() {
        length += 1;
        is_parted |= SEPARATORS.contains(&c) || matches!(c, '(' | '（' | '[' | '【');
        has_chinese |= is_chinese(c);
        has_latin |= c.is_ascii_alphabetic();
        digits += u32::from(c.is_ascii_digit());
        if length > LONGEST || digits > 3 || matches!(c, '，' | '。' | '；' | '！' | '？' | '@')
        {
            return false;
        }
    }
    is_parted || (has_chinese && has_latin)
}

/// Beginning and end of a period are two columns.
fn is_boundary(inside: &str) -> bool {
    const BOUNDARIES: [&str; 9] = ["起", "止", "始", "终", "开始", "结束", "从", "到", "至"];
    BOUNDARIES.contains(&inside)
}

const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{2e80}'..='\u{2fdf}')
}

/// The Chinese and the Latin characters of a text.
fn scripts(text: &str) -> (String, String) {
    let chinese = text.chars().filter(|&c| is_chinese(c)).collect();
    let english = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || " .&-_'".contains(*c))
        .collect::<String>();
    (chinese, english.trim().to_owned())
}

/// Whether a cell below the heading says how to fill the column in, rather than being data: 必填, 格式：…, 下拉选择.
pub(crate) fn is_hint(text: &str) -> bool {
    const WHOLE: [&str; 30] = [
        "必填",
        "必填项",
        "选填",
        "选填项",
        "非必填",
        "可选",
        "可填",
        "可不填",
        "文本",
        "文本格式",
        "数字",
        "数值",
        "数字格式",
        "日期",
        "日期格式",
        "日期型",
        "时间",
        "时间格式",
        "单选",
        "多选",
        "下拉",
        "下拉选择",
        "下拉菜单",
        "自动生成",
        "required",
        "optional",
        "text",
        "number",
        "date",
        "auto",
    ];
    const BEGINNINGS: [&str; 22] = [
        "必填",
        "选填",
        "非必填",
        "格式",
        "日期格式",
        "时间格式",
        "请填",
        "请输入",
        "请选择",
        "请按",
        "填写",
        "输入",
        "例如",
        "例:",
        "如:",
        "示例:",
        "下拉",
        "从下拉",
        "最多",
        "不超过",
        "长度",
        "yyyy",
    ];
    let key = compact_key(text);
    let key = key.trim_matches(['(', ')', '*', '【', '】', '[', ']', '。', '.']);
    WHOLE.contains(&key)
        || BEGINNINGS
            .iter()
            .any(|beginning| key.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::{Reading, heading_key, is_hint, readings};

    fn readings_of(heading: &str) -> Vec<Reading> {
        readings(heading, &heading_key(heading))
    }

    #[test]
    fn decorations_come_off_and_meaning_stays() {
        for (heading, key) in [
            ("* 客户名称", "客户名称"),
            ("線索名稱(*)", "线索名称"),
            ("联系方式：", "联系方式"),
            ("跟 进 情 况", "跟进情况"),
            ("跟进时间-例:2020-2-1", "跟进时间"),
            ("跟进时间\n（例：2020-02-01）", "跟进时间"),
            ("跟进日期（格式：yyyy-mm-dd）", "跟进日期"),
            ("预计成交金额（万元）", "预计成交金额"),
            ("成交概率(%)", "成交概率"),
            ("【必填】客户名称", "客户名称"),
            ("客户名称[必填]", "客户名称"),
            ("1、客户名称", "客户名称"),
            ("②联系人", "2联系人"),
            ("（3）职位", "职位"),
            ("★负责人", "负责人"),
            ("查询日期（起）", "查询日期(起)"),
            ("Lead ID", "leadid"),
            ("next_follow_up_date", "nextfollowupdate"),
            ("E-mail", "email"),
            ("⼯号", "工号"),
        ] {
            assert_eq!(heading_key(heading), key, "{heading}");
        }
    }

    #[test]
    fn a_cell_that_holds_more_than_a_heading_is_read_part_by_part() {
        for (heading, part) in [
            ("公司名称Company Name", "公司名称"),
            ("公司名称Company Name", "companyname"),
            ("客户名称 / Customer", "customer"),
            ("客户名称\nCustomer", "客户名称"),
            ("Customer（客户名称）", "客户名称"),
            ("*所属客户(线索/联系人/商机/合同)", "所属客户"),
        ] {
            let keys: Vec<_> = readings_of(heading)
                .into_iter()
                .map(|reading| reading.key)
                .collect();
            assert!(keys.contains(&part.to_owned()), "{heading}: {keys:?}");
        }
        let grouped = readings_of("客户基本信息/客户名称");
        assert_eq!(grouped[0].group.as_deref(), Some("客户基本信息"));
        assert_eq!(grouped[0].key, "客户名称");
        assert!(readings_of("查询日期（起）").is_empty());
        assert!(readings_of("客户名称").is_empty());
    }

    #[test]
    fn hints_are_no_data() {
        for hint in [
            "必填",
            "（选填）",
            "格式：2024-05-20",
            "下拉选择",
            "请填写企业全称",
            "例：展会-20240520-001",
            "YYYY-MM-DD",
        ] {
            assert!(is_hint(hint), "{hint}");
        }
        for data in [
            "北辰机电",
            "电话",
            "2024-05-20",
            "A",
            "日期待定",
            "时间合适再约",
            "潜在客户",
        ] {
            assert!(!is_hint(data), "{data}");
        }
    }
}
