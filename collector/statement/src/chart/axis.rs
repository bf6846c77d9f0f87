//! Axes: round values, dates of the client's time zone, and the frame they stand in.

use super::{
    Style,
    ink::{Anchor, Face, Ink},
    svg::{Svg, px},
    unit::{Scale, Unit},
};
use crate::words::Zone;
use beforehand_shared::time::{Millis, Timestamp};
use jiff::{Span, ToSpan, Zoned};

/// Where instants and values come to lie on the picture.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    from: Timestamp,
    to: Timestamp,
    low: f64,
    high: f64,
    scale: Scale,
    step: f64,
}

/// Values beyond this are no measurements; they would push all others to the bottom.
const LARGEST: f64 = 1e15;
/// Width of the column of values, beside which the plot begins.
const GUTTER: f64 = 64.0;
/// Least distance of two dates.
const DATE_WIDTH: f64 = 84.0;

impl Frame {
    /// A frame for these instants and values; nothing when there is nothing to draw.
    pub(super) fn around(
        style: &Style,
        unit: Unit,
        instants: impl IntoIterator<Item = Timestamp>,
        values: impl IntoIterator<Item = f64>,
    ) -> Option<Self> {
        let (from, to) = bounds(instants.into_iter().map(|at| at.0))?;
        let to = if to == from { from.saturating_add(Millis::HOUR.0) } else { to };
        let (low, high) = bounds(values.into_iter().filter(|value| value.abs() <= LARGEST))?;
        let (low, high) = (low.min(0.0), high.max(0.0));
        let scale = unit.scale(high.abs().max(low.abs()));
        let step = round_step((high - low) * scale.factor);
        // There is no half of a job.
        let step = if unit == Unit::Count { step.max(1.0) } else { step };
        let ceiling = ((high * scale.factor / step).ceil() * step).max(step);
        let floor = (low * scale.factor / step).floor() * step;
        let (width, height) = (f64::from(style.width), f64::from(style.height));
        Some(Self {
            left: GUTTER,
            right: width - 12.0,
            top: 18.0,
            bottom: height - 26.0,
            from: Timestamp(from),
            to: Timestamp(to),
            low: floor / scale.factor,
            high: ceiling / scale.factor,
            scale,
            step,
        })
    }

    pub(super) fn x(&self, at: Timestamp) -> f64 {
        let share = (at.0 as f64 - self.from.0 as f64) / (self.to.0 as f64 - self.from.0 as f64);
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        let value = if value.is_finite() { value } else { 0.0 };
        let share = (value - self.low) / (self.high - self.low);
        self.bottom - share.clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// Grid, values with the unit at the topmost, and dates.
    pub(super) fn draw(&self, svg: &mut Svg, style: &Style) {
        self.draw_values(svg);
        self.draw_dates(svg, style);
    }

    fn draw_values(&self, svg: &mut Svg) {
        let steps = ((self.high - self.low) * self.scale.factor / self.step).round().clamp(1.0, 12.0);
        let first = self.low * self.scale.factor;
        let (left, right) = (px(self.left), px(self.right));
        let mut index = 0.0;
        while index <= steps {
            let value = index.mul_add(self.step, first);
            let y = self.y(value / self.scale.factor);
            svg.line([[&left, &px(y)], [&right, &px(y)]], Ink::Faint, ("1", ""));
            let unit = if index < steps { "" } else { self.scale.suffix };
            let label = format!("{}{unit}", say(value, self.step));
            svg.text([&px(self.left - 8.0), &px(y + 4.0)], &label, Face::new(Ink::Soft, Anchor::End));
            index += 1.0;
        }
    }

    fn draw_dates(&self, svg: &mut Svg, style: &Style) {
        let zone = Zone::of(style.zone.clone());
        let most = ((self.right - self.left) / DATE_WIDTH).floor().max(2.0);
        for (index, (at, label)) in dates(&zone, self.from, self.to, most).into_iter().enumerate() {
            let x = self.x(at);
            svg.line([[&px(x), &px(self.bottom)], [&px(x), &px(self.bottom + 4.0)]], Ink::Past, ("1", ""));
            let edge = x > self.right - 24.0;
            let (x, anchor) = if edge { (self.right, Anchor::End) } else { (x, Anchor::Middle) };
            let class = if index % 2 == 1 { "c-wide" } else { "" };
            svg.text([&px(x), &px(self.bottom + 18.0)], &label, Face::new(Ink::Soft, anchor).class(class));
        }
    }
}

/// Smallest and largest; nothing for an empty list.
fn bounds<T: PartialOrd + Copy>(values: impl IntoIterator<Item = T>) -> Option<(T, T)> {
    values.into_iter().fold(None, |bounds, value| match bounds {
        None => Some((value, value)),
        Some((low, high)) => Some((if value < low { value } else { low }, if value > high { value } else { high })),
    })
}

/// 1, 2 or 5 times a power of ten, so that a range gets three to five lines.
fn round_step(range: f64) -> f64 {
    if !(range.is_finite() && range > 0.0) {
        return 1.0;
    }
    let rough = range / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|nice| nice * power).find(|step| *step >= rough).unwrap_or(rough)
}

/// A value of the axis, with as many decimals as its step has.
fn say(value: f64, step: f64) -> String {
    if step >= 1.0 {
        return crate::words::decimal(value.round());
    }
    let decimals = usize::from(step < 1.0) + usize::from(step < 0.1) + usize::from(step < 0.01);
    format!("{value:.decimals$}")
}

/// Distances of dates, finest first: the span, its length, and how a date is said at it.
fn steps() -> [(Span, Millis, Said); 11] {
    [
        (1.hour(), Millis::HOUR, Said::Clock),
        (3.hours(), Millis::hours(3), Said::Clock),
        (6.hours(), Millis::hours(6), Said::Clock),
        (12.hours(), Millis::hours(12), Said::Clock),
        (1.day(), Millis::DAY, Said::Day),
        (2.days(), Millis::days(2), Said::Day),
        (7.days(), Millis::days(7), Said::Day),
        (14.days(), Millis::days(14), Said::Day),
        (1.month(), Millis::days(30), Said::Month),
        (3.months(), Millis::days(91), Said::Month),
        (1.year(), Millis::days(365), Said::Year),
    ]
}

#[derive(Clone, Copy)]
enum Said {
    Clock,
    Day,
    Month,
    Year,
}

/// At most `most` round instants between the two, with their labels.
fn dates(zone: &Zone, from: Timestamp, to: Timestamp, most: f64) -> Vec<(Timestamp, String)> {
    let length = to.since(from).0 as f64;
    let fits = |(_, step, _): &(Span, Millis, Said)| length / step.0 as f64 <= most;
    let Some((span, _, said)) = steps().into_iter().find(fits) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut next = round_down(&zone.at(from), said);
    while let Some(at) = next.take() {
        let instant = Timestamp(at.timestamp().as_millisecond());
        if instant > to || found.len() > 40 {
            break;
        }
        if instant >= from {
            found.push((instant, label(zone, instant, &at, said)));
        }
        next = at.checked_add(span).ok();
    }
    found
}

/// The start of the day, month or year that holds the instant.
fn round_down(at: &Zoned, said: Said) -> Option<Zoned> {
    let day = at.start_of_day().ok()?;
    match said {
        Said::Clock | Said::Day => Some(day),
        Said::Month => day.first_of_month().ok(),
        Said::Year => day.first_of_year().ok(),
    }
}

fn label(zone: &Zone, instant: Timestamp, at: &Zoned, said: Said) -> String {
    match said {
        Said::Clock if at.hour() == 0 => zone.day_short(instant),
        Said::Clock => format!("{:02}:00", at.hour()),
        Said::Day => zone.day_short(instant),
        Said::Month => {
            let month = beforehand_core::month::Month { year: at.year(), month: at.month() };
            let word = crate::words::month_short(month);
            if at.month() == 1 { format!("{word} {}", at.year()) } else { word.to_owned() }
        }
        Said::Year => at.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(zone: &str, from: &str, to: &str) -> Vec<String> {
        let instant = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        dates(&Zone::named(zone), instant(from), instant(to), 6.0).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn dates_begin_where_the_clients_day_begins() {
        let found = labels("Europe/Berlin", "2026-12-01T20:00:00Z", "2026-12-05T08:00:00Z");
        assert_eq!(found, ["2 Dec", "3 Dec", "4 Dec", "5 Dec"]);
    }

    #[test]
    fn a_day_has_hours_and_a_year_has_months() {
        assert_eq!(labels("UTC", "2026-12-01T01:00:00Z", "2026-12-01T23:00:00Z"), ["06:00", "12:00", "18:00"]);
        assert_eq!(labels("UTC", "2026-03-05T00:00:00Z", "2027-02-20T00:00:00Z"), ["Jun", "Sep", "Dec"]);
    }

    #[test]
    fn dates_pass_the_day_that_a_zone_skipped() {
        let found = labels("Pacific/Apia", "2011-12-28T12:00:00Z", "2012-01-02T12:00:00Z");
        assert!(found.contains(&"31 Dec".to_owned()));
        assert!(!found.contains(&"30 Dec".to_owned()));
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(round_step(237.0), 100.0);
        assert_eq!(round_step(8.0), 2.0);
        assert_eq!(round_step(0.0), 1.0);
        assert_eq!(say(0.25, 0.05), "0.25");
    }
}
