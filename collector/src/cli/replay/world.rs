//! What a collector would know of one site, kept in memory.

use anyhow::Context;
use beforehand_core::{
    analyze::{self, Verdict},
    asset::AssetId,
    case::{Case, CaseChange, CaseId},
    forecast::{Forecast, ForecastId},
    input::{AssetView, HostView, Input, InputBuilder, RECENT, REOPEN_WITHIN, history},
    series::{Hour, Metric, Sample},
    site::{Orders, Site},
    unpack::{self, FactUpdate, Receipt},
};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    report::Report,
    time::Timestamp,
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) struct World {
    site: Site,
    time_zone: String,
    hosts: BTreeMap<HostId, HostView>,
    assets: BTreeMap<AssetId, AssetView>,
    cases: BTreeMap<CaseId, Case>,
    forecasts: BTreeMap<ForecastId, Forecast>,
}

impl World {
    pub(super) fn new(time_zone: &str) -> Self {
        let (client, id) = (ClientId(Uuid::nil()), SiteId(Uuid::nil()));
        Self {
            site: Site { client, id, name: "Replay".to_owned() },
            time_zone: time_zone.to_owned(),
            hosts: BTreeMap::new(),
            assets: BTreeMap::new(),
            cases: BTreeMap::new(),
            forecasts: BTreeMap::new(),
        }
    }

    /// Takes a report as if it had arrived at once.
    pub(super) fn take(&mut self, report: &Report) {
        let at = report.made_at;
        let receipt = Receipt { received_at: at, sent_at: at, sent_mono_ms: report.mono_ms, sent_boot: report.boot };
        let unpacked = unpack::unpack(report, &receipt);
        let host = self.hosts.entry(report.host).or_insert_with(|| new_host(report));
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
    pub(super) fn judge(&mut self, now: Timestamp) -> anyhow::Result<Vec<CaseChange>> {
        let input = self.input(now).context("the analysis was not given all it needs")?;
        let Verdict { changes, forecasts, resolutions } = analyze::analyze(&input);
        for change in &changes {
            self.cases.insert(change.case.id.clone(), change.case.clone());
        }
        self.forecasts.extend(forecasts.into_iter().map(|forecast| (forecast.id.clone(), forecast)));
        for (id, resolution) in resolutions {
            if let Some(forecast) = self.forecasts.get_mut(&id) {
                forecast.result = Some(resolution);
            }
        }
        Ok(changes)
    }

    pub(super) fn forecasts(&self) -> impl Iterator<Item = &Forecast> {
        self.forecasts.values()
    }

    fn see(&mut self, fact: FactUpdate) {
        let asset = self.assets.entry(fact.asset).or_insert_with(|| AssetView {
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
        let Some(asset) = self.assets.get_mut(asset) else { return };
        let series = asset.series.entry(metric.clone()).or_default();
        series.recent.push(sample);
        series.recent.retain(|kept| sample.at.since(kept.at) <= RECENT);
        match series.hours.last_mut().filter(|hour| hour.at == sample.at.hour_start()) {
            Some(hour) => *hour = hour.with(sample.value),
            None => series.hours.push(Hour::of(sample)),
        }
        series.hours.retain(|hour| sample.at.since(hour.at) <= history(&metric));
    }

    fn input(&self, now: Timestamp) -> Result<Input, beforehand_core::input::MissingInput> {
        let (closed, open): (Vec<Case>, Vec<Case>) = self.cases.values().cloned().partition(Case::is_closed);
        let lately = |case: &Case| case.closed_at().is_some_and(|at| now.since(at) <= REOPEN_WITHIN);
        InputBuilder {
            hosts: Some(self.hosts.clone()),
            assets: Some(self.assets.clone()),
            cases: Some(open),
            closed: Some(closed.into_iter().filter(lately).collect()),
            forecasts: Some(self.forecasts.values().filter(|one| one.result.is_none()).cloned().collect()),
            maintenance: Some(Vec::new()),
            records: Some(BTreeMap::new()),
            acted: Some(BTreeMap::new()),
            orders: Some(Orders::default()),
        }
        .build(now, self.site.clone(), self.time_zone.clone())
    }
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
