//! Instants, amounts and foreign text as people read them.

mod date;
mod number;

pub use date::{Zone, month_name, month_short};
pub use number::{count, decimal, duration, people, percent};

use beforehand_shared::text::clean;

/// Longest text of a label or a name.
const NAME: usize = 80;
/// Longest sentence or paragraph.
const PARAGRAPH: usize = 600;

/// A name from outside, fit to stand within a line.
pub fn name(raw: &str) -> String {
    clean(raw, NAME)
}

/// A sentence from outside, on one line; a figure and its per cent sign stay together.
pub fn paragraph(raw: &str) -> String {
    clean(raw, PARAGRAPH).replace(" %", "\u{a0}%")
}

/// `text` cut to `max` characters, the cut marked.
pub fn cut(text: &str, max: usize) -> String {
    clean(text, max)
}
