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

/// Hours from before the samples, so that what has been slow for longer than these is still known to be.
const BEFORE: Millis = Millis::days(4);
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
        let gate = if role == LinkRole::Gateway { slow::Gate::LAN } else { slow::Gate::INTERNET };
        let (slow_since, usual) = watched(rtt, gate);
        let mut latest: Vec<f64> = rtt.recent.iter().rev().take(NOW).map(|sample| sample.value).collect();
        Self {
            now: Some(tail(rtt, now)).filter(|tail| !tail.is_empty()).map(mean),
            latest: median(&mut latest),
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
    let (Some(first), Some(last)) = (rtt.recent.first(), rtt.last()) else { return (None, None) };
    let mut watch = slow::Watch::new(gate);
    let hours = rtt.hours_since(first.at.minus(BEFORE)).iter().take_while(|hour| hour.at < first.at.hour_start());
    let hours = hours.map(|hour| Sample { at: hour.at, value: hour.mean });
    let pace = hours.chain(rtt.recent.iter().copied()).map(|sample| watch.add(sample.at, sample.value)).last();
    match pace {
        Some(slow::Pace::Slow { since, usual_ms }) => (Some(since), Some(usual_ms)),
        _ => (None, watch.usual_ms(last.at)),
    }
}

/// The middle value before `cut`; nothing is 0.
fn before(series: &Series, cut: Timestamp) -> f64 {
    let end = series.recent.partition_point(|sample| sample.at < cut);
    median(&mut series.recent[..end].iter().map(|sample| sample.value).collect::<Vec<f64>>()).unwrap_or(0.0)
}
