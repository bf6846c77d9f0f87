//! What becomes of one case, given what was found and whether something wider explains it.

use super::{
    changes::{change, closed, fresh, judged, notify},
    restless::{restless, unrest},
};
use crate::{
    case::{Case, CaseChange, CaseId, CaseState, Reason, TicketAction},
    correlate::Key,
    finding::{Evidence, Finding, FindingKind, Severity},
    forecast::Outlook,
    input::{Input, REOPEN_WITHIN},
    onset,
    place::Place,
    suppress,
};
use beforehand_shared::{
    asset::AssetKind,
    time::{Millis, Timestamp},
};

/// Less urgent is believed after this, and changed dates are told at most this often.
const CALM: Millis = Millis::hours(6);
const NEWS: Millis = Millis::hours(12);
const LAST_DAYS: Millis = Millis::days(4);
/// Dates that moved by less than this share of what remains are the same dates.
const MOVED: f64 = 0.2;

/// What hung on a wider fault gets this long to recover after it.
const SETTLE: Millis = Millis::minutes(15);

/// Why nobody is to be called.
#[derive(Debug, Clone)]
pub(super) struct Quieting {
    pub because: Reason,
    pub parent: Option<CaseId>,
}

impl Quieting {
    fn state(&self) -> CaseState {
        CaseState::Suppressed { because: self.because, parent: self.parent.clone() }
    }

    const fn words(&self) -> &'static str {
        match self.because {
            Reason::Maintenance => "Work was announced for now, so nobody is called.",
            _ => "A wider fault explains it, so nobody is called for it.",
        }
    }
}

pub(super) fn decide(
    input: &Input,
    key: &Key,
    finding: Option<&Finding>,
    quieting: Option<Quieting>,
) -> Vec<CaseChange> {
    let case = input.case_on(&key.0, key.1);
    match (case, finding) {
        (Some(case), None) if is_decommissioned(input, key) => {
            let sentence = "It was taken out of service.".to_owned();
            vec![closed(case, Reason::Decommissioned, sentence, input.now)]
        }
        (Some(case), Some(finding)) if finding.severity == Severity::Quiet => recovery(input, key, case, finding),
        (Some(case), Some(finding)) => update(input, key, case, (finding, quieting)),
        (None, Some(finding)) if finding.severity >= Severity::Watch => open(input, key, finding, quieting),
        _ => Vec::new(),
    }
}

/// What is in service is in the input, however silent.
fn is_decommissioned(input: &Input, key: &Key) -> bool {
    match (key.0.kind(), key.0.host()) {
        _ if key.0.fixed_name().is_some() => false,
        (Some(AssetKind::Host), Some(host)) => !input.hosts.contains_key(&host),
        _ => !input.assets.contains_key(key.0.printer().as_ref().unwrap_or(&key.0)),
    }
}

/// The case that a condition reopens: closed within 14 days, and not because it was never true.
pub(super) fn returning<'a>(input: &'a Input, key: &Key) -> Option<&'a Case> {
    // A supply that is low again is another one.
    let may = |case: &&Case| key.1 != FindingKind::SupplyLow || is_judged_false(case);
    let same = input.closed.iter().filter(|case| case.kind == key.1 && case.asset == key.0).filter(may);
    let recent = same.filter(|case| case.closed_at().is_some_and(|at| input.now.since(at) <= REOPEN_WITHIN));
    recent.max_by_key(|case| case.closed_at())
}

fn open(input: &Input, key: &Key, finding: &Finding, quieting: Option<Quieting>) -> Vec<CaseChange> {
    let state = quieting.as_ref().map_or(CaseState::Open, Quieting::state);
    let before = returning(input, key);
    if let Some(before) = before.filter(|before| is_judged_false(before)) {
        // A person said that it was wrong: only something worse is told again.
        if finding.severity <= before.worst {
            return Vec::new();
        }
    }
    let (mut case, reason) = match before {
        Some(before) => {
            let mut case = judged(before.clone(), finding, input.now);
            case.reopened += 1;
            case.state = state;
            let often = suppress::came_back_often(case.reopened);
            (case, if often { Reason::Flapping } else { Reason::Returned })
        }
        None => (fresh(input, key, finding, state), Reason::Found),
    };
    let mut ticket = notify(&mut case, TicketAction::Open, input.now);
    if let (Reason::Flapping, Some(before)) = (reason, before) {
        let worse = finding.severity > before.worst;
        ticket = if worse || before.ticketed_at.is_none() { ticket } else { TicketAction::None };
    }
    let sentence = match quieting {
        Some(quieting) => format!("{} {}", finding.sentence, quieting.words()),
        None => finding.sentence.clone(),
    };
    let mut changes = vec![change(case.clone(), reason, sentence, ticket, input.now)];
    changes.extend(onset_change(input, &mut case, finding));
    changes
}

const fn is_judged_false(case: &Case) -> bool {
    matches!(case.state, CaseState::Closed { because: Reason::JudgedFalse, .. })
}

fn recovery(input: &Input, key: &Key, case: &Case, finding: &Finding) -> Vec<CaseChange> {
    if let Some(unrest) = unrest(input, key, case) {
        return restless(input, case, &unrest).into_iter().collect();
    }
    if !suppress::is_flapping(input, key) {
        let mut case = case.clone();
        case.latest.evidence.learn(&finding.evidence);
        return vec![closed(&case, Reason::Healthy, finding.sentence.clone(), input.now)];
    }
    let mark = "It comes and goes, so its ticket stays open until it has settled.";
    if case.latest.sentence.ends_with(mark) {
        return Vec::new();
    }
    let mut case = case.clone();
    case.latest.sentence = format!("{} {mark}", case.latest.sentence);
    let sentence = case.latest.sentence.clone();
    vec![change(case, Reason::Flapping, sentence, TicketAction::None, input.now)]
}

fn update(input: &Input, key: &Key, case: &Case, (finding, quieting): (&Finding, Option<Quieting>)) -> Vec<CaseChange> {
    let mut case = case.clone();
    let mut changes = Vec::new();
    changes.extend(suppression(input, &mut case, finding, quieting));
    if changes.is_empty() {
        changes.extend(judgement(input, &mut case, finding));
    }
    if changes.is_empty() {
        let unrest = unrest(input, key, &case).filter(|unrest| unrest.times > 2);
        if let Some(change) = unrest.and_then(|unrest| restless(input, &case, &unrest)) {
            case = change.case.clone();
            changes.push(change);
        }
    }
    changes.extend(onset_change(input, &mut case, finding));
    changes
}

/// A suppression that begins or ends.
fn suppression(input: &Input, case: &mut Case, finding: &Finding, quieting: Option<Quieting>) -> Option<CaseChange> {
    match (&case.state, quieting) {
        (CaseState::Open, Some(quieting)) => {
            case.state = quieting.state();
            let sentence = quieting.words().to_owned();
            Some(change(case.clone(), quieting.because, sentence, TicketAction::None, input.now))
        }
        (CaseState::Suppressed { parent: Some(parent), .. }, None) if is_settling(input, parent) => None,
        (CaseState::Suppressed { .. }, None) => {
            *case = judged(case.clone(), finding, input.now);
            case.state = CaseState::Open;
            let ticket = notify(case, TicketAction::Open, input.now);
            let sentence = format!("Nothing wider explains it any more. {}", finding.sentence);
            Some(change(case.clone(), Reason::Released, sentence, ticket, input.now))
        }
        _ => None,
    }
}

/// Whether the wider fault goes on, or ended so recently that what hung on it may still recover.
fn is_settling(input: &Input, parent: &CaseId) -> bool {
    let just_closed = |case: &&Case| case.closed_at().is_some_and(|at| input.now.since(at) < SETTLE);
    let mut known = input.cases.iter().chain(input.closed.iter().filter(just_closed));
    known.any(|case| case.id == *parent)
}

fn judgement(input: &Input, case: &mut Case, finding: &Finding) -> Option<CaseChange> {
    let calm = input.now.since(case.updated_at) >= CALM;
    if finding.severity <= case.severity && is_elsewhere(case, finding) {
        // As urgent as it was: that it is less so is believed later.
        let finding = Finding { severity: case.severity, ..finding.clone() };
        *case = judged(case.clone(), &finding, input.now);
        return Some(change(case.clone(), Reason::Refined, finding.sentence, TicketAction::None, input.now));
    }
    let (reason, action) = if finding.severity > case.severity {
        (Reason::Worse, TicketAction::Raise)
    } else if finding.severity < case.severity {
        (Reason::Better, TicketAction::None)
    } else {
        (Reason::Refined, TicketAction::None)
    };
    let told = match reason {
        Reason::Worse => true,
        Reason::Better => calm,
        _ => is_news(case, finding, input.now),
    };
    if !told {
        return None;
    }
    *case = judged(case.clone(), finding, input.now);
    let ticket = if reason == Reason::Worse { notify(case, action, input.now) } else { TicketAction::None };
    Some(change(case.clone(), reason, finding.sentence.clone(), ticket, input.now))
}

/// Whether more is known of where the fault is, or it has become another.
fn is_elsewhere(case: &Case, finding: &Finding) -> bool {
    let known = Place::of(&case.latest.evidence);
    let refined = Place::of(&finding.evidence).is_some_and(|place| place.refines(known));
    case.state == CaseState::Open && (refined || is_another_trouble(case, finding))
}

/// Of a service: that it gives no answer, or a late one.
fn is_another_trouble(case: &Case, finding: &Finding) -> bool {
    let metric = |evidence: &Evidence| evidence.chart.as_ref().map(|chart| chart.metric.clone());
    let is_service = matches!(case.asset.kind(), Some(AssetKind::Endpoint | AssetKind::Resolver));
    is_service && case.kind == FindingKind::LinkFault && metric(&case.latest.evidence) != metric(&finding.evidence)
}

/// Whether an equally bad judgement says something that people should know.
fn is_news(case: &Case, finding: &Finding, now: Timestamp) -> bool {
    if case.state != CaseState::Open {
        return false;
    }
    // A case that comes and goes has a sentence added to its own.
    let said = !case.latest.sentence.starts_with(&finding.sentence);
    match (case.kind, &case.latest.outlook, &finding.outlook) {
        // Their sentences hold no numbers that change by themselves.
        (
            FindingKind::PrinterFault
            | FindingKind::QueueStuck
            | FindingKind::DriveFailure
            | FindingKind::FilesystemReadonly
            | FindingKind::ArrayDegraded,
            _,
            _,
        ) => said,
        (FindingKind::CertificateExpiry | FindingKind::HostSilent | FindingKind::PrinterWearing, _, _) => false,
        // Its last days are no news: it was to be ordered before.
        (FindingKind::SupplyLow, _, Some(after)) if after.q50.is_none_or(|at| at.since(now) < LAST_DAYS) => false,
        (_, Some(before), Some(after)) => {
            let due = case.severity >= Severity::Soon && case.onset.is_none() && now.since(case.updated_at) >= NEWS;
            due && said && moved(before, after, now)
        }
        _ => false,
    }
}

/// Whether the middle date moved by more than a fifth of what remained.
pub(super) fn moved(before: &Outlook, after: &Outlook, now: Timestamp) -> bool {
    match (before.q50, after.q50) {
        (Some(before), Some(after)) => {
            let remaining = before.since(now).0.max(Millis::HOUR.0) as f64;
            (after.since(before).0 as f64).abs() > MOVED * remaining
        }
        (before, after) => before.is_some() != after.is_some(),
    }
}

/// Users begin to notice: noted once, on the cause and not on what hangs on it, and not in announced
/// work.
fn onset_change(input: &Input, case: &mut Case, finding: &Finding) -> Option<CaseChange> {
    if case.onset.is_some() || matches!(case.state, CaseState::Suppressed { .. }) || !onset::reached(input, finding) {
        return None;
    }
    case.onset = Some(input.now);
    let sentence = format!("Users notice from here on: {}.", onset::definition(case.kind));
    Some(change(case.clone(), Reason::Onset, sentence, TicketAction::None, input.now))
}
