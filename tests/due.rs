//! Whom to call: the list, its exit status, and the calendar that can be imported again.

use leadsheet_cli::Status;

use crate::run::{fixture, leadsheet};

/// The sample's plans: 5月22日 for the first lead, 5月26日 for the second, and the third monthly.
#[test]
fn who_is_due_is_listed_with_the_cell_that_says_so() {
    let file = fixture("lead_ledger_sample.xlsx");
    let day = ["--today", "2024-05-25"];
    let ran = leadsheet(&[
        "due",
        &file,
        "--format",
        "json",
        "--exit-code",
        day[0],
        day[1],
    ]);
    assert_eq!(ran.status, Status::Findings, "{}", ran.err);
    let list = ran.json();
    assert_eq!(list["schema"], "leadsheet.due/1");
    let due = list["due"].as_array().unwrap();
    assert_eq!(due.len(), 1, "{list}");
    assert_eq!(
        (&due[0]["due"], &due[0]["days_late"]),
        (&"2024-05-22".into(), &3.into())
    );
    assert_eq!(
        (&due[0]["sheet"], &due[0]["cell"]),
        (&"线索跟进".into(), &"L2".into())
    );
    assert!(due[0].get("phone").is_none(), "{list}");
    let ran = leadsheet(&["due", &file, "--exit-code", "--today", "2024-05-20"]);
    assert_eq!(ran.status, Status::Clean, "{}", ran.out);
}

#[test]
fn a_calendar_imported_again_moves_its_events() {
    let folder = tempfile::tempdir().unwrap();
    let calendar = |today: &str| {
        let out = folder
            .path()
            .join("跟进.ics")
            .to_string_lossy()
            .into_owned();
        let file = fixture("lead_ledger_sample.xlsx");
        let ran = leadsheet(&[
            "due", &file, "--ahead", "60", "--out", &out, "--today", today,
        ]);
        assert_eq!(ran.status, Status::Clean, "{}", ran.err);
        std::fs::read_to_string(out).unwrap()
    };
    let lines = |text: &str, start: &str| -> Vec<String> {
        let lines = text.split("\r\n").filter(|line| line.starts_with(start));
        lines.map(str::to_owned).collect()
    };
    let (first, second) = (calendar("2024-05-20"), calendar("2024-05-25"));
    assert_eq!(
        first,
        calendar("2024-05-20"),
        "the same list gives the same bytes"
    );
    assert_eq!(lines(&first, "UID").len(), 3);
    assert_eq!(lines(&first, "UID"), lines(&second, "UID"));
    assert_ne!(lines(&first, "DTSTART"), lines(&second, "DTSTART"));
    // RFC 5545: an end would have to lie after the start, and a later list has a greater number.
    assert_eq!(lines(&first, "DTEND"), Vec::<String>::new());
    assert!(lines(&first, "DTSTART")[0].starts_with("DTSTART;VALUE=DATE:2024"));
    assert!(lines(&first, "SEQUENCE") < lines(&second, "SEQUENCE"));
    assert_eq!(
        lines(&first, "PRODID"),
        ["PRODID:-//leadsheet//leadsheet due//EN"]
    );
    for line in first.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line}");
    }
}
