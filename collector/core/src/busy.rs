//! In which hours of the week a printer is used, learnt from the pages it prints.

use crate::{
    calendar::{Calendar, WEEK_HOURS},
    input::AssetView,
    series::{Metric, Series},
};
use beforehand_shared::time::{Millis, Timestamp};

/// Looked at for so long.
const LOOKED_AT: Millis = Millis::days(56);
/// Learnt from so long on, with so many hours in which it printed; before that the office hours count.
const LEARNT: Millis = Millis::days(21);
const PRINTED_HOURS: usize = 20;
/// An hour of the week is busy when it printed in this share of the weeks, it or one beside it.
const OFTEN: f64 = 1.0 / 3.0;

/// Whether people usually print at `now`.
pub fn is_busy(view: &AssetView, calendar: &Calendar, now: Timestamp) -> bool {
    if calendar.is_closed(now) {
        return false;
    }
    let learnt = view.series.get(&Metric::Pages).and_then(|pages| learnt(pages, calendar, now));
    learnt.unwrap_or_else(|| calendar.is_office_hour(now))
}

/// Nothing before enough is known.
fn learnt(pages: &Series, calendar: &Calendar, now: Timestamp) -> Option<bool> {
    let hours = pages.hours_since(now.minus(LOOKED_AT));
    let known = now.since(hours.first()?.at);
    let printed = hours.windows(2).filter(|pair| pair[1].last > pair[0].last).map(|pair| pair[1].at);
    let mut counts = [0_u32; WEEK_HOURS];
    let mut all = 0;
    for at in printed {
        counts[calendar.hour_of_week(at)] += 1;
        all += 1;
    }
    if known < LEARNT || all < PRINTED_HOURS {
        return None;
    }
    let hour = calendar.hour_of_week(now);
    let around = [WEEK_HOURS - 1, 0, 1].map(|shift| counts[(hour + shift) % WEEK_HOURS]);
    let most = around.into_iter().max().unwrap_or(0);
    Some(f64::from(most) >= OFTEN * known.as_days() / 7.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Hour;

    /// 2026-10-05, a Monday, 00:00 UTC.
    const MONDAY: Timestamp = Timestamp(1_791_158_400_000);

    /// Prints 5 pages an hour on Saturdays from 9 to 12.
    fn saturdays(weeks: i64) -> Series {
        let mut pages = 1000.0;
        let hours = (0..weeks * 168).map(|hour| {
            if (5 * 24 + 9..5 * 24 + 12).contains(&(hour % 168)) {
                pages += 5.0;
            }
            let at = MONDAY.plus(Millis::hours(hour));
            Hour { at, count: 60, min: pages, max: pages, mean: pages, last: pages }
        });
        Series { hours: hours.collect(), recent: Vec::new() }
    }

    #[test]
    fn a_shop_that_prints_on_saturdays_is_busy_then_and_not_on_mondays() {
        let calendar = Calendar::new("UTC");
        let (series, end) = (saturdays(8), MONDAY.plus(Millis::days(56)));
        assert_eq!(learnt(&series, &calendar, end.plus(Millis::hours(10))), Some(false));
        let saturday = end.minus(Millis::hours(38));
        assert_eq!(learnt(&series, &calendar, saturday), Some(true));
        assert_eq!(learnt(&saturdays(2), &calendar, end), None);
    }
}
