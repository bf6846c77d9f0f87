//! How bad it is, and when it is over.

use super::{
    days::Past,
    gauge::Gauge,
    paths::{self, HORIZONS, LEAST_DAYS},
    runaway::{self, Burst},
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
use beforehand_shared::time::Millis;

/// Chances at which people are called: within 24 hours, 4 days and 14 days.
const ACT: f64 = 0.5;
/// Within 4 days: a ticket.
pub const SOON: f64 = 0.4;
const WATCH: f64 = 0.5;
/// An open case is not over while the chance within 14 days is higher than this.
const OVER: f64 = 0.1;
/// A volume that has not grown for the whole horizon has settled, if this share is free.
const SETTLED_FREE: f64 = 0.10;

/// While less is known than three weeks, growth calls for a ticket only when this share is left, and
/// in the first week not even for a note: most cycles are a week or shorter.
const YOUNG_DAYS: usize = 21;
const NEWBORN_DAYS: usize = 7;
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
    pub outlook: Option<Outlook>,
    pub burst: Option<Burst>,
}

/// Nothing where there is nothing to say: all is well and no case is open, or too little is known.
pub(super) fn judge(input: &Input, asset: &AssetId, gauge: &Gauge) -> Option<Judgement> {
    let case = input.case_on(asset, FindingKind::VolumeFull);
    if (case.is_none() && is_far_from_full(gauge)) || !gauge.is_written() {
        return None;
    }
    let past = Past::of(gauge);
    let burst = runaway::burst(gauge, &past);
    let known = past.days.len() >= LEAST_DAYS;
    let (severity, why, outlook) = if known || burst.is_some() {
        let today = Calendar::new(&input.time_zone).hour_of_week(gauge.now) / 24;
        let seed = format!("{asset} {} {}", gauge.metric, gauge.now.day_start().0);
        let futures = paths::futures(gauge, &past, burst, (&seed, today));
        let doubt = Episodes::of(gauge, &past);
        let (severity, why) = state(gauge, &past, |within| doubt.temper(futures.chance(within)), burst.is_some());
        let mut outlook = futures.outlook(gauge);
        outlook.chances.iter_mut().for_each(|chance| chance.p = doubt.temper(chance.p));
        (severity, why, Some(outlook))
    } else {
        let (severity, why) = state(gauge, &past, |_| 0.0, false);
        (severity, why, None)
    };
    let Some(case) = case else {
        return (severity >= Severity::Watch).then_some(Judgement { severity, why, outlook, burst });
    };
    if severity >= Severity::Watch {
        return Some(Judgement { severity, why, outlook, burst });
    }
    let chance = outlook.as_ref().and_then(|outlook| outlook.chance(HORIZONS[2]));
    let over = chance.unwrap_or(0.0) < OVER && (has_recovered(gauge, case) || has_settled(gauge, case, known));
    let (severity, why) = if over { (Severity::Quiet, Why::Healthy) } else { (Severity::Watch, Why::Halted) };
    Some(Judgement { severity, why, outlook, burst })
}

/// What is foreseen of a gauge.
#[derive(Debug, Clone, PartialEq)]
pub struct Foresight {
    pub outlook: Option<Outlook>,
}

pub fn foresee(gauge: &Gauge, seed: &str, weekday: usize) -> Foresight {
    let past = Past::of(gauge);
    let burst = runaway::burst(gauge, &past);
    if past.days.len() < LEAST_DAYS && burst.is_none() {
        return Foresight { outlook: None };
    }
    let futures = paths::futures(gauge, &past, burst, (seed, weekday));
    let doubt = Episodes::of(gauge, &past);
    let mut outlook = futures.outlook(gauge);
    outlook.chances.iter_mut().for_each(|chance| chance.p = doubt.temper(chance.p));
    Foresight { outlook: Some(outlook) }
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

fn state(gauge: &Gauge, past: &Past, chance: impl Fn(Millis) -> f64, burst: bool) -> (Severity, Why) {
    let why = if burst { Why::Runaway } else { Why::Growth };
    if gauge.free < gauge.limit {
        return (Severity::Act, Why::Full);
    }
    if gauge.free < gauge.floor && !is_usual(gauge, past) {
        return (Severity::Act, Why::Floor);
    }
    let [day, days, fortnight] = HORIZONS.map(chance);
    let (young, newborn) = (past.days.len() < YOUNG_DAYS && !burst, past.days.len() < NEWBORN_DAYS && !burst);
    let scarce = gauge.free < SCARCE * gauge.total;
    if day >= ACT && (scarce || !young) {
        (Severity::Act, why)
    } else if days >= SOON && (scarce || !young) {
        (Severity::Soon, why)
    } else if fortnight >= WATCH && !newborn {
        (Severity::Watch, why)
    } else {
        (Severity::Quiet, Why::Healthy)
    }
}

/// How often it has been as low as now before, and whether it became full then. A volume that came
/// back by itself each time is likely to do so again.
struct Episodes {
    over: usize,
    full: usize,
}

impl Episodes {
    /// How many episodes the paths' own chance is worth.
    const WEIGHT: f64 = 1.0;

    fn of(gauge: &Gauge, past: &Past) -> Self {
        let level = past.start;
        let back = level + (0.5 * (level - gauge.limit)).max(0.02 * gauge.total);
        let as_low = level + 0.005 * gauge.total;
        let mut episodes = Self { over: 0, full: 0 };
        // Backwards in time: an episode counts when it was followed by a recovery.
        let (mut end, mut recovered, mut low, mut full) = (past.start, false, false, false);
        for day in &past.days {
            let start = end - day.net;
            if start.max(end) > back {
                if low {
                    episodes.over += 1;
                    episodes.full += usize::from(full);
                }
                (recovered, low, full) = (true, false, false);
            }
            let lowest = start + day.low;
            low |= recovered && lowest <= as_low;
            full |= recovered && lowest <= gauge.limit;
            end = start;
        }
        episodes.over += usize::from(low);
        episodes.full += usize::from(low && full);
        episodes
    }

    fn temper(&self, chance: f64) -> f64 {
        (Self::WEIGHT * chance + self.full as f64) / (Self::WEIGHT + self.over as f64)
    }
}

/// Whether it has been as low on three earlier days and nobody minded.
fn is_usual(gauge: &Gauge, past: &Past) -> bool {
    let mut start = gauge.free;
    let mut as_low = 0;
    for (age, day) in past.days.iter().enumerate() {
        start -= day.net;
        if age > 0 && start + day.low <= 1.02 * gauge.free {
            as_low += 1;
        }
    }
    as_low >= 3
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
