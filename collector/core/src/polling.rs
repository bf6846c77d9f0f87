//! Which agent of a site asks a printer on behalf of all: one at a time, another when it goes or
//! cannot reach it.

use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};

/// An agent that has not reported for so long has gone.
const GONE: Millis = Millis::minutes(5);
/// An agent that got no answer for so long may be the wrong one. Longer than two rounds of asking.
const NO_ANSWER: Millis = Millis::minutes(40);

/// A printer, as far as it matters for who asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub by: Option<HostId>,
    pub since: Option<Timestamp>,
    /// Agents that had their turn since it answered last.
    pub turns: u32,
    pub answered_at: Option<Timestamp>,
}

/// An agent of its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub host: HostId,
    pub last_report: Option<Timestamp>,
    /// It said goodbye.
    pub left: bool,
    /// One of its queues leads to this printer, so it can reach it.
    pub prints_there: bool,
    /// Its machine runs day and night.
    pub always_on: bool,
    /// Printers that it asks already.
    pub asks: usize,
}

impl Candidate {
    fn is_there(&self, now: Timestamp) -> bool {
        !self.left && self.last_report.is_some_and(|at| now.since(at) <= GONE)
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub by: Option<HostId>,
    /// As [`Asked::turns`], with this one.
    pub turns: u32,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody asked it so far.
    First,
    /// The one that asked it went away.
    Gone,
    /// The one that asks it gets no answer; perhaps another does.
    NoAnswer,
    /// Nobody is there.
    Nobody,
}

/// Who is to ask from now on; nothing where all stays as it is.
pub fn turn(printer: &Asked, candidates: &[Candidate], now: Timestamp) -> Option<Turn> {
    let there: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.is_there(now)).collect();
    let current = printer.by.and_then(|by| there.iter().find(|candidate| candidate.host == by));
    let why = match (current, printer.by) {
        (Some(_), _) if !waits_in_vain(printer, now) => return None,
        // Where every agent had its turn the printer is off, and nothing is won by going round.
        (Some(_), _) if printer.turns as usize >= there.len() => return None,
        (Some(_), _) => Why::NoAnswer,
        (None, Some(_)) => Why::Gone,
        (None, None) => Why::First,
    };
    let best = match current {
        // In a ring, so that each has its turn.
        Some(current) => there.iter().min_by_key(|candidate| (candidate.host <= current.host, candidate.host)),
        None => there
            .iter()
            .min_by_key(|candidate| (!candidate.prints_there, !candidate.always_on, candidate.asks, candidate.host)),
    };
    match best {
        Some(best) => {
            let turns = if why == Why::NoAnswer { printer.turns + 1 } else { 1 };
            Some(Turn { by: Some(best.host), turns, why })
        }
        None if printer.by.is_some() && current.is_none() => Some(Turn { by: None, turns: 0, why: Why::Nobody }),
        None => None,
    }
}

fn waits_in_vain(printer: &Asked, now: Timestamp) -> bool {
    let heard = printer.answered_at.max(printer.since);
    heard.is_some_and(|heard| now.since(heard) > NO_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn host(number: u128) -> HostId {
        HostId(Uuid::from_u128(number))
    }

    fn candidate(number: u128) -> Candidate {
        Candidate {
            host: host(number),
            last_report: Some(NOW.minus(Millis::minutes(1))),
            left: false,
            prints_there: false,
            always_on: false,
            asks: 0,
        }
    }

    fn asked_by(number: u128, for_so_long: Millis) -> Asked {
        let since = Some(NOW.minus(for_so_long));
        Asked { by: Some(host(number)), since, turns: 1, answered_at: since }
    }

    const NEW: Asked = Asked { by: None, since: None, turns: 0, answered_at: None };

    fn chosen(printer: &Asked, candidates: &[Candidate]) -> Option<(Option<u128>, Why)> {
        turn(printer, candidates, NOW).map(|turn| (turn.by.map(|host| host.0.as_u128()), turn.why))
    }

    #[test]
    fn who_prints_there_asks_then_who_is_always_on_then_who_asks_least() {
        let printing = Candidate { prints_there: true, asks: 9, ..candidate(3) };
        let server = Candidate { always_on: true, asks: 5, ..candidate(2) };
        let busy = Candidate { asks: 1, ..candidate(1) };
        assert_eq!(chosen(&NEW, &[busy, server, printing]), Some((Some(3), Why::First)));
        assert_eq!(chosen(&NEW, &[busy, server]), Some((Some(2), Why::First)));
        assert_eq!(chosen(&NEW, &[busy, candidate(4)]), Some((Some(4), Why::First)));
        assert_eq!(chosen(&NEW, &[]), None);
    }

    #[test]
    fn it_stays_with_its_agent_while_that_is_there() {
        let better = Candidate { prints_there: true, ..candidate(1) };
        assert_eq!(chosen(&asked_by(2, Millis::minutes(10)), &[better, candidate(2)]), None);
    }

    #[test]
    fn another_takes_over_when_its_agent_goes() {
        let silent = Candidate { last_report: Some(NOW.minus(Millis::minutes(6))), ..candidate(2) };
        let left = Candidate { left: true, ..candidate(2) };
        let asked = asked_by(2, Millis::minutes(10));
        for gone in [&[silent, candidate(1)][..], &[left, candidate(1)], &[candidate(1)]] {
            assert_eq!(chosen(&asked, gone), Some((Some(1), Why::Gone)));
        }
        assert_eq!(chosen(&asked, &[silent]), Some((None, Why::Nobody)));
    }

    #[test]
    fn a_printer_that_answers_nobody_goes_round_once() {
        let there = [candidate(1), Candidate { prints_there: true, ..candidate(2) }, candidate(3)];
        let mut asked = Asked { answered_at: None, ..asked_by(2, Millis::HOUR) };
        let mut round = vec![2];
        while let Some(turn) = turn(&asked, &there, NOW) {
            assert_eq!(turn.why, Why::NoAnswer);
            round.extend(turn.by.map(|host| host.0.as_u128()));
            asked = Asked { by: turn.by, turns: turn.turns, ..asked };
        }
        assert_eq!(round, [2, 3, 1]);
    }
}
