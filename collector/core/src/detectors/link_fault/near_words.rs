//! What people read about the way of machines to their gateway.

use super::{
    Path, Paths, anchors,
    health::Fault,
    words::{does, evidence, finding, since},
};
use crate::{
    detectors::{fact, steps},
    finding::{Fact, Finding},
    input::Input,
    place::Place,
};
use beforehand_shared::ids::HostId;
use std::collections::{BTreeMap, BTreeSet};

/// Where the fault of a way to the gateway is, and the access point of those who suffer, where it is one and theirs alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near<'a> {
    pub place: Place,
    radio: Option<&'a str>,
}

impl<'a> Near<'a> {
    pub(super) const fn new(place: Place, radio: Option<&'a str>) -> Self {
        Self { place, radio }
    }

    fn access_point(self) -> Option<&'a str> {
        self.radio.filter(|_| self.place == Place::LocalNetwork)
    }
}

/// The access point that all of these machines are on, and none but they.
pub(super) fn radio_of<'a>(hosts: &BTreeMap<HostId, Paths<'a>>, near: &BTreeSet<HostId>) -> Option<&'a str> {
    let of = |paths: &Paths<'a>| paths.wire.as_ref().and_then(|wire| wire.facts.access_point.as_deref());
    let first = of(hosts.get(near.first()?)?)?;
    let is_theirs_alone = hosts.iter().all(|(host, paths)| near.contains(host) == (of(paths) == Some(first)));
    is_theirs_alone.then_some(first)
}

/// The site's gateway, or the way of one machine to it.
pub(super) fn gateway(input: &Input, (path, paths): (&Path, &Paths), fault: Fault, near: Near) -> Finding {
    let place = near.place;
    let name = input.name_of(path.asset);
    let (fault, severity) = path.health.shared_fault(fault);
    let what = does(fault, &path.health, &since(input, path.health.since));
    let (rest, todo) = gateway_words(input, near, (paths, fault));
    let sentence = format!("{name} {what}{rest}");
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, place.fact());
    evidence.facts.extend(paths.wire.iter().flat_map(|wire| wire.told()));
    evidence.facts.extend(near.access_point().map(|address| fact("Access point of these machines", address)));
    evidence.facts.extend(of_neighbours(paths));
    finding(path.asset.clone(), severity, sentence, todo, evidence)
}

/// How the sentence goes on, and what to do.
fn gateway_words(input: &Input, near: Near, (paths, fault): (&Paths, Fault)) -> (String, Vec<String>) {
    let (rest, todo) = match near.place {
        Place::LocalNetwork => local_network(near, paths),
        Place::GatewayOrMachine => (
            ", and the internet with it. Only this machine is watched here, so it may be the router, the machine or what \
             is between.",
            steps(["Do other machines have a connection?", "If not: is the router on? Switch it off and on again."]),
        ),
        Place::Machine if paths.is_unplugged() => {
            ("; its own connection is cut. It is this machine, its cable or its port.", machine_steps())
        }
        Place::Machine => return machine(input, paths),
        _ if is_only_one(input) => (
            ", and does not say who it is; the cable of the machine holds. It is the router, or the way from the switch to it.",
            router_steps(),
        ),
        _ => {
            let site = &input.site.name;
            let whose = match fault {
                Fault::Down => format!("Nobody at {site} has a connection"),
                Fault::Lossy | Fault::Slow => format!("Everybody at {site} suffers from it"),
            };
            return (format!(", and the internet with it. {whose}."), router_steps());
        }
    };
    (rest.to_owned(), todo)
}

/// The same of what several machines share.
fn local_network(near: Near, paths: &Paths) -> (&'static str, Vec<String>) {
    if near.access_point().is_some() {
        let rest = "; the machines that do not reach it are all on one access point, and nobody else is. It is the access \
                    point, or its radio.";
        let on = "Is the access point on? Switch it off and on again.";
        return (rest, steps([on, "Check its cable to the rest of the network."]));
    }
    if paths.is_unplugged() {
        let rest = "; the cables of the machines lead to nothing that is on. It is the switch.";
        return (rest, steps(["Is the switch on?", "Check its power supply."]));
    }
    if paths.is_isolated() {
        let rest = ", and the machines do not reach each other. It is the switch that they are plugged into.";
        return (rest, steps(["Is the switch on?", "Check its power supply, then switch it off and on again."]));
    }
    let which = "Which switch or access point are these machines on? Is it on?";
    let rest = "; several machines do not reach it, others do. It is what those share.";
    (rest, steps([which, "Check its cable to the rest of the network."]))
}

/// The same of a machine that is connected, and loses by itself.
fn machine(input: &Input, paths: &Paths) -> (String, Vec<String>) {
    let wire = paths.wire.as_ref();
    let signs = wire.map(|wire| wire.signs()).unwrap_or_default().into_iter().map(str::to_owned);
    let signs: Vec<String> = signs.chain(wire.and_then(|wire| wire.poor_cable())).collect();
    let others = if is_only_one(input) { "" } else { "; other machines reach it" };
    let signs = if signs.is_empty() { String::new() } else { format!("; {}", signs.join(", and ")) };
    let is_radio = wire.is_some_and(|wire| wire.is_radio());
    let (what, todo) = if is_radio {
        let todo =
            steps(["Move it nearer to its access point, or give it a cable.", "Try another channel of the radio."]);
        ("its radio or the place it stands at", todo)
    } else {
        ("its cable or its port", machine_steps())
    };
    (format!("{others}{signs}. It is this machine, {what}."), todo)
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

/// Whether other machines of the office answer this one.
fn of_neighbours(paths: &Paths) -> Option<Fact> {
    let answering = paths.neighbours.iter().filter(|path| path.health.lost_rounds == 0).count();
    let all = paths.neighbours.len();
    (all > 0).then(|| fact("Other machines of the office", format!("{answering} of {all} answer this one")))
}
