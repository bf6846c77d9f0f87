//! Round trips of one path against what is usual on it, and what speech over it is like.

use super::health::{mean, tail};
use crate::{
    finding::Severity,
    input::AssetView,
    math::{
        mos::{MANY_DISSATISFIED, SOME_DISSATISFIED, mos},
        quantile::median,
    },
    path::slow,
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    link::LinkRole,
    time::{Millis, Timestamp},
};

/// Hours from before the samples, so that what has been slow for longer than these is still known to be, and an hour of
/// the week has been seen three times.
const BEFORE: Millis = Millis::days(23);
/// What is usual ends so long before now.
const LATELY: Millis = Millis::minutes(10);
/// Rounds of which the middle is what a path is like now.
pub(super) const NOW: usize = 3;

/// Round trips against what is usual on this path.
pub(super) struct Pace {
    pub now: Option<f64>,
    pub latest: Option<f64>,
    jitter: f64,
    pub usual: Option<f64>,
    usual_jitter: f64,
    pub slow_since: Option<Timestamp>,
}

impl Pace {
    pub(super) fn of(view: &AssetView, now: Timestamp, role: LinkRole) -> Self {
        let empty = Series::default();
        let rtt = view.series.get(&Metric::RttMs).unwrap_or(&empty);
        let jitter = view.series.get(&Metric::JitterMs).unwrap_or(&empty);
        let (slow_since, usual) = watched(rtt, gate(role));
        Self {
            now: Some(tail(rtt, now)).filter(|tail| !tail.is_empty()).map(mean),
            latest: latest(rtt),
            jitter: mean(tail(jitter, now)),
            usual,
            usual_jitter: before(jitter, slow_since.unwrap_or(now).minus(LATELY)),
            slow_since,
        }
    }

    /// A slow path is a note, unless speech over it suffers.
    pub(super) fn severity(&self, loss_pct: f64) -> Severity {
        let (Some(now), Some(usual)) = (self.now, self.usual) else { return Severity::Watch };
        let score = mos(now, self.jitter, loss_pct);
        match score {
            score if mos(usual, self.usual_jitter, 0.0) - score < 0.3 => Severity::Watch,
            score if score < MANY_DISSATISFIED => Severity::Act,
            score if score < SOME_DISSATISFIED => Severity::Soon,
            _ => Severity::Watch,
        }
    }
}

/// Since when it is slow, if it is, and what is usual.
pub(super) fn watched(rtt: &Series, gate: slow::Gate) -> (Option<Timestamp>, Option<f64>) {
    let (mut watch, mut pace) = (slow::Watch::new(gate), None);
    for sample in rounds(rtt) {
        pace = Some(watch.add(sample.at, sample.value));
    }
    match (pace, rtt.last()) {
        (Some(slow::Pace::Slow { since, usual_ms }), _) => (Some(since), Some(usual_ms)),
        (_, last) => (None, last.and_then(|last| watch.usual_ms(last.at))),
    }
}

/// What a path takes now, if that was slow until it was accepted as usual within the last day, after `opened`.
pub(super) fn new_usual(view: &AssetView, role: LinkRole, opened: Timestamp, now: Timestamp) -> Option<f64> {
    let rtt = view.series.get(&Metric::RttMs)?;
    let from = opened.max(now.minus(Millis::DAY));
    let (mut watch, mut before, mut accepted) = (slow::Watch::new(gate(role)), 0.0, None);
    for sample in rounds(rtt) {
        match watch.add(sample.at, sample.value) {
            slow::Pace::Slow { usual_ms, .. } => (before, accepted) = (usual_ms, None),
            slow::Pace::NewNormal { usual_ms } if sample.at >= from => accepted = Some((before + usual_ms) / 2.0),
            _ => {}
        }
    }
    // What got better meanwhile is as it was.
    latest(rtt).filter(|latest| accepted.is_some_and(|least| *latest > least))
}

/// The samples, and before them the hours.
fn rounds(rtt: &Series) -> impl Iterator<Item = Sample> {
    let first = rtt.recent.first().map_or(Timestamp(0), |first| first.at);
    let hours = if rtt.recent.is_empty() { &[] } else { rtt.hours_since(first.minus(BEFORE)) };
    let hours = hours.iter().take_while(move |hour| hour.at < first.hour_start());
    hours.map(|hour| Sample { at: hour.at, value: hour.mean }).chain(rtt.recent.iter().copied())
}

fn latest(rtt: &Series) -> Option<f64> {
    median(&mut rtt.recent.iter().rev().take(NOW).map(|sample| sample.value).collect::<Vec<f64>>())
}

const fn gate(role: LinkRole) -> slow::Gate {
    if matches!(role, LinkRole::Gateway) { slow::Gate::LAN } else { slow::Gate::INTERNET }
}

/// The middle value before `cut`; nothing is 0.
fn before(series: &Series, cut: Timestamp) -> f64 {
    let end = series.recent.partition_point(|sample| sample.at < cut);
    median(&mut series.recent[..end].iter().map(|sample| sample.value).collect::<Vec<f64>>()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Hour;

    /// Of a path that takes 20 ms, and `busy` in the first hour of each of the days that `is_busy`; judged in the third
    /// minute of such an hour, 23 days after the first.
    fn slow_since(busy: f64, is_busy: fn(i64) -> bool) -> Option<Timestamp> {
        let value =
            |hour: i64| if hour % 24 == 0 && is_busy(hour / 24) { busy } else { 20.0 + (hour % 3) as f64 / 10.0 };
        let hour = |hour: i64| {
            let mean = value(hour);
            Hour { at: Timestamp(hour * Millis::HOUR.0), count: 60, min: mean, max: mean, mean, last: mean }
        };
        let minute = |minute: i64| Sample { at: Timestamp(minute * Millis::MINUTE.0), value: value(minute / 60) };
        let hours = (0..22 * 24).map(hour).collect();
        watched(&Series { hours, recent: (22 * 1440..23 * 1440 + 3).map(minute).collect() }, slow::Gate::INTERNET).0
    }

    #[test]
    fn what_is_slow_in_the_same_hour_of_every_week_is_usual_there_and_nowhere_else() {
        assert_eq!(slow_since(60.0, |day| day % 7 == 2), None, "as it was two weeks and one week before");
        assert!(slow_since(60.0, |day| day == 23).is_some(), "on that day alone");
        assert!(slow_since(60.0, |day| [15, 23].contains(&day)).is_some(), "on another day of the week before");
    }
}
