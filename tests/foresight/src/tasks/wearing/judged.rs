//! Which ticket belongs to rollers that wear.

use beforehand_shared::time::Timestamp;
use beforehand_sim::wearing::Wear;

/// The tickets of one method about one printer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// Nothing where people never complained.
    pub(super) told: Option<Told>,
    /// Tickets at times at which no rollers wore, and those of them that came after new ones.
    pub(super) wrong: usize,
    pub(super) after_service: usize,
    pub(super) healthy_years: f64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// From the first wear to the complaint, at the usual pace.
    pub(super) weeks: f64,
    /// From the first ticket to the complaint, less than nothing where it was late.
    pub(super) lead_days: Option<f64>,
}

impl Judged {
    /// Of what was said between two instants.
    pub(super) fn of(wear: Option<&Wear>, tickets: &[Timestamp], (from, to): (Timestamp, Timestamp)) -> Self {
        let worn = wear.map_or(to..to, |wear| wear.from..wear.serviced.unwrap_or(to));
        let told = wear.and_then(|wear| {
            let complaint = wear.complaint?;
            let first = tickets.iter().find(|at| worn.contains(at));
            let lead_days = first.map(|at| complaint.since(*at).as_days());
            Some(Told { weeks: wear.weeks, lead_days })
        });
        let wrong = tickets.iter().filter(|at| (from..to).contains(at) && !worn.contains(at));
        let after = wrong.clone().filter(|at| **at >= worn.end).count();
        let healthy = to.since(from).as_days() - worn.end.since(worn.start).as_days();
        Self { told, wrong: wrong.count(), after_service: after, healthy_years: healthy / 365.25 }
    }
}
