//! A measured value over time, for the page of an asset.

use super::{
    Drawn, Style, Unit,
    axis::Frame,
    fan::nothing,
    ink::Ink,
    svg::{Svg, px, through},
};
use crate::words::{Zone, paragraph};
use beforehand_core::{
    finding::Severity,
    series::{Hour, Sample},
};

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// What is measured, without unit.
    pub title: &'a str,
    pub unit: Unit,
    pub points: Points<'a>,
    /// The line that must not be crossed.
    pub limit: Option<f64>,
}

/// Values as measured, or hours with their mean and the band from lowest to highest.
#[derive(Debug, Clone, Copy)]
pub enum Points<'a> {
    Samples(&'a [Sample]),
    Hours(&'a [Hour]),
}

/// The curve of one series.
pub fn line(line: &Line<'_>, style: &Style) -> Drawn {
    let hours: Vec<Hour> = match line.points {
        Points::Samples(samples) => samples.iter().map(|sample| at_an_instant(*sample)).collect(),
        Points::Hours(hours) => hours.to_vec(),
    };
    let is_finite = |hour: &Hour| hour.min.is_finite() && hour.max.is_finite() && hour.mean.is_finite();
    let hours: Vec<Hour> = hours.into_iter().filter(is_finite).collect();
    let sentence = sentence(line, &hours, style);
    let mut svg = Svg::scaled(style, &paragraph(line.title), &sentence);
    let values = hours.iter().flat_map(|hour| [hour.min, hour.max]).chain(line.limit);
    match Frame::around(style, line.unit, hours.iter().map(|hour| hour.at), values) {
        Some(frame) => draw(&mut svg, (line, &hours), &frame, style),
        None => nothing(&mut svg, style),
    }
    Drawn { svg: svg.finish(), sentence }
}

const fn at_an_instant(Sample { at, value }: Sample) -> Hour {
    Hour { at, count: 1, min: value, max: value, mean: value, last: value }
}

fn draw(svg: &mut Svg, (line, hours): (&Line<'_>, &[Hour]), frame: &Frame, style: &Style) {
    if matches!(line.points, Points::Hours(_)) {
        let lower = hours.iter().map(|hour| (frame.x(hour.at), frame.y(hour.min)));
        let upper = hours.iter().rev().map(|hour| (frame.x(hour.at), frame.y(hour.max)));
        svg.area(&through(lower.chain(upper)), Ink::Band80);
    }
    frame.draw(svg, style);
    if let Some(limit) = line.limit.filter(|limit| limit.is_finite()) {
        let y = px(frame.y(limit));
        svg.line([[&px(frame.left), &y], [&px(frame.right), &y]], Ink::Status(Severity::Act), ("1.5", "6 3"));
    }
    let mean = hours.iter().map(|hour| (frame.x(hour.at), frame.y(hour.mean)));
    svg.path(&through(mean), Ink::Strong, ("1.75", ""));
}

fn sentence(line: &Line<'_>, hours: &[Hour], style: &Style) -> String {
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        return "No measurements.".to_owned();
    };
    let zone = Zone::of(style.zone.clone());
    let low = hours.iter().map(|hour| hour.min).fold(f64::INFINITY, f64::min);
    let high = hours.iter().map(|hour| hour.max).fold(f64::NEG_INFINITY, f64::max);
    let limit = line
        .limit
        .map_or_else(String::new, |limit| format!(" The line not to be crossed is {}.", line.unit.say(limit)));
    format!(
        "Between {} and {} from {} to {}; last {}.{limit}",
        line.unit.say(low),
        line.unit.say(high),
        zone.minute(first.at),
        zone.minute(last.at),
        line.unit.say(last.last)
    )
}
