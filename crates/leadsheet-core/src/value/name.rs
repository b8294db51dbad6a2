//! Names of people: in full, or so that they may be anybody's.

use std::borrow::Cow;

use crate::text::compact;

/// The surnames that most Chinese bear, and every common one of two characters.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟\
    姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪辛柯庄温\
    牛樊葛邢安齐伍庞颜倪章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单季裴霍涂成苗谷曲盛冉骆蓝路游靳管柴褚卫尤凤费廉\
    岑滕罗毕郝邬卞元卜昌花云华戚喻柏水窦章桂";
const DOUBLE_SURNAMES: [&str; 12] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "尉迟", "皇甫", "慕容",
];
/// What people write for the given name they do not know or do not say, folded; the longer before what they end with.
const TITLES: [&str; 30] = [
    "先生",
    "女士",
    "小姐",
    "太太",
    "夫人",
    "同志",
    "老师",
    "教授",
    "医生",
    "律师",
    "总经理",
    "经理",
    "主任",
    "部长",
    "科长",
    "处长",
    "局长",
    "院长",
    "校长",
    "厂长",
    "店长",
    "主管",
    "总监",
    "董事长",
    "老板",
    "师傅",
    "总",
    "董",
    "工",
    "某",
];

/// Longer names are given in full: the longest titled one is a double surname with 董事长.
const LONGEST_TITLED: usize = 5;

/// How much of a person a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameReading {
    /// Surname and given name, or the name of an organisation.
    Full,
    /// Partly hidden: `张*`, `张某某`, `王XX`.
    Masked,
    /// A surname with a title: `王先生`, `李总`, `Mr. Li`.
    Titled,
}

impl NameReading {
    /// Whether two bearers of this name are probably one person.
    pub const fn is_full(self) -> bool {
        matches!(self, NameReading::Full)
    }
}

/// Reads the name of a person, or of a customer who may be a person.
///
/// ```
/// use leadsheet_core::{NameReading, parse_name};
/// assert_eq!(parse_name("张*"), NameReading::Masked);
/// assert_eq!(parse_name("歐陽先生"), NameReading::Titled);
/// assert_eq!(parse_name("北辰机电有限公司"), NameReading::Full);
/// ```
pub fn parse_name(name: &str) -> NameReading {
    if name.contains(['*', '＊', '●', '×']) {
        return NameReading::Masked;
    }
    if name.chars().filter(|c| !c.is_whitespace()).count() > LONGEST_TITLED && !name.is_ascii() {
        return NameReading::Full;
    }
    let key = compact(name);
    if is_titled_in_english(name) {
        return NameReading::Titled;
    }
    let Some(rest) = behind_surname(&key) else {
        return NameReading::Full;
    };
    if !rest.is_empty() && rest.chars().all(|c| matches!(c, '某' | 'x')) {
        NameReading::Masked
    } else if TITLES.contains(&rest) {
        NameReading::Titled
    } else {
        NameReading::Full
    }
}

/// How many characters the surname has that a folded name begins with; none where it begins with none that is known.
pub(crate) fn surname_length(key: &str) -> usize {
    let rest = behind_surname(key).map_or(key.len(), str::len);
    key[..key.len() - rest].chars().count()
}

/// A folded name without the title behind it: `张三` of `张三经理`.
pub(crate) fn without_title(key: &str) -> &str {
    let title = TITLES.iter().find(|title| key.ends_with(**title));
    title.map_or(key, |title| &key[..key.len() - title.len()])
}

/// What stands behind the surname of a folded name; `None` where it does not begin with one.
fn behind_surname(key: &str) -> Option<&str> {
    let double = DOUBLE_SURNAMES
        .iter()
        .find_map(|surname| key.strip_prefix(surname));
    double.or_else(|| {
        let first = key.chars().next()?;
        SURNAMES.contains(first).then(|| &key[first.len_utf8()..])
    })
}

/// Whether a name may well be that of a person: a surname and one or two characters more.
pub(crate) fn is_of_a_person(name: &str) -> bool {
    let key: Cow<'_, str> = compact(name);
    behind_surname(&key).is_some_and(|rest| {
        matches!(rest.chars().count(), 1..=2)
            && !rest.ends_with(['司', '厂', '店', '社', '行', '部', '院', '校'])
    })
}

fn is_titled_in_english(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let title = words.next().unwrap_or_default().trim_end_matches('.');
    ["mr", "mrs", "ms", "miss", "dr"].contains(&title.to_ascii_lowercase().as_str())
        && words.count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_titled_names_may_be_anybodys() {
        for name in [
            "张*",
            "张＊＊",
            "*",
            "王XX",
            "李某",
            "张某某",
            "欧阳某",
            "王×",
        ] {
            assert_eq!(parse_name(name), NameReading::Masked, "{name}");
        }
        for name in [
            "王先生",
            "李女士",
            "陈小姐",
            "王总",
            "刘工",
            "张经理",
            "赵老师",
            "歐陽先生",
            "王 先生",
            "Mr. Li",
            "Ms Wang",
            "孙董事长",
        ] {
            assert_eq!(parse_name(name), NameReading::Titled, "{name}");
        }
    }

    #[test]
    fn people_and_firms_in_full_are_full() {
        for name in [
            "",
            "王敏",
            "李雷",
            "欧阳静",
            "张佳宁",
            "王总统",
            "金某新",
            "诸葛亮",
            "北辰机电有限公司",
            "海天水总工",
            "Li Lei",
            "Drake Ltd",
            "XX科技有限公司",
            "老总",
            "电工",
        ] {
            assert_eq!(parse_name(name), NameReading::Full, "{name}");
        }
    }

    #[test]
    fn a_short_name_behind_a_surname_is_a_persons() {
        for name in ["王敏", "张佳宁", "歐陽靜", "司马相如"] {
            assert!(is_of_a_person(name), "{name}");
        }
        for name in ["北辰机电", "王", "金店", "王府井百货", "Li Lei", ""] {
            assert!(!is_of_a_person(name), "{name}");
        }
    }
}
