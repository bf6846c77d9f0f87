//! Runs the printers: what was said of each, day by day.

use super::{judged::Judged, opponents::Opponent};
use anyhow::Result;
use beforehand_core::{case::TicketAction, finding::FindingKind, memory::Memory, site::Site};
use beforehand_shared::{
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    printer,
    report::Report,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
};
use beforehand_sim::side_by_side::side_by_side;
use beforehand_sim::wearing::{Printer, Wear};
use std::ops::Range;

/// 2026-01-05, a Monday, 00:00 UTC.
const START: Timestamp = Timestamp(1_767_571_200_000);
const DAYS: i64 = 730;
/// From this day on it is judged.
const FROM: i64 = 90;
/// Hour of UTC in which it is analysed, one or two before that of the office.
const HOUR: i64 = 9;

/// One printer with what was said of it.
pub(super) struct Watched {
    wear: Option<Wear>,
    pub(super) ours: Vec<Timestamp>,
    /// In the order of [`Opponent::ALL`].
    pub(super) opponents: Vec<Vec<Timestamp>>,
}

impl Watched {
    pub(super) fn judge(&self, tickets: &[Timestamp]) -> Judged {
        let judged = (START.plus(Millis::days(FROM)), START.plus(Millis::days(DAYS)));
        Judged::of(self.wear.as_ref(), tickets, judged)
    }

    /// When one calls who knows the true rate.
    pub(super) fn oracle(&self) -> Vec<Timestamp> {
        let doubled = self.wear.as_ref().and_then(|wear| wear.doubled);
        doubled.map(|at| at.plus(Millis::days(7))).into_iter().collect()
    }
}

pub(super) fn run(seeds: Range<u64>) -> Result<Vec<Watched>> {
    side_by_side(seeds, one).into_iter().collect()
}

fn one(seed: u64) -> Result<Watched> {
    let mut printer = Printer::new(seed, START, DAYS)?;
    let site = Site { client: ClientId(uuid(1)), id: SiteId(uuid(2)), name: "Office".to_owned() };
    let mut memory = Memory::new(site, "Europe/Berlin");
    let (mut jams, mut jammed, mut ours) = (Vec::new(), false, Vec::new());
    let mut opponents = Opponent::ALL.map(|opponent| (opponent, false, Vec::new()));
    for hour in 0..DAYS * 24 {
        let at = START.plus(Millis::hours(hour));
        for (at, seen) in printer.hour(at) {
            let is_jammed = is_jammed(&seen);
            jams.extend((is_jammed && !jammed).then_some(at));
            jammed = is_jammed;
            memory.take(&report(at, seen));
        }
        let now = at.plus(Millis::HOUR).minus(Millis(1));
        if hour % 24 != HOUR || hour / 24 < FROM {
            continue;
        }
        let opened = memory
            .judge(now)
            .into_iter()
            .filter(|change| change.ticket == TicketAction::Open && change.case.kind == FindingKind::PrinterWearing);
        ours.extend(opened.map(|_| now));
        for (opponent, before, tickets) in &mut opponents {
            let alarms = opponent.alarms(&jams, now);
            tickets.extend((alarms && !*before).then_some(now));
            *before = alarms;
        }
    }
    let opponents = opponents.map(|(_, _, tickets)| tickets).to_vec();
    Ok(Watched { wear: printer.wear().cloned(), ours, opponents })
}

fn is_jammed(printer: &printer::Printer) -> bool {
    printer.reasons.iter().any(|reason| reason.contains("jam"))
        || printer.alerts.iter().any(|alert| alert.code == "jam")
}

fn report(at: Timestamp, printer: printer::Printer) -> Report {
    let outcome = Outcome::Seen { observations: vec![Observation::Printer(printer)] };
    Report {
        protocol: 1,
        host: HostId(uuid(3)),
        incarnation: Incarnation(uuid(4)),
        seq: 1,
        boot: BootId(uuid(5)),
        made_at: at,
        mono_ms: 0,
        goodbye: None,
        gaps: Vec::new(),
        runs: vec![ProbeRun { probe: "printer".to_owned(), at, mono_ms: 0, took_ms: 5, outcome }],
    }
}

const fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}
