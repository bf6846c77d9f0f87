//! How right the tickets about a world were, and how early: per kind, beside what really went wrong.

use crate::truth::{Trouble, Truth};
use beforehand_core::{asset::AssetId, finding::FindingKind};
use beforehand_shared::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};

/// The kinds whose tickets are about disks.
pub const OF_DISKS: [FindingKind; 5] = [
    FindingKind::DriveFailure,
    FindingKind::DriveWear,
    FindingKind::DriveLatency,
    FindingKind::FilesystemReadonly,
    FindingKind::ArrayDegraded,
];
/// A ticket that opens so long after trouble ended was about it.
const AFTERWARDS: Millis = Millis::days(1);

/// A ticket as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticketed {
    pub asset: AssetId,
    pub kind: FindingKind,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Foresight {
    pub kind: FindingKind,
    pub tickets: usize,
    /// Of the tickets: about an asset that really had trouble then.
    pub right: usize,
    /// Troubles that came to what they lead to, or would have.
    pub came: usize,
    /// Of these: with a ticket before that.
    pub foreseen: usize,
    /// Of these: with a ticket at all.
    pub ticketed: usize,
    /// Median time from the ticket to what came, over the foreseen.
    pub lead: Option<Millis>,
}

impl Foresight {
    pub fn precision(&self) -> Option<f64> {
        (self.tickets > 0).then(|| self.right as f64 / self.tickets as f64)
    }

    pub fn recall(&self) -> Option<f64> {
        (self.came > 0).then(|| self.foreseen as f64 / self.came as f64)
    }

    /// One line of a table.
    pub fn line(&self) -> String {
        let percent =
            |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0));
        let lead = self.lead.map_or_else(|| "-".to_owned(), |lead| format!("{:.1} d", lead.as_days()));
        format!(
            "{:<20} {:>4} tickets, {:>5} right; {:>4} came, {:>5} foreseen, {:>4} ticketed, median lead {lead}",
            self.kind.word(),
            self.tickets,
            percent(self.precision()),
            self.came,
            percent(self.recall()),
            self.ticketed,
        )
    }
}

/// Each world with its tickets. A ticket is right whatever it says is wrong with the asset: a worn drive may be called
/// failing.
pub fn foresight<'a>(kind: FindingKind, worlds: impl IntoIterator<Item = (&'a Truth, &'a [Ticketed])>) -> Foresight {
    let mut sum = Foresight { kind, tickets: 0, right: 0, came: 0, foreseen: 0, ticketed: 0, lead: None };
    let mut leads: Vec<Millis> = Vec::new();
    for (truth, tickets) in worlds {
        let of_kind: Vec<&Ticketed> = tickets.iter().filter(|ticket| ticket.kind == kind).collect();
        sum.tickets += of_kind.len();
        sum.right += of_kind.iter().filter(|ticket| truth.troubles.iter().any(|it| is_about(ticket, it))).count();
        for trouble in truth.troubles.iter().filter(|trouble| trouble.kind == kind) {
            let Some(onset) = trouble.onset else { continue };
            sum.came += 1;
            let first = tickets.iter().filter(|ticket| is_about(ticket, trouble)).map(|ticket| ticket.at).min();
            sum.ticketed += usize::from(first.is_some());
            leads.extend(first.filter(|at| *at < onset).map(|at| onset.since(at)));
        }
    }
    sum.foreseen = leads.len();
    leads.sort_unstable();
    sum.lead = leads.get(leads.len() / 2).copied();
    sum
}

fn is_about(ticket: &Ticketed, trouble: &Trouble) -> bool {
    let until = trouble.ended.map_or(Timestamp(i64::MAX), |ended| ended.plus(AFTERWARDS));
    OF_DISKS.contains(&ticket.kind) && ticket.asset == trouble.asset && ticket.at >= trouble.began && ticket.at <= until
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRIVE: FindingKind = FindingKind::DriveFailure;

    fn day(n: i64) -> Timestamp {
        Timestamp(0).plus(Millis::days(n))
    }

    #[test]
    fn tickets_are_right_while_trouble_lasts_and_early_before_it_comes() {
        let trouble = |asset: &str, (began, onset, ended): (i64, Option<i64>, i64)| Trouble {
            asset: AssetId(asset.to_owned()),
            kind: DRIVE,
            began: day(began),
            onset: onset.map(day),
            ended: Some(day(ended)),
        };
        let ticket = |asset: &str, at| Ticketed { asset: AssetId(asset.to_owned()), kind: DRIVE, at: day(at) };
        let troubles = vec![
            trouble("early", (10, Some(40), 44)),
            trouble("late", (10, Some(40), 44)),
            trouble("cable", (10, None, 20)),
        ];
        let truth = Truth { troubles, ..Truth::default() };
        let tickets = [ticket("early", 12), ticket("late", 41), ticket("cable", 15), ticket("well", 15)];
        let foresight = foresight(DRIVE, [(&truth, &tickets[..])]);
        assert_eq!((foresight.tickets, foresight.right), (4, 3));
        assert_eq!((foresight.came, foresight.foreseen, foresight.ticketed), (2, 1, 2));
        assert_eq!(foresight.lead, Some(Millis::days(28)));
    }
}
