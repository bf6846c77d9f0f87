//! How much is printed: by weekday, with what is usual lately counting most.

use super::work::Day;

/// Days after which a day counts half: for how much, and for whether at all.
const LATELY: f64 = 35.0;
const USUALLY: f64 = 120.0;
/// Learnt quietly for so many days.
pub(super) const LEAST_DAYS: usize = 14;
/// What is believed of a week's relative spread before weeks are known, and how many weeks it counts.
const SPREAD: f64 = 0.3;
const BELIEF: f64 = 2.0;
/// By how much the pace of an office drifts in a month, relatively.
pub(super) const DRIFT: f64 = 0.12;

/// Units of work to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Units expected on a Monday, Tuesday …
    pub weekday: [f64; 7],
    /// Relative standard deviation of a week around it, and of the pace itself.
    pub spread: f64,
    pub doubt: f64,
}

impl Pace {
    /// Of days that are over; nothing before enough are known, and where nothing is printed.
    pub fn of(days: &[Day]) -> Option<Self> {
        if days.len() < LEAST_DAYS {
            return None;
        }
        let age = |place: usize| (days.len() - 1 - place) as f64;
        let usual = by_weekday(days, |place| 0.5_f64.powf(age(place) / USUALLY));
        let weeks: Vec<f64> = weeks(days, &usual);
        let spread = spread(&weeks);
        // Of the days on which anything was printed: a closed week says nothing about the pace.
        let active = || days.iter().enumerate().filter(|(_, day)| day.units > 0.0);
        let weight = |place: usize| 0.5_f64.powf(age(place) / LATELY);
        let expected: f64 = active().map(|(place, day)| weight(place) * usual[day.weekday].0).sum();
        let done: f64 = active().map(|(place, day)| weight(place) * day.units).sum();
        let lately = if expected > 0.0 { done / expected } else { return None };
        let (sum, squares) = (0..weeks.len()).fold((0.0, 0.0), |(sum, squares), week| {
            let weight = 0.5_f64.powf(7.0 * week as f64 / LATELY);
            (sum + weight, squares + weight * weight)
        });
        let known = (sum * sum / f64::max(squares, 1e-9)).max(1.0);
        let weekday = usual.map(|(units, share)| units * share * lately);
        (weekday.iter().sum::<f64>() > 0.0).then(|| Self { weekday, spread, doubt: spread / known.sqrt() })
    }

    /// Units of a week.
    pub fn week(&self) -> f64 {
        self.weekday.iter().sum()
    }
}

/// Mean units of the days of each weekday on which there were any, and their share of all.
fn by_weekday(days: &[Day], weight: impl Fn(usize) -> f64) -> [(f64, f64); 7] {
    let mut sums = [(0.0, 0.0, 0.0); 7];
    for (place, day) in days.iter().enumerate() {
        let (units, active, all) = &mut sums[day.weekday];
        *all += weight(place);
        if day.units > 0.0 {
            *active += weight(place);
            *units += weight(place) * day.units;
        }
    }
    sums.map(|(units, active, all)| if active > 0.0 { (units / active, active / all) } else { (0.0, 0.0) })
}

/// The latest week first: units of its active days, as a share of what is usual on them.
fn weeks(days: &[Day], usual: &[(f64, f64); 7]) -> Vec<f64> {
    let share = |week: &[Day]| {
        let active = || week.iter().filter(|day| day.units > 0.0);
        let expected: f64 = active().map(|day| usual[day.weekday].0).sum();
        (active().count() >= 2 && expected > 0.0).then(|| active().map(|day| day.units).sum::<f64>() / expected)
    };
    days.rchunks(7).filter(|week| week.len() == 7).filter_map(share).collect()
}

/// From week to week, so that a slow drift does not count (von Neumann 1941).
fn spread(weeks: &[f64]) -> f64 {
    let squares: f64 = weeks.windows(2).map(|pair| (pair[0] - pair[1]).powi(2) / 2.0).sum();
    let mean = weeks.iter().sum::<f64>() / weeks.len().max(1) as f64;
    let relative = squares / mean.powi(2).max(1e-9);
    let pairs = weeks.len().saturating_sub(1) as f64;
    ((relative + BELIEF * SPREAD * SPREAD) / (pairs + BELIEF)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::time::{Millis, Timestamp};

    fn office(weeks: usize, pages: impl Fn(usize) -> f64) -> Vec<Day> {
        let units = |day: usize| if day % 7 < 5 { pages(day / 7) } else { 0.0 };
        let day = |day: usize| Day {
            start: Timestamp(0).plus(Millis::days(day as i64)),
            weekday: day % 7,
            units: units(day),
        };
        (0..7 * weeks).map(day).collect()
    }

    #[test]
    fn an_office_prints_on_working_days_and_closed_weeks_change_little() {
        let steady = Pace::of(&office(12, |_| 100.0)).unwrap();
        assert_eq!((steady.weekday[0].round(), steady.weekday[6]), (100.0, 0.0));
        let closed = Pace::of(&office(12, |week| if week == 11 { 0.0 } else { 100.0 })).unwrap();
        assert!(closed.weekday[0] > 85.0, "{:?}", closed.weekday);
        assert!(Pace::of(&office(1, |_| 100.0)).is_none());
    }

    #[test]
    fn what_is_usual_lately_counts_most() {
        let doubled = Pace::of(&office(20, |week| if week < 10 { 100.0 } else { 200.0 })).unwrap();
        assert!(doubled.weekday[0] > 165.0, "{:?}", doubled.weekday);
        assert!(doubled.spread < 0.3);
    }
}
