//! How the first ring is doing with a version, host by host.

use super::{Candidate, Release};
use beforehand_shared::{
    time::{Millis, Timestamp},
    update::CameTo,
};

/// A host that was offered the version for longer, and did nothing, is not waited for.
const PATIENCE: Millis = Millis::DAY;

/// The first ring as far as it reports. The names are of hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ring {
    pub size: usize,
    pub reporting: usize,
    /// So many have run the version for [`super::PROOF`].
    pub settled: usize,
    /// These are waited for.
    pub holding: Vec<String>,
    /// These could not install it, or did nothing while another proved it.
    pub left_out: Vec<String>,
}

impl Ring {
    /// Whether the others may follow. A ring of which nobody ran the version proves nothing.
    pub(super) const fn is_through(&self) -> bool {
        self.settled > 0 && self.holding.is_empty()
    }

    /// Whether no host of it is left that could prove the version.
    pub(super) const fn is_stuck(&self) -> bool {
        self.reporting > 0 && self.left_out.len() == self.reporting
    }
}

impl Release<'_> {
    /// What the hosts `reporting` of a ring of `size` have come to.
    pub(super) fn ring(&self, reporting: &[&Candidate], size: usize) -> Ring {
        // Whoever was updated to it and has proved it had it offered at that time at the latest; so
        // had the others of the ring. A version installed by hand says nothing about offers.
        let proved = reporting.iter().filter(|host| self.is_settled(host)).filter_map(|host| self.updated_at(host));
        let offered_since = proved.min();
        let mut ring = Ring { size, reporting: reporting.len(), ..Ring::default() };
        for host in reporting {
            if self.is_settled(host) {
                ring.settled += 1;
            } else if !self.runs_on(host) && (self.could_not(host) || self.is_slow(host, offered_since)) {
                ring.left_out.push(host.name.clone());
            } else {
                ring.holding.push(host.name.clone());
            }
        }
        ring
    }

    /// Whether its last attempt at this version ended before anything was installed.
    fn could_not(&self, host: &Candidate) -> bool {
        let last = host.updates.as_ref().and_then(|updates| updates.last.as_ref());
        last.is_some_and(|last| {
            // An index that is refused as a whole names no version.
            let this = last.version.map_or(last.at >= self.made_at, |version| version == self.package.version);
            this && matches!(last.came_to, CameTo::Refused { .. } | CameTo::Failed { .. })
        })
    }

    fn is_slow(&self, host: &Candidate, offered_since: Option<Timestamp>) -> bool {
        let last = host.updates.as_ref().and_then(|updates| updates.last.as_ref());
        let waiting = last.filter(|last| last.version == Some(self.package.version)).map(|last| last.at);
        let since = offered_since.map(|offered| waiting.map_or(offered, |waiting| waiting.max(offered)));
        since.is_some_and(|since| self.now.since(since) >= PATIENCE)
    }
}
