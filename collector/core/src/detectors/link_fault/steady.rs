//! A place that people were told stays until another has been seen for a while. While few pings are lost, what they say
//! of the place changes from minute to minute; with each change somebody would look elsewhere.

use super::{anchors, away_and_here, load, site, site::Placed};
use crate::{
    asset::AssetId,
    elsewhere::Elsewhere,
    finding::FindingKind,
    input::{AssetView, Input},
    place::Place,
    series::{Metric, Series},
};
use beforehand_shared::{
    ids::HostId,
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::cell::OnceCell;

/// Rounds before now in which another place must have been seen, too.
const HELD: [i64; 3] = [3, 6, 9];

/// What is seen now, and what would have been said in the minutes before.
pub(super) struct Steady<'a> {
    input: &'a Input,
    now: &'a Placed,
    before: [OnceCell<(Placed, Option<Place>)>; HELD.len()],
}

impl<'a> Steady<'a> {
    pub(super) const fn new(input: &'a Input, now: &'a Placed) -> Self {
        Self { input, now, before: [const { OnceCell::new() }; HELD.len()] }
    }

    /// Where the fault of a machine's way to its gateway is.
    pub(super) fn near(&self, asset: &AssetId) -> Place {
        let seen = self.now.near_place.unwrap_or(Place::GatewayOrMachine);
        let host = asset.host();
        let then = |placed: &Placed| placed.near_place.filter(|_| host.is_some_and(|host| is_near(placed, host)));
        self.place(asset, seen, |(placed, _)| then(placed))
    }

    /// Where that of the line is, if it seems to be `seen`.
    pub(super) fn line(&self, asset: &AssetId, seen: Place) -> Place {
        self.place(asset, seen, |(_, line)| *line)
    }

    /// Whether it was as unclear some rounds ago: most of what is unclear is clear in the next round.
    pub(super) fn stays_unclear(&self) -> bool {
        self.before(0).0.unclear.is_some()
    }

    fn before(&self, which: usize) -> &(Placed, Option<Place>) {
        self.before[which].get_or_init(|| self.as_it_was(HELD[which]))
    }

    fn place(&self, asset: &AssetId, seen: Place, then: impl Fn(&(Placed, Option<Place>)) -> Option<Place>) -> Place {
        let case = self.input.case_on(asset, FindingKind::LinkFault);
        let known = case.and_then(|case| Place::of(&case.latest.evidence));
        match known {
            Some(known) if seen == known || known.holds(seen) || seen.grows_from(known) => seen,
            Some(known) if seen.holds(known) => known,
            Some(known) => {
                let held = (0..HELD.len()).all(|which| then(self.before(which)) == Some(seen));
                if held { seen } else { known }
            }
            None => seen,
        }
    }

    fn as_it_was(&self, rounds: i64) -> (Placed, Option<Place>) {
        let apart = anchors(self.input).filter_map(|(_, view)| view.series.get(&Metric::LossPct)).map(Series::spacing);
        // Machines that ask seldom are no reason to wait while others ask every minute.
        let apart = apart.min().unwrap_or(Millis::MINUTE);
        let past = as_of(self.input, self.input.now.minus(Millis(apart.0.saturating_mul(rounds))));
        let placed = site::place(&away_and_here(&past).1, past.now);
        let line = placed
            .line
            .as_ref()
            .map(|(part, trouble)| load::of(&past, *part, trouble).map_or(*part, |_| Place::OwnTraffic));
        (placed, line)
    }
}

fn is_near(placed: &Placed, host: HostId) -> bool {
    placed.near().contains(&host)
}

/// The connections as they were known at `at`.
fn as_of(input: &Input, at: Timestamp) -> Input {
    let told = |view: &AssetView| matches!(view.facts, Observation::Link(_) | Observation::Interface(_));
    let cut = |series: &Series| {
        let end = series.recent.partition_point(|sample| sample.at <= at);
        let hours = series.hours.partition_point(|hour| hour.at <= at);
        Series { hours: series.hours[..hours].to_vec(), recent: series.recent[..end].to_vec() }
    };
    let view = |view: &AssetView| AssetView {
        name: view.name.clone(),
        seen_at: view.seen_at.min(at),
        facts: view.facts.clone(),
        series: view.series.iter().map(|(metric, series)| (metric.clone(), cut(series))).collect(),
        ..*view
    };
    let assets = input.assets.iter().filter(|(_, view)| told(view));
    Input {
        now: at,
        site: input.site.clone(),
        time_zone: input.time_zone.clone(),
        closed_days: input.closed_days.clone(),
        orders: input.orders,
        hosts: input.hosts.clone(),
        assets: assets.map(|(asset, known)| (asset.clone(), view(known))).collect(),
        cases: input.cases.clone(),
        closed: Vec::new(),
        forecasts: Vec::new(),
        maintenance: Vec::new(),
        records: std::collections::BTreeMap::new(),
        acted: std::collections::BTreeMap::new(),
        blind: Vec::new(),
        elsewhere: Elsewhere::default(),
    }
}
