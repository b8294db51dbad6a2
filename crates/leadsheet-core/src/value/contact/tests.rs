//! What is read as a way to reach somebody, spelling by spelling, and what is refused. Numbers are invented: no such
//! subscriber exists behind the ranges used.

use super::*;

fn points(text: &str) -> Vec<ContactPoint> {
    parse_contact(Value::Text(text)).points().to_vec()
}

fn mobile(digits: &str) -> ContactPoint {
    ContactPoint::Mobile(Mobile::of_digits(digits).unwrap())
}

#[test]
fn a_mainland_mobile_is_known_in_every_spelling() {
    for text in [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        " 13800000001 ",
        "+86 13800000001",
        "+86-138-0000-0001",
        "008613800000001",
        "8613800000001",
        "(+86)138-0000-0001",
        "１３８０００００００１",
        "＋８６ １３８ ００００ ０００１",
        "手机：13800000001",
        "手机号码 13800000001",
        "手機：13800000001",
        "Tel: 13800000001",
        "TEL13800000001",
        "WhatsApp: 13800000001",
        "13800000001（王经理）",
        "王经理 13800000001",
        "王经理13800000001",
        "王经理（13800000001）",
        "微信同号13800000001",
    ] {
        assert_eq!(points(text), [mobile("13800000001")], "{text}");
    }
    let number = Value::Number {
        value: 13_800_000_001.0,
        format: "",
    };
    assert_eq!(parse_contact(number).points(), [mobile("13800000001")]);
    // Whatever range an operator opens next.
    for prefix in [
        "130", "145", "157", "166", "172", "189", "190", "192", "198", "199",
    ] {
        assert_eq!(
            points(&format!("{prefix}00000001")),
            [mobile(&format!("{prefix}00000001"))]
        );
    }
}

#[test]
fn land_lines_have_area_codes_and_extensions() {
    for (text, expected) in [
        ("010-84664163", "01084664163"),
        ("(010)84664163", "01084664163"),
        ("（010）8466 4163", "01084664163"),
        ("01084664163", "01084664163"),
        ("0571 8466416", "05718466416"),
        ("+86 10 8466 4163", "01084664163"),
        ("010-84664163-8001", "01084664163-8001"),
        ("0755-84664163转801", "075584664163-801"),
        ("0755-84664163 分机801", "075584664163-801"),
        ("0755-84664163 ext. 801", "075584664163-801"),
        ("座机：0755-84664163#801", "075584664163-801"),
        ("400-820-8820", "4008208820"),
        ("800 820 8820", "8008208820"),
        ("前台 010-84664163", "01084664163"),
    ] {
        assert_eq!(
            points(text),
            [ContactPoint::Landline(expected.into())],
            "{text}"
        );
    }
    assert_eq!(
        points("84664163"),
        [ContactPoint::LocalNumber("84664163".into())]
    );
    // A digit short, and no area code begins like that.
    for (text, digits) in [
        ("+86 1377 7666 006", "13777666006"),
        ("+86 1377 7666 00", "1377766600"),
        ("01381234567", "01381234567"),
    ] {
        let expected = match digits.len() {
            11 if digits.starts_with('1') => mobile(digits),
            _ => ContactPoint::BadMobile(digits.into()),
        };
        assert_eq!(points(text), [expected], "{text}");
    }
    assert_eq!(points("013800000001"), [mobile("13800000001")]);
    assert_eq!(
        points("84664163转8001"),
        [ContactPoint::LocalNumber("84664163-8001".into())]
    );
}

#[test]
fn other_ways_to_reach_somebody_are_told_apart() {
    for (text, expected) in [
        (
            "Li.Lei@Example.com",
            ContactPoint::Email("li.lei@example.com".into()),
        ),
        (
            "邮箱：li@example.com",
            ContactPoint::Email("li@example.com".into()),
        ),
        (
            "E-mail: li@example.com",
            ContactPoint::Email("li@example.com".into()),
        ),
        (
            "微信：lilei_2024",
            ContactPoint::Wechat("lilei_2024".into()),
        ),
        ("VX lilei", ContactPoint::Wechat("lilei".into())),
        (
            "微信号：13800000001",
            ContactPoint::Wechat("13800000001".into()),
        ),
        ("lilei_2024", ContactPoint::Wechat("lilei_2024".into())),
        ("wxid_abc123", ContactPoint::Wechat("wxid_abc123".into())),
        ("QQ：12345678", ContactPoint::Qq("12345678".into())),
        ("qq号 10001", ContactPoint::Qq("10001".into())),
        ("LINE: beichen", ContactPoint::Account("beichen".into())),
        ("钉钉：李雷", ContactPoint::Account("李雷".into())),
    ] {
        assert_eq!(points(text), [expected], "{text}");
    }
}

#[test]
fn a_mask_is_its_own_class() {
    for text in [
        "138****5678",
        "138＊＊＊＊5678",
        "*5678",
        "138xxxx5678",
        "138XXXX5678",
        "138####5678",
        "138····5678",
        "138●●●●5678",
        "138????5678",
        "1380000****",
        "王*138****5678",
        "手机：138****5678",
        "微信：138****5678",
        "010-****4163",
        "l***@example.com",
        // Cut off behind the range.
        "139",
    ] {
        assert!(
            matches!(points(text)[..], [ContactPoint::Masked(_)]),
            "{text}: {:?}",
            points(text)
        );
        assert_eq!(parse_contact(Value::Text(text)).mobile(), None, "{text}");
    }
}

#[test]
fn wrong_numbers_stay_wrong() {
    for text in [
        "1380000000",
        "12345678901",
        "138000000012",
        "23800000001",
        "1379876",
        "+86 1380000000 12",
        "手机：1380000000",
    ] {
        assert!(
            matches!(points(text)[..], [ContactPoint::BadMobile(_)]),
            "{text}: {:?}",
            points(text)
        );
    }
    for text in ["li@", "@example.com", "li@example", "li lei@example.com"] {
        assert!(
            matches!(points(text)[..], [ContactPoint::BadEmail(_)]),
            "{text}: {:?}",
            points(text)
        );
    }
    for text in [
        "见备注",
        "无",
        "微信：",
        "12",
        "QQ：12",
        "北京市朝阳区1号楼",
    ] {
        assert!(
            matches!(points(text)[..], [ContactPoint::Unreadable(_)]),
            "{text}: {:?}",
            points(text)
        );
    }
    assert_eq!(points(" "), []);
}

#[test]
fn several_may_share_a_cell() {
    let both = [mobile("13800000001"), ContactPoint::Email("a@b.cn".into())];
    for text in [
        "13800000001/a@b.cn",
        "13800000001 a@b.cn",
        "13800000001、a@b.cn",
        "13800000001，a@b.cn",
        "13800000001；邮箱：a@b.cn",
        "13800000001\na@b.cn",
    ] {
        assert_eq!(points(text), both, "{text}");
    }
    assert_eq!(
        points("13800000001 / 13900000002"),
        [mobile("13800000001"), mobile("13900000002")]
    );
    assert_eq!(
        points("13800000001（微信同号）"),
        [
            mobile("13800000001"),
            ContactPoint::Wechat("13800000001".into())
        ]
    );
    assert!(matches!(
        points("13800000001、138****5678")[..],
        [ContactPoint::Mobile(_), ContactPoint::Masked(_)]
    ));
}

/// Numbers that the authorities of these countries keep for films and examples (Ofcom, NANPA), and shapes that their plans
/// do not have.
#[cfg(feature = "numbering-plans")]
#[test]
fn numbers_of_other_countries_are_judged_by_their_plans() {
    for (text, expected) in [
        ("+44 20 7946 0000", "+442079460000"),
        ("0044 20 7946 0000", "+442079460000"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+852 9123 4567", "+85291234567"),
        ("+886 912 345 678", "+886912345678"),
    ] {
        assert_eq!(
            points(text),
            [ContactPoint::International(expected.into())],
            "{text}"
        );
    }
    for text in ["+44 20 7946", "+999 123 456 789", "+1 415 555 26711", "+12"] {
        assert!(
            matches!(points(text)[..], [ContactPoint::BadInternational(_)]),
            "{text}: {:?}",
            points(text)
        );
    }
}
