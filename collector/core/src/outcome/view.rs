//! What the rules ask of a closed case, worked out once.

use super::{
    action::{Action, action},
    covers,
};
use crate::{
    calendar::Calendar,
    case::{CaseState, Reason},
    forecast::Outlook,
    ledger::ClosedCase,
    ticket::{UserReport, Verdict},
};
use beforehand_shared::time::Timestamp;

pub(super) struct View<'a> {
    pub closed: &'a ClosedCase,
    /// For the dates in sentences.
    pub calendar: Calendar,
    pub closed_at: Timestamp,
    pub ticketed_at: Timestamp,
    /// In scope and about this case.
    pub reports: Vec<&'a UserReport>,
    pub action: Option<Action>,
    /// What was expected when the ticket opened; the first expectation after it where there was
    /// none yet.
    pub expected: Option<Expected<'a>>,
    /// What was expected last before the action.
    pub last_word: Option<Expected<'a>>,
    /// Closed by a healthy observation.
    pub healthy: bool,
}

/// Dates of onset as they were published.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub outlook: &'a Outlook,
    pub q90: Option<Timestamp>,
}

impl<'a> Expected<'a> {
    const fn new(outlook: &'a Outlook) -> Self {
        Self { outlook, q90: outlook.q90 }
    }

    /// The middle date; the earliest where the middle lies beyond the longest horizon.
    pub(super) fn onset(&self) -> Option<Timestamp> {
        self.outlook.q50.or(self.outlook.q10)
    }

    pub(super) const fn which(&self) -> &'static str {
        if self.outlook.q50.is_some() { "most likely" } else { "earliest likely" }
    }
}

impl<'a> View<'a> {
    /// None while the case is open, and when it never had a ticket.
    pub(super) fn new(closed: &'a ClosedCase) -> Option<Self> {
        let CaseState::Closed { at: closed_at, because } = closed.case.state else { return None };
        let ticketed_at = closed.ticket.as_ref().map(|ticket| ticket.opened_at).or(closed.case.ticketed_at)?;
        let action = action(closed, ticketed_at, closed_at);
        let reports = closed.user_reports.iter().filter(|r| r.in_scope && covers(&closed.case, r)).collect();
        Some(Self {
            closed,
            calendar: Calendar::new(&closed.time_zone),
            closed_at,
            ticketed_at,
            reports,
            expected: expected(closed, ticketed_at),
            last_word: action.as_ref().and_then(|action| standing_at(closed, action.at)),
            action,
            healthy: because == Reason::Healthy,
        })
    }

    /// When users first noticed, or could.
    pub(super) fn noticed_at(&self) -> Option<Timestamp> {
        let reported = self.reports.iter().map(|report| report.noticed_at).min();
        [reported, self.closed.case.onset].into_iter().flatten().min()
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.closed.ticket.as_ref().and_then(|ticket| ticket.resolution)
    }

    /// Whether the case was suppressed for `reason` when it ended.
    pub(super) fn quieted_by(&self, reason: Reason) -> bool {
        let CaseState::Closed { because, .. } = self.closed.case.state else { return false };
        let turning = [Reason::WiderCause, Reason::Maintenance, Reason::Released];
        let last = self.closed.events.iter().rev().map(|event| event.reason).find(|r| turning.contains(r));
        because == reason || last == Some(reason)
    }

    /// A sentence for what users noticed although a ticket existed.
    pub(super) fn effort(&self) -> &'static str {
        if self.action.is_some() { "" } else { " Nobody recorded work on it." }
    }
}

fn expected(closed: &ClosedCase, ticketed_at: Timestamp) -> Option<Expected<'_>> {
    let later = || closed.forecasts.iter().find(|forecast| forecast.made_at > ticketed_at);
    standing_at(closed, ticketed_at).or_else(|| later().map(|forecast| Expected::new(&forecast.outlook)))
}

/// The latest dated statement made until `at`; the first judgement where none was published.
fn standing_at(closed: &ClosedCase, at: Timestamp) -> Option<Expected<'_>> {
    let published = closed.forecasts.iter().rev().find(|forecast| forecast.made_at <= at);
    let first = || closed.case.first.outlook.as_ref().filter(|_| closed.case.first.at <= at);
    published.map(|forecast| &forecast.outlook).or_else(first).map(Expected::new)
}
