//! The product's own picture: what was measured, the forecast as it was made, the line that must
//! not be crossed, where someone acted, and what really happened after.

use super::{
    Drawn, Style,
    axis::Frame,
    ink::{Anchor, Face, Ink},
    svg::{Svg, px, through},
    unit::{Unit, bare_title},
};
use crate::words::{Zone, paragraph};
use beforehand_core::{finding::Severity, forecast::FanPoint, ledger::StoryChart, series::Sample};
use beforehand_shared::time::Timestamp;

/// Draws the chart of a ledger entry. The unit is read from the title's brackets, see
/// [`Unit::of_title`].
pub fn fan(chart: &StoryChart, style: &Style) -> Drawn {
    fan_in(Unit::of_title(&chart.title), chart, style)
}

/// Draws measurements and a forecast whose values are counted in `unit`: an asset as it is now.
/// Nothing that is measured falls below zero, so neither does what is drawn of a forecast.
pub fn fan_in(unit: Unit, chart: &StoryChart, style: &Style) -> Drawn {
    let title = paragraph(bare_title(&chart.title));
    let sentence = sentence(chart, unit, style);
    let mut svg = Svg::scaled(style, &title, &sentence);
    match frame(chart, unit, style) {
        Some(frame) => draw(&mut svg, chart, &frame, style),
        None => nothing(&mut svg, style),
    }
    Drawn { svg: svg.finish(), sentence }
}

/// What stands in a picture without measurements.
pub(super) fn nothing(svg: &mut Svg, style: &Style) {
    let (x, y) = (f64::from(style.width) / 2.0, f64::from(style.height) / 2.0);
    svg.text([&px(x), &px(y)], "No measurements", Face::new(Ink::Soft, Anchor::Middle));
}

fn frame(chart: &StoryChart, unit: Unit, style: &Style) -> Option<Frame> {
    let points = chart.measured.iter().map(|sample| sample.at).chain(chart.fan.iter().map(|point| point.at));
    let marks = [chart.acted_at, chart.onset].into_iter().flatten();
    let measured = chart.measured.iter().map(|sample| sample.value);
    let expected = chart.fan.iter().flat_map(|point| [point.p10.max(0.0), point.p90.max(0.0)]);
    let values = measured.chain(expected).chain(chart.limit);
    if chart.measured.is_empty() && chart.fan.is_empty() {
        return None;
    }
    Frame::around(style, unit, points.chain(marks), values)
}

fn draw(svg: &mut Svg, chart: &StoryChart, frame: &Frame, style: &Style) {
    let fan = finite(&chart.fan);
    svg.area(&band(&fan, frame, |point| (point.p10, point.p90)), Ink::Band80);
    svg.area(&band(&fan, frame, |point| (point.p25, point.p75)), Ink::Band50);
    frame.draw(svg, style);
    let middle = fan.iter().map(|point| (frame.x(point.at), frame.y(point.p50)));
    svg.path(&through(middle), Ink::Soft, ("1", "3 3"));
    if let Some(limit) = chart.limit.filter(|limit| limit.is_finite()) {
        let y = px(frame.y(limit));
        svg.line([[&px(frame.left), &y], [&px(frame.right), &y]], Ink::Status(Severity::Act), ("1.5", "6 3"));
    }
    svg.path(&through(thinned(&chart.measured, frame)), Ink::Strong, ("1.75", ""));
    let zone = Zone::of(style.zone.clone());
    if let Some(at) = chart.acted_at {
        mark(svg, frame, at, (&format!("acted {}", zone.day_short(at)), Ink::Strong));
    }
    if let Some(at) = chart.onset {
        mark(svg, frame, at, (&format!("began {}", zone.day_short(at)), Ink::Status(Severity::Act)));
    }
}

/// An upright line with a word at its head.
fn mark(svg: &mut Svg, frame: &Frame, at: Timestamp, (word, ink): (&str, Ink)) {
    let x = frame.x(at);
    let (top, bottom) = (px(frame.top - 4.0), px(frame.bottom));
    svg.line([[&px(x), &top], [&px(x), &bottom]], ink, ("1", ""));
    let head = format!("M{} {top}l-4 -6h8z", px(x));
    svg.area(&head, ink);
    let (x, anchor) = if x > frame.right - 90.0 { (x - 8.0, Anchor::End) } else { (x + 8.0, Anchor::Start) };
    svg.text([&px(x), &px(frame.top - 5.0)], word, Face::new(ink, anchor).bold());
}

fn finite(fan: &[FanPoint]) -> Vec<FanPoint> {
    let is_finite = |point: &&FanPoint| {
        [point.p10, point.p25, point.p50, point.p75, point.p90].iter().all(|value| value.is_finite())
    };
    fan.iter().filter(is_finite).copied().collect()
}

/// The area between two quantiles.
fn band(fan: &[FanPoint], frame: &Frame, edges: impl Fn(&FanPoint) -> (f64, f64)) -> String {
    let lower = fan.iter().map(|point| (frame.x(point.at), frame.y(edges(point).0)));
    let upper = fan.iter().rev().map(|point| (frame.x(point.at), frame.y(edges(point).1)));
    through(lower.chain(upper))
}

/// The measured line with at most four points a pixel column: first, lowest, highest and last, so
/// that no peak is lost.
fn thinned(samples: &[Sample], frame: &Frame) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut column: Vec<(f64, f64)> = Vec::new();
    for sample in samples.iter().filter(|sample| sample.value.is_finite()) {
        let point = (frame.x(sample.at), frame.y(sample.value));
        if column.first().is_some_and(|first| point.0 - first.0 >= 1.0) {
            points.extend(corners(&column));
            column.clear();
        }
        column.push(point);
    }
    points.extend(corners(&column));
    points
}

fn corners(column: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if column.len() <= 4 {
        return column.to_vec();
    }
    let (Some(&first), Some(&last)) = (column.first(), column.last()) else {
        return Vec::new();
    };
    let extreme = |better: fn(f64, f64) -> bool| {
        column.iter().copied().fold(first, |best, point| if better(point.1, best.1) { point } else { best })
    };
    vec![first, extreme(|a, b| a < b), extreme(|a, b| a > b), last]
}

fn sentence(chart: &StoryChart, unit: Unit, style: &Style) -> String {
    let zone = Zone::of(style.zone.clone());
    let mut parts = Vec::new();
    if let (Some(first), Some(last)) = (chart.measured.first(), chart.measured.last()) {
        parts.push(format!(
            "Measured {} on {} and {} on {}.",
            unit.say(first.value),
            zone.day(first.at),
            unit.say(last.value),
            zone.day(last.at)
        ));
    }
    if let (Some(first), Some(last)) = (chart.fan.first(), chart.fan.last()) {
        parts.push(format!(
            "Forecast of {} for {}: {} (80 %).",
            zone.day(first.at),
            zone.day(last.at),
            unit.say_left(last.p10, last.p90)
        ));
    }
    if let Some(limit) = chart.limit {
        parts.push(format!("The line not to be crossed is {}.", unit.say(limit)));
    }
    if let Some(at) = chart.acted_at {
        parts.push(format!("Someone acted on {}.", zone.minute(at)));
    }
    if let Some(at) = chart.onset {
        parts.push(format!("Users would have noticed from {}.", zone.minute(at)));
    }
    if parts.is_empty() { "No measurements.".to_owned() } else { parts.join(" ") }
}
