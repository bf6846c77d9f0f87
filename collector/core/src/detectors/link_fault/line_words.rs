//! What people read about the line of a whole site.

use super::{
    Path, Paths,
    health::{Fault, State},
    load::{Load, Way},
    site::Placed,
    words::{does, evidence, finding, new_usual, since, stays_slow},
};
use crate::{
    asset::AssetId,
    detectors::{fact, steps},
    elsewhere::other_sites,
    finding::{Fact, Finding, Severity},
    input::Input,
    math::quantile::median,
    place::Place,
};
use beforehand_shared::{ids::HostId, time::Timestamp};
use std::collections::BTreeMap;

/// The line of the whole site, judged by the middle one of its bad paths.
pub(super) fn line(
    input: &Input,
    line: AssetId,
    (hosts, placed): (&BTreeMap<HostId, Paths>, &Placed),
    (part, load, others): (Place, Option<Load>, usize),
) -> Option<Finding> {
    let load = load.filter(|_| part == Place::OwnTraffic);
    let shares = |host: &HostId| !placed.near().contains(host) && !placed.is_lonely(*host);
    let behind = || hosts.iter().filter(|(host, _)| shares(host)).map(|(_, paths)| paths);
    let (typical, fault, severity, began) = typical(behind())?;
    let what = does(fault, &typical.health, &since(input, began));
    let (bad, all) = (bad(behind()).count(), behind().map(|paths| paths.anchors.len()).sum::<usize>());
    let mut evidence = evidence(input, typical.asset, &typical.health);
    evidence.facts.insert(0, part.fact());
    evidence.facts.push(fact("Seen on", format!("{bad} of {all} paths, from {} machines", behind().count())));
    evidence.facts.push(fact("Gateway", gateway_words(behind())));
    evidence.facts.extend(load.iter().flat_map(|load| of_load(input, load)));
    let (cause, todo) = line_words(input, (part, others), load.as_ref());
    if others > 0 {
        evidence.facts.push(fact("Other sites with the same operator", format!("{others} with a bad line, too")));
    }
    let sentence = format!("The internet line of {} {what}{cause}.", input.site.name);
    Some(finding(line, severity, sentence, todo, evidence))
}

fn bad<'p, 'a: 'p>(behind: impl Iterator<Item = &'p Paths<'a>>) -> impl Iterator<Item = &'p Path<'a>> {
    behind.flat_map(|paths| &paths.anchors).filter(|path| path.health.is_bad())
}

/// The middle one of the bad paths, what it suffers from and how urgent that is, and when the first became bad.
pub(super) fn typical<'p, 'a: 'p>(
    behind: impl Iterator<Item = &'p Paths<'a>>,
) -> Option<(&'p Path<'a>, Fault, Severity, Timestamp)> {
    let mut bad: Vec<&Path> = bad(behind).collect();
    bad.sort_by_key(|path| (path.health.lost_rounds, path.health.severity, path.asset));
    let typical = bad.get(bad.len() / 2)?;
    let (fault, severity) = match typical.health.state {
        _ if typical.health.lost_rounds >= 2 => (Fault::Down, Severity::Act),
        State::Bad(fault) => (fault, typical.health.severity),
        _ => return None,
    };
    Some((typical, fault, severity, bad.iter().map(|path| path.health.since).min()?))
}

/// What is said when nothing is found any more: where most paths have been slow for days, that is how the line is now.
pub(super) fn well_again(input: &Input, line: &AssetId, hosts: &BTreeMap<HostId, Paths>) -> String {
    let anchors: Vec<&Path> = hosts.values().flat_map(|paths| &paths.anchors).collect();
    let mut slow: Vec<f64> = anchors.iter().filter_map(|path| new_usual(input, path, line)).collect();
    let ms = median(&mut slow).filter(|_| 2 * slow.len() >= anchors.len());
    let what = ms.map_or_else(|| "works as usual again.".to_owned(), stays_slow);
    format!("The internet line of {} {what}", input.site.name)
}

fn gateway_words<'p, 'a: 'p>(mut behind: impl Iterator<Item = &'p Paths<'a>>) -> &'static str {
    if behind.any(|paths| paths.gateways.iter().any(|path| path.health.is_bad())) {
        "answers no pings, and passed others on before"
    } else {
        "answers, so the office's own network works"
    }
}

/// What the sentence ends with, and what to do.
fn line_words(input: &Input, (part, others): (Place, usize), load: Option<&Load>) -> (String, Vec<String>) {
    if let Some(load) = load {
        let names: Vec<String> = load.hosts.iter().map(|(host, _)| host_name(input, *host)).collect();
        let does = if load.way == Way::Sent { "sends" } else { "fetches" };
        return (
            format!("; it is full of what {} {does}", names.join(" and ")),
            steps([
                "See what these machines send or fetch: a backup, an upload, updates?",
                "Limit its rate or move it out of working hours; the line itself is well.",
            ]),
        );
    }
    if part == Place::Provider {
        let todo =
            steps(["Call the provider of the line with these figures; nothing in the office has to be restarted."]);
        if others > 0 {
            let sites = other_sites(others);
            let cause =
                format!("; lines of the same operator are bad at {sites}, too, so it is the provider's network");
            return (cause, todo);
        }
        return ("; the provider's first router answers as usual, so it is the provider's network".to_owned(), todo);
    }
    let todo = steps([
        "Look at the modem: does it show a connection?",
        "Restart it, then call the provider of the line with these figures.",
    ]);
    (String::new(), todo)
}

fn of_load(input: &Input, load: &Load) -> Vec<Fact> {
    let way = if load.way == Way::Sent { "sent" } else { "fetched" };
    let rate = |kbit: f64| format!("{:.1} Mbit/s {way}", kbit / 1_000.0);
    let each = load.hosts.iter().map(|(host, kbit)| fact(&host_name(input, *host), rate(*kbit)));
    each.chain([fact("All watched machines", rate(load.kbit))]).collect()
}

fn host_name(input: &Input, host: HostId) -> String {
    input.hosts.get(&host).map_or_else(|| host.to_string(), |host| host.name.clone())
}
