//! How a technician handles tickets: how fast, how diligently, and what he writes down.

use crate::{random::Random, things::Deed, world::World};
use beforehand_core::{
    asset::AssetId,
    ticket::{Verdict, Work},
};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Technician {
    pub name: String,
    /// From the ticket to the first look, office hours only.
    pub reacts_after: Millis,
    /// Share of warnings he acts on; the rest wait until users are held up.
    pub diligence: f64,
    seed: u64,
    tickets: BTreeMap<i64, Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Seen,
    Looked,
    Acted,
}

/// A ticket as he finds it in the collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTicket {
    pub number: i64,
    pub asset: Option<AssetId>,
    pub opened_at: Timestamp,
    /// The condition is over, or nothing measures it (a user's report without a case).
    pub is_over: bool,
}

/// What he does in the collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Acknowledge { ticket: i64 },
    LogWork { ticket: i64, work: Work },
    Resolve { ticket: i64, verdict: Verdict },
}

impl Technician {
    pub const fn new(name: String, reacts_after: Millis, diligence: f64, seed: u64) -> Self {
        Self { name, reacts_after, diligence, seed, tickets: BTreeMap::new() }
    }

    /// Goes through the open tickets, acts in the world where he thinks it is needed, and says
    /// what he enters in the collector.
    pub fn work(&mut self, open: &[OpenTicket], world: &mut World) -> Vec<Step> {
        let now = world.now();
        if !world.calendar().is_busy(now) {
            return Vec::new();
        }
        let reacts_after = self.reacts_after;
        let due = open.iter().filter(|ticket| now >= ticket.opened_at.plus(reacts_after));
        due.flat_map(|ticket| self.handle(ticket, world)).collect()
    }

    fn handle(&mut self, ticket: &OpenTicket, world: &mut World) -> Vec<Step> {
        let number = ticket.number;
        let mut steps = Vec::new();
        if self.tickets.insert(number, self.tickets.get(&number).copied().unwrap_or(Progress::Seen)).is_none() {
            steps.push(Step::Acknowledge { ticket: number });
        }
        let progress = self.tickets.get(&number).copied().unwrap_or(Progress::Seen);
        let pressing = ticket.asset.as_ref().is_none_or(|asset| world.is_broken(asset));
        let unfinished = ticket.asset.as_ref().is_some_and(|asset| world.needs_help(asset));
        let begins = progress == Progress::Seen && (pressing || self.is_diligent(number));
        if begins || (progress != Progress::Seen && unfinished) {
            let deed = ticket.asset.as_ref().map_or_else(Deed::looked, |asset| world.act(asset));
            self.tickets.insert(number, if deed.acted { Progress::Acted } else { Progress::Looked });
            if progress == Progress::Seen || deed.acted {
                steps.push(Step::LogWork { ticket: number, work: self.entry(world.now(), deed) });
            }
        }
        if ticket.is_over {
            steps.push(Step::Resolve { ticket: number, verdict: self.verdict(number) });
            self.tickets.remove(&number);
        }
        steps
    }

    fn is_diligent(&self, number: i64) -> bool {
        Random::named(self.seed, &number.to_string()).chance(self.diligence)
    }

    fn entry(&self, at: Timestamp, deed: Deed) -> Work {
        Work { at, who: self.name.clone(), minutes: deed.minutes, text: deed.text, acted: deed.acted }
    }

    fn verdict(&self, number: i64) -> Verdict {
        match self.tickets.get(&number) {
            Some(Progress::Acted) => Verdict::Fixed,
            Some(Progress::Seen | Progress::Looked) | None => Verdict::NothingDone,
        }
    }
}
