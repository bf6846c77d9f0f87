//! Charts as SVG text. On screen they carry classes and `currentColor` only, so that the style
//! sheet [`CSS`] gives them light and dark and no inline style meets the content policy; in print
//! they carry fixed colours.
//!
//! Colour means status only; all else is ink and greys. Every picture has a `<title>`, a `<desc>`
//! and the same sentence beside it, for whoever does not see it.

mod axis;
mod fan;
mod horizon;
mod ink;
mod line;
mod losses;
mod spark;
mod strip;
mod svg;
mod trend;
mod unit;

pub use fan::{fan, fan_in};
pub use horizon::{HorizonBar, horizon};
pub use line::{Line, Points, line};
pub(crate) use losses::losses;
pub use spark::spark;
pub use strip::strip;
pub(crate) use trend::trend_sentence;
pub use trend::{trend_bars, worth_bars};
pub use unit::Unit;

use jiff::tz::TimeZone;

/// The rules for charts on screen; the console serves them with its own style sheet. Status colours
/// follow the page's `--act`, `--soon`, `--watch`, `--quiet` and `--blind` where it sets them.
pub const CSS: &str = include_str!("chart.css");

/// A picture and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub svg: String,
    /// One or two sentences: the text that stands beside or instead of the picture.
    pub sentence: String,
}

/// How to draw.
#[derive(Debug, Clone)]
pub struct Style {
    /// In CSS pixels; on screen the picture shrinks and grows with its box.
    pub width: u32,
    pub height: u32,
    pub palette: Palette,
    /// For the labels of the time axis.
    pub zone: TimeZone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// Classes for [`CSS`]; no style attribute, no style element.
    Screen,
    /// Fixed colours on white.
    Print,
}

impl Style {
    /// For a page of the console.
    pub const fn screen(width: u32, height: u32, zone: TimeZone) -> Self {
        Self { width, height, palette: Palette::Screen, zone }
    }

    /// For paper.
    pub const fn print(width: u32, height: u32, zone: TimeZone) -> Self {
        Self { width, height, palette: Palette::Print, zone }
    }
}
