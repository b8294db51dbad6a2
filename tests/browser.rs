//! The page of a report in a real browser: it runs without an error or a request, tables sort, no label covers another.
//!
//! Needs Chromium or Chrome; where there is none the test says so and checks nothing.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use leadsheet_cli::Status;
use serde_json::Value;

use crate::run::{fixture, leadsheet};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Runs before everything else on the page: what goes wrong is remembered.
const WATCH: &str = r#"<script>
window.wrong = [];
window.addEventListener("error", function (event) { window.wrong.push(String(event.message)); });
window.addEventListener("securitypolicyviolation", function (event) { window.wrong.push("refused: " + event.blockedURI); });
["error", "warn"].forEach(function (name) { console[name] = function () { window.wrong.push(Array.from(arguments).join(" ")); }; });
</script>"#;

/// Runs last: clicks, measures, and writes down what it saw.
const PROBE: &str = r#"<script>
(function () {
  var seen = { overlaps: [], cut: [], charts: 0 };
  document.querySelectorAll("svg").forEach(function (svg) {
    var frame = svg.getBoundingClientRect(), name = svg.getAttribute("aria-label");
    var texts = Array.from(svg.querySelectorAll("text")).map(function (text) { return [text.getBoundingClientRect(), text.textContent]; });
    seen.charts += 1;
    texts.forEach(function (one, position) {
      var box = one[0];
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        seen.cut.push(name + ": " + one[1]);
      }
      texts.slice(position + 1).forEach(function (other) {
        var wide = Math.min(box.right, other[0].right) - Math.max(box.left, other[0].left);
        var high = Math.min(box.bottom, other[0].bottom) - Math.max(box.top, other[0].top);
        if (wide > 1 && high > 3) { seen.overlaps.push(name + ": " + one[1] + " / " + other[1]); }
      });
    });
  });
  var table = document.querySelector("main table"), heads = table.tHead.rows[0].cells;
  var column = function (number) { return Array.from(table.tBodies[0].rows).map(function (row) { return row.cells[number].textContent; }); };
  heads[1].querySelector(".sort").click();
  seen.ascending = column(1).map(Number);
  seen.said = heads[1].getAttribute("aria-sort");
  heads[1].querySelector(".sort").click();
  seen.descending = column(1).map(Number);
  heads[0].querySelector(".sort").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  seen.byKeyboard = heads[0].getAttribute("aria-sort");
  seen.total = table.tFoot.rows[0].cells[1].textContent;
  seen.requests = performance.getEntriesByType("resource").map(function (entry) { return entry.name; });
  seen.wrong = window.wrong;
  var told = document.createElement("pre");
  told.id = "seen";
  told.textContent = JSON.stringify(seen);
  document.body.appendChild(told);
})();
</script>"#;

/// Said past the test harness, which shows nothing of tests that pass.
fn skipped(why: &str) {
    let mut out = std::io::stderr();
    writeln!(
        out,
        "skipped: {why}; the page was not looked at in a browser"
    )
    .unwrap();
}

/// What the page's probe saw; `None` where no browser is there or none starts.
fn seen(page: &Path, options: &[&str]) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let dom = folder.path().join("dom.html");
    let started = BROWSERS.iter().find_map(|browser| {
        Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .args(["--virtual-time-budget=5000", "--window-size=1280,900"])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .args(options)
            .arg(format!("file://{}", page.display()))
            .stdout(fs::File::create(&dom).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .ok()
    });
    let Some(mut browser) = started else {
        skipped("neither Chromium nor Chrome is on this machine");
        return None;
    };
    let begun = Instant::now();
    while browser.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(120) {
            browser.kill().unwrap();
            browser.wait().unwrap();
            skipped("the browser did not come to an end");
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let dom = fs::read_to_string(dom).unwrap();
    if dom.is_empty() {
        skipped("the browser did not start");
        return None;
    }
    let told = dom
        .split_once(r#"<pre id="seen">"#)
        .expect("the probe ran")
        .1;
    let told = told.split_once("</pre>").unwrap().0;
    let told = told
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    Some(serde_json::from_str(&told).unwrap())
}

/// A page of every topic, with the two scripts added to it.
fn probed_page(folder: &Path, file: &str, options: &[&str]) -> std::path::PathBuf {
    let page = folder.join("报表.html");
    let (input, out) = (fixture(file), page.to_string_lossy().into_owned());
    let mut arguments = vec!["report", &input, "--out", &out];
    arguments.extend(options);
    let ran = leadsheet(&arguments);
    assert_eq!(ran.status, Status::Clean, "{}", ran.err);
    let text = fs::read_to_string(&page).unwrap();
    let text = text.replacen("<head>", &format!("<head>\n{WATCH}"), 1);
    fs::write(
        &page,
        text.replacen("</body>", &format!("{PROBE}\n</body>"), 1),
    )
    .unwrap();
    page
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_f64().unwrap())
        .collect()
}

#[test]
fn a_page_sorts_its_tables_and_asks_nobody_for_anything() {
    let ledger = [
        "--by",
        "source,grade,stage,owner,month,week,source*grade,customer",
        "--from",
        "2025-01-01",
        "--to",
        "2025-06-30",
        "--compare",
        "2024-07-01..2024-12-31",
    ];
    let orders = ["--by", "source,region", "--per", "week"];
    for (file, options) in [
        ("lead_ledger_lively.xlsx", &ledger[..]),
        ("orders_lively.xlsx", &orders[..]),
    ] {
        for (language, scheme) in [("zh", "1"), ("en", "0")] {
            let folder = tempfile::tempdir().unwrap();
            let mut options = options.to_vec();
            options.extend(["--lang", language]);
            let page = probed_page(folder.path(), file, &options);
            let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
            let Some(seen) = seen(&page, &[&scheme]) else {
                return;
            };
            let nothing = Value::Array(Vec::new());
            for what in ["wrong", "requests", "overlaps", "cut"] {
                assert_eq!(seen[what], nothing, "{what}, {file}, {language}");
            }
            assert!(seen["charts"].as_u64().unwrap() > 8, "{}", seen["charts"]);
            let (up, down) = (numbers(&seen["ascending"]), numbers(&seen["descending"]));
            assert!(up.is_sorted() && up.len() > 3, "{up:?}");
            assert!(down.is_sorted_by(|one, next| one >= next) && down[0] > down[down.len() - 1]);
            assert_eq!(
                (&seen["said"], &seen["byKeyboard"]),
                (&"ascending".into(), &"ascending".into())
            );
            // The total stays below, and is that of the rows.
            let total: f64 = seen["total"].as_str().unwrap().parse().unwrap();
            assert!((total - up.iter().sum::<f64>()).abs() < 1e-9, "{total}");
        }
    }
}
