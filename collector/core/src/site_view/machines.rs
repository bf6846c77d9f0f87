//! The machines of a site: whose measurements are read, who never rests, and what each sees by itself.

use super::{Part, Scene, part_of};
use crate::{asset::AssetId, detectors, input::HostView, series::Metric};
use beforehand_shared::{
    ids::HostId,
    link::Link,
    time::{Millis, Timestamp},
};
use std::{cmp::Reverse, collections::BTreeMap};

/// At most `limit` machines that can tell most: those that are always on, then those seen last.
pub fn witnesses(hosts: &BTreeMap<HostId, HostView>, limit: usize) -> Vec<HostId> {
    let mut known: Vec<(&HostId, &HostView)> = hosts.iter().filter(|(_, host)| host.last_report.is_some()).collect();
    known.sort_by_key(|(id, host)| (Reverse(host.always_on == Some(true)), Reverse(host.last_report), **id));
    known.into_iter().take(limit).map(|(id, _)| *id).collect()
}

/// Whether it never rests, as the rule about silent machines takes it.
pub fn is_always_on(scene: &Scene, id: HostId, host: &HostView) -> bool {
    let present = scene.assets.get(&AssetId::of_host(id)).and_then(|view| view.series.get(&Metric::Present));
    present.map_or(host.always_on == Some(true), |present| detectors::is_always_on(present, host, &scene.calendar()))
}

/// The latest round of one machine to one target.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    pub part: Part,
    pub link: &'a Link,
    pub at: Timestamp,
    pub is_fresh: bool,
    /// Per cent lost over the hours of the last day.
    pub day_loss_pct: Option<f64>,
}

/// What each machine sees by itself, in the order of the way.
pub fn own(scene: &Scene) -> BTreeMap<HostId, Vec<Own<'_>>> {
    let mut all: BTreeMap<HostId, Vec<Own>> = BTreeMap::new();
    for (host, view, link) in scene.links() {
        let loss = view.series.get(&Metric::LossPct);
        let hours = loss.map(|loss| loss.hours_since(scene.now.minus(Millis::DAY).hour_start())).unwrap_or_default();
        let own = Own {
            part: part_of(link.role).unwrap_or(Part::Line),
            link,
            at: view.seen_at,
            is_fresh: scene.is_fresh(view, &Metric::LossPct),
            day_loss_pct: super::figures::mean(hours),
        };
        all.entry(host).or_default().push(own);
    }
    for paths in all.values_mut() {
        paths.sort_by_key(|own| own.part);
    }
    all
}
