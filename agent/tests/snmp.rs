//! The printer probe beside SNMP agents on loopback: a good one, sleeping ones, and hostile ones. Whatever they
//! answer, a run ends in time, and no secret is told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/data.rs"]
mod data;
#[path = "support/snmp_agent.rs"]
mod snmp_agent;
#[path = "support/snmprec.rs"]
mod snmprec;

use beforehand_agent::{
    config::{self, Config},
    probe::{Probe, look},
    probes::printer::{
        PrinterProbe, merge,
        snmp::{
            parse,
            table::{Oid, Table, Value},
        },
    },
    time::{Clock, Reading, Stopwatch},
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, PrinterState, SupplyLevel},
    printer_details::{SilentPrinter, Way},
    run::Outcome,
    time::Timestamp,
};
use snmp_agent::{Question, SnmpAgent, answer, answer_to, bound, from_table};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

use proptest::prelude::*;

/// A printer with one tray, one cartridge and a paper jam; its devices are listed after its memory.
const OFFICE: &str = "\
1.3.6.1.2.1.1.1.0|4|Example Laser 9000
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1
1.3.6.1.2.1.1.3.0|67|360000
1.3.6.1.2.1.2.2.1.6.1|4x|00267354E26A
1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.17
1.3.6.1.2.1.25.3.2.1.2.4|6|1.3.6.1.2.1.25.3.1.5
1.3.6.1.2.1.25.3.2.1.3.1|4|Memory
1.3.6.1.2.1.25.3.2.1.3.4|4|Example Laser 9000
1.3.6.1.2.1.25.3.2.1.5.1|2|2
1.3.6.1.2.1.25.3.2.1.5.4|2|5
1.3.6.1.2.1.25.3.5.1.1.4|2|1
1.3.6.1.2.1.25.3.5.1.2.4|4x|04
1.3.6.1.2.1.43.5.1.1.17.1|4|VCF9192281
1.3.6.1.2.1.43.8.2.1.9.1.1|2|250
1.3.6.1.2.1.43.8.2.1.10.1.1|2|-3
1.3.6.1.2.1.43.8.2.1.13.1.1|4|Tray 1
1.3.6.1.2.1.43.10.2.1.4.1.1|65|12345
1.3.6.1.2.1.43.11.1.1.3.1.1|2|1
1.3.6.1.2.1.43.11.1.1.4.1.1|2|3
1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Cartridge
1.3.6.1.2.1.43.11.1.1.7.1.1|2|7
1.3.6.1.2.1.43.11.1.1.8.1.1|2|2000
1.3.6.1.2.1.43.11.1.1.9.1.1|2|500
1.3.6.1.2.1.43.12.1.1.4.1.1|4|black
1.3.6.1.2.1.43.16.5.1.2.1.1|4|Open rear door
1.3.6.1.2.1.43.18.1.1.2.1.77|2|3
1.3.6.1.2.1.43.18.1.1.4.1.77|2|13
1.3.6.1.2.1.43.18.1.1.7.1.77|2|8
1.3.6.1.2.1.43.18.1.1.8.1.77|4|Paper jam
1.3.6.1.2.1.43.18.1.1.9.1.77|67|354000
1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0|4|VCF9192281
";

const COMMUNITY: &str = "hush-hush";

fn settings(agent: &SnmpAgent, more: &str) -> config::Printer {
    let text = format!(
        "cups = \"\"\ntimeout = \"300ms\"\nask_every = \"1s\"\n{more}\n[[snmp]]\naddresses = [\"{}\"]\n\
         community = \"{COMMUNITY}\"\n",
        agent.address
    );
    toml::from_str(&text).unwrap()
}

fn v1(agent: &SnmpAgent) -> config::Printer {
    let mut settings = settings(agent, "");
    settings.snmp[0].version = config::snmp::SnmpVersion::V1;
    settings
}

async fn run(settings: &config::Printer) -> Outcome {
    look(Arc::new(PrinterProbe::new(settings)), Clock::system()).await.outcome
}

fn printer(outcome: &Outcome) -> Option<Printer> {
    outcome.observations().iter().find_map(|seen| match seen {
        Observation::Printer(printer) => Some(printer.clone()),
        _ => None,
    })
}

fn silent(outcome: &Outcome) -> Option<SilentPrinter> {
    outcome.observations().iter().find_map(|seen| match seen {
        Observation::SilentPrinter(printer) => Some(printer.clone()),
        _ => None,
    })
}

fn office() -> BTreeMap<Oid, Value> {
    snmprec::bindings(OFFICE).into_iter().collect()
}

#[tokio::test]
async fn a_printer_is_read_whole_with_few_questions() {
    let agent = SnmpAgent::of(snmprec::bindings(OFFICE)).await;
    let outcome = run(&settings(&agent, "")).await;
    let printer = printer(&outcome).unwrap();
    assert_eq!(
        (printer.key.as_str(), printer.state, printer.pages),
        ("VCF9192281", PrinterState::Stopped, Some(12_345))
    );
    assert_eq!(printer.model.as_deref(), Some("Example Laser 9000"), "and not its memory");
    assert_eq!(
        (printer.reasons.clone(), printer.message.as_deref()),
        (vec!["media-jam-error".into()], Some("Open rear door"))
    );
    let alert = &printer.alerts[0];
    assert_eq!(
        (alert.code.as_str(), alert.severity.as_deref(), alert.group.as_deref()),
        ("jam", Some("critical"), Some("mediaPath"))
    );
    let supply = &printer.supplies[0];
    assert_eq!(
        (supply.kind.as_str(), supply.colour.as_deref(), supply.level),
        ("toner", Some("black"), SupplyLevel::Left(25.0))
    );
    let details = printer.details.unwrap();
    assert_eq!((details.mac.as_deref(), details.seen_by), (Some("00:26:73:54:e2:6a"), vec![Way::Snmp]));
    assert_eq!((details.inputs.len(), details.inputs[0].some, details.error_bits), (1, true, Some(8)));
    assert!(agent.questions() <= 14, "{} questions", agent.questions());
}

/// Printer-MIB: the table of supplies.
const SUPPLIES: [u32; 9] = [1, 3, 6, 1, 2, 1, 43, 11, 1];

#[tokio::test]
async fn supplies_that_a_network_card_of_hp_keeps_in_a_context_of_its_own_are_read_there() {
    let (with, mut without) = (office(), office());
    without.retain(|oid, _| !oid.starts_with(&SUPPLIES));
    let in_context = format!("{COMMUNITY}@Jetdirect").into_bytes();
    let agent = SnmpAgent::start(move |question| {
        let table = if question.community == in_context { &with } else { &without };
        vec![from_table(table, question)]
    })
    .await;
    for settings in [settings(&agent, ""), v1(&agent)] {
        let printer = printer(&run(&settings).await).unwrap();
        let [supply] = &printer.supplies[..] else { panic!("{:?}", printer.supplies) };
        assert_eq!((supply.colour.as_deref(), supply.level), (Some("black"), SupplyLevel::Left(25.0)));
    }
}

/// `consumable-status` of HP's MIB: the unit of what is left, and what is left.
const UNIT_AND_COUNT: [u32; 2] = [17, 18];

#[tokio::test]
async fn a_level_that_the_standard_leaves_open_is_asked_of_hps_own_branch_and_only_then() {
    let own = |column: u32| [&[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1][..], &[column, 1, 0]].concat();
    let mut table = office();
    table.extend(UNIT_AND_COUNT.map(own).into_iter().zip([Value::Number(7), Value::Number(41)]));
    let mut open = table.clone();
    open.insert([&SUPPLIES[..], &[1, 9, 1, 1]].concat(), Value::Number(-3));
    for (table, left) in [(open, 41.0), (table, 25.0)] {
        let agent = SnmpAgent::of(table.into_iter().collect()).await;
        for settings in [settings(&agent, ""), v1(&agent)] {
            let printer = printer(&run(&settings).await).unwrap();
            assert_eq!(printer.supplies[0].level, SupplyLevel::Left(left));
        }
    }
}

#[tokio::test]
async fn every_recorded_printer_is_read_over_the_network_as_from_its_recording() {
    let mut files: Vec<_> = ["snmp", "brother"]
        .into_iter()
        .filter_map(|folder| data::public_data(&format!("printers/{folder}")))
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|end| end == "snmprec"))
        .collect();
    files.sort();
    for file in files {
        let bindings = snmprec::bindings(&String::from_utf8_lossy(&std::fs::read(&file).unwrap()));
        let whole: Table = bindings.iter().cloned().collect();
        let agent = SnmpAgent::of(bindings).await;
        let outcome = run(&settings(&agent, "")).await;
        let recorded = parse::printer(&whole, "127.0.0.1", Timestamp(0));
        if !parse::is_printer(&whole) {
            assert!(matches!(outcome, Outcome::Failed { .. }), "{}: {outcome:?}", file.display());
            continue;
        }
        let seen = printer(&outcome).unwrap_or_else(|| panic!("{}: {outcome:?}", file.display()));
        assert_eq!(seen.supplies, recorded.supplies, "{}", file.display());
        assert_eq!((seen.state, seen.pages, seen.details), (recorded.state, recorded.pages, recorded.details));
        assert!(agent.questions() <= 14, "{}: {} questions", file.display(), agent.questions());
    }
}

#[tokio::test]
async fn a_printer_of_version_1_says_the_same() {
    let agent = SnmpAgent::of(snmprec::bindings(OFFICE)).await;
    let (old, new) = (run(&v1(&agent)).await, run(&settings(&agent, "")).await);
    assert_eq!(printer(&old).unwrap().details, printer(&new).unwrap().details);
    assert_eq!(printer(&old).unwrap().supplies, printer(&new).unwrap().supplies);
}

#[tokio::test]
async fn a_printer_that_sleeps_is_neither_well_nor_broken() {
    let agent = SnmpAgent::start(|_| Vec::new()).await;
    let watch = Stopwatch::start();
    let outcome = run(&settings(&agent, "")).await;
    let silent = silent(&outcome).unwrap();
    assert!(printer(&outcome).is_none() && silent.why.contains("off or asleep"), "{silent:?}");
    assert!(agent.questions() <= 2, "it is not woken by asking on: {} questions", agent.questions());
    assert!(watch.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn half_a_printer_is_none() {
    let table = office();
    let agent = SnmpAgent::start(move |question| {
        // It falls asleep before its alerts are told.
        let is_early = question.oids.iter().all(|oid| oid.starts_with(&[1, 3, 6, 1, 2, 1, 1]) || oid.len() < 13);
        let asks_alerts = question.oids.iter().any(|oid| oid.starts_with(&[1, 3, 6, 1, 2, 1, 43, 18]));
        if is_early && !asks_alerts { vec![from_table(&table, question)] } else { Vec::new() }
    })
    .await;
    let outcome = run(&settings(&agent, "")).await;
    assert!(printer(&outcome).is_none() && silent(&outcome).is_some(), "{outcome:?}");
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Number),
        (-3_i64..101).prop_map(Value::Number),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        prop::collection::vec(any::<u32>(), 0..9).prop_map(Value::Oid),
    ]
}

proptest! {
    /// Each identifier with any value, and rows that nobody expects.
    #[test]
    fn whatever_a_printer_has_in_its_tables_it_is_read_and_can_be_sent(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_value(), prop::option::of(any::<u32>())), 0..60),
        brother in prop::collection::vec(any::<u8>(), 0..60),
        canon in "(<ivec:(ink|color|level)>|</ivec:(ink|color|level)>|black cartridge|-?[0-9]{1,4}|.){0,40}",
        hp in any::<[i64; 2]>(),
    ) {
        let mut bindings = snmprec::bindings(OFFICE);
        let brothers = [1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5, 8, 0];
        bindings.push((brothers.to_vec(), Value::Bytes(brother)));
        bindings.push((vec![1, 3, 6, 1, 4, 1, 1602, 1, 5, 1, 6, 2, 2, 1, 1], Value::Bytes(canon.into_bytes())));
        let hps = UNIT_AND_COUNT.map(|column| vec![1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, column, 1, 0]);
        bindings.extend(hps.into_iter().zip(hp.map(Value::Number)));
        for (at, value, row) in changes {
            let (mut oid, _) = bindings[at.index(bindings.len())].clone();
            if let (Some(last), Some(row)) = (oid.last_mut(), row) {
                *last = row;
            }
            bindings.push((oid, value));
        }
        let table: Table = bindings.into_iter().collect();
        let printer = parse::printer(&table, "192.0.2.9", Timestamp(1_790_000_000_000));
        prop_assert!(printer.supplies.len() <= 64 && printer.alerts.len() <= 64 && printer.reasons.len() <= 64);
        let sane = |level: SupplyLevel| !matches!(level, SupplyLevel::Left(left) if !(0.0..=100.0).contains(&left));
        prop_assert!(printer.supplies.iter().all(|supply| sane(supply.level)), "{:?}", printer.supplies);
        let merged = merge::printers(vec![printer.clone(), printer], &[]);
        prop_assert_eq!(merged.len(), 1);
        let json = serde_json::to_string(&merged).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Printer>>(&json).unwrap(), merged);
    }
}

/// A way to answer badly.
type Malice = fn(&BTreeMap<Oid, Value>, &Question) -> Vec<Vec<u8>>;

const WAYS: [(&str, Malice); 9] = [
    ("damaged in one byte", |table, question| {
        let whole = from_table(table, question);
        let damaged = |at: usize| {
            let mut answer = whole.clone();
            answer[at] = answer[at].wrapping_add(1 + (at % 250) as u8);
            answer
        };
        (0..whole.len()).step_by(5).map(damaged).collect()
    }),
    ("garbage", |_, _| vec![vec![0xFF; 600], b"220 mail.example ESMTP\r\n".to_vec(), Vec::new()]),
    ("another number", |table, question| {
        let bindings: Vec<Vec<u8>> = table.iter().map(|(oid, value)| bound(oid, value)).collect();
        vec![answer_to(question, &[0x7F, 1, 2, 3], (0, 0), &bindings)]
    }),
    ("cut short", |table, question| {
        let whole = from_table(table, question);
        (0..whole.len()).step_by(7).map(|len| whole[..len].to_vec()).collect()
    }),
    ("lengths that lie", |table, question| {
        let mut lies = from_table(table, question);
        lies[1] = 0x84;
        vec![lies.clone(), [&lies[..2], &[0xFF; 4], &lies[2..]].concat()]
    }),
    ("the same for ever", |_, question| {
        let same: Vec<Vec<u8>> = question.oids.iter().map(|oid| bound(oid, &Value::Number(1))).collect();
        vec![answer(question, 0, 0, &same)]
    }),
    ("more for ever", |_, question| {
        let more = |oid: &Oid| bound(&[oid.clone(), vec![1]].concat(), &Value::Bytes(b"x".to_vec()));
        vec![answer(question, 0, 0, &question.oids.iter().map(more).collect::<Vec<_>>())]
    }),
    ("as much as fits", |_, question| {
        let much = Value::Bytes(vec![b'A'; 60_000 / question.oids.len()]);
        let next = |oid: &Oid| bound(&[oid.clone(), vec![1]].concat(), &much);
        vec![answer(question, 0, 0, &question.oids.iter().map(next).collect::<Vec<_>>())]
    }),
    ("errors for ever", |_, question| vec![answer(question, 5, 0, &[])]),
];

#[tokio::test]
async fn a_hostile_answer_costs_little_and_breaks_nothing() {
    for (way, malice) in WAYS {
        let table = office();
        let agent = SnmpAgent::start(move |question| malice(&table, question)).await;
        let watch = Stopwatch::start();
        let outcome = run(&settings(&agent, "")).await;
        assert!(watch.elapsed() < Duration::from_secs(20), "{way} took {:?}", watch.elapsed());
        assert!(agent.questions() <= 200, "{way}: {} questions", agent.questions());
        let told = serde_json::to_string(&outcome).unwrap();
        assert!(told.len() < 400_000, "{way}: {} bytes", told.len());
        if let Some(printer) = printer(&outcome) {
            assert!(printer.supplies.len() <= 64 && printer.alerts.len() <= 64, "{way}");
            assert!(printer.name.chars().count() <= 1_024, "{way}");
        }
    }
}

#[tokio::test]
async fn what_was_found_in_one_run_is_known_in_the_next() {
    let table = office();
    let mut answered = 0;
    let agent = SnmpAgent::start(move |question| {
        answered += 1;
        if answered <= 14 { vec![from_table(&table, question)] } else { Vec::new() }
    })
    .await;
    let probe = PrinterProbe::new(&settings(&agent, "ask_busy_every = \"1s\""));
    let at = |mono_ms| Reading { wall: Timestamp(1_790_000_000_000), mono_ms, awake_ms: mono_ms };
    let first = probe.run(at(0)).await.unwrap();
    assert!(matches!(&first[..], [Observation::Printer(_)]), "{first:?}");
    assert_eq!(probe.run(at(500)).await.unwrap(), [], "it is not due yet");
    let mut later = 1_000;
    // It may take some of its answers into the second run.
    let second = loop {
        let seen = probe.run(at(later)).await.unwrap();
        match &seen[..] {
            [Observation::SilentPrinter(silent)] => break silent.clone(),
            _ => later += 1_000,
        }
        assert!(later < 10_000, "{seen:?}");
    };
    assert_eq!(second.key, "VCF9192281");
}

#[tokio::test]
async fn no_secret_is_told() {
    let agent = SnmpAgent::start(|_| Vec::new()).await;
    let settings = settings(&agent, "");
    let outcome = run(&settings).await;
    for text in [format!("{settings:?}"), format!("{outcome:?}"), serde_json::to_string(&outcome).unwrap()] {
        assert!(!text.contains(COMMUNITY), "{text}");
    }
    let mistyped = Config::parse("[[printer.snmp]]\naddresses = [\"192.0.2.9\"]\ncommunity = 40172\n").unwrap_err();
    assert!(!mistyped.to_string().contains("40172"), "{mistyped}");
    let short = "[[printer.snmp]]\naddresses = [\"192.0.2.9\"]\nversion = \"3\"\nuser = \"u\"\nauth = \"sha\"\nauth_password = \"s3cret\"\n";
    let short = Config::parse(short).unwrap_err();
    assert!(short.to_string().contains("8 characters") && !short.to_string().contains("s3cret"), "{short}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_secret_in_a_file_is_used_if_others_cannot_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("community");
    std::fs::write(&file, format!("{COMMUNITY}\n")).unwrap();
    let agent = SnmpAgent::of(snmprec::bindings(OFFICE)).await;
    let mut settings = settings(&agent, "");
    settings.snmp[0].community = config::secret::Secret::default();
    settings.snmp[0].community_file = Some(file.clone());
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = run(&settings).await;
    assert!(
        matches!(&refused, Outcome::Denied { why } if why.contains("chmod o=") && !why.contains(COMMUNITY)),
        "{refused:?}"
    );
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(printer(&run(&settings).await).is_some());
}
