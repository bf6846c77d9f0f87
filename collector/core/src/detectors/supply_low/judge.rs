//! How bad it is, by when to order, and when it is over.

use super::{
    foresee::{Dates, Foresight, Why},
    lives::Began,
};
use crate::{
    asset::AssetId,
    case::Case,
    detectors::printer_fault::Class,
    finding::{FindingKind, Severity},
    input::Input,
    site::Orders,
};
use beforehand_shared::{
    printer::{Supply, SupplyLevel},
    time::{Millis, Timestamp},
};

/// A note is made so many working days before the ticket.
const NOTE_DAYS: u32 = 5;
/// A supply that was seen to fall and has no more than this is ordered, dated or not.
const NEARLY_EMPTY: f32 = 5.0;
/// A ticket is taken back to a note when its day is so far away again.
const FAR: Millis = Millis::days(28);

/// Why it is called what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Empty,
    /// By its dates.
    Dated,
    /// The printer says so, and no date is known.
    Said,
    /// Next to nothing is left, and no date is known.
    NearlyEmpty,
    /// Replaced or refilled since the case opened.
    Changed,
    /// The printer does not call it low any more.
    Unsaid,
    Enough,
}

pub(super) struct Judgement {
    pub severity: Severity,
    pub cause: Cause,
    /// The last day to order, at its beginning.
    pub order_by: Option<Timestamp>,
    /// When the ticket is due.
    pub ticket_at: Option<Timestamp>,
}

/// What is judged.
pub(super) struct Question<'a> {
    pub input: &'a Input,
    pub asset: &'a AssetId,
    pub supply: &'a Supply,
    /// How bad the printer itself calls it.
    pub said: Option<Class>,
    pub foresight: Option<&'a Foresight>,
}

pub(super) fn judge(question: &Question) -> Judgement {
    let case = question.input.case_on(question.asset, FindingKind::SupplyLow);
    let dates = question.foresight.and_then(|foresight| foresight.dates.as_ref().ok());
    let (order_by, ticket_at) = match dates {
        Some(dates) => order_dates(question.input, dates),
        None => (None, None),
    };
    let (severity, cause) = state(question, dates, ticket_at);
    let held = case.map_or((severity, cause), |case| hold(question, case, ticket_at, (severity, cause)));
    Judgement { severity: held.0, cause: held.1, order_by, ticket_at }
}

fn state(question: &Question, dates: Option<&Dates>, ticket_at: Option<Timestamp>) -> (Severity, Cause) {
    let now = question.input.now;
    if is_empty(question) {
        return (Severity::Act, Cause::Empty);
    }
    match (dates, ticket_at) {
        (Some(_), Some(at)) if now >= at => (Severity::Soon, Cause::Dated),
        (Some(_), Some(at)) if now >= working_days_before(question.input, at, NOTE_DAYS) => {
            (Severity::Watch, Cause::Dated)
        }
        // It may call itself low for months.
        (Some(_), _) if question.said.is_some() => (Severity::Watch, Cause::Dated),
        (Some(_), _) => (Severity::Quiet, Cause::Enough),
        (None, _) if question.said.is_some() => (Severity::Soon, Cause::Said),
        (None, _) if is_nearly_empty(question) => (Severity::Soon, Cause::NearlyEmpty),
        (None, _) => (Severity::Blind, Cause::Enough),
    }
}

pub(super) fn is_empty(question: &Question) -> bool {
    question.said == Some(Class::Failed)
}

/// A number is believed only where it was seen to fall.
fn is_nearly_empty(question: &Question) -> bool {
    let Some(foresight) = question.foresight else { return false };
    let believed = matches!(foresight.dates, Err(Why::TooFewMoves | Why::TooYoung));
    foresight.is_low() && believed && matches!(question.supply.level, SupplyLevel::Left(left) if left <= NEARLY_EMPTY)
}

/// One ticket for each cartridge: until another lies in its place it stays.
fn hold(
    question: &Question,
    case: &Case,
    ticket_at: Option<Timestamp>,
    (severity, cause): (Severity, Cause),
) -> (Severity, Cause) {
    let life = question.foresight.and_then(|foresight| foresight.lives.last());
    let changed = life.is_some_and(|life| life.from > case.opened_at && life.began != Began::Unseen);
    let too_new = question.foresight.is_some_and(|foresight| foresight.too_new);
    // Another cartridge is another matter: if it is low itself, its own case opens next.
    if changed && cause != Cause::Empty {
        return (Severity::Quiet, Cause::Changed);
    }
    if severity >= Severity::Soon {
        return (severity, cause);
    }
    // Nothing is said until it is believed; what was empty and is not called so any more is believed at once.
    if too_new {
        let mended = case.severity == Severity::Act && question.said.is_none();
        return if mended { (Severity::Quiet, Cause::Changed) } else { (Severity::Blind, cause) };
    }
    let never_dated = case.latest.outlook.is_none() && case.first.outlook.is_none();
    if never_dated && severity == Severity::Blind && question.said.is_none() && !shows_low(question) {
        return (Severity::Quiet, Cause::Unsaid);
    }
    let far = ticket_at.is_some_and(|at| at.since(question.input.now) > FAR);
    let least = if far || case.severity < Severity::Soon { Severity::Watch } else { Severity::Soon };
    let cause = if severity < Severity::Watch { last_cause(question) } else { cause };
    (severity.max(least), cause)
}

fn shows_low(question: &Question) -> bool {
    matches!(question.supply.level, SupplyLevel::Left(left) if left <= 2.0 * NEARLY_EMPTY)
}

const fn last_cause(question: &Question) -> Cause {
    match question.foresight {
        Some(Foresight { dates: Ok(_), .. }) => Cause::Dated,
        _ => Cause::Said,
    }
}

/// The last day to order, and when its ticket is due.
fn order_dates(input: &Input, dates: &Dates) -> (Option<Timestamp>, Option<Timestamp>) {
    let Some(first) = dates.quantile(0.1) else { return (None, None) };
    let Orders { delivery_days, margin_days, .. } = input.orders;
    let order_by = working_days_before(input, first, u32::from(delivery_days));
    (Some(order_by), Some(working_days_before(input, order_by, u32::from(margin_days))))
}

/// The beginning of the local day that lies so many working days before `at`.
fn working_days_before(input: &Input, at: Timestamp, days: u32) -> Timestamp {
    let calendar = input.calendar();
    let mut start = calendar.day_start(at);
    let mut left = days;
    while left > 0 || !calendar.is_working_day(start) {
        let was_working = calendar.is_working_day(start);
        // Whether days have 23 or 25 hours.
        start = calendar.day_start(start.minus(Millis::hours(2)));
        left -= u32::from(was_working && left > 0);
    }
    start
}
