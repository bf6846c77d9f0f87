//! A writer that is much faster than this hour of the day has ever been.
//!
//! How long it goes on is drawn from three kinds of burst, each weighed by how many of its kind would
//! have come as far as this one:
//! - the gauge's own earlier ones, by how much they used up before they ended;
//! - one that nobody knows. It ends by Lomax's law, by which a burst lasts the longer, the longer it
//!   has lasted: the chance to go on for another `t` after an age of `a` is (a + c) / (a + c + t);
//! - a job of this volume that has not run since it is watched, because it runs once a week. Such a
//!   job has fitted into the volume before and gives back what it takes, so it ends before the volume
//!   is full: with any share of the space that it found, one as likely as the other. What speaks
//!   against it is how little of that space is left, and how many weeks it would have stayed away.

use super::{blocks::Past, bootstrap::LEAST_DAYS, gauge::Gauge};
use crate::{math::quantile::quantile, series::Sample};
use beforehand_shared::time::Millis;

/// `c` of the law: what a burst without history is credited with. A burst of unknown kind is thus
/// as likely as not to go on for the half hour that people need.
const CREDIT: Millis = Millis::minutes(30);
/// How many own bursts the prior is worth.
const PRIOR_BURSTS: f64 = 5.0;
/// How many times as likely, in the first week, a burst that was never seen is a weekly job as one that
/// nobody knows.
const WEEKLY: f64 = 5.0;
/// The share of the weeks in which such a job is skipped, or has too little to do to be seen.
const SKIPPED: f64 = 0.1;
/// Windows over which a burst is looked for, and how many times as much as the hour ever used up must
/// have gone: a part of an hour needs less excess than a whole one.
const WINDOWS: [(Millis, f64); 4] =
    [(Millis::minutes(5), 1.3), (Millis::minutes(15), 1.3), (Millis::minutes(30), 2.0), (Millis::minutes(60), 2.0)];
/// A share of the volume that is used up and freed all the time.
const NOISE: f64 = 0.002;
/// The latest hours are not part of what is usual: the burst may be in them.
const NEWEST_HOURS: usize = 6;
/// One large file that is there at once is no writer yet.
const LEAST_AGE: Millis = Millis::minutes(2);
/// A past hour belongs to a burst if it used up this share of what the present one does in an hour.
const LIKE: f64 = 0.1;

#[derive(Debug, Clone, Copy)]
pub(super) struct Burst {
    /// Used up per millisecond.
    pub rate: f64,
    pub age: Millis,
}

/// How long a burst may go on from now.
#[derive(Debug)]
pub(super) struct Lasting {
    age: f64,
    /// Milliseconds that own earlier bursts would still have gone on at this rate, ascending.
    own: Vec<f64>,
    /// The share of those that nobody knows, and of these with the own; the rest are weekly jobs.
    unknown: f64,
    not_weekly: f64,
}

impl Lasting {
    /// `room` is what is left above the limit.
    pub(super) fn of(burst: Burst, past: &Past, room: f64) -> Self {
        let used = burst.rate * burst.age.0 as f64;
        let longer = bursts(burst, past).into_iter().filter(|amount| *amount > used);
        let mut own: Vec<f64> = longer.map(|amount| (amount - used) / burst.rate).collect();
        own.sort_unstable_by(f64::total_cmp);
        let age = burst.age.0 as f64;
        let unknown = PRIOR_BURSTS * CREDIT.0 as f64 / (age + CREDIT.0 as f64);
        let left = (room / (used + room)).clamp(0.0, 1.0);
        let weeks = (past.known_days() / 7) as i32;
        let weekly = PRIOR_BURSTS * WEEKLY * SKIPPED.powi(weeks) * left;
        let all = unknown + own.len() as f64 + weekly;
        Self { age, unknown: unknown / all, not_weekly: 1.0 - weekly / all, own }
    }

    /// Milliseconds it goes on when its luck is `u`, from 0 to 1. A weekly job gives back what it
    /// takes: a path lives on as if it had ended.
    pub(super) fn at(&self, u: f64) -> f64 {
        if u < self.unknown {
            return (self.age + CREDIT.0 as f64) * (self.unknown / u.max(1e-6) - 1.0);
        }
        if u >= self.not_weekly {
            return 0.0;
        }
        let place = (u - self.unknown) / (self.not_weekly - self.unknown) * self.own.len() as f64;
        self.own.get(place as usize).copied().unwrap_or(0.0)
    }

    /// The chance that it is a weekly job.
    pub(super) fn weekly(&self) -> f64 {
        1.0 - self.not_weekly
    }
}

/// What each earlier burst of a like rate used up in the hours it lasted.
fn bursts(burst: Burst, past: &Past) -> Vec<f64> {
    let least = LIKE * burst.rate * Millis::HOUR.0 as f64;
    let mut found = Vec::new();
    let mut amount = 0.0;
    for swing in past.history.swings.iter().rev().skip(NEWEST_HOURS) {
        if *swing >= least {
            amount += swing;
        } else if amount > 0.0 {
            found.push(amount);
            amount = 0.0;
        }
    }
    found
}

/// The burst that is going on, if there is one.
pub(super) fn burst(gauge: &Gauge, past: &Past) -> Option<Burst> {
    let newest = gauge.series.last()?;
    let spacing = gauge.series.spacing();
    // What is usual must be known first.
    if past.known_days() < LEAST_DAYS {
        return None;
    }
    let falls = WINDOWS.iter().filter_map(|(window, novel)| {
        let (drop, length) = drop_over(gauge, newest, *window, spacing)?;
        (drop > novel * NOISE * gauge.total).then_some((drop, length, novel))
    });
    let falls: Vec<_> = falls.collect();
    if falls.is_empty() {
        return None;
    }
    let usual = usual_swing(past);
    let (drop, length, _) = falls.into_iter().find(|(drop, _, novel)| *drop > *novel * usual)?;
    let rate = drop / length.0 as f64;
    let began = began(gauge, newest, rate)?;
    let age = newest.at.since(began.at);
    // The windows may reach back to before it began.
    let rate = (began.value - newest.value) / age.0 as f64;
    (age >= LEAST_AGE).then_some(Burst { rate, age })
}

/// What was used up over about `window`, and over what exactly.
fn drop_over(gauge: &Gauge, newest: Sample, window: Millis, spacing: Millis) -> Option<(f64, Millis)> {
    let until = gauge.series.recent.partition_point(|sample| sample.at <= newest.at.minus(window));
    let from = gauge.series.recent.get(until.checked_sub(1)?)?;
    let length = newest.at.since(from.at);
    (length.0 <= window.0 + spacing.0 + spacing.0 / 2).then_some((from.value - newest.value, length))
}

/// The 99.5 % quantile of how far an hour falls, at this time of day and the hours beside it.
fn usual_swing(past: &Past) -> f64 {
    let newest_first = past.history.swings.iter().rev().enumerate().skip(NEWEST_HOURS);
    // The newest is of the hour before the present one.
    let at_this_hour = newest_first.filter(|(age, _)| matches!((age + 1) % 24, 0 | 1 | 23));
    let mut swings: Vec<f64> = at_this_hour.map(|(_, swing)| *swing).collect();
    quantile(&mut swings, 0.995).unwrap_or(0.0)
}

/// The sample since which space has been used up at a pace like `rate`; nothing if it has stopped.
fn began(gauge: &Gauge, newest: Sample, rate: f64) -> Option<Sample> {
    let mut began = newest;
    for pair in gauge.series.recent.windows(2).rev() {
        let length = pair[1].at.since(pair[0].at).0.max(1) as f64;
        if (pair[0].value - pair[1].value) / length < 0.3 * rate {
            break;
        }
        began = pair[0];
    }
    (began.at < newest.at).then_some(began)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::volume_full::{blocks::Block, history::History};

    const GB_A_MINUTE: f64 = 1e9 / 60_000.0;

    fn past(swings: Vec<f64>, days: usize) -> Past {
        let idle = Block { net: 0.0, low: 0.0, known: true };
        Past { history: History { swings, ..History::empty(0.0) }, blocks: vec![idle; days], start: 0.0 }
    }

    #[test]
    fn without_history_half_go_on_for_another_half_hour() {
        let burst = Burst { rate: GB_A_MINUTE, age: Millis(0) };
        let lasting = Lasting::of(burst, &past(Vec::new(), 60), 30e9);
        let lasts = lasting.at(0.5);
        assert!((lasts - CREDIT.0 as f64).abs() < 0.01 * CREDIT.0 as f64, "{lasts}");
    }

    #[test]
    fn in_the_first_week_a_burst_is_rather_a_weekly_job_until_hardly_anything_is_left() {
        let weekly = |minutes: i64, left: f64, days: usize| {
            let burst = Burst { rate: GB_A_MINUTE, age: Millis::minutes(minutes) };
            Lasting::of(burst, &past(Vec::new(), days), left * 1e9).weekly()
        };
        assert!(weekly(2, 28.0, 4) > 0.8 && weekly(20, 10.0, 6) > 0.5);
        assert!(weekly(27, 3.0, 4) < 0.5 && weekly(2, 28.0, 7) < 0.5 && weekly(2, 28.0, 21) < 0.01);
    }

    #[test]
    fn own_bursts_say_how_much_is_still_to_come() {
        // Each night 60 GB in two hours; this one has used up 10 GB by day.
        let mut swings = vec![0.0; 24 * 30];
        (0..30).for_each(|day| swings[day * 24 + 10..day * 24 + 12].fill(30e9));
        let burst = Burst { rate: GB_A_MINUTE, age: Millis::minutes(10) };
        let lasting = Lasting::of(burst, &past(swings, 30), 100e9);
        let minutes = lasting.at(0.9) / Millis::MINUTE.0 as f64;
        assert!((minutes - 50.0).abs() < 1e-6, "{minutes}");
        assert!(lasting.unknown < 0.15, "{}", lasting.unknown);
    }
}
