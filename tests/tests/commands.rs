//! What people type: the commands of both programs, each with what it promises.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::{ledger::Entry, ticket::UserReport};
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place},
    time::{eventually, now},
};
use beforehand_shared::{
    PROTOCOL_VERSION,
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    report::Report,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
    volume::Volume,
    wire,
};
use beforehand_store::Store;
use std::{fs, path::Path, time::Duration};
use uuid::Uuid;

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(60);
const SETTINGS: &str = "report_every = \"1s\"\n[connectivity]\nenabled = false\n[printer]\nenabled = false\n[printer_discovery]\nenabled = false\n";

/// A configured collector that does not run.
fn idle(name: &str, more: &str) -> (Place, Collector) {
    let place = Place::new(name).unwrap();
    let collector = Collector::configure(&place, more).unwrap();
    (place, collector)
}

fn refusal(said: anyhow::Result<String>) -> String {
    said.unwrap_err().to_string()
}

fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "it does not say {word:?}: {text}");
    }
}

#[test]
fn once_shows_what_the_probes_see_as_json_and_as_a_table() {
    let place = Place::new("once").unwrap();
    let agent = Agent::prepare(&place, SETTINGS).unwrap();
    let runs: Vec<ProbeRun> = serde_json::from_str(&agent.command(&["once"]).unwrap()).unwrap();
    let seen = |name: &str| runs.iter().find(|run| run.probe == name).unwrap().outcome.observations();
    let [Observation::Host(host)] = seen("host") else { panic!("no host in {runs:#?}") };
    let volumes: Vec<&Volume> = seen("disk_space")
        .iter()
        .filter_map(|one| if let Observation::Volume(volume) = one { Some(volume) } else { None })
        .collect();
    assert!(!volumes.is_empty() && volumes.iter().all(|volume| volume.total_bytes > volume.free_bytes));
    assert!(!runs.iter().any(|run| run.probe == "printer"), "what is switched off does not run");

    let table = agent.command(&["once", "--print"]).unwrap();
    assert_says(&table, &["host", &host.name, &host.os, "volume", &volumes[0].mount, "GB free"]);
    let marks = ["BAD ", "look ", "unseen ", "ok "];
    assert!(table.lines().all(|line| marks.iter().any(|mark| line.starts_with(mark))), "{table}");
    let only = agent.command(&["once", "--print", "--probe", "host"]).unwrap();
    assert_eq!(only.lines().count(), 1, "{only}");
    assert_says(&refusal(agent.command(&["once", "--probe", "weather"])), &["weather", "host, disk_space"]);
    assert!(fs::read_dir(&agent.state).unwrap().next().is_none(), "looking leaves nothing behind");
}

#[test]
fn the_agents_check_config_names_line_and_remedy() {
    let check = |settings: &str| {
        let place = Place::new("agent-config").unwrap();
        Agent::prepare(&place, settings).unwrap().command(&["check-config"])
    };
    assert_eq!(check(SETTINGS).unwrap().trim(), "The settings hold.");
    let scan = check("[printer_discovery]\nscan = [\"192.168.1.0/24\"]\n").unwrap();
    assert!(scan.contains("every address of 192.168.1.0/24") && scan.contains("one every 1s"), "{scan}");
    // The first line is the state directory.
    let bad = [
        ("report_every = \"5 minutes\"\n", vec!["line 2:", "5 minutes", "config/agent.example.toml"]),
        ("\n[printer]\nuri = []\n", vec!["line 4:", "uri", "Correct the spelling or remove the line"]),
        ("\n[printer]\nuris = [\"front desk\"]\n", vec!["line 4:", "front desk", "ipp://192.0.2.9/ipp/print"]),
        ("[[printer.snmp]]\naddresses = [\"front desk\"]\n", vec!["line 3:", "front desk", "192.0.2.9"]),
        ("[printer_discovery]\nscan = [\"10.0.0.0/8\"]\n", vec!["line 3:", "more than 1,024", "192.168.1.0/24"]),
        ("[connectivity]\npings = 0\n", vec!["line 3:", "pings", "Give a number from 1 to 60"]),
        ("[spool\n", vec!["line 2:", "Correct the line"]),
    ];
    for (settings, words) in bad {
        let said = refusal(check(settings));
        assert_says(&said, &words);
        assert!(said.contains("agent.toml do not hold") && said.contains("exit status: 1"), "{said}");
    }
}

#[test]
fn the_collectors_check_config_names_line_or_setting_and_remedy() {
    let (_place, good) = idle("config", "");
    let said = good.command(&["check-config"]).unwrap();
    assert_says(&said, &["can be used", &good.address.to_string(), "(plain http)", "collector.db", "mail"]);
    let lines = fs::read_to_string(&good.config).unwrap().lines().count();
    let after = |lines_more: usize| format!("line {}", lines + lines_more);
    let bad = [
        ("[log]\nfilterr = \"warn\"\n", vec![after(2), "filterr".to_owned(), "expected `filter`".to_owned()]),
        ("[mail]\nmode = \"pigeon\"\n", vec![after(2), "pigeon".to_owned(), "`smtp`".to_owned()]),
        ("[limits]\nbody = \"x\n", vec![after(2)]),
        ("[mail]\nmode = \"smtp\"\nfrom = \"nobody\"\n", vec!["mail.from".to_owned(), "nobody".to_owned()]),
    ];
    for (more, words) in bad {
        let (_place, collector) = idle("config", more);
        let said = refusal(collector.command(&["check-config"]));
        assert_says(&said, &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let (_place, open) = idle("config", "");
    let text = fs::read_to_string(&open.config).unwrap().replace("127.0.0.1:", "0.0.0.0:");
    fs::write(&open.config, text).unwrap();
    assert_says(&refusal(open.command(&["check-config"])), &["server.listen", "in the clear", "Set https = true"]);
}

#[tokio::test]
async fn migrate_makes_the_schema_and_repeating_it_changes_nothing() {
    let (_place, collector) = idle("migrate", "");
    let first = collector.command(&["migrate"]).unwrap();
    let version: i64 = first.trim().trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
    assert!(version >= 1);
    assert_eq!(collector.command(&["migrate"]).unwrap(), first);
    assert_eq!(collector.store().await.unwrap().schema_version().await.unwrap(), version);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_the_collector_runs_is_a_database_that_another_runs_on() {
    let place = Place::new("backup").unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let mut agent = Agent::enrol(&place, &collector, CLIENT, "[printer]\nenabled = false\n").unwrap();
    agent.run().unwrap();
    let (store, identity) = (collector.store().await.unwrap(), agent.identity().unwrap());
    let assets = eventually("what the agent sees", SOON, || async {
        Some(store.assets(client).await.unwrap()).filter(|assets| assets.len() > 1)
    })
    .await;
    let copy = place.path("copy.db");
    let to = copy.to_str().unwrap();
    assert_says(&collector.command(&["backup", "--to", to]).unwrap(), &["copied to", to]);
    assert_says(&refusal(collector.command(&["backup", "--to", to])), &["copy.db"]);

    let other = Place::new("restored").unwrap();
    let mut restored = Collector::configure_on(&other, format!("sqlite://{to}"), "").unwrap();
    restored.serve().await.unwrap();
    let copied = restored.store().await.unwrap();
    assert_eq!(copied.clients().await.unwrap(), store.clients().await.unwrap());
    assert!(copied.assets(client).await.unwrap().len() >= assets.len());
    let frames = copied.frames_of_host(client, identity.host, Timestamp(0), Timestamp(i64::MAX)).await.unwrap();
    assert!(!frames.is_empty(), "the reports are there as they were received");
    assert!(restored.command(&["ledger", "verify"]).is_ok());
    assert_says(&restored.command(&["client", "list"]).unwrap(), &[CLIENT, "Main office"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn holidays_of_a_calendar_file_become_closed_days() {
    let (place, collector) = idle("closed-days", "");
    collector.add_client(CLIENT, &[]).await.unwrap();
    let file = place.path("holidays.ics");
    let christmas = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas Day\nEND:VEVENT";
    fs::write(&file, format!("BEGIN:VCALENDAR\n{christmas}\nEND:VCALENDAR\n")).unwrap();
    let ask = |more: &[&str]| collector.command(&[&["client", "closed-days", "--client", CLIENT], more].concat());
    assert_eq!(ask(&[]).unwrap().trim(), "");
    let added = ask(&["--add", file.to_str().unwrap()]).unwrap();
    assert_eq!(added.matches("-12-25 Christmas Day").count(), 4, "{added}");
    assert_eq!(ask(&[]).unwrap(), added);
    fs::write(&file, "%PDF-1.7").unwrap();
    assert_says(&refusal(ask(&["--add", file.to_str().unwrap()])), &["not a calendar file"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_of_any_month_is_written_as_pdf_and_mail() {
    let (place, collector) = idle("statement-command", "");
    collector.add_client(CLIENT, &["--fee", "420", "--email", "owner@dental.example"]).await.unwrap();
    let out = place.path("out");
    let ask = |client: &str, month: &str| {
        collector.command(&["statement", "--client", client, "--month", month, "--out", out.to_str().unwrap()])
    };
    let said = ask("harbour dental", "2026-10").unwrap();
    let files: Vec<&Path> = said.lines().map(Path::new).collect();
    assert_eq!(files.len(), 3, "{said}");
    let read = |extension: &str| {
        let file = files.iter().find(|file| file.extension().is_some_and(|end| end == extension)).unwrap();
        fs::read(file).unwrap()
    };
    assert!(read("pdf").starts_with(b"%PDF-"));
    for extension in ["txt", "html"] {
        let text = String::from_utf8(read(extension)).unwrap();
        assert_says(&text, &[CLIENT, "October 2026", "€420"]);
    }
    assert_says(&refusal(ask("Mill Lane", "2026-10")), &["Mill Lane", CLIENT]);
    assert_says(&refusal(ask(CLIENT, "October")), &["October", "2026-11"]);
}

/// Hourly reports over a month of a volume that fills.
fn recorded() -> Vec<Report> {
    let start = Timestamp(1_790_000_000_000).day_start();
    let report = |hour: i64| {
        let (at, mono_ms) = (start.plus(Millis::hours(hour)), hour.unsigned_abs() * 3_600_000);
        let volume = Volume {
            mount: "/srv/scans".to_owned(),
            device: "/dev/sdb1".to_owned(),
            fs: "ext4".to_owned(),
            total_bytes: 500_000_000_000,
            free_bytes: (400_000_000_000 - hour * 500_000_000).unsigned_abs(),
            ..Volume::default()
        };
        let outcome = Outcome::Seen { observations: vec![Observation::Volume(volume)] };
        Report {
            protocol: PROTOCOL_VERSION,
            host: HostId(Uuid::from_u128(1)),
            incarnation: Incarnation(Uuid::from_u128(2)),
            seq: hour.unsigned_abs(),
            boot: BootId(Uuid::from_u128(3)),
            made_at: at,
            mono_ms,
            goodbye: None,
            gaps: Vec::new(),
            runs: vec![ProbeRun { probe: "disk_space".to_owned(), at, mono_ms, took_ms: 2, outcome }],
        }
    };
    (1..=720).map(report).collect()
}

#[test]
fn replay_tells_from_recorded_reports_what_the_analysis_would_have_said() {
    let (place, collector) = idle("replay", "");
    let (lines, folder) = (place.path("reports.jsonl"), place.path("reports"));
    fs::create_dir_all(&folder).unwrap();
    let mut text = String::new();
    for report in recorded() {
        text += &(serde_json::to_string(&report).unwrap() + "\n");
        fs::write(folder.join(format!("{:06}.zst", report.seq)), wire::encode(&report).unwrap()).unwrap();
    }
    fs::write(&lines, text).unwrap();
    let replay = |from: &Path| collector.command(&["replay", from.to_str().unwrap(), "--every", "360"]);
    let said = replay(&lines).unwrap();
    assert_says(&said, &["2026-", "/srv/scans", "will be full"]);
    assert_eq!(replay(&lines).unwrap(), said, "the same reports give the same words");
    assert_eq!(replay(&folder).unwrap(), said, "and so do the same reports as they travelled");
    assert!(!collector.state.join("collector.db").exists(), "a replay touches no database");
    fs::write(&lines, "{}\n").unwrap();
    assert_says(&refusal(replay(&lines)), &["reports.jsonl, line 1"]);
}

async fn report_of_a_user(store: &Store, client: ClientId, site: SiteId, what: &str) {
    let report = UserReport {
        client,
        number: 0,
        site,
        asset: None,
        who: "Front desk".to_owned(),
        what: what.to_owned(),
        noticed_at: now().minus(Millis::HOUR),
        entered_at: now(),
        minutes_lost: 20,
        people: 2,
        in_scope: true,
    };
    store.insert_user_report(&report).await.unwrap();
}

async fn ledger_of(store: &Store, client: ClientId, entries: usize) -> Vec<Entry> {
    eventually("the entries of the ledger", Duration::from_secs(120), || async {
        Some(store.ledger(client).await.unwrap()).filter(|ledger| ledger.len() == entries)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn ledger_verify_accepts_a_ledger_as_written_and_names_the_entry_that_was_changed() {
    let (_place, mut collector) = idle("ledger", "");
    let (client, site) = collector.add_client(CLIENT, &[]).await.unwrap();
    let store = collector.store().await.unwrap();
    for what in ["The scanner sends nothing", "The label printer jams", "No mail since noon"] {
        report_of_a_user(&store, client, site, what).await;
    }
    collector.serve().await.unwrap();
    let ledger = ledger_of(&store, client, 3).await;
    let said = collector.command(&["ledger", "verify"]).unwrap();
    assert_says(&said, &[CLIENT, "3 entries as written", &ledger[2].hash]);
    assert_says(&collector.command(&["ledger", "verify", "--client", CLIENT]).unwrap(), &["3 entries"]);
    collector.stop();
    store.close().await;

    // As somebody would who may write the file: other words of the same length.
    let file = collector.state.join("collector.db");
    let mut bytes = fs::read(&file).unwrap();
    let (was, becomes) = (b"The label printer jams", b"The label printer ails");
    let places: Vec<usize> = (0..bytes.len() - was.len()).filter(|at| bytes[*at..].starts_with(was)).collect();
    assert!(!places.is_empty(), "the words stand in the file");
    for at in places {
        bytes[at..at + was.len()].copy_from_slice(becomes);
    }
    fs::write(&file, bytes).unwrap();
    let said = refusal(collector.command(&["ledger", "verify"]));
    assert_says(&said, &[CLIENT, "entry 2", "1 ledgers are not as they were written", "exit status: 1"]);
}
