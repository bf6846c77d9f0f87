//! Whether the office itself fills its line: much more went over it since it is slow than just before, about as much as
//! it ever carries.

use super::share::Trouble;
use crate::{
    input::Input,
    math::quantile::median,
    network::capacity::{self, FULL, LEAST},
    place::Place,
    series::{Metric, Series},
};
use beforehand_shared::{
    ids::HostId,
    observation::Observation,
    time::{Millis, Timestamp},
};

/// Share of the rate that must have come with the trouble.
const NEW: f64 = 0.5;
/// What was sent longer ago fills no line now.
const LATELY: Millis = Millis::minutes(15);
const LEARNED: Millis = Millis::days(14);
/// Rounds between the beginning of traffic and the round in which slowness is certain.
const BEFORE: i64 = 5;
/// Machines with at least this share of the rate are named.
const NAMED: f64 = 0.25;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Sent,
    Received,
}

/// Who fills the line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Load {
    pub way: Way,
    /// Mean rate of the machines together in kbit/s.
    pub kbit: f64,
    /// The machines that do most of it, the busiest first.
    pub hosts: Vec<(HostId, f64)>,
}

/// Nothing where the line is slow for another reason, or by machines that nobody watches.
pub(super) fn of(input: &Input, part: Place, trouble: &Trouble) -> Option<Load> {
    if !part.is_filled_by_traffic() || !trouble.is_swollen() {
        return None;
    }
    let since = trouble.began;
    [(Way::Sent, Metric::SentKbit), (Way::Received, Metric::ReceivedKbit)]
        .into_iter()
        .find_map(|(way, metric)| one_way(input, way, &metric, since))
}

fn one_way(input: &Input, way: Way, metric: &Metric, since: Timestamp) -> Option<Load> {
    let series = input.assets.iter().filter_map(|(asset, view)| {
        let is_it = matches!(view.facts, Observation::Interface(_)) && view.is_fresh(metric, input.now);
        Some((asset.host().filter(|_| is_it)?, view.series.get(metric)?))
    });
    let (mut hosts, mut before, mut best) = (Vec::new(), 0.0, 0.0);
    for (host, series) in series {
        let Some(rate) = now(series, since.max(input.now.minus(LATELY))) else { continue };
        hosts.push((host, rate));
        before += just_before(series, since);
        best += at_best(series, since);
    }
    let kbit: f64 = hosts.iter().map(|(_, kbit)| kbit).sum();
    // What it carries at its best must be known.
    let is_full = best > 0.0 && kbit >= LEAST && kbit - before >= NEW * kbit && kbit >= FULL * best;
    hosts.retain(|(_, own)| *own >= NAMED * kbit);
    hosts.sort_by(|a, b| b.1.total_cmp(&a.1));
    is_full.then_some(Load { way, kbit, hosts })
}

/// The middle rate since then; nothing from less than two rounds.
fn now(series: &Series, since: Timestamp) -> Option<f64> {
    let mut rates: Vec<f64> = series.since(since).iter().map(|sample| sample.value).collect();
    if rates.len() < 2 { None } else { median(&mut rates) }
}

/// The highest of three rates from before it began.
fn just_before(series: &Series, since: Timestamp) -> f64 {
    let cut = since.minus(Millis(series.spacing().0.saturating_mul(BEFORE)));
    let end = series.recent.partition_point(|sample| sample.at <= cut);
    series.recent[end.saturating_sub(3)..end].iter().map(|sample| sample.value).fold(0.0, f64::max)
}

fn at_best(series: &Series, since: Timestamp) -> f64 {
    let until = since.minus(Millis::HOUR);
    capacity::at_best(series.hours_since(since.minus(LEARNED)).iter().take_while(|hour| hour.at < until))
}
