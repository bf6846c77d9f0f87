//! Days on which nobody works at a client: public holidays and its own closing times.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most that are kept of one client: the holidays of decades.
pub const MOST: usize = 500;
/// Characters that are kept of why a day is closed.
pub const WHY_CHARS: usize = 80;

/// How people are told of a day without anybody.
pub(crate) const CLOSED_TODAY: &str = "The office is closed today";

/// From the first to the last day, both closed, by the client's own dates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Closing {
    pub from: Date,
    pub to: Date,
    /// For people: "Whit Monday"; may be empty.
    pub why: String,
}

impl Closing {
    pub fn covers(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// "The office is closed today: Whit Monday."
    pub fn today(&self) -> String {
        if self.why.is_empty() {
            return format!("{CLOSED_TODAY}.");
        }
        format!("{CLOSED_TODAY}: {}.", self.why.trim_end_matches('.'))
    }
}

/// More than are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("These are {0} closings; at most {MOST} are kept. Leave out those long past.")]
pub struct TooMany(pub usize);

/// In order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClosedDays(Vec<Closing>);

impl ClosedDays {
    /// Those with the same reason that touch are one.
    ///
    /// # Errors
    /// Says how many they are where they are more than [`MOST`].
    pub fn new(mut all: Vec<Closing>) -> Result<Self, TooMany> {
        all.sort_unstable_by(|a, b| (&a.why, a.from, a.to).cmp(&(&b.why, b.from, b.to)));
        let mut kept: Vec<Closing> = Vec::new();
        for closing in all {
            let next = |before: &&mut Closing| before.to.tomorrow().is_ok_and(|day| closing.from <= day);
            match kept.last_mut().filter(|before| before.why == closing.why).filter(next) {
                Some(before) => before.to = before.to.max(closing.to),
                None => kept.push(closing),
            }
        }
        kept.sort_unstable();
        if kept.len() > MOST { Err(TooMany(kept.len())) } else { Ok(Self(kept)) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Closing> {
        self.0.iter()
    }

    /// Why that day is closed; of several reasons the one that began last.
    pub fn on(&self, day: Date) -> Option<&Closing> {
        self.0.iter().rev().find(|closing| closing.covers(day))
    }

    /// Those that are not over.
    pub fn from(&self, today: Date) -> impl Iterator<Item = &Closing> {
        self.0.iter().filter(move |closing| closing.to >= today)
    }

    /// First and last days, ascending, without those that overlap.
    pub(crate) fn spans(&self) -> Vec<(Date, Date)> {
        let mut spans: Vec<(Date, Date)> = Vec::with_capacity(self.0.len());
        for closing in &self.0 {
            match spans.last_mut().filter(|(_, to)| closing.from <= *to) {
                Some((_, to)) => *to = closing.to.max(*to),
                None => spans.push((closing.from, closing.to)),
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn closing(from: Date, to: Date, why: &str) -> Closing {
        Closing { from, to, why: why.to_owned() }
    }

    fn winter() -> ClosedDays {
        let years = closing(date(2026, 12, 24), date(2027, 1, 1), "Between the years");
        let christmas = closing(date(2026, 12, 25), date(2026, 12, 25), "Christmas Day");
        ClosedDays::new(vec![christmas.clone(), years, christmas]).unwrap()
    }

    #[test]
    fn what_is_said_twice_is_kept_once_and_in_order() {
        assert_eq!(
            winter().iter().map(|it| it.why.as_str()).collect::<Vec<_>>(),
            ["Between the years", "Christmas Day"]
        );
        assert_eq!(winter().spans(), [(date(2026, 12, 24), date(2027, 1, 1))]);
        let weeks = [(3, 7), (8, 14), (20, 21)].map(|(a, b)| closing(date(2026, 8, a), date(2026, 8, b), "Summer"));
        let summer = ClosedDays::new(weeks.to_vec()).unwrap();
        assert_eq!(summer.spans(), [(date(2026, 8, 3), date(2026, 8, 14)), (date(2026, 8, 20), date(2026, 8, 21))]);
    }

    #[test]
    fn a_day_is_named_by_the_closing_that_began_last() {
        let why = |day| winter().on(day).map(Closing::today);
        assert_eq!(why(date(2026, 12, 25)).as_deref(), Some("The office is closed today: Christmas Day."));
        assert_eq!(why(date(2027, 1, 1)).as_deref(), Some("The office is closed today: Between the years."));
        assert_eq!((why(date(2026, 12, 23)), why(date(2027, 1, 2))), (None, None));
        assert_eq!(closing(date(2026, 1, 1), date(2026, 1, 1), "").today(), "The office is closed today.");
    }

    #[test]
    fn what_is_over_is_not_among_those_to_come() {
        assert_eq!(winter().from(date(2026, 12, 26)).count(), 1);
        assert_eq!(winter().from(date(2027, 1, 2)).count(), 0);
    }

    #[test]
    fn five_hundred_are_kept_and_one_more_is_refused() {
        let days = |n: i32| {
            let day = |n| date(2026, 1, 1) + jiff::Span::new().days(2 * n);
            (0..n).map(|n| closing(day(n), day(n), "Holiday")).collect::<Vec<_>>()
        };
        assert!(ClosedDays::new(days(500)).is_ok());
        assert_eq!(ClosedDays::new(days(501)), Err(TooMany(501)));
    }

    #[test]
    fn they_are_kept_as_a_list() {
        let text = serde_json::to_string(&winter()).unwrap();
        assert!(text.starts_with(r#"[{"from":"2026-12-24","to":"2027-01-01","why":"#), "{text}");
        assert_eq!(serde_json::from_str::<ClosedDays>(&text).unwrap(), winter());
    }
}
