//! What people read about connections.

use super::{
    Path, Paths,
    health::{Fault, Health},
    load::{Load, Way},
    site::Placed,
};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Fact, Finding, FindingKind, Severity},
    input::Input,
    place::Place,
    series::Metric,
};
use beforehand_shared::{
    ids::HostId,
    interface::InterfaceState,
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

fn finding(asset: AssetId, severity: Severity, sentence: String, todo: Vec<String>, evidence: Evidence) -> Finding {
    Finding { kind: FindingKind::LinkFault, asset, severity, sentence, steps: todo, evidence, outlook: None }
}

/// The site's gateway, or the way of one machine to it.
pub(super) fn gateway(input: &Input, (path, paths): (&Path, &Paths), fault: Fault, placed: &Placed) -> Finding {
    let name = input.name_of(path.asset);
    let (fault, severity) = path.health.shared_fault(fault);
    let what = does(fault, &path.health, &since(input, path.health.since));
    let place = placed.near_place.unwrap_or(Place::GatewayOrMachine);
    let alone = placed.near().len() == 1;
    let (sentence, todo) = match place {
        Place::LocalNetwork if paths.is_unplugged() => (
            format!("{name} {what}; the cables of the machines lead to nothing that is on. It is the switch."),
            steps(["Is the switch on?", "Check its power supply."]),
        ),
        Place::LocalNetwork => (
            format!("{name} {what}; several machines do not reach it, others do. It is what those share."),
            steps([
                "Which switch or access point are these machines on? Is it on?",
                "Check its cable to the rest of the network.",
            ]),
        ),
        Place::GatewayOrMachine => (
            format!(
                "{name} {what}, and the internet with it. Only this machine is watched here, so it may be the router, \
                 the machine or what is between."
            ),
            steps(["Do other machines have a connection?", "If not: is the router on? Switch it off and on again."]),
        ),
        Place::Machine => {
            let others = if paths.is_unplugged() { "its own connection is cut" } else { "other machines reach it" };
            (
                format!("{name} {what}; {others}. It is this machine, its cable or its port."),
                steps([
                    "Check the cable, the port and the Wi-Fi of this machine.",
                    "Try it on another port of the switch.",
                ]),
            )
        }
        _ if alone => (
            format!("{name} {what}, and does not say who it is; the cable of the machine holds. It is the router."),
            steps(["Is the router on? Switch it off and on again.", "Check its cable to the switch."]),
        ),
        _ => (
            format!("{name} {what}, and the internet with it. Nobody at {} has a connection.", input.site.name),
            steps(["Is the router on? Switch it off and on again.", "Check its cable to the switch."]),
        ),
    };
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, place.fact());
    evidence.facts.extend(of_wire(paths));
    finding(path.asset.clone(), severity, sentence, todo, evidence)
}

/// What the machine's own interface says.
fn of_wire(paths: &Paths) -> Vec<Fact> {
    let Some(wire) = &paths.wire else { return Vec::new() };
    let state = match wire.facts.state {
        InterfaceState::Up => "on, with something at the other end",
        InterfaceState::NoCarrier => "on, with nothing at the other end",
        InterfaceState::Off => "off",
        InterfaceState::Unknown => "not known",
    };
    let mut facts = vec![fact("Its interface", format!("{} is {state}", wire.facts.name))];
    facts.extend(wire.facts.gateway_known.map(|known| {
        fact("Hardware address of the gateway", if known { "known" } else { "not told, although asked for" })
    }));
    facts.extend(wire.facts.signal_dbm.map(|dbm| fact("Signal", format!("{dbm} dBm"))));
    if wire.errors > 0.0 {
        facts.push(fact("Damaged frames in the last minutes", format!("{:.0}", wire.errors)));
    }
    facts
}

/// The way out of a machine that has none any more.
pub(super) fn routeless(input: &Input, path: &Path) -> Finding {
    let last = input.assets.get(path.asset).map_or(input.now, |view| view.seen_at);
    let sentence = format!(
        "{} was last asked {}: the machine has no route to it any more. It is this machine, not the network.",
        input.name_of(path.asset),
        since(input, last)
    );
    let todo = steps(["Is its network switched on, and does it have an address?", "Check its cable or Wi-Fi."]);
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, Place::Machine.fact());
    finding(path.asset.clone(), Severity::Act, sentence, todo, evidence)
}

/// A path that suffers from a fault it shares.
pub(super) fn part(input: &Input, path: &Path, fault: Fault, severity: Severity) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let sentence = format!("{} {what}.", input.name_of(path.asset));
    finding(path.asset.clone(), severity, sentence, Vec::new(), evidence(input, path.asset, &path.health))
}

/// A path that is bad by itself.
pub(super) fn alone(input: &Input, path: &Path, fault: Fault, cap: Severity) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let name = input.name_of(path.asset);
    let (sentence, todo) = if cap > Severity::Watch {
        let todo = steps(["Add further test addresses, so that line and target can be told apart."]);
        (format!("{name} {what}. It is the only test address, so it may be the line or the target."), todo)
    } else {
        (format!("{name} {what}; others answer, so it is that target and not your line."), Vec::new())
    };
    let severity = path.health.severity.min(cap);
    let mut evidence = evidence(input, path.asset, &path.health);
    if cap <= Severity::Watch {
        evidence.facts.insert(0, Place::Service.fact());
    }
    finding(path.asset.clone(), severity, sentence, todo, evidence)
}

/// The line of the whole site, judged by the middle one of its bad paths.
pub(super) fn line(
    input: &Input,
    line: AssetId,
    (hosts, placed): (&BTreeMap<HostId, Paths>, &Placed),
    (part, load): (Place, Option<Load>),
) -> Option<Finding> {
    let behind = || hosts.iter().filter(|(host, _)| !placed.near().contains(host)).map(|(_, paths)| paths);
    let mut bad: Vec<&Path> = behind().flat_map(|paths| &paths.anchors).filter(|path| path.health.is_bad()).collect();
    bad.sort_by_key(|path| (path.health.lost_rounds, path.health.severity, path.asset));
    let typical = bad.get(bad.len() / 2)?;
    let (fault, severity) = match typical.health.state {
        _ if typical.health.lost_rounds >= 2 => (Fault::Down, Severity::Act),
        super::State::Bad(fault) => (fault, typical.health.severity),
        _ => return None,
    };
    let began = bad.iter().map(|path| path.health.since).min()?;
    let what = does(fault, &typical.health, &since(input, began));
    let all: usize = behind().map(|paths| paths.anchors.len()).sum();
    let mut evidence = evidence(input, typical.asset, &typical.health);
    evidence.facts.insert(0, load.as_ref().map_or(part, |_| Place::OwnTraffic).fact());
    evidence.facts.push(fact("Seen on", format!("{} of {all} paths, from {} machines", bad.len(), behind().count())));
    evidence.facts.push(fact("Gateway", gateway_words(behind())));
    evidence.facts.extend(load.iter().flat_map(|load| of_load(input, load)));
    let (cause, todo) = line_words(input, part, load.as_ref());
    let sentence = format!("The internet line of {} {what}{cause}.", input.site.name);
    Some(finding(line, severity, sentence, todo, evidence))
}

fn gateway_words<'p, 'a: 'p>(mut behind: impl Iterator<Item = &'p Paths<'a>>) -> &'static str {
    if behind.any(|paths| paths.gateways.iter().any(|path| path.health.is_bad())) {
        "answers no pings, and passed others on before"
    } else {
        "answers, so the office's own network works"
    }
}

/// What the sentence ends with, and what to do.
fn line_words(input: &Input, part: Place, load: Option<&Load>) -> (String, Vec<String>) {
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
        return ("; the first router of the provider does well, so it is the provider's network".to_owned(), todo);
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

fn since(input: &Input, at: Timestamp) -> String {
    Calendar::new(&input.time_zone).day_time(at)
}

/// No figure that changes from minute to minute.
fn does(fault: Fault, health: &Health, since: &str) -> String {
    match fault {
        Fault::Down => format!("has not answered since {since}"),
        Fault::Lossy => format!("has lost {} since {since}", share_words(health.loss_pct)),
        Fault::Slow => match (health.rtt_ms, health.usual_ms) {
            (Some(now), Some(usual)) => format!("has been slow since {since}: {now:.0} ms instead of {usual:.0} ms"),
            _ => format!("has been slow since {since}"),
        },
    }
}

fn share_words(pct: f64) -> &'static str {
    match pct {
        pct if pct >= 75.0 => "nearly all packets",
        pct if pct >= 35.0 => "about half of its packets",
        pct if pct >= 15.0 => "about every fifth packet",
        pct if pct >= 7.0 => "about every tenth packet",
        _ => "single packets",
    }
}

fn evidence(input: &Input, asset: &AssetId, health: &Health) -> Evidence {
    let calendar = Calendar::new(&input.time_zone);
    let mut facts = vec![
        fact("Since", calendar.day_time(health.since)),
        fact("Lost in the last minutes", format!("{:.0} %", health.loss_pct)),
    ];
    if let Some(now) = health.rtt_ms {
        facts.push(fact("Round trip", format!("{now:.0} ms")));
    }
    if let Some(usual) = health.usual_ms {
        facts.push(fact("Usual round trip", format!("{usual:.0} ms")));
    }
    let metric = if matches!(health.state, super::State::Bad(Fault::Slow)) { Metric::RttMs } else { Metric::LossPct };
    let chart = ChartRef { asset: asset.clone(), metric, from: health.since.minus(Millis::hours(6)), limit: Some(5.0) };
    Evidence {
        facts,
        chart: Some(ChartRef { limit: chart.limit.filter(|_| chart.metric == Metric::LossPct), ..chart }),
    }
}
