//! The sheet about a line holds what was measured and what was not, whatever machines and addresses are called; strips
//! say in words what they show.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::{
    month::Provider,
    site::LineContract,
    site_view::{
        Cell, CellState, Part, Strip, Traced,
        evidence::{Evidence, Reading, Row, Target},
    },
};
use beforehand_shared::{
    ids::HostId,
    route::{Occasion, Route},
    time::{Millis, Timestamp},
};
use beforehand_statement::{
    LineSheet,
    chart::{Style, strip},
    line_sheet,
};
use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

/// 23 November 2026, 08:40 UTC.
const FROM: Timestamp = Timestamp(1_795_423_200_000);

const HOSTILE: &str = "#panic(\"no\") <script>alert(1)</script> \u{202e}gnirts";

fn host(n: u128) -> HostId {
    format!("00000000-0000-0000-0000-{n:012}").parse().unwrap()
}

fn reading(rounds: usize, loss_pct: f64) -> Reading {
    Reading { rounds, loss_pct, rtt_ms: (loss_pct < 100.0).then_some(9.1) }
}

fn target(machine: u128, part: Part, address: &str, loss_pct: f64) -> Target {
    Target {
        host: host(machine),
        part,
        address: address.to_owned(),
        pings: 5,
        during: Some(reading(40, loss_pct)),
        before: Some(reading(180, 0.0)),
        jitter_ms: [Some(0.4), None],
    }
}

fn evidence(machines: u128, address: &str) -> Evidence {
    let targets = (1..=machines).flat_map(|n| {
        let anchor = |n: u32| target(1, Part::Internet, &format!("198.51.100.{n} {address}"), 100.0);
        let all = [target(n, Part::Gateway, "192.0.2.1", 0.0)].into_iter().chain((1..4).map(anchor));
        all.map(move |target| Target { host: host(n), ..target })
    });
    let row = |n: i64| {
        let out = (6..14).contains(&n);
        let machines = if n == 16 { 0 } else { machines as usize };
        let of = |loss| (machines > 0).then(|| reading(15, loss));
        let parts = [of(0.0), None, of(if out { 100.0 } else { 0.0 })];
        Row { at: FROM.plus(Millis::minutes(5 * (n - 6))), parts, machines }
    };
    Evidence {
        from: FROM,
        to: FROM.plus(Millis::minutes(40)),
        lasts: false,
        window: (FROM.minus(Millis::minutes(30)), FROM.plus(Millis::minutes(70))),
        step: Millis::MINUTE,
        interval: Millis::minutes(5),
        rows: (0..20).map(row).collect(),
        targets: targets.collect(),
        silent: vec![host(99)],
        gaps: 1,
        traces: [(Occasion::Usual, 3, true), (Occasion::Fault, 1, false)].map(trace).to_vec(),
    }
}

/// A way over so many routers; the second does not answer.
fn trace((occasion, routers, reached): (Occasion, u8, bool)) -> Traced {
    let hops = (0..routers).map(|n| (n != 1).then_some([192, 0, 2, n + 1].into())).collect();
    let route = Route { occasion, target: "198.51.100.1".to_owned(), hops, reached, mtu: None };
    Traced { host: host(1), at: FROM.plus(Millis::minutes(2)), route }
}

fn kept(case: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sheet-{case}.pdf"))
}

fn pdf_of(case: &str, name: &str, evidence: &Evidence) -> Vec<u8> {
    let mut machines: BTreeMap<HostId, String> = (1..=30).map(|n| (host(n), format!("PC-{n} {name}"))).collect();
    machines.insert(host(99), format!("LAPTOP-7 {name}"));
    let line = LineContract {
        operator: format!("Example Net {name}"),
        reference: "4711".to_owned(),
        down_kbps: Some(100_000),
        up_kbps: Some(40_000),
    };
    let provider = Provider {
        name: format!("Lindqvist IT {name}"),
        phone: "+353 91 555 0142".to_owned(),
        email: "hello@provider.example".to_owned(),
        ..Provider::default()
    };
    let sheet = LineSheet {
        provider: &provider,
        client: &format!("Harbour Dental {name}"),
        simulated: true,
        site: "Galway",
        time_zone: "Europe/Dublin",
        line: &line,
        machines,
        evidence,
        ticket: Some(17),
        made_at: FROM.plus(Millis::hours(2)),
    };
    let bytes = line_sheet(&sheet).unwrap();
    fs::write(kept(case), &bytes).unwrap();
    bytes
}

/// What a tool of poppler-utils says about a PDF; nothing where it is not installed.
#[expect(clippy::disallowed_methods, reason = "reads the PDF with a program that is not ours")]
fn poppler(tool: &str, case: &str) -> Option<String> {
    let mut command = Command::new(tool);
    command.arg(kept(case));
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn the_sheet_says_when_where_how_much_how_measured_and_what_was_not() {
    let evidence = evidence(3, "");
    let bytes = pdf_of("typical", "", &evidence);
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(bytes, pdf_of("typical", "", &evidence), "the same input gives the same bytes");
    let (Some(about), Some(text)) = (poppler("pdfinfo", "typical"), poppler("pdftotext", "typical")) else { return };
    assert!(about.contains("Tagged: yes"), "{about}");
    assert!(about.contains("Pages: 1 ") || about.contains("Pages: 2 "), "{about}");
    for said in [
        "No connection behind the router on site",
        "23 November 2026, 08:40 to 09:20",
        "Router by router",
        "192.0.2.1 › no answer › 192.0.2.3 › 198.51.100.1",
        "192.0.2.1 › nobody answered further on",
        "3 machines sent 360 rounds of echo requests to 3 addresses on the internet. Not one answer came back.",
        "The router on site (192.0.2.1) answered all that time",
        "Europe/Dublin, UTC+00:00",
        "100 Mbit/s down, 40 Mbit/s up",
        "not measured",
        "LAPTOP-7",
        "No router between the one on site and the addresses on the internet was asked.",
        "IPv6 was not asked.",
        "simulated: all figures are made up",
        "4711",
    ] {
        assert!(text.contains(said), "the sheet lacks {said:?} in {text}");
    }
}

#[test]
fn a_router_that_never_answers_pings_is_not_blamed_for_the_line() {
    let mut evidence = evidence(2, "");
    for target in evidence.targets.iter_mut().filter(|target| target.part == Part::Gateway) {
        (target.during, target.before) = (Some(reading(40, 100.0)), Some(reading(180, 100.0)));
    }
    pdf_of("mute", "", &evidence);
    let Some(text) = poppler("pdftotext", "mute") else { return };
    assert!(text.contains("No connection behind the router on site"), "{text}");
    assert!(text.contains("answers no pings when all is well, either"), "{text}");
}

#[test]
fn a_sheet_of_many_machines_leaves_out_paths_and_says_so() {
    pdf_of("many", "", &evidence(30, ""));
    let Some(text) = poppler("pdftotext", "many") else { return };
    assert!(text.contains("80 more paths were measured"), "{text}");
}

#[test]
fn hostile_names_and_addresses_reach_the_sheet_as_text_only() {
    pdf_of("hostile", HOSTILE, &evidence(2, HOSTILE));
    let Some(text) = poppler("pdftotext", "hostile") else { return };
    assert!(text.contains("#panic(\"no\")") && !text.contains('\u{202e}'), "{text}");
}

fn strip_of(states: &[CellState], cell: Millis) -> Strip {
    let at = |n: usize| FROM.minus(Millis(cell.0 * (states.len() - n) as i64));
    let cells = states.iter().enumerate().map(|(n, state)| Cell { from: at(n), to: at(n + 1), state: *state });
    Strip { cells: cells.collect(), measured: Millis::HOUR, down: Millis(0), loss_pct: None }
}

#[test]
fn a_strip_says_in_words_what_it_shows_and_keeps_the_content_policy() {
    use CellState::{Down, Hidden, Lossy, Sound, Unmeasured};
    let style = Style::screen(240, 24, jiff::tz::TimeZone::UTC);
    let said = |states: &[CellState], cell| strip("Line", &strip_of(states, cell), &style).sentence;
    assert_eq!(said(&[Sound; 24], Millis::HOUR), "Sound throughout.");
    assert_eq!(said(&[Unmeasured; 24], Millis::HOUR), "Not measured.");
    let hours = [Unmeasured, Sound, Down, Down, Sound, Lossy, Hidden, Sound];
    assert_eq!(
        said(&hours, Millis::HOUR),
        "Out 02:40 to 04:40; lossy 05:40 to 06:40; hidden by a fault nearer by 06:40 to 07:40; 1 hour not measured; the rest sound."
    );
    assert_eq!(said(&[Sound, Down, Down, Sound], Millis::DAY), "Out 20 Nov to 21 Nov; the rest sound.");
    let drawn = strip("Line <script>", &strip_of(&hours, Millis::HOUR), &style).svg;
    assert!(!drawn.contains("style=") && !drawn.contains("<script>") && drawn.contains("role=\"img\""), "{drawn}");
}
