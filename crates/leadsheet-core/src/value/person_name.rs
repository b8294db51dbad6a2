//! A person's name in two parts, as CRMs keep it, and in one, as follow-up tables do.

use crate::text::nfkc;

/// Family name and given name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The family name, or the whole name where it cannot be taken apart beyond doubt.
    pub family: String,
    /// The given name, where it is beyond doubt.
    pub given: Option<String>,
}

/// Takes a name apart where the writer has set a mark between its parts, and only there:
///
/// - `Smith, John`: family name, comma, given name;
/// - `John Smith`: in Latin letters the last word is the family name, as CRMs read a full name;
/// - `欧阳 锋`: in Chinese characters, two words with a blank between, the family name of one or two characters first.
///
/// Every other name is a family name as a whole: `李雷` might be taken apart, `司马南` only by who knows the person.
pub fn split_name(name: &str) -> PersonName {
    let whole = name.trim();
    let folded = nfkc(whole);
    let apart = |family: &str, given: &str| PersonName {
        family: family.trim().to_owned(),
        given: Some(given.trim().to_owned()),
    };
    let is_latin = folded.chars().all(|c| !c.is_alphabetic() || c < '\u{0250}')
        && folded.chars().any(char::is_alphabetic);
    let words: Vec<&str> = folded.split_whitespace().collect();
    if is_latin {
        if let Some((family, given)) = folded.split_once(',')
            && !family.trim().is_empty()
            && !given.trim().is_empty()
            && !given.contains(',')
        {
            return apart(family, given);
        }
        if let [given @ .., family] = &words[..]
            && !given.is_empty()
            && !folded.contains(',')
        {
            return apart(family, &given.join(" "));
        }
    }
    if let [family, given] = words[..]
        && [family, given].into_iter().all(is_chinese)
        && family.chars().count() <= 2
        && given.chars().count() <= 3
    {
        return apart(family, given);
    }
    PersonName {
        family: whole.to_owned(),
        given: None,
    }
}

/// Puts a name together: `李` and `雷` give `李雷`, `Smith` and `John` give `John Smith`.
pub fn whole_name(family: &str, given: &str) -> String {
    let (family, given) = (family.trim(), given.trim());
    let has_both = !family.is_empty() && !given.is_empty();
    let is_western = has_both && !is_chinese(family) && !is_chinese(given);
    if is_western {
        format!("{given} {family}")
    } else {
        format!("{family}{given}")
    }
}

/// Whether every character is a Chinese one (the unified ideographs and their first extension).
fn is_chinese(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> (String, Option<String>) {
        let name = split_name(name);
        (name.family, name.given)
    }

    #[test]
    fn a_name_is_taken_apart_where_its_writer_marked_the_parts() {
        for (name, family, given) in [
            ("John Smith", "Smith", "John"),
            ("Mary Ann Jones", "Jones", "Mary Ann"),
            ("Smith, John", "Smith", "John"),
            ("José García", "García", "José"),
            ("欧阳 锋", "欧阳", "锋"),
            ("张　三", "张", "三"),
        ] {
            assert_eq!(
                parts(name),
                (family.to_owned(), Some(given.to_owned())),
                "{name}"
            );
        }
    }

    #[test]
    fn every_other_name_stays_whole() {
        for name in [
            "李雷",
            "司马南",
            "王先生",
            "张*",
            "Cher",
            "王先生 经理",
            "张三、李四",
            "王 总 助理",
            "李雷(Ray)",
            "Smith, John, Jr.",
            "13800000001",
            "阿凡提·买买提",
        ] {
            assert_eq!(parts(name), (name.to_owned(), None), "{name}");
        }
        assert_eq!(parts(" 李雷 "), ("李雷".to_owned(), None));
    }

    #[test]
    fn parts_make_a_whole_again() {
        for (family, given, whole) in [
            ("李", "雷", "李雷"),
            ("Smith", "John", "John Smith"),
            ("李雷", "", "李雷"),
            ("", "John", "John"),
        ] {
            assert_eq!(whole_name(family, given), whole);
        }
    }
}
