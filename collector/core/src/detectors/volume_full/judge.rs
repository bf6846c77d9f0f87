//! How bad it is, and when it is over.

use super::{
    blocks::Past,
    bootstrap::{HORIZONS, LEAST_DAYS},
    foresee::{Foresight, foresee},
    gauge::Gauge,
    runaway::Burst,
};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    case::Case,
    finding::{FindingKind, Severity},
    forecast::Outlook,
    input::Input,
    series::Metric,
};

/// Chances at which people are called: within 24 hours, 4 days and 14 days.
const ACT: f64 = 0.5;
const SOON: f64 = 0.5;
const WATCH: f64 = 0.5;
/// An open case is not over while the chance within 14 days is higher than this.
const OVER: f64 = 0.1;
/// A volume that has not grown for the whole horizon has settled, if this share is free.
const SETTLED_FREE: f64 = 0.10;

/// While less is known than three weeks, growth calls for a ticket only when this share is left, and
/// in the first two weeks not even for a note: most cycles are a week or shorter, and are seen twice
/// then. A writer that is rather none of the volume's jobs does not wait for that.
const YOUNG_DAYS: usize = 21;
const NEWBORN_DAYS: usize = 14;
const SCARCE: f64 = 0.10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Users notice now.
    Full,
    /// Hardly anything is left.
    Floor,
    /// A writer that is faster than ever.
    Runaway,
    /// The usual growth.
    Growth,
    /// Growth has stopped, but the space has not come back.
    Halted,
    Healthy,
}

pub(super) struct Judgement {
    pub severity: Severity,
    pub why: Why,
    pub outlook: Outlook,
    pub burst: Option<Burst>,
    pub known_days: usize,
}

/// Nothing where there is nothing to say: all is well and no case is open, or too little is known.
pub(super) fn judge(input: &Input, asset: &AssetId, gauge: &Gauge) -> Option<Judgement> {
    let case = input.case_on(asset, FindingKind::VolumeFull);
    if (case.is_none() && is_far_from_full(gauge)) || !gauge.is_written() {
        return None;
    }
    let today = Calendar::new(&input.time_zone).hour_of_week(gauge.now) / 24;
    let seed = format!("{asset} {} {}", gauge.metric, gauge.now.day_start().0);
    let foresight = foresee(gauge, &seed, today);
    let (severity, why) = state(gauge, &foresight);
    let (severity, why) = match case {
        None if severity < Severity::Watch => return None,
        Some(case) if severity < Severity::Watch && is_over(gauge, &foresight, case) => (Severity::Quiet, Why::Healthy),
        Some(_) if severity < Severity::Watch => (Severity::Watch, Why::Halted),
        _ => (severity, why),
    };
    let (burst, known_days) = (foresight.burst, foresight.known_days);
    Some(Judgement { severity, why, outlook: foresight.outlook(gauge), burst, known_days })
}

/// What people would be called for, were no case open yet.
pub fn severity(gauge: &Gauge, foresight: &Foresight) -> Severity {
    state(gauge, foresight).0
}

/// More than half is free and next to nothing was ever written: not worth 200 paths.
fn is_far_from_full(gauge: &Gauge) -> bool {
    if gauge.free < 0.5 * gauge.total {
        return false;
    }
    let moved = gauge.series.hours.iter().map(|hour| hour.max - hour.min).sum::<f64>();
    let latest = gauge.series.recent.iter().map(|sample| sample.value).fold(gauge.free, f64::max);
    moved < 0.02 * gauge.total && latest - gauge.free < 0.02 * gauge.total
}

fn state(gauge: &Gauge, foresight: &Foresight) -> (Severity, Why) {
    if gauge.free < gauge.limit {
        return (Severity::Act, Why::Full);
    }
    if gauge.free < gauge.floor && !is_usual(gauge, &foresight.past) {
        return (Severity::Act, Why::Floor);
    }
    let why = if foresight.burst.is_some() { Why::Runaway } else { Why::Growth };
    let [day, days, fortnight] = HORIZONS.map(|within| foresight.chance(within));
    let novel = foresight.burst.is_some() && foresight.weekly < 0.5;
    let younger = |days| foresight.known_days < days && !novel;
    let scarce = gauge.free < SCARCE * gauge.total;
    let called = !younger(YOUNG_DAYS) || (scarce && !younger(LEAST_DAYS));
    if day >= ACT && called {
        (Severity::Act, why)
    } else if days >= SOON && called {
        (Severity::Soon, why)
    } else if fortnight >= WATCH && !younger(NEWBORN_DAYS) {
        (Severity::Watch, why)
    } else {
        (Severity::Quiet, Why::Healthy)
    }
}

/// Whether it has been as low on three earlier days and nobody minded.
fn is_usual(gauge: &Gauge, past: &Past) -> bool {
    let mut start = gauge.free;
    let mut as_low = 0;
    for (age, block) in past.blocks.iter().enumerate() {
        start -= block.net;
        if age > 0 && block.known && start + block.low <= 1.02 * gauge.free {
            as_low += 1;
        }
    }
    as_low >= 3
}

/// That nothing is written any more ends nothing: the space must have come back, or growth must have
/// rested for long where enough is left.
fn is_over(gauge: &Gauge, foresight: &Foresight, case: &Case) -> bool {
    let known = foresight.known_days >= LEAST_DAYS;
    foresight.chance(HORIZONS[2]) < OVER && (has_recovered(gauge, case) || has_settled(gauge, case, known))
}

/// Whether space came back since the case opened, by a quarter of what was needed and a hundredth
/// of the volume at least. That nothing is written any more does not count.
fn has_recovered(gauge: &Gauge, case: &Case) -> bool {
    let need = case.first.outlook.as_ref().and_then(|outlook| outlook.need).unwrap_or(0.0);
    let margin = (0.25 * need).clamp(0.01 * gauge.total, 0.2 * gauge.total);
    let came_back = gauge.free >= gauge.lowest_since(case.opened_at) + margin && gauge.free > 1.5 * gauge.floor;
    came_back || belongs_to_other(gauge, case)
}

/// A case about inodes does not keep a judgement about space open, and the other way round.
fn belongs_to_other(gauge: &Gauge, case: &Case) -> bool {
    case.latest.evidence.chart.as_ref().is_some_and(|chart| {
        chart.metric != gauge.metric && matches!(chart.metric, Metric::FreeBytes | Metric::InodesFree)
    })
}

/// Whether the whole horizon of the forecast has passed without growth, and enough is left.
fn has_settled(gauge: &Gauge, case: &Case, known: bool) -> bool {
    let from = gauge.now.minus(HORIZONS[2]);
    let then = gauge.series.value_at(from).unwrap_or(f64::INFINITY);
    known
        && case.opened_at <= from
        && gauge.free >= SETTLED_FREE * gauge.total
        && gauge.lowest_since(from) >= then - 0.01 * gauge.total
}
