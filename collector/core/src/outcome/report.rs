//! What users reported, and whether a case covers it.

use super::Outcome;
use crate::{
    case::Case,
    ledger::{Draft, Story, Subject},
    ticket::UserReport,
};
use beforehand_shared::time::{Millis, Timestamp};

/// A user may have noticed this long before the analysis could know.
const NOTICED_BEFORE: Millis = Millis::DAY;

/// Whether `case` is about what `report` tells of: the same asset or the printer of
/// its supply, or, where the report names
/// none, a case on the site that users could notice then.
pub fn covers(case: &Case, report: &UserReport) -> bool {
    let same_place = case.client == report.client && case.site == report.site;
    let begin = match &report.asset {
        Some(asset) => (*asset == case.asset || Some(asset) == case.asset.printer().as_ref()).then_some(case.opened_at),
        None => case.onset,
    };
    let not_over = case.closed_at().is_none_or(|closed_at| report.noticed_at <= closed_at);
    same_place && not_over && begin.is_some_and(|begin| report.noticed_at >= begin.minus(NOTICED_BEFORE))
}

/// The entry of a report that no ticket covers: missed, or out of scope. `covering` is the case
/// that [`covers`] it, if any, or the wider case that explains that one. With one, None says that the outcome of the case tells of the
/// report, or that the case is open and may still do so: ask again once it has closed.
pub fn judge_user_report(
    report: &UserReport,
    covering: Option<&Case>,
    asset_name: &str,
    written_at: Timestamp,
) -> Option<Draft> {
    let figures = match covering {
        Some(case) if case.ticketed_at.is_some() || !case.is_closed() => return None,
        Some(_) => "we had noted it, but opened no ticket.",
        None if report.in_scope => "we had not seen it.",
        None => "the person who entered the report says so.",
    };
    let outcome = if report.in_scope { Outcome::Missed } else { Outcome::OutOfScope };
    Some(Draft {
        at: written_at,
        subject: Subject::UserReport { number: report.number },
        site: report.site,
        asset: report.asset.clone(),
        asset_name: asset_name.to_owned(),
        kind: covering.map(|case| case.kind),
        outcome,
        counted_at: report.noticed_at,
        onset: Some(report.noticed_at),
        ticketed_at: None,
        p: None,
        because: format!("{} Here: {figures}", outcome.definition()),
        evidence: Story {
            saw: format!("{} reported: {}", report.who, report.what),
            saw_at: Some(report.noticed_at),
            after: "Entered by hand: nothing was measured.".to_owned(),
            people: report.people,
            minutes_lost: report.minutes_lost,
            ..Story::default()
        },
        corrects: None,
        by: "analysis".to_owned(),
    })
}
