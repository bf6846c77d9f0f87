//! Whether something gets worse day by day, so that it will be felt: a [`trend`] that is no weekday, no single step, not
//! long over and large enough to matter.
//!
//! Days that hang together look like a trend: the variance of the test is corrected for it as by Yue and Wang (Water
//! Resources Management 18, 2004).

use super::trend::{Trend, trend, trend_within};
use crate::math::quantile::median;

/// Days from which a trend is looked for, the longest first: the beginning is known by them.
const WINDOWS: [i64; 4] = [56, 42, 28, 14];
/// Share of the days of a window that must be known: working days are 71 %, and some of them are holidays.
const KNOWN: f64 = 0.6;
/// Days from which weekdays are known apart.
const WEEKDAYS: usize = 21;
/// A step has so many days on either side.
const SIDE: usize = 4;
/// Latest days that must still rise, and at which share of the whole.
const LATEST: usize = 10;
const STILL: f64 = 0.25;
/// Latest days whose middle is what it is like now.
const NOW: usize = 3;

/// How sure it must be, and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// A rise matters from so much on: in the unit of the values, and as a share of the level.
    pub least: f64,
    pub share: f64,
    /// How likely values without a trend may look so ordered.
    pub p: f64,
}

impl Gate {
    /// Of round trips in milliseconds.
    pub const RTT: Self = Self { least: 8.0, share: 0.25, p: 0.001 };
    /// Of the per cent of pings that are lost.
    pub const LOSS: Self = Self { least: 1.0, share: 0.5, p: 0.001 };

    /// For what has been told: it goes on until it is clearly over.
    #[must_use]
    pub fn once_told(self) -> Self {
        Self { least: self.least / 2.0, share: self.share / 2.0, p: 0.05 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worsening {
    /// The first day of those that rise.
    pub since: i64,
    /// The level then and now.
    pub from: f64,
    pub to: f64,
    pub per_day: f64,
}

/// Of `(day, value)`, ascending, one a day; days are counted from any Monday.
pub fn worsening(days: &[(i64, f64)], gate: Gate) -> Option<Worsening> {
    windows(days).find_map(|window| of_window(window, gate))
}

/// Whether enough days are known to say that nothing gets worse.
pub fn is_judged(days: &[(i64, f64)]) -> bool {
    windows(days).next().is_some()
}

/// Those of which enough is known.
fn windows(days: &[(i64, f64)]) -> impl Iterator<Item = &[(i64, f64)]> {
    let last = days.last().map_or(0, |day| day.0);
    WINDOWS.into_iter().filter_map(move |length| {
        let window = &days[days.partition_point(|day| day.0 <= last - length)..];
        (window.len() as f64 >= KNOWN * length as f64).then_some(window)
    })
}

fn of_window(days: &[(i64, f64)], gate: Gate) -> Option<Worsening> {
    if !may_rise(days, gate) {
        return None;
    }
    let days = without_weekdays(&days.iter().map(|day| (day.0 as f64, day.1)).collect::<Vec<_>>());
    let all = corrected(&days, trend(&days)?);
    let (first, last) = (days.first()?.0, days.last()?.0);
    let level = median(&mut days.iter().map(|day| day.1 - all.per_day * (day.0 - first)).collect::<Vec<_>>())?;
    let least = gate.least.max(gate.share * level);
    let span = last - first;
    let now = middle(&days[days.len().saturating_sub(NOW)..])?;
    let rises = |trend: Trend, share: f64| trend.p <= gate.p.max(0.01) && trend.per_day * span >= share * least;
    let goes_on = trend(&days[days.len().saturating_sub(LATEST)..])?.per_day >= STILL * all.per_day;
    let holds = all.p <= gate.p && rises(all, 1.0) && now - level >= 0.6 * least && goes_on;
    let is_no_step = || {
        step(&days).is_none_or(|at| {
            let (before, after) = days.split_at(at);
            trend_within(&[before, after]).is_some_and(|rest| rises(corrected(&days, rest), 0.5))
        })
    };
    (holds && is_no_step()).then_some(Worsening { since: first as i64, from: level, to: now, per_day: all.per_day })
}

/// Whether the last week lies above the first at all; most lines need no closer look.
fn may_rise(days: &[(i64, f64)], gate: Gate) -> bool {
    let middle = |days: &[(i64, f64)]| median(&mut days.iter().map(|day| day.1).collect::<Vec<_>>()).unwrap_or(0.0);
    let (first, last) = (middle(&days[..days.len().min(7)]), middle(&days[days.len().saturating_sub(7)..]));
    last - first >= 0.3 * gate.least.max(gate.share * first)
}

fn middle(days: &[(f64, f64)]) -> Option<f64> {
    median(&mut days.iter().map(|day| day.1).collect::<Vec<_>>())
}

/// By how much each value lies off the slope through all of them.
fn residuals(days: &[(f64, f64)], per_day: f64) -> Vec<f64> {
    days.iter().map(|day| day.1 - per_day * day.0).collect()
}

/// What each weekday has more than the others is no trend.
fn without_weekdays(days: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let Some(slope) = trend(days).filter(|_| days.len() >= WEEKDAYS) else { return days.to_vec() };
    let rest = residuals(days, slope.per_day);
    let Some(centre) = median(&mut rest.clone()) else { return days.to_vec() };
    let weekday = |day: f64| day.rem_euclid(7.0);
    let bias = |of: f64| {
        let same = days.iter().zip(&rest).filter(|(day, _)| weekday(day.0) == of);
        median(&mut same.map(|(_, rest)| *rest).collect::<Vec<_>>()).map_or(0.0, |middle| middle - centre)
    };
    days.iter().map(|day| (day.0, day.1 - bias(weekday(day.0)))).collect()
}

/// The trend with its chance as days that hang together have it.
fn corrected(days: &[(f64, f64)], found: Trend) -> Trend {
    let rest = residuals(days, found.per_day);
    let mean = rest.iter().sum::<f64>() / rest.len() as f64;
    let power: f64 = rest.iter().map(|value| (value - mean).powi(2)).sum();
    let next: f64 = rest.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let r = if power > 0.0 { (next / power).clamp(0.0, 0.9) } else { 0.0 };
    found.widened((1.0 + r) / (1.0 - r))
}

/// The place of the single step that explains most: the one after which the values lie closest to two levels.
fn step(days: &[(f64, f64)]) -> Option<usize> {
    let off = |part: &[(f64, f64)]| {
        let centre = middle(part).unwrap_or(0.0);
        part.iter().map(|day| (day.1 - centre).abs()).sum::<f64>()
    };
    let places = SIDE..(days.len() + 1).saturating_sub(SIDE);
    let cost = |at: usize| off(&days[..at]) + off(&days[at..]);
    places.map(|at| (at, cost(at))).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    struct World {
        level: f64,
        /// Share of the level by which days differ, and how much of it stays until the next day.
        noise: f64,
        stays: f64,
        /// Share that working days have more.
        working: f64,
        /// From which day on it is higher by which share.
        step: Option<(i64, f64)>,
        /// Milliseconds a day, from which day on.
        rise: (i64, f64),
    }

    impl World {
        fn any(random: &mut Seeded) -> Self {
            let mut between = |low: f64, high: f64| low + (high - low) * random.unit();
            Self {
                level: between(8.0, 60.0),
                noise: between(0.02, 0.12),
                stays: between(0.0, 0.6),
                working: between(0.0, 0.3),
                step: None,
                rise: (0, 0.0),
            }
        }

        fn days(&self, random: &mut Seeded) -> Vec<(i64, f64)> {
            let mut off = 0.0;
            (0..60)
                .map(|day| {
                    // Nearly normal.
                    let normal = (0..6).map(|_| random.unit()).sum::<f64>() * 1.414 - 4.243;
                    off = self.stays * off + (1.0 - self.stays * self.stays).sqrt() * normal;
                    let working = if day % 7 < 5 { self.working } else { 0.0 };
                    let step = self.step.filter(|(from, _)| day >= *from).map_or(0.0, |(_, share)| share);
                    let rise = self.rise.1 * (day - self.rise.0).max(0) as f64;
                    (day, self.level * (1.0 + working + step + self.noise * off) + rise)
                })
                .collect()
        }
    }

    /// Whether it would have been told on any of the days.
    fn is_told(days: &[(i64, f64)]) -> bool {
        (9..=days.len()).any(|until| worsening(&days[..until], Gate::RTT).is_some())
    }

    #[test]
    fn of_five_hundred_lines_that_stay_as_they_are_for_sixty_days_hardly_one_is_said_to_get_slower() {
        let mut random = Seeded::new("stationary");
        let told = (0..500).filter(|_| is_told(&World::any(&mut random).days(&mut random)));
        let told = told.count();
        assert!(told <= 2, "{told} of 500");
    }

    #[test]
    fn of_five_hundred_offices_that_rest_at_weekends_and_on_holidays_hardly_one_is_said_to_get_slower() {
        let mut random = Seeded::new("working days");
        let told = (0..500).filter(|n| {
            let mut days = World::any(&mut random).days(&mut random);
            days.retain(|(day, _)| day % 7 < 5 && day % 13 != n % 13);
            is_told(&days)
        });
        let told = told.count();
        assert!(told <= 2, "{told} of 500");
    }

    #[test]
    fn a_line_that_is_slower_since_one_day_does_not_get_slower_day_by_day() {
        let mut random = Seeded::new("steps");
        let told = (0..200).filter(|n| {
            let step = Some((10 + n % 40, 0.3 + random.unit()));
            let world = World { step, ..World::any(&mut random) };
            is_told(&world.days(&mut random))
        });
        let told = told.count();
        assert!(told <= 4, "{told} of 200");
    }

    #[test]
    fn a_line_that_gets_slower_by_a_millisecond_a_day_is_mostly_found_within_four_weeks() {
        let mut random = Seeded::new("rising");
        let found = (0..200).filter(|_| {
            let world = World { level: 25.0, noise: 0.05, rise: (30, 1.0), ..World::any(&mut random) };
            let days = world.days(&mut random);
            (30..=58).any(|until| worsening(&days[..until], Gate::RTT).is_some())
        });
        let found = found.count();
        assert!(found >= 180, "{found} of 200");
    }

    #[test]
    fn an_office_that_rests_at_weekends_and_on_a_holiday_is_judged_all_the_same() {
        let works = |day: i64| day % 7 < 5 && day != 45;
        let days: Vec<(i64, f64)> =
            (0..50).filter(|day| works(*day)).map(|day| (day, 20.0 + (day - 20).max(0) as f64)).collect();
        assert!(worsening(&days, Gate::RTT).is_some());
        for first in 0..days.len() - 9 {
            assert!(is_judged(&days[first..]), "from day {}", days[first].0);
        }
        assert!(!is_judged(&days[..5]) && !is_judged(&[]), "of a week nothing is said");
    }

    #[test]
    fn what_has_risen_and_stays_there_rises_no_more() {
        let risen: Vec<(i64, f64)> = (0..60).map(|day| (day, 20.0 + day.clamp(10, 40) as f64)).collect();
        assert!(worsening(&risen[..38], Gate::RTT).is_some());
        assert_eq!(worsening(&risen, Gate::RTT.once_told()), None);
    }
}
