//! Tickets: what a person has to do.

pub(crate) mod acknowledge;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod resolve;
pub(crate) mod work;

use beforehand_core::ticket::Verdict;

/// What a person may say a ticket was.
pub(crate) const fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fixed => "Fixed: something was done about it",
        Verdict::NothingDone => "Nothing done: it went away or did not matter",
        Verdict::FalseAlarm => "False alarm: what was measured was wrong",
        Verdict::OutOfScope => "Out of scope: our own work, announced, or not covered",
    }
}
