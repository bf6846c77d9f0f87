//! What the page of a site tells of its connection: the way from its machines to what people use, part by part, now and
//! over time, merged from what the machines measured; outages, and what is to be said of one to whoever runs the line.
//!
//! The detectors judge and this tells: where a case is open, its sentence is the state of its part.

pub mod evidence;
mod figures;
mod machines;
mod merge;
mod now;
mod outages;
mod part;
mod routes;
mod services;
pub mod speed;
mod strip;

pub use figures::{Figures, voice_words};
pub use machines::{Own, is_always_on, own, witnesses};
pub use now::Now;
pub use outages::{Learned, Outage};
pub use part::Part;
pub use routes::{Traced, routes};
pub use services::{Service, services};
pub use strip::{Cell, CellState, Strip};

use crate::{
    asset::AssetId,
    calendar::Calendar,
    case::Case,
    closed::ClosedDays,
    input::{AssetView, HostView},
    series::{Metric, Sample, Series},
    site::Site,
};
use beforehand_shared::{
    ids::HostId,
    link::{Link, LinkRole},
    observation::Observation,
    time::{Millis, Timestamp},
};
use merge::{Merged, Slots};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv6Addr,
};

/// How far back the page looks.
pub const REACH: Millis = Millis::days(30);

/// A path is measured while it was seen within this, or within three of its intervals.
const FRESH: Millis = Millis::minutes(10);

/// All that the page is made of. The series of [`Self::assets`] reach back [`REACH`] by hours, and as measured over the
/// days that [`days_to_read`] names.
#[derive(Debug, Clone)]
pub struct Scene {
    pub now: Timestamp,
    pub site: Site,
    /// IANA name.
    pub time_zone: String,
    pub closed_days: ClosedDays,
    pub hosts: BTreeMap<HostId, HostView>,
    /// Links, name servers and addresses of the site, and the hosts themselves.
    pub assets: BTreeMap<AssetId, AssetView>,
    /// Open within [`REACH`].
    pub cases: Vec<Case>,
}

/// One part of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub part: Part,
    pub now: Now,
    pub figures: Figures,
    pub day: Strip,
    pub month: Strip,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SiteView {
    /// In the order of the way.
    pub segments: Vec<Segment>,
    /// Latest first.
    pub outages: Vec<Outage>,
    /// Machines whose measurements were merged.
    pub measured_by: BTreeSet<HostId>,
    /// Per cent of the measured time of 30 days in which most machines came through; nothing where nothing was measured.
    pub up_pct: Option<f64>,
}

impl SiteView {
    pub fn of(scene: &Scene) -> Self {
        let hours = scene.merged_hours(|hour| hour.mean);
        let outages = outages::find(scene);
        // Behind a part that lets nothing through there is nothing to say.
        let out = scene.latest().filter(Merged::is_cut_off).map(|round| round.place());
        let mut segments: Vec<Segment> = Vec::new();
        for part in Part::ALL {
            let before = out.filter(|out| *out < part);
            let month = strip::month(scene, part, &hours, &outages);
            segments.push(Segment {
                part,
                now: now::of(scene, part, before),
                figures: figures::of(scene, part, month.loss_pct),
                day: strip::day(scene, part, &hours, &outages),
                month,
            });
        }
        let measured_by = scene.links().map(|(host, ..)| host).collect();
        let up_pct = strip::up_pct(scene, &hours, &outages);
        Self { segments, outages, measured_by, up_pct }
    }

    /// The highest rate of one machine over a run, by the hours of 30 days, in kbit/s.
    pub fn busiest(scene: &Scene, metric: &Metric) -> Option<f64> {
        let interfaces = scene.assets.values().filter(|view| matches!(view.facts, Observation::Interface(_)));
        let hours =
            interfaces.filter_map(|view| view.series.get(metric)).flat_map(|series| series.hours_since(scene.from()));
        hours.map(|hour| hour.max).max_by(f64::total_cmp)
    }

    /// The part that needs a person first.
    pub fn worst(&self) -> Option<&Segment> {
        // Of equals the nearest: what lies behind it suffers from it.
        self.segments.iter().rev().max_by_key(|segment| segment.now.severity)
    }
}

/// UTC days on which nobody of the site may have come through, by the hours: their samples tell from when to when.
/// Yesterday and today are always among them.
pub fn days_to_read(scene: &Scene) -> BTreeSet<Timestamp> {
    let worst = scene.merged_hours(|hour| hour.max);
    let lost = worst.iter().filter(|merged| merged.is_cut_off());
    let mut days: BTreeSet<Timestamp> = lost.map(|merged| merged.at.day_start()).collect();
    let today = scene.now.day_start();
    // An outage may begin before midnight.
    days.extend([today, today.minus(Millis::DAY)]);
    days
}

impl Scene {
    fn calendar(&self) -> Calendar {
        Calendar::new(&self.time_zone).closed_on(&self.closed_days)
    }

    fn from(&self) -> Timestamp {
        self.now.minus(REACH)
    }

    /// Every path with its host and its latest round; one that stands for a part of a later build says nothing here.
    fn links(&self) -> impl Iterator<Item = (HostId, &AssetView, &Link)> {
        // IPv6 is a way of its own: it stands for the line only where nothing else does.
        let is_v6 = |link: &Link| link.role == LinkRole::Anchor && link.target.parse::<Ipv6Addr>().is_ok();
        let has_v4 = self.assets.values().any(|view| match &view.facts {
            Observation::Link(link) => link.role == LinkRole::Anchor && !is_v6(link),
            _ => false,
        });
        let known =
            move |(.., link): &(HostId, &AssetView, &Link)| part_of(link.role).is_some() && !(has_v4 && is_v6(link));
        let links = self.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Link(link) | Observation::Hop(link) => Some((asset.host()?, view, link)),
            _ => None,
        });
        links.filter(known)
    }

    fn is_fresh(&self, view: &AssetView, metric: &Metric) -> bool {
        let spacing = view.series.get(metric).map_or(Millis::MINUTE, spacing);
        self.now.since(view.seen_at) <= FRESH.max(Millis(spacing.0.saturating_mul(3)))
    }

    /// Hour by hour, oldest first.
    fn merged_hours(&self, value: fn(&crate::series::Hour) -> f64) -> Vec<Merged> {
        let mut slots = Slots::default();
        for (host, view, link) in self.links() {
            let hours = view.series.get(&Metric::LossPct).map(|loss| loss.hours_since(self.from().hour_start()));
            for hour in hours.unwrap_or_default() {
                slots.add(hour.at, (host, link.role), value(hour));
            }
        }
        slots.merged()
    }

    /// The usual time between two rounds of those who ask often, whole minutes: of many machines most ask seldom.
    fn step(&self) -> Millis {
        let loss = self.links().filter_map(|(_, view, _)| view.series.get(&Metric::LossPct));
        let mut steps: Vec<Millis> = loss.filter(|loss| loss.recent.len() > 1).map(Series::spacing).collect();
        steps.sort_unstable();
        let step = steps.get(steps.len() / 4).copied().unwrap_or(Millis::MINUTE);
        Millis::minutes((step.0 + Millis::MINUTE.0 / 2).div_euclid(Millis::MINUTE.0).max(1))
    }

    /// The latest round, where there is a fresh one.
    fn latest(&self) -> Option<Merged> {
        let step = self.step();
        let fresh = FRESH.max(Millis(step.0.saturating_mul(3)));
        self.merged_rounds(step, (self.now.minus(fresh), self.now.plus(Millis(1)))).pop()
    }

    /// Round by round over `from..to`, oldest first.
    fn merged_rounds(&self, step: Millis, (from, to): (Timestamp, Timestamp)) -> Vec<Merged> {
        let mut slots = Slots::default();
        for (host, view, link) in self.links() {
            let Some(loss) = view.series.get(&Metric::LossPct) else { continue };
            for sample in within(&loss.recent, (from, to)) {
                let slot = Timestamp(sample.at.0.div_euclid(step.0).saturating_mul(step.0));
                slots.add(slot, (host, link.role), sample.value);
            }
        }
        slots.merged()
    }
}

/// Usual time between two samples; of a series that is known by hours alone, from how many they had.
fn spacing(series: &Series) -> Millis {
    let most = series.hours.iter().rev().take(3).map(|hour| hour.count).max();
    match most.filter(|count| *count > 0 && series.recent.is_empty()) {
        Some(count) => Millis(Millis::HOUR.0 / i64::from(count)),
        None => series.spacing(),
    }
}

/// Samples of `from..to`.
fn within(samples: &[Sample], (from, to): (Timestamp, Timestamp)) -> &[Sample] {
    let first = samples.partition_point(|sample| sample.at < from);
    let end = samples.partition_point(|sample| sample.at < to);
    samples.get(first..end).unwrap_or_default()
}

/// Which part a ping target stands for. A role of a later build stands for none.
fn part_of(role: LinkRole) -> Option<Part> {
    match role {
        LinkRole::Gateway => Some(Part::Gateway),
        LinkRole::Access => Some(Part::Line),
        LinkRole::Anchor => Some(Part::Internet),
        LinkRole::Neighbour | LinkRole::Other => None,
    }
}
