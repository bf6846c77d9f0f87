//! What people read about connections.

use super::{
    Path, Paths,
    health::{Fault, Health},
    pace,
};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::Input,
    place::Place,
    series::Metric,
};
use beforehand_shared::time::{Millis, Timestamp};

pub(super) fn finding(
    asset: AssetId,
    severity: Severity,
    sentence: String,
    todo: Vec<String>,
    evidence: Evidence,
) -> Finding {
    Finding { kind: FindingKind::LinkFault, asset, severity, sentence, steps: todo, evidence, outlook: None }
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
    let whose = match place {
        Place::Machine => "It is this machine, not the network",
        Place::LocalNetwork => "It is what these machines share: their switch or access point",
        _ => "It is what all machines share",
    };
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
pub(super) fn lonely(input: &Input, (path, paths): (&Path, &Paths), fault: Fault) -> Finding {
    let what = does(fault, &path.health, &since(input, path.health.since));
    let gateway = if paths.gateways.is_empty() { "" } else { ", and the gateway answers this one" };
    let sentence =
        format!("{} {what}; from other machines it is well{gateway}. It is this machine.", input.name_of(path.asset));
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

/// What is said when nothing is found any more. What has been slow for days is how a path is now.
pub(super) fn well_again(input: &Input, path: &Path) -> String {
    let name = input.name_of(path.asset);
    match new_usual(input, path, path.asset) {
        Some(ms) => format!("{name} {}", stays_slow(ms)),
        None => format!("{name} answers as usual again."),
    }
}

/// What the path takes, where it was accepted as usual while the case on `asset` was open.
pub(super) fn new_usual(input: &Input, path: &Path, asset: &AssetId) -> Option<f64> {
    let case = input.case_on(asset, FindingKind::LinkFault)?;
    pace::new_usual(input.assets.get(path.asset)?, path.role, case.opened_at, input.now)
}

pub(super) fn stays_slow(ms: f64) -> String {
    format!("has been slow for three days: about {ms:.0} ms counts as usual from now on.")
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
