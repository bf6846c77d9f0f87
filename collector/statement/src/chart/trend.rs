//! Twelve months side by side, every bar with its figure: what users felt, and worth against fee.

use super::{
    Drawn, Style,
    ink::{Anchor, Face, Ink},
    svg::{Svg, px},
};
use crate::words::{count, decimal, month_short};
use beforehand_core::{month::TrendMonth, worth::money};

/// One row of bars.
struct Row<'a> {
    title: &'a str,
    top: f64,
    height: f64,
    bars: Vec<Bar>,
}

struct Bar {
    value: f64,
    label: String,
    /// Height at which a line crosses the column, and the figure must make room.
    crossed: Option<f64>,
}

/// Room for a row's title and for the figures above its bars.
const HEAD: f64 = 46.0;
const FOOT: f64 = 22.0;

/// Incidents that users noticed, and the hours they lost, month by month.
pub fn trend_bars(months: &[TrendMonth], style: &Style) -> Drawn {
    let sentence = trend_sentence(months);
    let height = f64::from(style.height);
    let mut svg = Svg::fluid(style, height, ["Incidents that users noticed, and hours lost", &sentence]);
    let room = ((height - FOOT) / 2.0 - HEAD).max(8.0);
    let incidents = Row {
        title: "Incidents that users noticed",
        top: HEAD,
        height: room,
        bars: months.iter().map(|month| bar(f64::from(month.user_visible))).collect(),
    };
    let hours = Row {
        title: "Hours lost",
        top: HEAD + room + HEAD,
        height: room,
        bars: months.iter().map(|month| bar(month.hours_lost)).collect(),
    };
    draw_row(&mut svg, &incidents, style);
    draw_row(&mut svg, &hours, style);
    draw_months(&mut svg, months, height - 4.0, style);
    Drawn { svg: svg.finish(), sentence }
}

/// Likely worth of each month as bars, its fee as a line across them. `currency` is ISO 4217.
pub fn worth_bars(months: &[TrendMonth], currency: &str, style: &Style) -> Drawn {
    let sentence = earned(months, currency);
    let height = f64::from(style.height);
    let mut svg = Svg::fluid(style, height, ["Likely worth of prevention against the fee", &sentence]);
    let largest = months.iter().map(|month| month.worth_likely.max(month.fee)).max().unwrap_or(0).max(1) as f64;
    let room = (height - HEAD - FOOT).max(8.0);
    let row = Row {
        title: "Likely worth of prevention; the line is the fee",
        top: HEAD,
        height: room,
        bars: months
            .iter()
            .map(|month| Bar {
                value: month.worth_likely.max(0) as f64 / largest,
                label: thousands(month.worth_likely),
                crossed: Some(month.fee as f64 / largest * room),
            })
            .collect(),
    };
    draw_scaled(&mut svg, &row, 1.0, style);
    for (index, month) in months.iter().enumerate() {
        let y = px(HEAD + room * (1.0 - month.fee as f64 / largest));
        let (from, to) = (share(index, 0.04), share(index, 0.96));
        let (from, to) = (svg.across(from, style), svg.across(to, style));
        svg.line([[&from, &y], [&to, &y]], Ink::Strong, ("1.5", ""));
    }
    draw_months(&mut svg, months, height - 4.0, style);
    Drawn { svg: svg.finish(), sentence }
}

fn bar(value: f64) -> Bar {
    Bar { value: if value.is_finite() { value.max(0.0) } else { 0.0 }, label: decimal(value), crossed: None }
}

/// Minor units as `1.2k`, short enough for the head of a bar.
fn thousands(minor: i64) -> String {
    let whole = minor as f64 / 100.0;
    if whole.abs() >= 1000.0 { format!("{}k", decimal(whole / 1000.0)) } else { decimal(whole.round()) }
}

/// A place within the column of a month, as a share of the width.
fn share(index: usize, within: f64) -> f64 {
    (index as f64 + within) / 12.0
}

fn draw_row(svg: &mut Svg, row: &Row<'_>, style: &Style) {
    let largest = row.bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    draw_scaled(svg, row, largest, style);
}

fn draw_scaled(svg: &mut Svg, row: &Row<'_>, largest: f64, style: &Style) {
    svg.text(["0", &px(row.top - HEAD + 18.0)], row.title, Face::new(Ink::Soft, Anchor::Start));
    let bottom = row.top + row.height;
    svg.line([["0", &px(bottom)], [&svg.across(1.0, style), &px(bottom)]], Ink::Faint, ("1", ""));
    let last = row.bars.len().saturating_sub(1);
    for (index, bar) in row.bars.iter().enumerate().take(12) {
        let ink = if index == last { Ink::Strong } else { Ink::Past };
        let height = bar.value / largest * row.height;
        let (x, width) = (svg.across(share(index, 0.18), style), svg.across(0.64 / 12.0, style));
        svg.rect([&x, &px(bottom - height), &width, &px(height)], ink);
        let face = Face::new(if index == last { Ink::Strong } else { Ink::Soft }, Anchor::Middle);
        let face = if index == last { face.bold() } else { face };
        let middle = svg.across(share(index, 0.5), style);
        let head = bar.crossed.filter(|line| (-2.0..18.0).contains(&(line - height))).unwrap_or(height);
        svg.text([&middle, &px(bottom - head - 5.0)], &bar.label, face);
    }
}

fn draw_months(svg: &mut Svg, months: &[TrendMonth], y: f64, style: &Style) {
    let last = months.len().saturating_sub(1);
    for (index, month) in months.iter().enumerate().take(12) {
        let face = Face::new(if index == last { Ink::Strong } else { Ink::Soft }, Anchor::Middle);
        let face = if index == last { face.bold() } else { face };
        let middle = svg.across(share(index, 0.5), style);
        svg.text([&middle, &px(y)], month_short(month.month), face);
    }
}

/// What the trend says.
pub(crate) fn trend_sentence(months: &[TrendMonth]) -> String {
    let Some(last) = months.last() else {
        return "No month has been counted yet.".to_owned();
    };
    let incidents: u64 = months.iter().map(|month| u64::from(month.user_visible)).sum();
    let hours: f64 = months.iter().map(|month| month.hours_lost).sum();
    format!(
        "In {}, users noticed {} and lost {} hours; in the last {} months, {} and {} hours.",
        last.month.name(),
        count(u64::from(last.user_visible), "incident", "incidents"),
        decimal(last.hours_lost),
        months.len(),
        count(incidents, "incident", "incidents"),
        decimal(hours)
    )
}

fn earned(months: &[TrendMonth], currency: &str) -> String {
    let worth = months.iter().fold(0i64, |sum, month| sum.saturating_add(month.worth_likely));
    let fee = months.iter().fold(0i64, |sum, month| sum.saturating_add(month.fee));
    format!(
        "In the last {} months, prevention was likely worth {}; the fee was {}.",
        months.len(),
        money(worth, currency),
        money(fee, currency)
    )
}
