//! The figures of a month.

use super::{MonthFigures, MonthInput, Tally, Worth};
use crate::ledger;

/// The same input gives the same figures.
pub fn figures(input: &MonthInput) -> MonthFigures {
    MonthFigures {
        month: input.month,
        tally: Tally::default(),
        worth: Worth::default(),
        trend: Vec::new(),
        lines: Vec::new(),
        repeats: Vec::new(),
        since_last: Vec::new(),
        forecast_hits: 0,
        forecast_misses: 0,
        forecast_treated: 0,
        chances: Vec::new(),
        effort: input.effort,
        input_hash: ledger::fingerprint(input),
        ledger_head: None,
    }
}
