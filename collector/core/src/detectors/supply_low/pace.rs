//! How much is printed: by weekday and date, with what is usual lately counting most.

use super::days::{Day, Season};
use crate::{calendar::Calendar, math::quantile::median};

/// Days after which a day counts half: for how much, and for whether at all.
const LATELY: f64 = 24.0;
const USUALLY: f64 = 120.0;
/// Learnt quietly for so many days.
pub(super) const LEAST_DAYS: usize = 14;
/// What is believed of a week's relative spread before weeks are known, and how many weeks it counts.
const SPREAD: f64 = 0.3;
const BELIEF: f64 = 2.0;
/// By how much the pace of an office drifts in a month, relatively.
pub(super) const DRIFT: f64 = 0.10;
/// A day of more than so many usual ones says nothing about the others; at the end of a month, of so many.
const BURST: f64 = 3.0;
const MONTH_END_BURST: f64 = 5.0;
/// Days over which is looked for what is usual when bursts are told.
const AROUND: usize = 42;
/// How many days it counts that the end of a month is believed to be like the rest of it.
const PLAIN_DAYS: f64 = 5.0;
/// Share of the usual that is printed between the years, and how many days that belief counts.
const YEAR_END: f64 = 0.2;
const YEAR_END_DAYS: f64 = 2.0;
/// Share of the usual on a day whose date was free a year before, where all such weekdays are worked.
const FREE_LAST_YEAR: f64 = 0.3;
const ALWAYS: f64 = 0.85;
/// Days ahead that are foreseen.
pub(super) const FARTHEST: usize = 730;

/// Units of work to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Units expected on an ordinary Monday, Tuesday …
    pub weekday: [f64; 7],
    /// Relative standard deviation of a week around it, and of the pace itself.
    pub spread: f64,
    pub doubt: f64,
    /// Units expected today, tomorrow …
    pub(super) ahead: Vec<f64>,
}

impl Pace {
    /// Of days of which the last is today; nothing before enough are known, and where nothing is printed. The calendar
    /// knows when the client will be closed.
    pub fn of(days: &[Day], calendar: &Calendar) -> Option<Self> {
        let (today, days) = days.split_last()?;
        if days.iter().filter(|day| !day.closed).count() < LEAST_DAYS {
            return None;
        }
        let plain = without_bursts(days);
        let usual = by_weekday(&plain);
        let month_end = month_end(&plain, &usual);
        let expected = |day: &Day| match day.season() {
            Season::MonthEnd => usual[day.weekday].0 * month_end,
            _ => usual[day.weekday].0,
        };
        let weeks: Vec<f64> = weeks(days, expected);
        let spread = spread(&weeks);
        let lately = lately(&plain, expected)? * bursts(days, &plain);
        let (sum, squares) = (0..weeks.len()).fold((0.0, 0.0), |(sum, squares), week| {
            let weight = 0.5_f64.powf(7.0 * week as f64 / LATELY);
            (sum + weight, squares + weight * weight)
        });
        let known = (sum * sum / f64::max(squares, 1e-9)).max(1.0);
        let weekday = usual.map(|(units, share)| units * share * lately);
        let year_end = year_end(days, &usual);
        let ahead = ahead(days, today, calendar, |day, last_year| {
            let free = last_year.is_some_and(|units| units == 0.0) && usual[day.weekday].1 >= ALWAYS;
            weekday[day.weekday]
                * match day.season() {
                    Season::Closed => 0.0,
                    Season::YearEnd => year_end,
                    _ if free => FREE_LAST_YEAR,
                    Season::MonthEnd => month_end,
                    Season::Usual => 1.0,
                }
        });
        (weekday.iter().sum::<f64>() > 0.0).then(|| Self { weekday, spread, doubt: spread / known.sqrt(), ahead })
    }

    /// Units of an ordinary week.
    pub fn week(&self) -> f64 {
        self.weekday.iter().sum()
    }
}

/// The days, with no more on any than a busy one has.
fn without_bursts(days: &[Day]) -> Vec<Day> {
    let mut plain = days.to_vec();
    for around in plain.rchunks_mut(AROUND) {
        let mut active: Vec<f64> = around.iter().map(|day| day.units).filter(|units| *units > 0.0).collect();
        let Some(usual) = median(&mut active) else { continue };
        for day in around {
            let most = if day.season() == Season::MonthEnd { MONTH_END_BURST } else { BURST };
            day.units = day.units.min(most * usual);
        }
    }
    plain
}

/// By how much more is printed than on days without bursts, in the long run.
fn bursts(days: &[Day], plain: &[Day]) -> f64 {
    let sum = |days: &[Day]| days.iter().map(|day| day.units).sum::<f64>();
    sum(days) / sum(plain).max(1e-9)
}

fn age(days: &[Day], place: usize) -> f64 {
    (days.len() - 1 - place) as f64
}

/// What was printed lately, as a share of what is expected on days on which anything is: a closed week says
/// nothing about the pace.
fn lately(days: &[Day], expected: impl Fn(&Day) -> f64) -> Option<f64> {
    let active = days.iter().enumerate().filter(|(_, day)| day.is_active());
    let (done, of) = active.fold((0.0, 0.0), |(done, of), (place, day)| {
        let weight = 0.5_f64.powf(age(days, place) / LATELY);
        (done + weight * day.units, of + weight * expected(day))
    });
    (of > 0.0).then(|| done / of)
}

/// Mean units of the ordinary days of each weekday on which there were any, and their share of all.
fn by_weekday(days: &[Day]) -> [(f64, f64); 7] {
    let mut sums = [(0.0, 0.0, 0.0, 0.0); 7];
    for (place, day) in days.iter().enumerate() {
        let (units, ordinary, active, all) = &mut sums[day.weekday];
        let weight = 0.5_f64.powf(age(days, place) / USUALLY);
        let season = day.season();
        if matches!(season, Season::YearEnd | Season::Closed) {
            continue;
        }
        *all += weight;
        if day.units > 0.0 {
            *active += weight;
            // An end of a month counts a little, so that days are known that were nothing else yet.
            let weight = if season == Season::MonthEnd { 0.01 * weight } else { weight };
            *ordinary += weight;
            *units += weight * day.units;
        }
    }
    sums.map(|(units, ordinary, active, all)| if active > 0.0 { (units / ordinary, active / all) } else { (0.0, 0.0) })
}

/// How much more is printed at the end of a month than in the rest of it.
fn month_end(days: &[Day], usual: &[(f64, f64); 7]) -> f64 {
    let (mut done, mut of) = (PLAIN_DAYS, PLAIN_DAYS);
    for month in days.chunk_by(|a, b| a.date.first_of_month() == b.date.first_of_month()) {
        let sum = |season: Season| {
            let counted = month.iter().filter(|day| day.units > 0.0 && day.season() == season);
            counted.fold((0.0, 0.0, 0.0), |(n, done, of), day| (n + 1.0, done + day.units, of + usual[day.weekday].0))
        };
        let ((_, rest, of_rest), (n, end, of_end)) = (sum(Season::Usual), sum(Season::MonthEnd));
        if rest > 0.0 && of_rest > 0.0 && of_end > 0.0 {
            done += n * (end / of_end) / (rest / of_rest);
            of += n;
        }
    }
    done / of
}

/// Share of the usual that was printed between the years.
fn year_end(days: &[Day], usual: &[(f64, f64); 7]) -> f64 {
    let known = days.iter().filter(|day| day.season() == Season::YearEnd && usual[day.weekday].0 > 0.0);
    let (done, of) = known.fold((YEAR_END * YEAR_END_DAYS, YEAR_END_DAYS), |(done, of), day| {
        let (units, share) = usual[day.weekday];
        (done + (day.units / units).min(1.0), of + share)
    });
    done / of
}

/// Days from today on by `expected`, which is told what was printed on the same date a year before.
fn ahead(days: &[Day], today: &Day, calendar: &Calendar, expected: impl Fn(&Day, Option<f64>) -> f64) -> Vec<f64> {
    let mut day = Day { units: 0.0, ..*today };
    let mut ahead = Vec::with_capacity(FARTHEST);
    for number in 0..FARTHEST {
        let same_date = (days.len() + number).checked_sub(365).and_then(|place| {
            let near = days.get(place.saturating_sub(1)..(place + 1).min(days.len()))?;
            near.iter().find(|other| (other.date.month(), other.date.day()) == (day.date.month(), day.date.day()))
        });
        let worked = same_date.filter(|other| other.is_worked()).map(|other| other.units);
        ahead.push(expected(&day, worked));
        day.date = day.date.saturating_add(jiff::Span::new().days(1));
        day.weekday = (day.weekday + 1) % 7;
        day.closed = calendar.is_closed_day(day.date);
    }
    ahead
}

/// The latest week first: units of its active days, as a share of what is usual on them.
fn weeks(days: &[Day], expected: impl Fn(&Day) -> f64) -> Vec<f64> {
    let share = |week: &[Day]| {
        let active = || week.iter().filter(|day| day.is_active());
        let of: f64 = active().map(&expected).sum();
        (active().count() >= 2 && of > 0.0).then(|| active().map(|day| day.units).sum::<f64>() / of)
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
    use crate::closed::{ClosedDays, Closing};
    use beforehand_shared::time::{Millis, Timestamp};
    use jiff::civil::date;

    /// From 2026-01-05, a Monday; with today, on which nothing was printed yet.
    fn office(weeks: usize, pages: impl Fn(&Day) -> f64) -> Vec<Day> {
        let day = |day: usize| {
            let (start, date) = (Timestamp(0).plus(Millis::days(day as i64)), date(2026, 1, 5));
            let day = Day {
                start,
                date: date + jiff::Span::new().days(day as i64),
                weekday: day % 7,
                units: 0.0,
                closed: false,
            };
            Day { units: if day.weekday < 5 { pages(&day) } else { 0.0 }, ..day }
        };
        (0..=7 * weeks).map(day).collect()
    }

    fn pace(days: &[Day]) -> Option<Pace> {
        Pace::of(days, &Calendar::new("UTC"))
    }

    fn week(day: &Day) -> i64 {
        day.start.0 / Millis::days(7).0
    }

    #[test]
    fn an_office_prints_on_working_days_and_closed_weeks_change_little() {
        let steady = pace(&office(12, |_| 100.0)).unwrap();
        assert_eq!((steady.weekday[0].round(), steady.weekday[6]), (100.0, 0.0));
        let closed = pace(&office(12, |day| if week(day) == 11 { 0.0 } else { 100.0 })).unwrap();
        assert!(closed.weekday[0] > 85.0, "{:?}", closed.weekday);
        assert!(pace(&office(1, |_| 100.0)).is_none());
    }

    #[test]
    fn what_is_usual_lately_counts_most() {
        let doubled = pace(&office(20, |day| if week(day) < 10 { 100.0 } else { 200.0 })).unwrap();
        assert!(doubled.weekday[0] > 165.0, "{:?}", doubled.weekday);
        assert!(doubled.spread < 0.3);
    }

    /// Units expected on the date.
    fn on(pace: &Pace, days: &[Day], date: jiff::civil::Date) -> f64 {
        let ahead = days.last().unwrap().date.until(date).unwrap().get_days();
        pace.ahead[usize::try_from(ahead).unwrap()]
    }

    #[test]
    fn busy_ends_of_months_are_expected_again() {
        let days = office(26, |day| if day.season() == Season::MonthEnd { 220.0 } else { 100.0 });
        let pace = pace(&days).unwrap();
        let (usual, end) = (on(&pace, &days, date(2026, 7, 21)), on(&pace, &days, date(2026, 7, 30)));
        assert!((95.0..110.0).contains(&usual) && (1.7..2.2).contains(&(end / usual)), "{usual} {end}");
    }

    #[test]
    fn little_is_expected_between_the_years_until_an_office_shows_otherwise() {
        let closed = office(26, |_| 100.0);
        assert!(on(&pace(&closed).unwrap(), &closed, date(2026, 12, 28)) < 30.0);
        let open = office(53, |_| 100.0);
        assert!(on(&pace(&open).unwrap(), &open, date(2027, 12, 28)) > 70.0);
    }

    #[test]
    fn a_date_that_was_free_a_year_before_is_expected_to_be_so_again() {
        let free = date(2026, 2, 3);
        let days = office(53, |day| if day.date == free { 0.0 } else { 100.0 });
        let pace = pace(&days).unwrap();
        assert!(on(&pace, &days, date(2027, 2, 3)) < 40.0 && on(&pace, &days, date(2027, 2, 2)) > 90.0);
    }

    /// Office days with some of them closed, and a calendar that knows it.
    fn closed(days: Vec<Day>, from: jiff::civil::Date, to: jiff::civil::Date) -> (Vec<Day>, Calendar) {
        let closing = Closing { from, to, why: "Holidays".to_owned() };
        let calendar = Calendar::new("UTC").closed_on(&ClosedDays::new(vec![closing]).unwrap());
        let mark = |day: Day| Day { closed: calendar.is_closed_day(day.date), ..day };
        (days.into_iter().map(mark).collect(), calendar)
    }

    #[test]
    fn nothing_is_expected_on_closed_days_to_come() {
        let (days, calendar) = closed(office(26, |_| 100.0), date(2026, 8, 3), date(2026, 8, 14));
        let pace = Pace::of(&days, &calendar).unwrap();
        assert_eq!((on(&pace, &days, date(2026, 8, 3)), on(&pace, &days, date(2026, 8, 14))), (0.0, 0.0));
        assert!(on(&pace, &days, date(2026, 8, 17)) > 90.0);
    }

    #[test]
    fn closed_days_of_the_past_change_nothing() {
        let (from, to) = (date(2026, 3, 2), date(2026, 3, 20));
        let printed = |day: &Day| if (from..=to).contains(&day.date) { 0.0 } else { 100.0 };
        let (days, calendar) = closed(office(53, printed), from, to);
        let known = Pace::of(&days, &calendar).unwrap();
        let open = pace(&office(53, |_| 100.0)).unwrap();
        assert!((known.week() - open.week()).abs() < 1.0, "{} {}", known.week(), open.week());
    }

    #[test]
    fn a_date_that_was_closed_a_year_before_is_expected_like_any_other() {
        let holiday = date(2026, 2, 3);
        let days = office(53, |day| if day.date == holiday { 0.0 } else { 100.0 });
        let (days, calendar) = closed(days, holiday, holiday);
        assert!(on(&Pace::of(&days, &calendar).unwrap(), &days, date(2027, 2, 3)) > 90.0);
    }

    #[test]
    fn one_day_of_thousands_of_pages_changes_little() {
        let days = office(20, |day| if day.date == date(2026, 5, 12) { 3_000.0 } else { 100.0 });
        let pace = pace(&days).unwrap();
        assert!((100.0..140.0).contains(&pace.weekday[2]), "{:?}", pace.weekday);
    }
}
