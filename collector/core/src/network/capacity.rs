//! What the machines of an office send or fetch at their best, and how much of that fills a line.

use crate::{math::quantile::quantile, series::Hour};

/// Less than this fills no line, in kbit/s.
pub(crate) const LEAST: f64 = 1_000.0;
/// Share of what a machine does at its best that is about as much as it ever does.
pub(crate) const FULL: f64 = 0.7;
const BEST: f64 = 0.95;

/// The 95th percentile of the busiest minutes of these hours; 0 of none.
pub(crate) fn at_best<'a>(hours: impl Iterator<Item = &'a Hour>) -> f64 {
    quantile(&mut hours.map(|hour| hour.max).collect::<Vec<f64>>(), BEST).unwrap_or(0.0)
}
