//! Which hosts are offered a new version of the agent: a tenth of them first, the rest once that
//! tenth is well, nobody any more once a host had to return. Pure: the collector only does it.

mod words;

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

/// A host as the rollout needs it. Hosts out of service are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub client: ClientId,
    pub id: HostId,
    pub name: String,
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
    Offer(Ring),
    Wait(Wait),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ring {
    First,
    Rest,
}

/// Why a host is offered nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
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
    /// `settled` of the `reporting` hosts of the first ring have run it for [`PROOF`].
    FirstRing {
        settled: usize,
        reporting: usize,
        size: usize,
    },
    /// Every host may have it.
    Rest,
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
        let phase = release.phase(&able, &ring);
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

    fn phase(&self, able: &[&Candidate], ring: &BTreeSet<HostId>) -> Phase {
        if self.expired {
            return Phase::Expired;
        }
        if able.is_empty() {
            return Phase::Nobody;
        }
        if let Some((host, why)) = able.iter().find_map(|host| Some((host, self.gave_up(host)?))) {
            let (name, why) = (host.name.clone(), why.to_owned());
            return Phase::Stopped { client: host.client, host: host.id, name, why };
        }
        let in_ring = able.iter().filter(|host| ring.contains(&host.id));
        let reporting: Vec<_> = in_ring.filter(|host| self.reported(host, REPORTED_WITHIN)).collect();
        let settled = reporting.iter().filter(|host| self.is_settled(host)).count();
        // A ring of which nobody reports proves nothing.
        if settled > 0 && settled == reporting.len() {
            return Phase::Rest;
        }
        Phase::FirstRing { settled, reporting: reporting.len(), size: ring.len() }
    }

    fn verdict(&self, host: &Candidate, ring: &BTreeSet<HostId>, phase: &Phase) -> Verdict {
        if self.runs_on(host) {
            return Verdict::Wait(Wait::Current);
        }
        match phase {
            Phase::Expired => Verdict::Wait(Wait::Expired),
            Phase::Stopped { .. } if self.gave_up(host).is_some() => Verdict::Wait(Wait::GaveUp),
            Phase::Stopped { .. } => Verdict::Wait(Wait::Stopped),
            Phase::FirstRing { .. } if ring.contains(&host.id) => Verdict::Offer(Ring::First),
            Phase::FirstRing { .. } | Phase::Nobody => Verdict::Wait(Wait::FirstRing),
            Phase::Rest => Verdict::Offer(if ring.contains(&host.id) { Ring::First } else { Ring::Rest }),
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
        let last = host.updates.as_ref().and_then(|updates| updates.last.as_ref());
        let updated = last.filter(|last| {
            matches!(last.came_to, CameTo::Updated { .. }) && last.version == Some(self.package.version)
        });
        updated.map(|last| last.at).filter(|at| *at <= self.now).unwrap_or(self.made_at)
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
