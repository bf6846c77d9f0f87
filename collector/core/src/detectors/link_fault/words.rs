//! What people read about connections.

use super::{
    Path, Paths,
    health::{Fault, Health},
    site::Where,
};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::Input,
    series::Metric,
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

fn finding(asset: AssetId, severity: Severity, sentence: String, todo: Vec<String>, evidence: Evidence) -> Finding {
    Finding { kind: FindingKind::LinkFault, asset, severity, sentence, steps: todo, evidence, outlook: None }
}

/// The site's gateway, or the way of one machine to it.
pub(super) fn gateway(input: &Input, path: &Path, fault: Fault, place: &Where) -> Finding {
    let name = input.name_of(path.asset);
    let (fault, severity) = path.health.shared_fault(fault);
    let what = does(fault, &path.health, &since(input, path.health.since));
    let (sentence, todo) = match place {
        Where::Machines(hosts) if hosts.len() > 1 => (
            format!("{name} {what}; several machines do not reach it, others do. It is what those share."),
            steps([
                "Which switch or access point are these machines on? Is it on?",
                "Check its cable to the rest of the network.",
            ]),
        ),
        Where::GatewayOrMachine(_) => (
            format!(
                "{name} {what}, and the internet with it. Only this machine is watched here, so it may be the router, \
                 the machine or what is between."
            ),
            steps(["Do other machines have a connection?", "If not: is the router on? Switch it off and on again."]),
        ),
        Where::Machines(_) => (
            format!("{name} {what}; other machines reach it. It is this machine, its cable or its port."),
            steps([
                "Check the cable, the port and the Wi-Fi of this machine.",
                "Try it on another port of the switch.",
            ]),
        ),
        _ => (
            format!("{name} {what}, and the internet with it. Nobody at {} has a connection.", input.site.name),
            steps(["Is the router on? Switch it off and on again.", "Check its cable to the switch."]),
        ),
    };
    finding(path.asset.clone(), severity, sentence, todo, evidence(input, path.asset, &path.health))
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
    finding(path.asset.clone(), Severity::Act, sentence, todo, evidence(input, path.asset, &path.health))
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
    finding(path.asset.clone(), severity, sentence, todo, evidence(input, path.asset, &path.health))
}

/// The line of the whole site, judged by the middle one of its bad paths.
pub(super) fn line(input: &Input, line: AssetId, hosts: &BTreeMap<HostId, Paths>) -> Option<Finding> {
    let mut bad: Vec<&Path> =
        hosts.values().flat_map(|paths| &paths.anchors).filter(|path| path.health.is_bad()).collect();
    bad.sort_by_key(|path| (path.health.lost_rounds, path.health.severity, path.asset));
    let typical = bad.get(bad.len() / 2)?;
    let down = typical.health.lost_rounds >= 2;
    let (fault, severity) = match typical.health.state {
        _ if down => (Fault::Down, Severity::Act),
        super::State::Bad(fault) => (fault, typical.health.severity),
        _ => return None,
    };
    let began = bad.iter().map(|path| path.health.since).min()?;
    let what = does(fault, &typical.health, &since(input, began));
    let all: usize = hosts.values().map(|paths| paths.anchors.len()).sum();
    let sentence = format!("The internet line of {} {what}.", input.site.name);
    let mut evidence = evidence(input, typical.asset, &typical.health);
    evidence.facts.push(fact("Seen on", format!("{} of {all} paths, from {} machines", bad.len(), hosts.len())));
    let silent = hosts.values().flat_map(|paths| &paths.gateways).any(|path| path.health.is_bad());
    let gateway = if silent {
        "answers no pings, and passed others on before"
    } else {
        "answers, so the office's own network works"
    };
    evidence.facts.push(fact("Gateway", gateway));
    let todo = steps([
        "Look at the modem: does it show a connection?",
        "Restart it, then call the provider of the line with these figures.",
    ]);
    Some(finding(line, severity, sentence, todo, evidence))
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
