//! What people read about connections.

use super::{
    Path, Paths, anchors,
    health::{Fault, Health},
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
use std::collections::BTreeSet;

pub(super) fn finding(
    asset: AssetId,
    severity: Severity,
    sentence: String,
    todo: Vec<String>,
    evidence: Evidence,
) -> Finding {
    Finding { kind: FindingKind::LinkFault, asset, severity, sentence, steps: todo, evidence, outlook: None }
}

/// The site's gateway, or the way of one machine to it.
pub(super) fn gateway(input: &Input, (path, paths): (&Path, &Paths), fault: Fault, place: Place) -> Finding {
    let name = input.name_of(path.asset);
    let (fault, severity) = path.health.shared_fault(fault);
    let what = does(fault, &path.health, &since(input, path.health.since));
    let (rest, todo) = gateway_words(input, place, paths);
    let sentence = format!("{name} {what}{rest}");
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, place.fact());
    evidence.facts.extend(of_wire(paths));
    evidence.facts.extend(of_neighbours(paths));
    finding(path.asset.clone(), severity, sentence, todo, evidence)
}

/// How the sentence goes on, and what to do.
fn gateway_words(input: &Input, place: Place, paths: &Paths) -> (String, Vec<String>) {
    let cut_off = paths.is_unplugged();
    let (rest, todo) = match place {
        Place::LocalNetwork if cut_off => (
            "; the cables of the machines lead to nothing that is on. It is the switch.",
            steps(["Is the switch on?", "Check its power supply."]),
        ),
        Place::LocalNetwork if paths.is_isolated() => (
            ", and the machines do not reach each other. It is the switch that they are plugged into.",
            steps(["Is the switch on?", "Check its power supply, then switch it off and on again."]),
        ),
        Place::LocalNetwork => (
            "; several machines do not reach it, others do. It is what those share.",
            steps([
                "Which switch or access point are these machines on? Is it on?",
                "Check its cable to the rest of the network.",
            ]),
        ),
        Place::GatewayOrMachine => (
            ", and the internet with it. Only this machine is watched here, so it may be the router, the machine or what \
             is between.",
            steps(["Do other machines have a connection?", "If not: is the router on? Switch it off and on again."]),
        ),
        Place::Machine if cut_off => {
            ("; its own connection is cut. It is this machine, its cable or its port.", machine_steps())
        }
        Place::Machine => ("; other machines reach it. It is this machine, its cable or its port.", machine_steps()),
        _ if is_only_one(input) => (
            ", and does not say who it is; the cable of the machine holds. It is the router, or the way from the switch to it.",
            router_steps(),
        ),
        _ => {
            return (
                format!(", and the internet with it. Nobody at {} has a connection.", input.site.name),
                router_steps(),
            );
        }
    };
    (rest.to_owned(), todo)
}

/// Whether only one machine is asked about the connection.
fn is_only_one(input: &Input) -> bool {
    let hosts = anchors(input).filter_map(|(asset, _)| asset.host());
    hosts.collect::<BTreeSet<HostId>>().len() == 1
}

fn machine_steps() -> Vec<String> {
    steps(["Check the cable, the port and the Wi-Fi of this machine.", "Try it on another port of the switch."])
}

fn router_steps() -> Vec<String> {
    steps(["Is the router on? Switch it off and on again.", "Check its cable to the switch."])
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

/// Whether other machines of the office answer this one.
fn of_neighbours(paths: &Paths) -> Option<Fact> {
    let answering = paths.neighbours.iter().filter(|path| path.health.lost_rounds == 0).count();
    let all = paths.neighbours.len();
    (all > 0).then(|| fact("Other machines of the office", format!("{answering} of {all} answer this one")))
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

/// A path of a machine that has lost its network, where no gateway is known that ever answered.
pub(super) fn cut_off(input: &Input, path: &Path, fault: Fault, place: Option<Place>) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let place = place.unwrap_or(Place::Machine);
    let whose =
        if place == Place::Machine { "It is this machine, not the network" } else { "It is what all machines share" };
    let sentence = format!("{} {what}; the machine has no network any more. {whose}.", input.name_of(path.asset));
    let todo = steps(["Is its network switched on, and does it have an address?", "Check its cable or Wi-Fi."]);
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, place.fact());
    finding(path.asset.clone(), path.health.severity, sentence, todo, evidence)
}

/// A path that suffers from a fault it shares.
pub(super) fn part(input: &Input, path: &Path, fault: Fault, severity: Severity) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let sentence = format!("{} {what}.", input.name_of(path.asset));
    finding(path.asset.clone(), severity, sentence, Vec::new(), evidence(input, path.asset, &path.health))
}

/// A path of a machine that reaches its gateway and nothing behind it, while others do.
pub(super) fn lonely(input: &Input, path: &Path, fault: Fault) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let sentence = format!(
        "{} {what}; from other machines it is well, and the gateway answers this one. It is this machine.",
        input.name_of(path.asset)
    );
    let todo = steps(["Look at its firewall, VPN and proxy.", "Is its address used by another machine as well?"]);
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, Place::Machine.fact());
    finding(path.asset.clone(), path.health.severity.min(Severity::Watch), sentence, todo, evidence)
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

pub(super) fn since(input: &Input, at: Timestamp) -> String {
    Calendar::new(&input.time_zone).day_time(at)
}

/// No figure that changes from minute to minute.
pub(super) fn does(fault: Fault, health: &Health, since: &str) -> String {
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

pub(super) fn evidence(input: &Input, asset: &AssetId, health: &Health) -> Evidence {
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
