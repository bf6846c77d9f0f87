//! What a case says of a connection that comes and goes.

use super::changes::change;
use crate::{
    case::{Case, CaseChange, CaseState, Reason, TicketAction},
    correlate::Key,
    input::Input,
    unrest::Unrest,
};
use beforehand_shared::time::Millis;

/// Up to this often each outage of what comes and goes is told; then once an hour.
const EACH_TIME: usize = 4;

/// What hangs on a wider fault may recover with it.
pub(super) fn unrest(input: &Input, key: &Key, case: &Case) -> Option<Unrest> {
    if case.state == CaseState::Open { Unrest::of(input, key) } else { None }
}

/// Its ticket says how often it went down; later not each time.
pub(super) fn restless(input: &Input, case: &Case, unrest: &Unrest) -> Option<CaseChange> {
    let sentence = unrest.sentence(input, &case.asset);
    let said = case.latest.sentence.starts_with(&unrest.how_often(input, &case.asset));
    let due = unrest.times <= EACH_TIME || input.now.since(case.updated_at) >= Millis::HOUR;
    let mut case = case.clone();
    case.latest.sentence.clone_from(&sentence);
    (!said && due).then(|| change(case, Reason::Flapping, sentence, TicketAction::None, input.now))
}
