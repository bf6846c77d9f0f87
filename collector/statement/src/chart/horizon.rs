//! The signature picture: a time axis from now into the coming days, every open forecast a bar
//! from its 10 % to its 90 % date with a tick at the median, nearest first.

use super::{
    Drawn, Style,
    ink::{Anchor, Face, Ink},
    svg::{Svg, px},
};
use crate::words::{Zone, count, cut, name};
use beforehand_core::finding::Severity;
use beforehand_shared::time::{Millis, Timestamp};

/// One open forecast. A date that lies beyond the longest horizon is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HorizonBar {
    /// Such as `Drive D: on FRONTDESK`.
    pub label: String,
    pub q10: Option<Timestamp>,
    pub q50: Option<Timestamp>,
    pub q90: Option<Timestamp>,
    pub severity: Severity,
    /// Where the row leads: a path or address made by us.
    pub href: Option<String>,
}

/// Height of one row: a line of text and its bar.
const ROW: f64 = 40.0;
const AXIS: f64 = 26.0;
/// Longest name of a row: it must leave room for its dates on a phone.
const LABEL: usize = 30;

/// Draws the coming `days` as seen at `now`. The height follows from the number of rows.
pub fn horizon(bars: &[HorizonBar], now: Timestamp, days: u32, style: &Style) -> Drawn {
    let days = days.clamp(1, 366);
    let view = View { now, end: now.plus(Millis::days(i64::from(days))), days, style };
    let (mut shown, beyond): (Vec<&HorizonBar>, Vec<&HorizonBar>) =
        bars.iter().partition(|bar| bar.q10.is_some_and(|q10| q10 <= view.end));
    shown.sort_by_key(|bar| (bar.q50.unwrap_or(Timestamp(i64::MAX)), bar.q10));
    let sentence = view.sentence(&shown, beyond.len());
    let height = AXIS + ROW * shown.len().max(1) as f64 + if beyond.is_empty() { 0.0 } else { 22.0 };
    let mut svg = Svg::fluid(style, height, ["What is coming", &sentence]);
    view.axis(&mut svg);
    for (index, bar) in shown.iter().enumerate() {
        view.row(&mut svg, bar, AXIS + ROW * index as f64);
    }
    view.rest(&mut svg, (shown.len(), beyond.len()), height);
    Drawn { svg: svg.finish(), sentence }
}

struct View<'a> {
    now: Timestamp,
    end: Timestamp,
    days: u32,
    style: &'a Style,
}

impl View<'_> {
    fn zone(&self) -> Zone {
        Zone::of(self.style.zone.clone())
    }

    /// How far along the axis an instant lies, 0 to 1.
    fn share(&self, at: Timestamp) -> f64 {
        (at.since(self.now).as_days() / f64::from(self.days)).clamp(0.0, 1.0)
    }

    fn axis(&self, svg: &mut Svg) {
        let zone = self.zone();
        for day in 0..=self.days {
            let at = self.now.plus(Millis::days(i64::from(day)));
            let x = svg.across(f64::from(day) / f64::from(self.days), self.style);
            let every = self.days.div_ceil(7);
            if day % every != 0 && day != self.days {
                continue;
            }
            svg.line([[&x, &px(AXIS - 8.0)], [&x, &px(AXIS - 3.0)]], Ink::Past, ("1", ""));
            let label = if day == 0 { "now".to_owned() } else { zone.weekday_short(at) };
            let anchor = match day {
                0 => Anchor::Start,
                day if day == self.days => Anchor::End,
                _ => Anchor::Middle,
            };
            let always = day == self.days || (day / every).is_multiple_of(2) && day + 3 * every / 2 <= self.days;
            let class = if always { "" } else { "c-wide" };
            svg.text([&x, "12"], &label, Face::new(Ink::Soft, anchor).class(class));
        }
    }

    fn row(&self, svg: &mut Svg, bar: &HorizonBar, top: f64) {
        let ink = Ink::Status(bar.severity);
        let link = bar.href.as_deref().filter(|href| is_safe(href));
        match link {
            Some(href) => svg.begin("a", &[("href", href)]),
            None => svg.begin("g", &[]),
        }
        svg.title(&format!("{}: {}", name(&bar.label), self.when(bar)));
        shape(svg, bar.severity, top + 14.0);
        svg.text(["16", &px(top + 18.0)], &cut(&bar.label, LABEL), Face::new(Ink::Strong, Anchor::Start).bold());
        let right = svg.across(1.0, self.style);
        svg.text([&right, &px(top + 18.0)], &self.when(bar), Face::new(Ink::Soft, Anchor::End));
        self.bar(svg, bar, (top + 25.0, ink));
        svg.end(if link.is_some() { "a" } else { "g" });
    }

    fn bar(&self, svg: &mut Svg, bar: &HorizonBar, (top, ink): (f64, Ink)) {
        let start = bar.q10.map_or(0.0, |at| self.share(at));
        let end = bar.q90.map_or(1.0, |at| self.share(at));
        // A bar stays visible when all its dates fall on one instant.
        let width = (end - start).max(0.008);
        let start = start.min(1.0 - width);
        let (x, width) = (svg.across(start, self.style), svg.across(width, self.style));
        let (track, end) = (px(top + 4.0), svg.across(1.0, self.style));
        svg.line([["0", &track], [&end, &track]], Ink::Faint, ("1", ""));
        svg.rect([&x, &px(top), &width, "8"], ink);
        if let Some(q50) = bar.q50.filter(|at| *at <= self.end) {
            let x = svg.across(self.share(q50), self.style);
            svg.line([[&x, &px(top - 3.0)], [&x, &px(top + 11.0)]], Ink::Strong, ("2", ""));
        }
    }

    /// `soon, 3 to 9 December`.
    fn when(&self, bar: &HorizonBar) -> String {
        let zone = self.zone();
        let dates = match (bar.q10, bar.q90) {
            (Some(from), Some(to)) if to <= self.now => format!("due since {}", zone.day_short(from)),
            (Some(from), Some(to)) if zone.day_short(from) == zone.day_short(to) => zone.near(from, self.now),
            (Some(from), Some(to)) => format!("{} to {}", zone.day_short(from), zone.day_short(to)),
            (Some(from), None) => format!("from {}", zone.day_short(from)),
            (None, _) => "later".to_owned(),
        };
        format!("{}, {dates}", bar.severity.word())
    }

    fn rest(&self, svg: &mut Svg, (shown, beyond): (usize, usize), height: f64) {
        if shown == 0 {
            let text = format!("Nothing is expected in the next {} days", self.days);
            let x = svg.across(0.5, self.style);
            svg.text([&x, &px(AXIS + 26.0)], &text, Face::new(Ink::Soft, Anchor::Middle));
        }
        if beyond > 0 {
            let text = format!("{} later", count(beyond as u64, "more", "more"));
            let x = svg.across(1.0, self.style);
            svg.text([&x, &px(height - 6.0)], &text, Face::new(Ink::Soft, Anchor::End));
        }
    }

    fn sentence(&self, shown: &[&HorizonBar], beyond: usize) -> String {
        let later = match beyond {
            0 => String::new(),
            n => format!(" {n} more may come later."),
        };
        if shown.is_empty() {
            return format!("Nothing is expected in the next {} days.{later}", self.days);
        }
        let rows: Vec<String> = shown.iter().map(|bar| format!("{} ({})", name(&bar.label), self.when(bar))).collect();
        format!("Expected in the next {} days: {}.{later}", self.days, rows.join("; "))
    }
}

/// Addresses made by us: a path of the console, or http(s).
fn is_safe(href: &str) -> bool {
    (href.starts_with('/') && !href.starts_with("//")) || href.starts_with("https://") || href.starts_with("http://")
}

/// The severity's shape, so that colour is never alone.
fn shape(svg: &mut Svg, severity: Severity, y: f64) {
    let ink = Ink::Status(severity);
    let y = px(y);
    match severity {
        Severity::Act => svg.area(&format!("M1 {y}m0 5h10l-5 -9z"), ink),
        Severity::Soon => svg.area(&format!("M1 {y}l5 -5l5 5l-5 5z"), ink),
        Severity::Watch => svg.area(&format!("M2 {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"), ink),
        Severity::Quiet => svg.path(&format!("M2 {y}l3 3l5 -6"), ink, ("2", "")),
        Severity::Blind => svg.path(&format!("M2 {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"), ink, ("1.5", "2 2")),
    }
}
