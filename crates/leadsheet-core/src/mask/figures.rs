//! A text as the finders look at it: half-width, its runs of digits marked, and what the words before a place call it.

use crate::text::{compact, is_without_width};

/// The characters of a text that can be seen, in their own width, with where each stands in the text.
pub(super) struct Figures<'t> {
    pub(super) text: &'t str,
    pub(super) characters: Vec<(char, usize)>,
    pub(super) runs: Vec<Run>,
}

/// Digits side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first of them and the one behind the last, among the characters.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) digits: String,
}

/// What the words before a value say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Called {
    Phone,
    Account,
    Identity,
    Bank,
    Name,
}

const LABELS: [(Called, &[&str]); 5] = [
    (
        Called::Phone,
        &[
            "电话",
            "手机",
            "手机号",
            "号码",
            "座机",
            "固话",
            "热线",
            "传真",
            "联系方式",
            "致电",
            "拨打",
            "电联",
            "拨",
            "tel",
            "phone",
            "mobile",
            "cell",
            "fax",
            "whatsapp",
            "call",
            "mob",
        ],
    ),
    (
        Called::Account,
        &[
            "微信",
            "微信号",
            "微信id",
            "wechat",
            "wechatid",
            "weixin",
            "vx",
            "wx",
            "加v",
            "薇信",
            "威信",
            "v信",
            "qq",
            "qq号",
            "企鹅号",
            "钉钉",
            "钉钉号",
            "飞书",
            "飞书号",
            "skype",
            "telegram",
            "line",
            "lineid",
            "抖音号",
            "抖音",
            "小红书",
            "微博",
            "facebook",
            "instagram",
            "twitter",
            "微信同号",
        ],
    ),
    (
        Called::Identity,
        &[
            "身份证",
            "身份证号",
            "证件",
            "证件号",
            "护照",
            "护照号",
            "passport",
            "passportno",
            "通行证",
            "台胞证",
            "回乡证",
            "驾驶证",
            "驾照",
            "军官证",
            "社保号",
            "社保卡",
            "idcard",
            "idno",
        ],
    ),
    (
        Called::Bank,
        &[
            "卡号",
            "账号",
            "帐号",
            "账户",
            "帐户",
            "银行卡",
            "account",
            "accountno",
            "iban",
            "支付宝",
            "alipay",
        ],
    ),
    (
        Called::Name,
        &[
            "联系人",
            "姓名",
            "客户姓名",
            "收件人",
            "收货人",
            "决策人",
            "紧急联系人",
            "经办人",
            "介绍人",
            "推荐人",
            "法人",
            "法定代表人",
        ],
    ),
];

impl<'t> Figures<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let characters: Vec<(char, usize)> = text
            .char_indices()
            .filter(|(_, c)| !is_without_width(*c))
            .map(|(at, c)| (narrow(c), at))
            .collect();
        let mut runs: Vec<Run> = Vec::new();
        for (position, (c, _)) in characters.iter().enumerate() {
            if !c.is_ascii_digit() {
                continue;
            }
            match runs.last_mut().filter(|run| run.end == position) {
                Some(run) => {
                    run.digits.push(*c);
                    run.end += 1;
                }
                None => runs.push(Run {
                    start: position,
                    end: position + 1,
                    digits: c.to_string(),
                }),
            }
        }
        Self {
            text,
            characters,
            runs,
        }
    }

    /// The character at a position.
    pub(super) fn at(&self, position: usize) -> Option<char> {
        self.characters.get(position).map(|(c, _)| *c)
    }

    /// The character before a position.
    pub(super) fn before(&self, position: usize) -> Option<char> {
        self.at(position.checked_sub(1)?)
    }

    /// The bytes of the text from one position to another.
    pub(super) fn bytes(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let at = |position: usize| {
            self.characters
                .get(position)
                .map_or(self.text.len(), |(_, at)| *at)
        };
        // What cannot be seen behind the last character goes with it.
        at(start)..at(end)
    }

    /// What stands between two positions.
    pub(super) fn between(&self, start: usize, end: usize) -> String {
        let end = end.min(self.characters.len());
        let characters = self.characters.get(start..end).unwrap_or_default();
        characters.iter().map(|(c, _)| *c).collect()
    }

    /// What the words right before a position call it.
    pub(super) fn called(&self, position: usize) -> Option<Called> {
        const LONGEST: usize = 18;
        let before = self.between(position.saturating_sub(LONGEST), position);
        let line = before
            .rsplit(['\n', '\r', ',', '，', '。', ';', '；'])
            .next()?;
        let key = compact(line);
        let mark = |c: char| ":：=#.-_([（【*\"'是为".contains(c);
        let mut words = key.trim_end_matches(mark);
        for ending in ["号码", "号", "no", "number"] {
            let shorter = words.strip_suffix(ending).unwrap_or(words);
            if label(words).is_none() {
                words = shorter.trim_end_matches(mark);
            }
        }
        label(words)
    }
}

/// Whether a folded text is a word that says what stands behind it, and no more.
pub(super) fn is_label(key: &str) -> bool {
    LABELS.iter().any(|(_, words)| words.contains(&key))
}

fn label(before: &str) -> Option<Called> {
    let ends = |word: &str| {
        before.strip_suffix(word).is_some_and(|rest| {
            // A word in Latin letters is one: `hotel` is no `tel`.
            !word.starts_with(|c: char| c.is_ascii_alphabetic())
                || !rest.ends_with(|c: char| c.is_ascii_alphanumeric())
        })
    };
    let mut longest: Option<(usize, Called)> = None;
    for (called, words) in LABELS {
        let found = words
            .iter()
            .filter(|word| ends(word))
            .map(|word| word.len())
            .max();
        if let Some(length) = found
            && longest.is_none_or(|(other, _)| other < length)
        {
            longest = Some((length, called));
        }
    }
    longest.map(|(_, called)| called)
}

fn narrow(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}
