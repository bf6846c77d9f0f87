//! How a case looks after a change, and what people are told.

use crate::{
    case::{Case, CaseChange, CaseEvent, CaseId, CaseState, Judgement, Reason, TicketAction},
    correlate::Key,
    finding::{Finding, Severity},
    input::Input,
};
use beforehand_shared::time::Timestamp;

impl Judgement {
    pub(super) fn of(finding: &Finding, at: Timestamp) -> Self {
        Self {
            at,
            severity: finding.severity,
            sentence: finding.sentence.clone(),
            steps: finding.steps.clone(),
            evidence: finding.evidence.clone(),
            outlook: finding.outlook.clone(),
        }
    }
}

/// A case that did not exist before.
pub(super) fn fresh(input: &Input, key: &Key, finding: &Finding, state: CaseState) -> Case {
    let judgement = Judgement::of(finding, input.now);
    Case {
        id: CaseId::new(input.site.client, &key.0, key.1, input.now),
        client: input.site.client,
        site: input.site.id,
        asset: key.0.clone(),
        kind: key.1,
        state,
        severity: finding.severity,
        worst: finding.severity,
        opened_at: input.now,
        updated_at: input.now,
        ticketed_at: None,
        onset: None,
        first: judgement.clone(),
        latest: judgement,
        reopened: 0,
    }
}

/// The case with the finding as its latest judgement.
pub(super) fn judged(mut case: Case, finding: &Finding, now: Timestamp) -> Case {
    case.severity = finding.severity;
    case.worst = case.worst.max(finding.severity);
    case.latest = Judgement::of(finding, now);
    case
}

/// What people are told when a case gets this far; notes the first time that they are told at all.
pub(super) fn notify(case: &mut Case, action: TicketAction, now: Timestamp) -> TicketAction {
    if case.severity < Severity::Soon || !matches!(case.state, CaseState::Open) {
        return TicketAction::None;
    }
    let first = case.ticketed_at.is_none();
    case.ticketed_at = case.ticketed_at.or(Some(now));
    if first { TicketAction::Open } else { action }
}

pub(super) fn change(
    mut case: Case,
    reason: Reason,
    sentence: String,
    ticket: TicketAction,
    now: Timestamp,
) -> CaseChange {
    case.updated_at = now;
    CaseChange { case, event: CaseEvent { at: now, reason, sentence }, ticket }
}

pub(super) fn closed(case: &Case, because: Reason, sentence: String, now: Timestamp) -> CaseChange {
    let mut case = case.clone();
    case.state = CaseState::Closed { at: now, because };
    let ticket = if case.ticketed_at.is_some() { TicketAction::Clear } else { TicketAction::None };
    change(case, because, sentence, ticket, now)
}
