//! Headings as they are compared: the decorations that teams and import tools put around them taken off.

use leadsheet_core::compact_key;

/// The key under which two spellings of a heading meet: NFKC, Traditional folded, no blanks, no `*`, no colon at
/// the end, no example (`-例:…`), no unit in brackets (`(万元)`, `(%)`, `(*)`), lower case.
pub(crate) fn heading_key(heading: &str) -> String {
    let mut key = compact_key(heading);
    if let Some(example) = key.find("-例") {
        key.truncate(example);
    }
    key.retain(|c| c != '*');
    let mut key = key.trim_end_matches([':', '.', '。']).to_owned();
    while let Some(open) = key.strip_suffix(')').and_then(|head| head.rfind('(')) {
        if !is_unit(&key[open + 1..key.len() - 1]) {
            break;
        }
        key.truncate(open);
        key.truncate(key.trim_end_matches(':').len());
    }
    key
}

/// What may stand in brackets without changing what a heading means. `(起)` and `(止)` do change it.
fn is_unit(inside: &str) -> bool {
    const UNITS: [&str; 12] = [
        "",
        "元",
        "万元",
        "万",
        "%",
        "必填",
        "选填",
        "可选",
        "人民币",
        "rmb",
        "天",
        "required",
    ];
    UNITS.contains(&inside)
}

#[cfg(test)]
mod tests {
    use super::heading_key;

    #[test]
    fn decorations_come_off_and_meaning_stays() {
        for (heading, key) in [
            ("* 客户名称", "客户名称"),
            ("線索名稱(*)", "线索名称"),
            ("联系方式：", "联系方式"),
            ("跟 进 情 况", "跟进情况"),
            ("跟进时间-例:2020-2-1", "跟进时间"),
            ("预计成交金额（万元）", "预计成交金额"),
            ("成交概率(%)", "成交概率"),
            ("查询日期（起）", "查询日期(起)"),
            ("Lead ID", "leadid"),
            ("⼯号", "工号"),
        ] {
            assert_eq!(heading_key(heading), key, "{heading}");
        }
    }
}
