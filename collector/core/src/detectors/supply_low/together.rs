//! Orders that go out together, for clients that wish so.

use super::{Judged, judge::Cause};
use crate::{
    finding::{FindingKind, Severity},
    input::Input,
};
use beforehand_shared::time::Millis;

/// What is due within the client's span is ordered with what is due now.
pub(super) fn raise(input: &Input, judged: &mut [Judged]) {
    let days = input.orders.together_days;
    let due = |judged: &Judged| {
        let case = input.case_on(&judged.asset, FindingKind::SupplyLow);
        judged.judgement.severity >= Severity::Soon && case.is_none_or(|case| case.severity < Severity::Soon)
    };
    if days == 0 || !judged.iter().any(due) {
        return;
    }
    let until = input.now.plus(Millis::days(i64::from(days)));
    for other in judged.iter_mut().filter(|other| other.judgement.severity < Severity::Soon) {
        if other.judgement.ticket_at.is_some_and(|at| at <= until) {
            (other.judgement.severity, other.judgement.cause) = (Severity::Soon, Cause::Dated);
        }
    }
}
