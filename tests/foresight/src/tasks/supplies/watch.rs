//! A collector in miniature: keeps what a printer's reports say as the store keeps it, analyses it, and
//! applies the verdict.

use beforehand_core::{
    analyze::analyze,
    asset::AssetId,
    calendar::Calendar,
    case::TicketAction,
    closed::ClosedDays,
    detectors::supply_low::{self, Foresight},
    elsewhere::Elsewhere,
    finding::FindingKind,
    input::{AssetView, Input, REOPEN_WITHIN},
    memory,
    series::{Metric, Series},
    site::{Orders, Site},
    unpack::{Receipt, unpack},
};
use beforehand_shared::{
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    printer::Printer,
    report::Report,
    run::{Outcome, ProbeRun},
    time::Timestamp,
};
use std::collections::BTreeMap;

const ZONE: &str = "Europe/Berlin";

pub(super) struct Watch {
    pub(super) input: Input,
    calendar: Calendar,
    closed: BTreeMap<beforehand_core::case::CaseId, beforehand_core::case::Case>,
}

impl Watch {
    pub(super) fn new(start: Timestamp) -> Self {
        let input = Input {
            now: start,
            site: Site { client: ClientId(uuid(1)), id: SiteId(uuid(2)), name: "Office".to_owned() },
            time_zone: ZONE.to_owned(),
            orders: Orders::default(),
            closed_days: ClosedDays::default(),
            blind: Vec::new(),
            elsewhere: Elsewhere::default(),
            hosts: BTreeMap::new(),
            assets: BTreeMap::new(),
            cases: Vec::new(),
            closed: Vec::new(),
            forecasts: Vec::new(),
            maintenance: Vec::new(),
            records: BTreeMap::new(),
            acted: BTreeMap::new(),
        };
        Self { input, calendar: Calendar::new(ZONE), closed: BTreeMap::new() }
    }

    /// Takes what was read at `at`.
    pub(super) fn hear(&mut self, at: Timestamp, printer: Printer) {
        let outcome = Outcome::Seen { observations: vec![Observation::Printer(printer)] };
        let report = Report {
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
        };
        let receipt = Receipt { received_at: at, sent_at: at, sent_mono_ms: 0, sent_boot: report.boot };
        let unpacked = unpack(&report, &receipt);
        for fact in unpacked.facts {
            let first = AssetView {
                name: fact.name.clone(),
                first_seen: at,
                seen_at: at,
                facts: fact.observation.clone(),
                in_scope: true,
                series: BTreeMap::new(),
            };
            let view = self.input.assets.entry(fact.asset).or_insert(first);
            (view.seen_at, view.facts) = (at, fact.observation);
        }
        for (asset, metric, sample) in unpacked.samples {
            if let Some(view) = self.input.assets.get_mut(&asset) {
                memory::keep(view.series.entry(metric.clone()).or_default(), &metric, sample);
            }
        }
    }

    /// Judges, and names the supplies for which a ticket was opened.
    pub(super) fn judge(&mut self, now: Timestamp) -> Vec<String> {
        self.input.now = now;
        let verdict = analyze(&self.input);
        let mut opened = Vec::new();
        for change in verdict.changes {
            if change.ticket == TicketAction::Open && change.case.kind == FindingKind::SupplyLow {
                opened.push(change.case.asset.fallback_name().to_owned());
            }
            self.input.cases.retain(|open| open.id != change.case.id);
            self.closed.remove(&change.case.id);
            if change.case.is_closed() {
                self.closed.insert(change.case.id.clone(), change.case);
            } else {
                self.input.cases.push(change.case);
            }
        }
        self.closed.retain(|_, case| case.closed_at().is_some_and(|at| now.since(at) <= REOPEN_WITHIN));
        self.input.closed = self.closed.values().cloned().collect();
        opened
    }

    /// What is foreseen of each supply, by name.
    pub(super) fn foresee(&self, now: Timestamp) -> BTreeMap<String, Foresight> {
        let Some(AssetView { facts: Observation::Printer(printer), series, .. }) = self.view() else {
            return BTreeMap::new();
        };
        let names = || printer.supplies.iter().map(|supply| supply.name.clone());
        let levels: Vec<_> = names().map(|name| series.get(&Metric::SupplyPct(name))).collect();
        let foreseen = supply_low::foresee(&levels, series.get(&Metric::Pages), &self.calendar, now);
        names().zip(foreseen).filter_map(|(name, foresight)| Some((name, foresight?))).collect()
    }

    pub(super) fn level(&self, name: &str) -> Option<&Series> {
        self.view()?.series.get(&Metric::SupplyPct(name.to_owned()))
    }

    fn view(&self) -> Option<&AssetView> {
        self.input.assets.get(&AssetId("printer::printer".to_owned()))
    }
}

const fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}
