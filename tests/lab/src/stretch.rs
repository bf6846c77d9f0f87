//! Seconds of a lab become minutes of an office. Pure.

use anyhow::{Result, ensure};
use beforehand_shared::{
    link::Link,
    observation::Observation,
    report::Report,
    run::ProbeRun,
    time::{Millis, Timestamp},
};

/// A second of a lab stands for a minute.
pub const SCALE: i64 = 60;
/// When faults begin, after stretching: a Monday morning, 2026-03-02 10:00 UTC.
pub const BROKE_AT: Timestamp = Timestamp(1_772_445_600_000);
/// The healthy rounds stand for so much of the past: enough to know what is usual.
const PAST: Millis = Millis::hours(8);

/// All that the agents of a lab have seen.
#[derive(Debug, Clone)]
pub struct Recording {
    pub reports: Vec<Report>,
    /// From here on all was well, until it broke.
    pub healthy_from: Timestamp,
    pub broke_at: Timestamp,
    pub ended_at: Timestamp,
}

impl Recording {
    /// When it ended, after stretching.
    pub const fn end(&self) -> Timestamp {
        self.stretched(self.ended_at)
    }

    const fn stretched(&self, at: Timestamp) -> Timestamp {
        Timestamp(BROKE_AT.0 + (at.0 - self.broke_at.0) * SCALE)
    }

    /// The reports, oldest first, with their instants moved apart, and before them the healthy rounds over and over, as
    /// if they had gone on so for hours.
    ///
    /// # Errors
    /// When a ping was lost while all was well: the machine that runs the lab was too busy to tell anything.
    pub fn with_past(&self) -> Result<Vec<Report>> {
        let of_healthy = |run: &ProbeRun| {
            run.at >= self.healthy_from && run.at.plus(Millis(i64::from(run.took_ms))) <= self.broke_at
        };
        let healthy: Vec<Report> = self.reports.iter().filter_map(|report| only(report, of_healthy)).collect();
        let links = healthy.iter().flat_map(links);
        let (sent, lost) = links.fold((0, 0), |(sent, lost), link| (sent + link.sent, lost + link.lost));
        ensure!(sent > 0 && lost == 0, "{lost} of {sent} pings were lost while all was well");
        let span = Millis(self.broke_at.since(self.healthy_from).0 * SCALE);
        let copies = (PAST.0 / span.0.max(1)).max(1);
        let past = (1..=copies).rev().flat_map(|copy| {
            let back = Millis(span.0 * copy);
            healthy.iter().map(move |report| self.moved(report, back))
        });
        let live = self.reports.iter().filter_map(|report| only(report, |run| run.at >= self.healthy_from));
        let mut all: Vec<Report> = past.chain(live.map(|report| self.moved(&report, Millis(0)))).collect();
        all.sort_by_key(|report| (report.made_at, report.host));
        for (seq, report) in (1..).zip(&mut all) {
            // A hole in the numbers would be a loss; there is none.
            report.seq = seq;
        }
        Ok(all)
    }

    /// Both clocks are stretched alike.
    fn moved(&self, report: &Report, back: Millis) -> Report {
        let at = |wall: Timestamp| self.stretched(wall).minus(back);
        let mono_ms = |wall: Timestamp| u64::try_from(at(wall).0).unwrap_or_default();
        let runs = report.runs.iter().map(|run| ProbeRun { at: at(run.at), mono_ms: mono_ms(run.at), ..run.clone() });
        Report {
            made_at: at(report.made_at),
            mono_ms: mono_ms(report.made_at),
            runs: runs.collect(),
            gaps: Vec::new(),
            ..report.clone()
        }
    }
}

/// The report with some of its runs; nothing if none are left.
fn only(report: &Report, wanted: impl Fn(&ProbeRun) -> bool) -> Option<Report> {
    let runs: Vec<ProbeRun> = report.runs.iter().filter(|run| wanted(run)).cloned().collect();
    (!runs.is_empty()).then(|| Report { runs, ..report.clone() })
}

/// All pings of a report.
pub fn links(report: &Report) -> impl Iterator<Item = &Link> {
    let observations = report.runs.iter().flat_map(|run| run.outcome.observations());
    observations.filter_map(|observation| match observation {
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => Some(link),
        _ => None,
    })
}
