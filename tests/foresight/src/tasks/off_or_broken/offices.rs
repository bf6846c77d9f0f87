//! Runs the offices: what each method would have called for, minute by minute.

use super::opponents::LastSeen;
use anyhow::Result;
use beforehand_core::{asset::AssetId, case::TicketAction, finding::FindingKind, memory::Memory, site::Site};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    time::{Millis, Timestamp},
};
use beforehand_sim::presence::{Office, Wire};
use beforehand_sim::side_by_side::side_by_side;
use std::{collections::BTreeMap, ops::Range};

const SITE: SiteId = SiteId(uuid::Uuid::from_u128(2));
/// Reports of a machine in the weeks from which is learned.
const APART: Millis = Millis::minutes(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    /// Place of the machine; none for the whole site.
    pub(super) machine: Option<usize>,
    pub(super) at: Timestamp,
}

/// One office with what was said of it.
pub(super) struct Watched {
    pub(super) office: Office,
    pub(super) ours: Vec<Ticket>,
    /// In the order of [`LastSeen::ALL`].
    pub(super) opponents: Vec<Vec<Ticket>>,
}

pub(super) fn run(seeds: Range<u64>) -> Result<Vec<Watched>> {
    side_by_side(seeds, one).into_iter().collect()
}

fn one(seed: u64) -> Result<Watched> {
    let office = Office::new(seed)?;
    let site = Site { client: ClientId(uuid::Uuid::from_u128(1)), id: SITE, name: "Office".to_owned() };
    let (mut memory, mut wire) = (Memory::new(site, office.zone), Wire::new(&office));
    let mut heard: BTreeMap<HostId, Timestamp> = BTreeMap::new();
    let mut ours = Vec::new();
    let mut opponents = LastSeen::ALL.map(|limit| (LastSeen::new(limit), Vec::new()));
    let mut now = office.start;
    while now < office.end {
        let judged = now >= office.judged_from;
        let arrived = wire.arrive(now);
        now = now.plus(if judged { Millis::MINUTE } else { APART });
        for report in &arrived {
            memory.take(report);
            heard.insert(report.host, report.made_at);
        }
        if judged {
            let changes = memory
                .judge(now)
                .into_iter()
                .filter(|change| change.ticket == TicketAction::Open && change.case.kind == FindingKind::HostSilent);
            ours.extend(changes.filter_map(|change| ticket(&office, &change.case.asset, now)));
        }
        for (opponent, tickets) in &mut opponents {
            let called = opponent.judge(&heard, now);
            let machine = |host: &HostId| office.machines.iter().position(|machine| machine.id == *host);
            tickets.extend(called.iter().filter(|_| judged).map(|host| Ticket { machine: machine(host), at: now }));
        }
    }
    Ok(Watched { ours, opponents: opponents.map(|(_, tickets)| tickets).to_vec(), office })
}

fn ticket(office: &Office, asset: &AssetId, at: Timestamp) -> Option<Ticket> {
    if *asset == AssetId::premises(SITE) {
        return Some(Ticket { machine: None, at });
    }
    let host = asset.host()?;
    let machine = office.machines.iter().position(|machine| machine.id == host)?;
    Some(Ticket { machine: Some(machine), at })
}
