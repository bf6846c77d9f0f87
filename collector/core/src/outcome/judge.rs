//! The outcome of a closed case: the table of definitions, asked from the worst news to the best,
//! so that a claim is made only when nothing speaks against it.

use super::{
    Outcome, chance, reaction_time,
    story::story,
    tracking::tracking,
    view::{Expected, View},
};
use crate::{
    calendar::duration_words,
    case::{CaseState, Reason},
    forecast::Outlook,
    ledger::{Chance, ClosedCase, Draft, Subject},
    record::RuleRecord,
    ticket::Verdict,
};
use beforehand_shared::time::{Millis, Timestamp};

/// Onset must be at most this far away for an action to be a proven prevention.
const IMMINENT: Millis = Millis::hours(72);
/// A case that cleared within this time of the work was cleared by it.
const CLEARED_BY_WORK: Millis = Millis::hours(24);

/// None for what is never counted: a case without a ticket, or one that a wider cause explains.
pub fn judge(closed: &ClosedCase, record: &RuleRecord, written_at: Timestamp) -> Option<Draft> {
    let view = View::new(closed)?;
    if view.quieted_by(Reason::WiderCause) && view.reports.is_empty() {
        return None;
    }
    let ruling = rule(&view, record);
    Some(Draft {
        at: written_at,
        subject: Subject::Case { id: closed.case.id.clone() },
        site: closed.case.site,
        asset: Some(closed.case.asset.clone()),
        asset_name: closed.asset_name.clone(),
        kind: Some(closed.case.kind),
        outcome: ruling.outcome,
        counted_at: ruling.counted_at,
        onset: view.noticed_at(),
        ticketed_at: Some(view.ticketed_at),
        p: ruling.p,
        because: format!("{} Here: {}", ruling.outcome.definition(), ruling.figures),
        evidence: story(&view, ruling.forecast.or(view.expected.as_ref().map(|expected| expected.outlook))),
        corrects: None,
        by: "analysis".to_owned(),
    })
}

/// An outcome and the figures that its rule was applied to.
struct Ruling<'a> {
    outcome: Outcome,
    counted_at: Timestamp,
    p: Option<Chance>,
    /// The forecast that the rule was applied to, where it is not the one the ticket opened with.
    forecast: Option<&'a Outlook>,
    figures: String,
}

impl Ruling<'_> {
    fn new(outcome: Outcome, counted_at: Timestamp, figures: impl Into<String>) -> Self {
        Self { outcome, counted_at, p: None, forecast: None, figures: figures.into() }
    }
}

fn rule<'a>(view: &View<'a>, record: &RuleRecord) -> Ruling<'a> {
    out_of_scope(view)
        .or_else(|| reported(view))
        .or_else(|| judged_false(view))
        .or_else(|| began(view))
        .or_else(|| nobody_acted(view))
        .or_else(|| absorbed(view))
        .or_else(|| proven(view))
        .or_else(|| likely(view, record))
        .unwrap_or_else(|| handled(view))
}

fn out_of_scope<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let decommissioned = matches!(view.closed.case.state, CaseState::Closed { because: Reason::Decommissioned, .. });
    let why = if !view.closed.in_scope {
        "the contract does not cover it."
    } else if view.verdict() == Some(Verdict::OutOfScope) {
        "so says the person who resolved the ticket."
    } else if view.quieted_by(Reason::Maintenance) {
        "it fell into announced maintenance."
    } else if decommissioned && view.noticed_at().is_none() {
        "it was taken out of service before users noticed anything."
    } else {
        return None;
    };
    Some(Ruling::new(Outcome::OutOfScope, view.closed_at, why))
}

/// What a user reported outranks every judgement of our own.
fn reported<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let first = view.reports.iter().map(|report| report.noticed_at).min()?;
    let lead = first.since(view.ticketed_at);
    Some(if lead.0 > 0 {
        let figures =
            format!("the ticket opened {} before the first user noticed.{}", duration_words(lead), view.effort());
        Ruling::new(Outcome::Shortened, view.noticed_at().unwrap_or(first), figures)
    } else {
        let figures = match lead.0 {
            0 => "a user noticed it at the moment the ticket opened.".to_owned(),
            _ => format!("a user noticed it {} before the ticket opened.", duration_words(lead)),
        };
        Ruling::new(Outcome::Late, view.noticed_at().unwrap_or(first), figures)
    })
}

fn judged_false<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let withdrawn = matches!(view.closed.case.state, CaseState::Closed { because: Reason::JudgedFalse, .. });
    (withdrawn || view.verdict() == Some(Verdict::FalseAlarm)).then(|| {
        let who = view.closed.ticket.as_ref().and_then(|ticket| ticket.assignee.as_deref()).unwrap_or("a person");
        Ruling::new(Outcome::False, view.closed_at, format!("{who} judged it so."))
    })
}

/// Onset was measured although no user reported it.
fn began<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let onset = view.closed.case.onset?;
    let lead = onset.since(view.ticketed_at);
    let when = if lead.0 >= 0 { "before" } else { "after" };
    let figures = format!(
        "users could notice it from {} on; the ticket opened {} {when} that, and nobody reported it.{}",
        view.calendar.day_time(onset),
        duration_words(lead),
        view.effort(),
    );
    Some(Ruling::new(Outcome::Shortened, onset, figures))
}

fn nobody_acted<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let figures = match (&view.action, view.verdict()) {
        (_, Some(Verdict::NothingDone)) => "the person who resolved the ticket says that nothing was done.",
        (None, _) => "it cleared and no work that could have cleared it was recorded.",
        (Some(_), _) => return None,
    };
    Some(Ruling::new(Outcome::NotNeeded, view.closed_at, figures))
}

fn absorbed<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let (what, action) = (view.closed.absorbed.as_ref()?, view.action.as_ref()?);
    let figures = format!("the failure happened, and {what}; {}.", action.said);
    Some(Ruling::new(Outcome::PreventedProven, action.at, figures))
}

/// A change that only the measurements show proves nothing: it might have come by itself.
fn proven<'a>(view: &View<'a>) -> Option<Ruling<'a>> {
    let action = view.action.as_ref().filter(|action| action.recorded)?;
    let tracked = tracking(&view.closed.forecasts, &view.closed.measured, action.at)?;
    let outlook = &tracked.forecast.outlook;
    let left = outlook.q50?.since(action.at);
    let passed = outlook.q90.is_some_and(|q90| q90 < action.at);
    let cleared_after = view.closed_at.since(action.at);
    let removed = view.healthy && (action.measured || cleared_after <= CLEARED_BY_WORK);
    (left <= IMMINENT && !passed && removed).then(|| {
        let figures = format!(
            "all {} values measured from the forecast of {} until the action lay inside its 80 % band; at the action users \
             would most likely have noticed {}; {}; it cleared {} later.",
            tracked.values,
            view.calendar.day_time(tracked.forecast.made_at),
            if left.0 > 0 { format!("within {}", duration_words(left)) } else { "at any time".to_owned() },
            action.said,
            duration_words(cleared_after),
        );
        Ruling { forecast: Some(outlook), ..Ruling::new(Outcome::PreventedProven, action.at, figures) }
    })
}

fn likely<'a>(view: &View<'a>, record: &RuleRecord) -> Option<Ruling<'a>> {
    let (action, expected) = (view.action.as_ref()?, view.expected.as_ref()?);
    let kind = view.closed.case.kind;
    let lead = expected.onset()?.since(view.ticketed_at);
    let overtaken = view.last_word.as_ref().is_some_and(|last| last.q90.is_some_and(|q90| q90 < action.at));
    (view.healthy && lead >= reaction_time(kind) && !overtaken).then(|| {
        let chance = chance(kind, record);
        let figures = format!(
            "the ticket opened {} before the {} date of onset, where {} is time enough to act; {}; it cleared {} \
             later; no onset was measured and no user reported anything. Of such warnings that nobody handles, we take \
             {:.0} % to come true.",
            duration_words(lead),
            expected.which(),
            duration_words(reaction_time(kind)),
            action.said,
            duration_words(view.closed_at.since(action.at)),
            100.0 * chance.p,
        );
        Ruling { p: Some(chance), ..Ruling::new(Outcome::PreventedLikely, action.at, figures) }
    })
}

/// Someone acted and it went away, but nothing shows that users would have noticed.
fn handled<'a>(view: &View<'a>) -> Ruling<'a> {
    let reaction = duration_words(reaction_time(view.closed.case.kind));
    let why = match view.expected.as_ref().and_then(Expected::onset) {
        _ if !view.healthy => "no healthy measurement followed".to_owned(),
        None => "no forecast said when users would have noticed".to_owned(),
        Some(onset) if onset.since(view.ticketed_at) < reaction_time(view.closed.case.kind) => {
            format!("the ticket opened less than {reaction} before the expected onset")
        }
        Some(_) => "the dates of the forecast had passed without an incident".to_owned(),
    };
    let said = view.action.as_ref().map_or("nobody acted", |action| &action.said);
    Ruling::new(Outcome::NotNeeded, view.closed_at, format!("{said}, but {why}, so it is not counted."))
}
