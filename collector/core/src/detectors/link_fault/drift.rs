//! The line that gets slower, or loses more, day by day: told once for the site, before anybody complains.

use super::{anchors, words};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, healthy, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, HISTORY, Input},
    math::{
        mos::{SOME_DISSATISFIED, mos},
        quantile::median,
    },
    path::worsening::{Gate, Worsening, is_judged, worsening},
    series::{Hour, Metric, Series},
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use jiff::{Span, Unit, civil};
use std::collections::{BTreeMap, BTreeSet};

/// Machines that tell enough of a line.
const MACHINES: usize = 3;
/// Hours of a day that must be known.
const HOURS: usize = 6;
/// Per cent of an hour's pings; what loses more was out, and that is told by itself.
const OUT_PCT: f64 = 50.0;
/// Days ahead for which it matters what the line will be like.
const AHEAD: f64 = 14.0;
/// Per cent of loss that users notice.
const SOON_LOSS: f64 = 2.0;

/// A Monday, from which days are counted.
const MONDAY: civil::Date = civil::date(1970, 1, 5);

pub(super) fn finding(input: &Input) -> Option<Finding> {
    let asset = AssetId::line_trend(input.site.id);
    let is_told = input.case_on(&asset, FindingKind::LinkFault).is_some();
    let gate = |gate: Gate| if is_told { gate.once_told() } else { gate };
    let paths = paths(input);
    let known = Day::known(input);
    let [rtt, loss] = [Metric::RttMs, Metric::LossPct].map(|metric| days(&paths, &metric, &known));
    if let Some(worse) = worsening(&rtt, gate(Gate::RTT)) {
        let later = worse.to + AHEAD * worse.per_day;
        let felt = mos(later, 0.0, 0.0) < SOME_DISSATISFIED;
        return Some(told(input, asset, (Metric::RttMs, felt), (&worse, &paths)));
    }
    if let Some(worse) = worsening(&loss, gate(Gate::LOSS)) {
        let felt = worse.to + AHEAD * worse.per_day >= SOON_LOSS;
        return Some(told(input, asset, (Metric::LossPct, felt), (&worse, &paths)));
    }
    healthy(input, &asset, FindingKind::LinkFault, || {
        let level = rtt.last().map_or(String::new(), |day| format!(": it takes {:.0} ms", day.1));
        format!("The internet line of {} gets no worse any more{level}.", input.site.name)
    })
    .filter(|_| is_judged(&rtt) && is_judged(&loss))
}

type Paths<'a> = Vec<(&'a AssetId, &'a AssetView)>;

/// Of the machines that have measured longest.
fn paths(input: &Input) -> Paths<'_> {
    let mut machines: BTreeMap<HostId, Paths> = BTreeMap::new();
    for (asset, view) in anchors(input) {
        if let Some(host) = asset.host() {
            machines.entry(host).or_default().push((asset, view));
        }
    }
    let since = |paths: &Paths| {
        let first = |(_, view): &(&AssetId, &AssetView)| view.series.get(&Metric::RttMs).and_then(Series::first_at);
        paths.iter().filter_map(first).min()
    };
    let mut known: Vec<(Timestamp, Paths)> =
        machines.into_values().filter_map(|paths| Some((since(&paths)?, paths))).collect();
    known.sort_by_key(|(since, _)| *since);
    known.into_iter().take(MACHINES).flat_map(|(_, paths)| paths).collect()
}

/// The days before today, counted from a Monday: the middle path of each, every path as it differs from its own middle.
fn days(paths: &[(&AssetId, &AssetView)], metric: &Metric, days: &[Day]) -> Vec<(i64, f64)> {
    let mut all: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    let mut levels = Vec::new();
    for series in paths.iter().filter_map(|(_, view)| view.series.get(metric)) {
        let own: Vec<(i64, f64)> =
            days.iter().filter_map(|day| Some((day.number, day.value(series, metric)?))).collect();
        let Some(level) = median(&mut own.iter().map(|day| day.1).collect::<Vec<_>>()) else { continue };
        levels.push(level);
        for (day, value) in own {
            all.entry(day).or_default().push(value - level);
        }
    }
    let level = median(&mut levels).unwrap_or(0.0);
    all.into_iter().filter_map(|(day, mut off)| Some((day, level + median(&mut off)?))).collect()
}

/// A local day.
struct Day {
    number: i64,
    from: Timestamp,
    to: Timestamp,
}

impl Day {
    /// All that are known, without today.
    fn known(input: &Input) -> Vec<Self> {
        let calendar = Calendar::new(&input.time_zone);
        let today = calendar.local(input.now).date();
        let start = |date: civil::Date| calendar.instant(date.at(0, 0, 0, 0));
        let number = |date: civil::Date| date.since((Unit::Day, MONDAY)).map_or(0, |span| i64::from(span.get_days()));
        let before = |n: i64| today.checked_sub(Span::new().days(n)).ok();
        let day = |n: i64| Some((before(n)?, before(n - 1)?));
        let days = (1..=HISTORY.0 / Millis::DAY.0).rev().filter_map(day);
        days.map(|(day, next)| Self { number: number(day), from: start(day), to: start(next) }).collect()
    }

    /// The middle hour; of losses, which come in a few hours, the mean.
    fn value(&self, series: &Series, metric: &Metric) -> Option<f64> {
        let hours = series.hours_since(self.from);
        let end = hours.partition_point(|hour| hour.at < self.to);
        let counts = |hour: &&Hour| *metric != Metric::LossPct || hour.mean < OUT_PCT;
        let mut hours: Vec<f64> = hours[..end].iter().filter(counts).map(|hour| hour.mean).collect();
        match metric {
            _ if hours.len() < HOURS => None,
            Metric::LossPct => Some(hours.iter().sum::<f64>() / hours.len() as f64),
            _ => median(&mut hours),
        }
    }
}

fn told(
    input: &Input,
    asset: AssetId,
    (metric, felt): (Metric, bool),
    (worse, paths): (&Worsening, &[(&AssetId, &AssetView)]),
) -> Finding {
    let calendar = Calendar::new(&input.time_zone);
    let first = MONDAY.checked_add(Span::new().days(worse.since)).unwrap_or(MONDAY);
    let since = calendar.instant(first.at(0, 0, 0, 0));
    let day = calendar.date_words(since, input.now);
    let unit = if metric == Metric::LossPct { "%" } else { "ms" };
    let machines: BTreeSet<HostId> = paths.iter().filter_map(|(asset, _)| asset.host()).collect();
    let facts = vec![
        fact("Then", format!("{:.1} {unit}", worse.from)),
        fact("Now", format!("{:.1} {unit}", worse.to)),
        fact("A day", format!("{:.2} {unit} more", worse.per_day)),
        fact("Seen on", format!("{} paths, from {} machines", paths.len(), machines.len())),
    ];
    let chart = paths.first().map(|(asset, _)| ChartRef {
        asset: (*asset).clone(),
        metric: metric.clone(),
        from: since,
        limit: None,
    });
    let todo = steps([
        "Look at the modem: have its signal levels or error counts changed since then?",
        "Send these figures to the provider of the line before people notice.",
    ]);
    let severity = if felt { Severity::Soon } else { Severity::Watch };
    words::finding(asset, severity, sentence(input, &metric, worse, &day), todo, Evidence { facts, chart })
}

fn sentence(input: &Input, metric: &Metric, worse: &Worsening, day: &str) -> String {
    let (site, to, more) = (&input.site.name, worse.to, worse.to - worse.from);
    match metric {
        Metric::LossPct => format!(
            "The internet line of {site} loses more day by day since {day}: {to:.1} % of the pings, {more:.1} % more than then."
        ),
        _ => format!(
            "The internet line of {site} gets slower day by day since {day}: {to:.0} ms, {more:.0} ms more than then."
        ),
    }
}
