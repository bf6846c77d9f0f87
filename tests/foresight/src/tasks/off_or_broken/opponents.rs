//! What is commonly done: a machine that was not heard of for so long is down. Five minutes is what agents' "last check-in"
//! rules of remote-management suites start from; a day is what is left of it when people switch their machines off.

use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct LastSeen {
    limit: Millis,
    alarmed: BTreeSet<HostId>,
}

impl LastSeen {
    pub(super) const ALL: [Millis; 2] = [Millis::minutes(5), Millis::DAY];

    pub(super) const fn new(limit: Millis) -> Self {
        Self { limit, alarmed: BTreeSet::new() }
    }

    pub(super) fn name(limit: Millis) -> &'static str {
        if limit == Millis::DAY { "last seen > 1 day" } else { "last seen > 5 min" }
    }

    /// The machines for which it calls now, and did not before.
    pub(super) fn judge(&mut self, heard: &BTreeMap<HostId, Timestamp>, now: Timestamp) -> Vec<HostId> {
        let mut called = Vec::new();
        for (host, last) in heard {
            if now.since(*last) <= self.limit {
                self.alarmed.remove(host);
            } else if self.alarmed.insert(*host) {
                called.push(*host);
            }
        }
        called
    }
}
