//! 跟进方式: how contact was made (S0 to S4), and whether a person made it.

use crate::text::compact_key;

super::category! {
    /// Way of following up.
    Method {
        /// We went to the customer.
        Visit = "登门拜访" / "Visit" ["直接登门拜访", "直接登门", "登门", "拜访", "当面拜访", "上门", "上门拜访", "面谈", "面访", "见面", "见面拜访", "到府拜访", "实地拜访", "走访"];
        /// The customer came to us.
        Invited = "邀约来访" / "Invited visit" ["邀约客户来访", "邀约登门", "到店跟进", "到访", "来访"];
        /// At the sales office or the site.
        OnSite = "现场跟进" / "On site" ["现场"];
        /// By phone.
        Phone = "电话" / "Phone" ["电话沟通", "电话跟进", "打电话", "电话拜访", "电话回访", "去电", "来电", "电访", "call", "phone call", "tel"];
        /// `WeChat`.
        Wechat = "微信" / "WeChat" ["微信沟通", "企业微信", "微信跟进", "微信语音", "发微信"];
        /// Other chat on the net.
        Chat = "网络对话" / "Online chat" ["网络沟通", "网路对话", "在线沟通", "QQ", "whatsapp", "钉钉", "飞书", "LINE", "线上沟通", "网络"];
        /// Video call.
        Video = "视频" / "Video" ["视频会议", "视频沟通", "视讯", "视讯会议", "线上会议", "腾讯会议"];
        /// Text message.
        Sms = "手机短信" / "Text message" ["短信", "发短信", "短信沟通", "简讯", "sms"];
        /// E-mail.
        Email = "邮件" / "Email" ["电子邮件", "电邮", "发邮件", "邮件沟通", "寄email", "寄e-mail", "e-mail", "邮箱"];
        /// Meeting or event.
        Meeting = "会议" / "Meeting" ["活动", "开会", "会面"];
        /// Anything else.
        Other = "其他" / "Other" ["其它"];
    }
}

/// Words of what a program sends by itself.
const AUTOMATIC: [&str; 8] = [
    "自动",
    "系统",
    "群发",
    "机器人",
    "auto",
    "robot",
    "chatbot",
    "bulk",
];

impl Method {
    /// Whether a way of following up is no person's work: 自动回复, 系统短信, 群发, `auto-reply`.
    pub fn is_automatic(text: &str) -> bool {
        let key = compact_key(text);
        AUTOMATIC.iter().any(|word| key.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_sends_is_told_from_what_people_do() {
        for text in [
            "自动回复",
            "系統短信",
            "短信群发",
            "Auto-Reply",
            "ＡＩ机器人外呼",
        ] {
            assert!(Method::is_automatic(text), "{text}");
        }
        for method in Method::ALL {
            let spellings = method
                .synonyms()
                .iter()
                .chain([&method.canonical()])
                .copied()
                .collect::<Vec<_>>();
            for text in spellings {
                assert!(!Method::is_automatic(text), "{text}");
            }
        }
        assert!(!Method::is_automatic(""));
    }
}
