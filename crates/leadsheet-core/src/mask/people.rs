//! Names: which of what a cell says are names, and what is left of one.

use super::figures::is_label;
use crate::text::compact;
use crate::value::{NameReading, is_of_a_person, parse_name, surname_length, without_title};

/// What people write where a name is missing, or for whoever answers; folded.
const NOBODY: [&str; 58] = [
    "无",
    "没有",
    "未知",
    "不详",
    "暂无",
    "待定",
    "同上",
    "本人",
    "自己",
    "保密",
    "空",
    "前台",
    "总机",
    "客服",
    "采购",
    "财务",
    "行政",
    "人事",
    "销售",
    "技术",
    "工程",
    "办公室",
    "采购部",
    "财务部",
    "行政部",
    "人事部",
    "销售部",
    "技术部",
    "工程部",
    "市场部",
    "业务员",
    "负责人",
    "联系人",
    "姓名",
    "客户",
    "客户名称",
    "公司",
    "老板",
    "老板娘",
    "新人",
    "测试",
    "示例",
    "其他",
    "na",
    "n/a",
    "none",
    "null",
    "nil",
    "test",
    "tbd",
    "hr",
    "ceo",
    "cfo",
    "cto",
    "manager",
    "sales",
    "admin",
    "unknown",
];

/// Words at the end of what is a name of something else than a person.
const NOT_PEOPLE: [&str; 34] = [
    "公司", "集团", "中心", "学校", "大学", "医院", "银行", "酒店", "工厂", "科技", "机电", "贸易",
    "实业", "部", "厂", "店", "院", "校", "行", "社", "所", "局", "会", "馆", "处", "队", "站",
    "室", "厅", "网", "组", "科", "办", "团",
];

/// Words of organisations in Latin letters, in lower case.
const COMPANY_WORDS: &str = " ltd inc llc llp co corp corporation company gmbh ag sa bv plc pte group holdings limited hotel school \
    university bank hospital trading industries technology technologies tech systems solutions international services store studio \
    the machinery electric electronics industrial trade import export manufacturing food foods global media digital software \
    network networks energy power auto motors medical pharma logistics consulting partners capital ventures labs works factory \
    restaurant cafe clinic supermarket center centre institute college association foundation council ministry department \
    office team sales market purchasing lead source customer client contact name type status date order product project ";

/// Words that begin as surnames do and name nobody, where nobody says that a name stands there.
const WORDS: &str = " 金额 方案 方式 成交 安排 高度 常用 温度 平均 包装 任务 关系 关注 成本 成功 成立 安全 安装 方便 方向 高级 金融 金牌 云端 花费 路线 \
    游客 管理 包含 包括 程序 程度 章节 单位 单价 单号 宁波 江苏 江西 安徽 温州 成都 云南 华东 华南 华北 华中 华西 常州 金华 沈阳 洛阳 乔迁 向导 \
    柳州 万元 万达 石油 钱款 花园 苗木 谷歌 叶片 蓝色 白色 黄色 金色 马上 马达 牛奶 龙头 雷达 夏季 夏天 季度 季节 常规 常见 常温 康复 文件 文档 \
    文化 文员 文字 施工 洪水 温馨 庄园 路径 路由 游戏 游泳 管道 柴油 卫生 卫浴 尤其 费用 廉价 毕业 华为 华联 元旦 元素 桂林 水电 水果 水泥 童装 \
    童鞋 于是 顾客 顾问 顾虑 付款 付费 付清 夏装 齐全 齐备 包邮 包月 安静 高峰 高效 高中 高管 高端 高新 万能 方面 白天 白领 常务 关键 关闭 关于 \
    陆续 陆运 毛利 毛坯 毛巾 江北 江南 段落 熊猫 余额 余款 余下 许可 许多 何时 何人 林业 林地 罗列 何处 曾经 萧条 田地 董事 范围 范例 钟表 史上 \
    陶瓷 武器 严重 严格 莫非 向上 向下 单据 单数 单元 成员 成果 成绩 成熟 成品 金属 钱包 贺卡 贺礼 石材 时间 苏州 徐州 郑州 杭州 连锁 章程 方法 \
    汤料 米面 康养 易耗品 安检 安保 宋体 黑体 于此 房产 管家 管道工 温控 洗浴 花店 路演 童书 盛大 元件 水费 水管 云服务 云计算 花生 花卉 毛重 \
    车辆 康体 关联 关税 关机 常驻 高温 高压 高价 高铁 金价 金条 金店 包间 包装箱 方形 方位 江湖 汪洋 万一 万分 万科 金蝶 华润 华夏 方太 安踏 ";

/// What stands between people who share a cell, or between a name and a remark.
const SEPARATORS: [char; 31] = [
    '、', ',', '，', ';', '；', '/', '|', '\n', '\r', '\t', '(', ')', '（', '）', '[', ']', '【',
    '】', '<', '>', '《', '》', ':', '：', '&', '+', '。', '“', '”', '"', '=',
];

/// The names in a cell of people, as they are spelled there.
pub(super) fn names_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in text.split(SEPARATORS) {
        let piece = piece.trim_matches(|c: char| {
            c.is_whitespace() || c.is_ascii_digit() || "-—–_.#".contains(c)
        });
        if piece.contains(is_han) && piece.contains(char::is_whitespace) && !is_of_a_person(piece) {
            names.extend(piece.split_whitespace().filter_map(name));
        } else {
            names.extend(name(piece));
        }
    }
    names
}

/// The same of a cell that holds people and organisations: only what can hardly be anything but a person.
pub(super) fn people_in(text: &str) -> Vec<String> {
    let whole = compact(text);
    if !text.contains(is_han) {
        return if is_latin_person(text) {
            vec![text.trim().to_owned()]
        } else {
            Vec::new()
        };
    }
    if whole.contains('·') && !is_organisation(&whole) && !whole.contains(SEPARATORS) {
        return names_in(text);
    }
    let is_person = |name: &String| {
        let key = compact(name);
        let is_word = WORDS.contains(&format!(" {key} "));
        !is_word && !is_organisation(&key) && (is_of_a_person(&key) || is_latin_person(name))
    };
    names_in(&text.replace(['-', '—', '–', '_'], "/"))
        .into_iter()
        .filter(is_person)
        .collect()
}

/// Whether a text names an organisation, as far as its words say.
pub(super) fn is_organisation(name: &str) -> bool {
    let key = compact(name);
    if !key.contains(is_han) {
        return !is_latin_person(name);
    }
    NOT_PEOPLE.iter().any(|word| key.ends_with(word)) || key.contains("公司")
}

/// One piece as a name; `None` where it is none, or says no more than a surname.
fn name(piece: &str) -> Option<String> {
    let piece = piece.trim();
    let key = compact(piece);
    let length = key.chars().count();
    if !(2..=30).contains(&length)
        || piece.contains(['*', '＊', '@'])
        || NOBODY.contains(&&*key)
        || is_label(&key)
    {
        return None;
    }
    if piece.chars().any(|c| c.is_ascii_digit()) || !piece.contains(char::is_alphabetic) {
        return None;
    }
    if parse_name(piece) != NameReading::Full {
        return None;
    }
    if !piece.contains(is_han) {
        return Some(piece.to_owned());
    }
    let is_short_for_surname = length == 2 && key.starts_with(['老', '小', '阿', '大']) && {
        let rest: String = key.chars().skip(1).collect();
        surname_length(&rest) == 1
    };
    if is_short_for_surname
        || (NOT_PEOPLE.iter().any(|word| key.ends_with(word)) && !is_of_a_person(&key))
    {
        return None;
    }
    // A title belongs to the name and is no part of it; `张工` alone was titled above.
    let bare = without_title(&key);
    if bare.len() < key.len() && bare.chars().count() >= 2 {
        let count = bare.chars().count();
        let mut left = count;
        let end = piece.char_indices().find(|(_, c)| {
            if left == 0 {
                return true;
            }
            left -= usize::from(!c.is_whitespace());
            false
        });
        return end.map(|(at, _)| piece[..at].trim().to_owned());
    }
    // Longer ones are remarks, organisations, sentences; of several words each was looked at.
    (length <= 4 || piece.contains('·') || piece.contains('•') || is_of_a_person(&key))
        .then(|| piece.to_owned())
}

/// Two words that each begin with a capital, perhaps an initial between them, none of them of a firm.
fn is_latin_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        let bare = word.trim_end_matches([',', '.']);
        bare.starts_with(char::is_uppercase)
            && bare.chars().all(|c| c.is_alphabetic() || "'-.".contains(c))
            && !COMPANY_WORDS.contains(&format!(" {} ", bare.to_lowercase()))
    };
    (2..=3).contains(&words.len())
        && words.iter().all(is_word)
        && !text.contains(is_han)
        && parse_name(text).is_full()
}

/// How many characters of a name stay, and what stands for the rest.
pub(super) fn mask_of(name: &str) -> (usize, &'static str) {
    let key = compact(name);
    if key.starts_with(is_han) {
        let surname = surname_length(&key);
        // The whole name may be a double surname, or none that is known.
        let kept = if surname >= key.chars().count() {
            1
        } else {
            surname.max(1)
        };
        (kept, "*")
    } else {
        (1, "***")
    }
}

pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_among_remarks_and_numbers() {
        for (cell, names) in [
            ("张三", &["张三"][..]),
            ("张三/李四、王小五", &["张三", "李四", "王小五"]),
            ("张 三", &["张 三"]),
            ("张三 李四", &["张三", "李四"]),
            ("张三（采购）", &["张三"]),
            ("张三 13800138000", &["张三"]),
            ("张三经理", &["张三"]),
            ("歐陽靜", &["歐陽靜"]),
            ("小美", &["小美"]),
            ("阿凡提·买买提", &["阿凡提·买买提"]),
            ("John Smith", &["John Smith"]),
            ("Lily", &["Lily"]),
            ("王先生", &[]),
            ("小李", &[]),
            ("张*", &[]),
            ("J***", &[]),
            ("前台", &[]),
            ("无", &[]),
            ("工程部", &[]),
            ("13800138000", &[]),
        ] {
            assert_eq!(names_in(cell), names, "{cell}");
        }
    }

    #[test]
    fn among_customers_only_people_are_people() {
        for person in [
            "张三",
            "欧阳静",
            "John Smith",
            "阿凡提·买买提",
            "张三（北辰机电）",
            "北辰机电-张三",
        ] {
            assert_eq!(people_in(person).len(), 1, "{person}");
        }
        for firm in [
            "北辰机电有限公司",
            "北辰机电",
            "宏图科技",
            "Acme",
            "Acme Trading Ltd",
            "Smith Co., Ltd.",
            "金店",
            "王先生",
            "华联超市",
            "万科",
            "Cloudferry Pinecone Machinery",
            "Lead Source",
            "金额",
        ] {
            assert_eq!(people_in(firm), Vec::<String>::new(), "{firm}");
        }
    }

    #[test]
    fn a_surname_of_two_characters_stays_whole() {
        for (name, mask) in [
            ("张三", (1, "*")),
            ("欧阳静", (2, "*")),
            ("诸葛孔明", (2, "*")),
            ("司马", (1, "*")),
            ("小美", (1, "*")),
            ("John Smith", (1, "***")),
            ("ルフィ", (1, "***")),
        ] {
            assert_eq!(mask_of(name), mask, "{name}");
        }
    }
}
