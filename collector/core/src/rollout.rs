//! Which hosts are offered a new version of the agent: a tenth of them first, the rest once that
//! tenth is well, nobody any more once a host had to return. Pure: the collector only does it.

mod newest;
mod ring;
mod words;

pub use newest::Newest;
pub use ring::Ring;
pub use words::attempt_words;

use beforehand_shared::{
    ids::{ClientId, HostId},
    time::{Millis, Timestamp},
    update::{Able, CameTo, Index, Package, Updates, Version},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// One in so many hosts goes first.
const FIRST_RING: usize = 10;
/// So long the new version must have run on each host of the first ring.
pub const PROOF: Millis = Millis::DAY;
/// A host of the first ring that has been silent for longer is not waited for.
pub const REPORTED_WITHIN: Millis = Millis::DAY;
/// A host that has been silent for longer is not put into the first ring: it would prove nothing.
const SEEN_WITHIN: Millis = Millis::days(7);

/// A host as the rollout needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub client: ClientId,
    pub id: HostId,
    pub name: String,
    /// A retired host gets nothing, but what it said of a version still counts.
    pub in_service: bool,
    /// Whether its client gets updates of the agent at all.
    pub switched_on: bool,
    pub last_report: Option<Timestamp>,
    /// The version that runs, as the agent says it.
    pub running: String,
    /// What the agent says about updates; nothing from agents that know of none.
    pub updates: Option<Updates>,
}

/// Whether a host is offered the new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Offer(Turn),
    Wait(Wait),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    First,
    Rest,
}

/// Why a host is offered nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// It is out of service.
    Retired,
    /// Its client has updates switched off.
    SwitchedOff,
    /// The owner of the machine forbids it.
    Forbidden,
    /// Its build has no key to verify updates with.
    NoKey,
    /// Its agent has not said that it can be updated.
    CannotTell,
    OtherPlatform,
    /// The version runs there, or a newer one.
    Current,
    /// It was tried there and did not become healthy.
    GaveUp,
    /// It was tried somewhere and did not become healthy.
    Stopped,
    /// The first ring is not through yet.
    FirstRing,
    /// The index has expired: no agent would take it.
    Expired,
}

/// How far one package has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    pub platform: String,
    pub version: Version,
    pub phase: Phase,
    /// Hosts that run it, of those that may.
    pub running: usize,
    pub of: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    Expired,
    /// No host may have it.
    Nobody,
    /// A host had to return to the version before.
    Stopped {
        client: ClientId,
        host: HostId,
        name: String,
        why: String,
    },
    /// Only the first ring may have it.
    FirstRing(Ring),
    /// Every host may have it.
    Rest(Ring),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub verdicts: BTreeMap<HostId, Verdict>,
    /// One for each package of the index.
    pub courses: Vec<Course>,
}

/// What `index` means for each of `hosts` at `now`.
pub fn plan(index: &Index, hosts: &[Candidate], now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    for host in hosts {
        plan.verdicts.insert(host.id, Verdict::Wait(barred(host).unwrap_or(Wait::OtherPlatform)));
    }
    for package in &index.packages {
        let release = Release { package, made_at: index.made_at, expired: now >= index.expires_at, now };
        let able: Vec<&Candidate> = hosts.iter().filter(|host| barred(host).is_none() && release.fits(host)).collect();
        let ring = release.first_ring(&able);
        let phase = release.phase(hosts, &able, &ring);
        for host in &able {
            plan.verdicts.insert(host.id, release.verdict(host, &ring, &phase));
        }
        let running = able.iter().filter(|host| release.runs_on(host)).count();
        let (platform, version) = (package.platform.clone(), package.version);
        plan.courses.push(Course { platform, version, phase, running, of: able.len() });
    }
    plan
}

/// Why a host gets no update whatever is released.
fn barred(host: &Candidate) -> Option<Wait> {
    if !host.in_service {
        return Some(Wait::Retired);
    }
    match (host.switched_on, host.updates.as_ref().map(|updates| updates.able)) {
        (false, _) => Some(Wait::SwitchedOff),
        (true, Some(Able::Yes)) if host.running.parse::<Version>().is_ok() => None,
        (true, Some(Able::Forbidden)) => Some(Wait::Forbidden),
        (true, Some(Able::NoKey)) => Some(Wait::NoKey),
        (true, Some(Able::Yes | Able::Unknown) | None) => Some(Wait::CannotTell),
    }
}

/// One package at one moment.
struct Release<'a> {
    package: &'a Package,
    made_at: Timestamp,
    expired: bool,
    now: Timestamp,
}

impl Release<'_> {
    fn fits(&self, host: &Candidate) -> bool {
        host.updates.as_ref().is_some_and(|updates| updates.platform == self.package.platform)
    }

    fn runs_on(&self, host: &Candidate) -> bool {
        host.running.parse::<Version>().is_ok_and(|running| running >= self.package.version)
    }

    /// A tenth of the hosts that can be seen, at least one. The hash differs from version to version,
    /// so that it is not always the same people who go first.
    fn first_ring(&self, able: &[&Candidate]) -> BTreeSet<HostId> {
        let seen = |host: &&&Candidate| self.reported(host, SEEN_WITHIN);
        let mut ranked: Vec<_> = able.iter().filter(seen).map(|host| (self.rank(host.id), host.id)).collect();
        ranked.sort();
        let size = ranked.len().div_ceil(FIRST_RING);
        ranked.into_iter().take(size).map(|(_, id)| id).collect()
    }

    fn rank(&self, host: HostId) -> [u8; 32] {
        Sha256::digest(format!("{host} {}", self.package.version)).into()
    }

    /// That a host returned is looked for among all of them: retired or switched off since, it still
    /// says that the version is bad.
    fn phase(&self, all: &[Candidate], able: &[&Candidate], ring: &BTreeSet<HostId>) -> Phase {
        if self.expired {
            return Phase::Expired;
        }
        let mut fitting = all.iter().filter(|host| self.fits(host));
        if let Some((host, why)) = fitting.find_map(|host| Some((host, self.gave_up(host)?))) {
            let (name, why) = (host.name.clone(), why.to_owned());
            return Phase::Stopped { client: host.client, host: host.id, name, why };
        }
        if able.is_empty() {
            return Phase::Nobody;
        }
        let in_ring = able.iter().copied().filter(|host| ring.contains(&host.id));
        let reporting: Vec<_> = in_ring.filter(|host| self.reported(host, REPORTED_WITHIN)).collect();
        let ring = self.ring(&reporting, ring.len());
        if ring.is_through() { Phase::Rest(ring) } else { Phase::FirstRing(ring) }
    }

    fn verdict(&self, host: &Candidate, ring: &BTreeSet<HostId>, phase: &Phase) -> Verdict {
        if self.runs_on(host) {
            return Verdict::Wait(Wait::Current);
        }
        match phase {
            Phase::Expired => Verdict::Wait(Wait::Expired),
            Phase::Stopped { .. } if self.gave_up(host).is_some() => Verdict::Wait(Wait::GaveUp),
            Phase::Stopped { .. } => Verdict::Wait(Wait::Stopped),
            Phase::FirstRing(_) if ring.contains(&host.id) => Verdict::Offer(Turn::First),
            Phase::FirstRing(_) | Phase::Nobody => Verdict::Wait(Wait::FirstRing),
            Phase::Rest(_) => Verdict::Offer(if ring.contains(&host.id) { Turn::First } else { Turn::Rest }),
        }
    }

    fn reported(&self, host: &Candidate, within: Millis) -> bool {
        host.last_report.is_some_and(|at| self.now.since(at) <= within)
    }

    fn is_settled(&self, host: &Candidate) -> bool {
        self.runs_on(host) && self.now.since(self.runs_since(host)) >= PROOF
    }

    /// Since when the version runs there. Where the agent does not say so, because somebody installed
    /// it by hand, or where its clock is ahead of ours, it counts from when the index was made.
    fn runs_since(&self, host: &Candidate) -> Timestamp {
        self.updated_at(host).unwrap_or(self.made_at)
    }

    /// When the agent brought the version there by itself.
    fn updated_at(&self, host: &Candidate) -> Option<Timestamp> {
        let last = host.updates.as_ref()?.last.as_ref()?;
        let this = matches!(last.came_to, CameTo::Updated { .. }) && last.version == Some(self.package.version);
        (this && last.at <= self.now).then_some(last.at)
    }

    /// Why the host returned from this version to the one before.
    fn gave_up<'a>(&self, host: &'a Candidate) -> Option<&'a str> {
        let last = host.updates.as_ref()?.last.as_ref()?;
        match &last.came_to {
            CameTo::Returned { why, .. } if last.version == Some(self.package.version) => Some(why),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
