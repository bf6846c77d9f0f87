//! What a collector would know of one site, kept in memory: for recorded reports and for simulated worlds. The same
//! code judges as with a store.

use crate::{
    analyze::{self, Verdict},
    asset::AssetId,
    case::{Case, CaseChange, CaseId},
    closed::ClosedDays,
    elsewhere::Elsewhere,
    forecast::{Forecast, ForecastId},
    input::{AssetView, HostView, Input, RECENT, REOPEN_WITHIN, history},
    series::{Hour, Metric, Sample, Series},
    site::{Orders, Site},
    unpack::{self, FactUpdate, Receipt},
};
use beforehand_shared::{
    ids::HostId,
    report::Report,
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Memory {
    input: Input,
    closed: BTreeMap<CaseId, Case>,
    forecasts: BTreeMap<ForecastId, Forecast>,
}

impl Memory {
    pub fn new(site: Site, time_zone: &str) -> Self {
        let input = Input {
            now: Timestamp(0),
            site,
            time_zone: time_zone.to_owned(),
            hosts: BTreeMap::new(),
            assets: BTreeMap::new(),
            cases: Vec::new(),
            closed: Vec::new(),
            forecasts: Vec::new(),
            maintenance: Vec::new(),
            records: BTreeMap::new(),
            acted: BTreeMap::new(),
            orders: Orders::default(),
            closed_days: ClosedDays::default(),
            blind: Vec::new(),
            elsewhere: Elsewhere::default(),
        };
        Self { input, closed: BTreeMap::new(), forecasts: BTreeMap::new() }
    }

    /// Says whether a host never rests.
    pub fn set_always_on(&mut self, host: HostId, always_on: bool) {
        if let Some(host) = self.input.hosts.get_mut(&host) {
            host.always_on = Some(always_on);
        }
    }

    /// Takes a report as if it had arrived at once.
    pub fn take(&mut self, report: &Report) {
        let at = report.made_at;
        let receipt = Receipt { received_at: at, sent_at: at, sent_mono_ms: report.mono_ms, sent_boot: report.boot };
        let unpacked = unpack::unpack(report, &receipt);
        let host = self.input.hosts.entry(report.host).or_insert_with(|| new_host(report));
        host.last_report = Some(at);
        host.goodbye = unpacked.goodbye;
        host.probes.extend(unpacked.probes);
        if let Some(about) = unpacked.host {
            host.name = about.name;
        }
        for fact in unpacked.facts {
            self.see(fact);
        }
        for (asset, metric, sample) in unpacked.samples {
            self.measure(&asset, metric, sample);
        }
    }

    /// Judges the site and keeps what was decided.
    pub fn judge(&mut self, now: Timestamp) -> Vec<CaseChange> {
        self.input.now = now;
        self.forget();
        let Verdict { changes, forecasts, resolutions } = analyze::analyze(&self.input);
        for CaseChange { case, .. } in &changes {
            self.input.cases.retain(|open| open.id != case.id);
            self.closed.remove(&case.id);
            if case.is_closed() {
                self.closed.insert(case.id.clone(), case.clone());
            } else {
                self.input.cases.push(case.clone());
            }
        }
        self.forecasts.extend(forecasts.into_iter().map(|forecast| (forecast.id.clone(), forecast)));
        for (id, resolution) in resolutions {
            if let Some(forecast) = self.forecasts.get_mut(&id) {
                forecast.result = Some(resolution);
            }
        }
        changes
    }

    pub fn forecasts(&self) -> impl Iterator<Item = &Forecast> {
        self.forecasts.values()
    }

    /// What is not given to an analysis of now: cases that closed long ago, forecasts with a result.
    fn forget(&mut self) {
        let now = self.input.now;
        let lately = |case: &&Case| case.closed_at().is_some_and(|at| now.since(at) <= REOPEN_WITHIN);
        self.input.closed = self.closed.values().filter(lately).cloned().collect();
        let open = self.forecasts.values().filter(|forecast| forecast.result.is_none());
        self.input.forecasts = open.cloned().collect();
    }

    fn see(&mut self, fact: FactUpdate) {
        let asset = self.input.assets.entry(fact.asset).or_insert_with(|| AssetView {
            name: fact.name.clone(),
            first_seen: fact.at,
            seen_at: fact.at,
            facts: fact.observation.clone(),
            in_scope: true,
            series: BTreeMap::new(),
        });
        asset.seen_at = fact.at;
        asset.name = fact.name;
        asset.facts = fact.observation;
    }

    fn measure(&mut self, asset: &AssetId, metric: Metric, sample: Sample) {
        if let Some(asset) = self.input.assets.get_mut(asset) {
            keep(asset.series.entry(metric.clone()).or_default(), &metric, sample);
        }
    }
}

/// Adds a sample to a series as a store gives it to the analysis: the latest samples, and hours that sum up where they are
/// asked for. What is too old by then is forgotten.
pub fn keep(series: &mut Series, metric: &Metric, sample: Sample) {
    series.recent.push(sample);
    let old = |at: Timestamp, reach: Millis| sample.at.since(at) > reach;
    let first = series.recent.partition_point(|kept| old(kept.at, RECENT));
    series.recent.drain(..first);
    let Some(reach) = history(metric) else { return };
    match series.hours.last_mut().filter(|hour| hour.at == sample.at.hour_start()) {
        Some(hour) => *hour = hour.with(sample.value),
        None => series.hours.push(Hour::of(sample)),
    }
    let first = series.hours.partition_point(|hour| old(hour.at, reach));
    series.hours.drain(..first);
}

fn new_host(report: &Report) -> HostView {
    HostView {
        name: report.host.to_string(),
        enrolled_at: report.made_at,
        last_report: None,
        goodbye: None,
        always_on: None,
        probes: BTreeMap::new(),
    }
}
