//! The opponent: each machine blames the nearest part that it sees bad, as PingPlotter's and mtr's users are taught to,
//! and the office believes the majority. Of two equally many the nearer one counts.

use crate::{
    judge::Said,
    stretch::{BROKE_AT, links},
};
use beforehand_shared::{
    ids::HostId,
    link::{Link, LinkRole},
    observation::Observation,
    report::Report,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

const WINDOW: Millis = Millis::minutes(5);
const LOSS: f64 = 0.05;
/// Slow is half as much again, and by 5 ms.
const SLOWER: f64 = 1.5;
const BY_US: f64 = 5_000.0;

pub fn judge(end: Timestamp, reports: &[Report]) -> Said {
    let hosts: BTreeSet<HostId> = reports.iter().map(|report| report.host).collect();
    let mut votes: BTreeMap<Said, usize> = BTreeMap::new();
    for host in hosts {
        *votes.entry(of_host(host, end, reports)).or_default() += 1;
    }
    votes.into_iter().rev().max_by_key(|(_, count)| *count).map_or(Said::Nothing, |(said, _)| said)
}

fn of_host(host: HostId, end: Timestamp, reports: &[Report]) -> Said {
    let own: Vec<&Report> = reports.iter().filter(|report| report.host == host).collect();
    let (past, lately): (Vec<&Report>, Vec<&Report>) = own
        .iter()
        .filter(|it| it.made_at < BROKE_AT || it.made_at > end.minus(WINDOW))
        .partition(|it| it.made_at < BROKE_AT);
    let bad = |role| is_bad(&past, &lately, role);
    let failed = |of: fn(&Observation) -> Option<bool>| {
        let all: Vec<bool> = lately.iter().flat_map(|it| observations(it)).filter_map(of).collect();
        !all.is_empty() && 2 * all.iter().filter(|failed| **failed).count() >= all.len()
    };
    if bad(LinkRole::Gateway) {
        Said::Gateway
    } else if bad(LinkRole::Access) {
        Said::Access
    } else if bad(LinkRole::Anchor) {
        Said::Isp
    } else if failed(|seen| if let Observation::Resolver(it) = seen { Some(it.error.is_some()) } else { None }) {
        Said::Dns
    } else if failed(|seen| match seen {
        Observation::Endpoint(it) => Some(it.error.is_some() || it.status.is_some_and(|status| status >= 500)),
        _ => None,
    }) {
        Said::Service
    } else {
        Said::Nothing
    }
}

fn observations(report: &Report) -> impl Iterator<Item = &Observation> {
    report.runs.iter().flat_map(|run| run.outcome.observations())
}

/// Most targets of a role lose packets, or are slow.
fn is_bad(past: &[&Report], lately: &[&Report], role: LinkRole) -> bool {
    let by_target = |reports: &[&Report]| {
        let mut targets: BTreeMap<String, Vec<Link>> = BTreeMap::new();
        for link in reports.iter().flat_map(|report| links(report)).filter(|link| link.role == role) {
            targets.entry(link.target.clone()).or_default().push(link.clone());
        }
        targets
    };
    let (usual, now) = (by_target(past), by_target(lately));
    let bad = now.iter().filter(|(target, links)| {
        let slow = usual.get(*target).and_then(|usual| Some((round_trip(usual)?, round_trip(links)?)));
        loss(links) > LOSS || slow.is_some_and(|(usual, now)| now > (SLOWER * usual).max(usual + BY_US))
    });
    2 * bad.count() > now.len()
}

fn loss(links: &[Link]) -> f64 {
    let (sent, lost) = links.iter().fold((0, 0), |(sent, lost), link| (sent + link.sent, lost + link.lost));
    f64::from(lost) / f64::from(sent.max(1))
}

fn round_trip(links: &[Link]) -> Option<f64> {
    let times: Vec<f64> = links.iter().filter_map(|link| link.median_us).map(f64::from).collect();
    (!times.is_empty()).then(|| times.iter().sum::<f64>() / times.len() as f64)
}
