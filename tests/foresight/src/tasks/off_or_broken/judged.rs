//! Which ticket belongs to what really happened.

use super::offices::Ticket;
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_sim::presence::{Cut, Office};

/// Tickets until so long after a cut or a fault belong to it.
const AFTER: Millis = Millis::minutes(30);

/// The tickets of one method about one office.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// For nothing but machines that were switched off.
    pub(super) wrong: Vec<Ticket>,
    pub(super) cuts: Vec<OfCut>,
    /// Minutes until each fault of a machine that is always on was found.
    pub(super) faults: Vec<Option<f64>>,
}

#[derive(Debug)]
pub(super) struct OfCut {
    pub(super) what: &'static str,
    pub(super) tickets: usize,
    /// Of them, those about the site.
    pub(super) of_site: usize,
    /// Minutes until the first.
    pub(super) first: Option<f64>,
}

impl Judged {
    pub(super) fn of(office: &Office, tickets: &[Ticket]) -> Self {
        let of_fault = |ticket: &Ticket| {
            office
                .faults
                .iter()
                .position(|fault| ticket.machine == Some(fault.machine) && within(fault.from, fault.to, ticket.at))
        };
        let of_cut = |ticket: &Ticket| office.cuts.iter().position(|cut| within(cut.from, cut.to, ticket.at));
        let mut judged = Self {
            wrong: Vec::new(),
            cuts: office.cuts.iter().map(OfCut::of).collect(),
            faults: vec![None; office.faults.len()],
        };
        for ticket in tickets {
            match (of_fault(ticket), of_cut(ticket)) {
                (Some(fault), _) => {
                    let took = minutes(office.faults[fault].from, ticket.at);
                    judged.faults[fault].get_or_insert(took);
                }
                (None, Some(cut)) => judged.cuts[cut].add(minutes(office.cuts[cut].from, ticket.at), *ticket),
                (None, None) => judged.wrong.push(*ticket),
            }
        }
        judged
    }
}

impl OfCut {
    const fn of(cut: &Cut) -> Self {
        Self { what: cut.what, tickets: 0, of_site: 0, first: None }
    }

    fn add(&mut self, took: f64, ticket: Ticket) {
        self.tickets += 1;
        self.of_site += usize::from(ticket.machine.is_none());
        self.first.get_or_insert(took);
    }

    /// One, and it is about the site.
    pub(super) const fn is_one(&self) -> bool {
        self.tickets == 1 && self.of_site == 1
    }
}

fn within(from: Timestamp, to: Timestamp, at: Timestamp) -> bool {
    at >= from && at < to.plus(AFTER)
}

fn minutes(from: Timestamp, to: Timestamp) -> f64 {
    to.since(from).as_hours() * 60.0
}
