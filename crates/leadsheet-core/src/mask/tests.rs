//! What is hidden in a text and what is left alone, as tables. The masks were written by hand.

use super::*;
use crate::ledger::Value;
use crate::value::{ContactPoint, NameReading, parse_contact, parse_name};

fn masker() -> Masker {
    let mut builder = MaskBuilder::new(MaskOptions::default());
    for person in [
        "张三",
        "欧阳静",
        "张三丰",
        "John Smith",
        "Li",
        "小美",
        "高兴",
        "買買提·阿凡提",
    ] {
        builder.person(person);
    }
    builder.customer("北辰机电有限公司");
    builder.staff("李雷");
    builder.contact(Value::Text("abc_123"));
    builder.contact(Value::Text("62345678"));
    builder.contact(Value::Text("QQ：10001"));
    builder.keep("ZY-20240520-001");
    builder.build()
}

fn shown(text: &str) -> String {
    masker().masked(text).unwrap_or_else(|| text.to_owned())
}

#[test]
fn names_are_hidden_wherever_and_however_they_are_written() {
    for (text, masked) in [
        ("张三", "张*"),
        ("張三说下周再谈", "張*说下周再谈"),
        ("与张 三、欧阳静面谈", "与张*、欧阳*面谈"),
        ("张三丰来电", "张*来电"),
        ("张\u{200b}三来电", "张*来电"),
        ("john smith called", "j*** called"),
        ("JOHN SMITH", "J***"),
        ("John Smithson called", "John Smithson called"),
        ("Li called, li is a unit", "L*** called, li is a unit"),
        ("小美和高兴", "小*和高*"),
        ("阿凡提", "阿凡提"),
        ("买买提·阿凡提", "买*"),
        ("联系人：王小五，下周", "联系人：王*，下周"),
        ("姓名: 赵六", "姓名: 赵*"),
        ("请钱七先生回电", "请钱*先生回电"),
        ("关于王女士的方案", "关于王女士的方案"),
        ("李雷已拜访北辰机电有限公司", "李雷已拜访北辰机电有限公司"),
    ] {
        assert_eq!(shown(text), masked, "{text}");
    }
}

#[test]
fn numbers_are_hidden_in_every_grouping() {
    for (text, masked) in [
        ("13800138000", "138****8000"),
        ("打138-0013-8000吧", "打138****8000吧"),
        ("138 0013 8000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("+86 138 0013 8000", "+86 138****8000"),
        ("8613800138000", "86 138****8000"),
        ("0086-13800138000", "0086 138****8000"),
        ("tel:13800138000", "tel:138****8000"),
        ("13800138000/13900139000", "138****8000/139****9000"),
        ("13800138000 13900139000", "138****8000 139****9000"),
        ("010-62345678", "010-****5678"),
        ("(010)62345678", "(010-****5678"),
        ("0755-2634567转801", "0755-****567"),
        ("0571-87654321-801", "0571-****4321"),
        ("02162345678", "021-****5678"),
        ("400-810-8888", "400****888"),
        ("+1 415 555 2671", "+1 ******2671"),
        ("+44 20 7946 0958", "+44 ******0958"),
        ("0012025550123", "001 ******0123"),
        ("电话 6234567", "电话 ****567"),
        ("打62345678", "打****5678"),
        ("QQ：123456789", "QQ：12*****789"),
        ("qq 55667788", "qq ****7788"),
    ] {
        let got = shown(text);
        // A QQ number may be hidden as one or as a number; no more than its ends may be left.
        if text.to_lowercase().starts_with("qq") {
            assert!(got.contains("**") && !got.contains("5566"), "{got}");
            continue;
        }
        assert_eq!(got, masked, "{text}");
    }
}

#[test]
fn ids_addresses_and_accounts_are_hidden() {
    for (text, masked) in [
        ("zhangsan@example.com", "z***@example.com"),
        (
            "发到 Zhang.San+crm@mail.example.com.cn。",
            "发到 Z***@mail.example.com.cn。",
        ),
        ("微信：abc123", "微信：a***"),
        ("加微信abc_123吧", "加微信a***吧"),
        ("wx:zhang-san", "wx:z***"),
        ("号是abc_123", "号是a***"),
        ("身份证110101199003071234", "身份证11**************34"),
        ("11010119900307123X", "11**************3X"),
        ("护照号：E12345678", "护照号：E***"),
        ("卡号 6222 0212 3456 7890 123", "卡号 6222***********0123"),
        ("4111111111111111", "4111********1111"),
        ("中山路123号5栋601室", "中山路*号*栋*室"),
        ("人民路12弄3号", "人民路*弄*号"),
    ] {
        assert_eq!(shown(text), masked, "{text}");
    }
}

#[test]
fn what_is_nobodys_stays() {
    for text in [
        "ZY-20240520-001",
        "展会-20240520-001",
        "2024-05-20 15:30",
        "20240520",
        "2024.5.20",
        "5月3号再联系",
        "地铁2号线",
        "合同 3 份，金额 1234567.89",
        "0.13800138000",
        "订单 2024052012345678",
        "微信沟通",
        "微信 3 次",
        "A005",
        "45%",
        "13800138",
        "单价 1500-2000",
        "http://example.com/path?id=12345",
        "@所有人",
        "{01659412-7138-6137-8913-173551111112}",
        "0.79998168889431442",
    ] {
        assert_eq!(shown(text), text, "{text}");
    }
}

#[test]
fn masking_twice_changes_nothing() {
    for text in [
        "张三 138-0013-8000",
        "+1 415 555 2671",
        "(010)62345678",
        "微信：abc123",
        "zhangsan@example.com",
        "身份证110101199003071234",
        "卡号 6222 0212 3456 7890 123",
        "中山路123号5栋601室",
        "电话 6234567",
        "护照号：E12345678",
        "0755-2634567转801",
        "请钱七先生回电",
    ] {
        let once = shown(text);
        assert_eq!(shown(&once), once, "{text}");
        let mut builder = MaskBuilder::new(MaskOptions::default());
        builder.person(&once);
        builder.contact(Value::Text(&once));
        assert_eq!(builder.build().masked(&once), None, "{text}");
    }
}

#[test]
fn a_mask_is_read_as_one() {
    for mask in [
        "138****8000",
        "+86 138****8000",
        "+1 ******2671",
        "010-****5678",
        "****5678",
        "z***@example.com",
        "a***",
        "微信：a***",
        "1***",
    ] {
        let points = parse_contact(Value::Text(mask)).points().to_vec();
        assert!(
            matches!(&points[..], [ContactPoint::Masked(_)]),
            "{mask}: {points:?}"
        );
    }
    for mask in ["张*", "欧阳*", "J***", "北***", "张*2"] {
        assert_eq!(parse_name(mask), NameReading::Masked, "{mask}");
    }
}

#[test]
fn numbers_of_cells_become_texts() {
    let masker = masker();
    let number = |value| masker.number(value, false).map(|(mask, _)| mask);
    assert_eq!(number(13_800_138_000.0).as_deref(), Some("138****8000"));
    assert_eq!(number(62_345_678.0).as_deref(), Some("****5678"));
    for value in [
        45_432.0,
        0.5,
        20_240_520.0,
        10_001.0,
        -13_800_138_000.0,
        1e300,
        f64::NAN,
    ] {
        assert_eq!(number(value), None, "{value}");
    }
    assert_eq!(
        masker
            .number(10_001.0, true)
            .map(|(mask, _)| mask)
            .as_deref(),
        Some("1***")
    );
}

#[test]
fn staff_and_firms_are_hidden_where_that_is_asked() {
    let options = MaskOptions {
        staff: true,
        companies: true,
        numbered: true,
    };
    let mut builder = MaskBuilder::new(options);
    for person in ["张三", "张伟", "張三", "欧阳静"] {
        builder.person(person);
    }
    builder.staff("李雷");
    builder.customer("北辰机电有限公司");
    let masker = builder.build();
    let said = "李雷与张三、张伟、欧阳静在北辰机电";
    assert_eq!(
        masker.masked(said).as_deref(),
        Some("李*1与张*1、张*2、欧阳*1在北***")
    );
}

#[test]
fn whoever_wrote_is_hidden_whatever_the_name() {
    let masker = masker();
    for (name, mask) in [
        ("李雷", Some("李*")),
        ("zhangsan", Some("z***")),
        ("张三", Some("张*")),
        ("", None),
        ("z***", None),
    ] {
        assert_eq!(masker.author(name).as_deref(), mask, "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_masked_and_masked_again(text in "[0-9０-９ ()+.xX@:：张三王先生路号室微信qQa-z\\-_*\n\u{200b}]{0,40}|.{0,30}") {
        let masker = masker();
        if let Some(once) = masker.masked(&text) {
            proptest::prop_assert_eq!(masker.masked(&once), None, "{}", once);
        }
        let mut builder = MaskBuilder::new(MaskOptions { staff: true, companies: true, numbered: true });
        builder.person(&text);
        builder.customer(&text);
        builder.contact(Value::Text(&text));
        builder.build().masked(&text);
    }
}
