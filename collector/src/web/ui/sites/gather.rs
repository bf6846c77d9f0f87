//! Everything that the page of a site and the evidence about its line are made of. The number of queries does not grow
//! with the site.

use crate::{
    app::App,
    web::{error::WebError, ui::directory::Directory},
};
use beforehand_core::{
    asset::AssetId,
    input::{AssetView, HostView},
    series::{Metric, Series},
    site::LineContract,
    site_view::{self, Scene, speed},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{ClientId, HostId, SiteId},
    observation::Observation,
    time::{Millis, Timestamp},
};
use beforehand_store::{AssetRow, HostRow};
use std::collections::{BTreeMap, BTreeSet};

/// Of a large site these many machines tell enough; the page says how many they are.
pub(super) const WITNESSES: usize = 12;

const BY_HOURS: [Metric; 8] = [
    Metric::Present,
    Metric::LossPct,
    Metric::RttMs,
    Metric::JitterMs,
    Metric::AnswerMs,
    Metric::Failed,
    Metric::ReceivedKbit,
    Metric::SentKbit,
];

pub(super) struct Known {
    pub(super) scene: Scene,
    /// In service.
    pub(super) hosts: Vec<HostRow>,
    pub(super) line: LineContract,
    /// Then nobody knows who is silent.
    pub(super) collector_is_blind: bool,
    witnesses: BTreeSet<HostId>,
}

/// As of an instant, which may lie in the past.
pub(super) async fn known(
    app: &App,
    directory: &Directory,
    (client, site): (ClientId, SiteId),
    at: Timestamp,
) -> Result<Known, WebError> {
    let owner = directory.client(client)?;
    let place = directory.sites.get(&(client, site)).ok_or_else(WebError::not_found)?.clone();
    let mut hosts = app.store.hosts_of_site(client, site).await?;
    hosts.sort_by_cached_key(|host| host.name.to_lowercase());
    let views: BTreeMap<HostId, HostView> = hosts.iter().map(view_of).collect();
    let witnesses: BTreeSet<HostId> = site_view::witnesses(&views, WITNESSES).into_iter().collect();
    let rows = app.store.network_assets(client, site).await?;
    let mut assets: BTreeMap<AssetId, AssetView> = rows.into_iter().map(asset_view).collect();
    assets.extend(hosts.iter().map(|host| (AssetId::of_host(host.id), presence_of(host))));
    let mut known = Known {
        scene: Scene {
            now: at,
            site: place,
            time_zone: owner.time_zone.clone(),
            closed_days: owner.closed_days.clone(),
            hosts: views,
            assets,
            cases: app.store.cases_of_site(client, site, at.minus(site_view::REACH)).await?,
        },
        line: app.store.line_contract(client, site).await?,
        collector_is_blind: !app.store.blind(at, at.plus(Millis(1))).await?.is_empty(),
        hosts,
        witnesses,
    };
    known.read_hours(app).await?;
    Ok(known)
}

impl Known {
    /// Whose series are read.
    fn asked(&self) -> Vec<AssetId> {
        let is_host = |asset: &AssetId| asset.kind() == Some(AssetKind::Host);
        let told = |asset: &&AssetId| is_host(asset) || asset.host().is_some_and(|host| self.witnesses.contains(&host));
        self.scene.assets.keys().filter(told).cloned().collect()
    }

    async fn read_hours(&mut self, app: &App) -> Result<(), WebError> {
        let now = self.scene.now;
        let span = (now.minus(site_view::REACH).minus(Millis::DAY).day_start(), now.plus(Millis(1)));
        let hours = app.store.hours_of(self.scene.site.client, (&self.asked(), &BY_HOURS), span).await?;
        for ((asset, metric), hours) in hours {
            self.series(&asset, metric, |series| series.hours = hours);
        }
        Ok(())
    }

    /// Reads these metrics of the paths as measured.
    pub(super) async fn read_days(
        &mut self,
        app: &App,
        metrics: &[Metric],
        days: &BTreeSet<Timestamp>,
    ) -> Result<(), WebError> {
        self.read(app, (&[AssetKind::Link], metrics), days).await
    }

    /// What the line carried is told by paths and by what the machines sent and fetched meanwhile.
    pub(super) async fn read_traffic(&mut self, app: &App) -> Result<(), WebError> {
        let days = speed::days_with_full_line(&self.scene);
        self.read(app, (&[AssetKind::Link, AssetKind::Interface], &speed::METRICS), &days).await
    }

    async fn read(
        &mut self,
        app: &App,
        (kinds, metrics): (&[AssetKind], &[Metric]),
        days: &BTreeSet<Timestamp>,
    ) -> Result<(), WebError> {
        let is_one = |asset: &AssetId| asset.kind().is_some_and(|kind| kinds.contains(&kind));
        let assets: Vec<AssetId> = self.asked().into_iter().filter(is_one).collect();
        let now = self.scene.now;
        for ((asset, metric), mut samples) in
            app.store.samples_of(self.scene.site.client, (&assets, metrics), days).await?
        {
            samples.retain(|sample| sample.at <= now);
            self.series(&asset, metric, |series| series.recent = samples);
        }
        Ok(())
    }

    fn series(&mut self, asset: &AssetId, metric: Metric, set: impl FnOnce(&mut Series)) {
        if let Some(view) = self.scene.assets.get_mut(asset) {
            set(view.series.entry(metric).or_default());
        }
    }

    pub(super) fn name(&self, host: HostId) -> String {
        self.scene.hosts.get(&host).map(|host| host.name.clone()).unwrap_or_default()
    }
}

fn view_of(host: &HostRow) -> (HostId, HostView) {
    let view = HostView {
        name: host.name.clone(),
        enrolled_at: host.enrolled_at,
        last_report: host.last_report,
        goodbye: host.goodbye,
        always_on: host.always_on,
        probes: BTreeMap::new(),
    };
    (host.id, view)
}

fn asset_view(row: AssetRow) -> (AssetId, AssetView) {
    let AssetRow { id, name, first_seen, seen_at, facts, in_scope, .. } = row;
    (id, AssetView { name, first_seen, seen_at, facts, in_scope, series: BTreeMap::new() })
}

/// Of the machine itself only its presence is read.
fn presence_of(host: &HostRow) -> AssetView {
    AssetView {
        name: host.name.clone(),
        first_seen: host.enrolled_at,
        seen_at: host.last_report.unwrap_or(host.enrolled_at),
        facts: Observation::Unknown,
        in_scope: true,
        series: BTreeMap::new(),
    }
}
