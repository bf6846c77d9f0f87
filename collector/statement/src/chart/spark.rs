//! A word-sized curve for a row of a table.

use super::{
    Drawn, Style, Unit,
    ink::Ink,
    svg::{Svg, px, through},
};
use crate::words::paragraph;

/// The values from left to right at equal distances, the last one with a dot.
pub fn spark(title: &str, unit: Unit, values: &[f64], style: &Style) -> Drawn {
    let values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sentence = match values.last() {
        None => "No measurements.".to_owned(),
        Some(last) => {
            format!("Between {} and {}, last {}.", unit.say(low), unit.say(high), unit.say(*last))
        }
    };
    let mut svg = Svg::scaled(style, &paragraph(title), &sentence);
    let (width, height) = (f64::from(style.width) - 6.0, f64::from(style.height) - 6.0);
    let across = width / (values.len().max(2) - 1) as f64;
    let range = if high > low { high - low } else { 1.0 };
    let place = |(index, value): (usize, &f64)| {
        ((index as f64).mul_add(across, 3.0), 3.0 + height - (value - low) / range * height)
    };
    svg.path(&through(values.iter().enumerate().map(place)), Ink::Soft, ("1.25", ""));
    if let Some((x, y)) = values.iter().enumerate().map(place).next_back() {
        svg.area(&format!("M{} {}m-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z", px(x), px(y)), Ink::Strong);
    }
    Drawn { svg: svg.finish(), sentence }
}
