//! The network of a lab: who is where, under which address, behind which link.
//!
//! ```text
//! a1 ─cable─ switch ── branch ── a2, a3          (192.168.77.0/24)
//!               └─lan─ gateway ─access─ isp ─core─ internet ── three anchors, a name server, a service, a collector
//! ```
//! Links in small letters are relays, so their weather can be set. All others are veth pairs.

use crate::{
    relay::Relay,
    shaper::Weather,
    tool::{output, tool},
};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write, process::Command};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// From the first machine to the switch.
    Cable,
    /// From the switch to the gateway.
    Lan,
    /// From the gateway to the provider of the line.
    Access,
    /// From the provider of the line to all others.
    Core,
}

pub const GATEWAY: &str = "192.168.77.1";
pub const ANCHORS: [&str; 3] = ["192.0.2.1", "198.51.100.1", "203.0.113.1"];
pub const RESOLVER: &str = "198.18.53.53";
pub const SERVICE: &str = "198.18.80.80";
pub const COLLECTOR: &str = "198.18.90.90";
/// Those behind the internet: their namespace, their address, the other end of their cable.
const PEERS: [(&str, &str, &str); 6] = [
    ("anchor1", ANCHORS[0], "192.0.2.2"),
    ("anchor2", ANCHORS[1], "198.51.100.2"),
    ("anchor3", ANCHORS[2], "203.0.113.2"),
    ("resolver", RESOLVER, "198.18.53.54"),
    ("service", SERVICE, "198.18.80.81"),
    ("collector", COLLECTOR, "198.18.90.91"),
];
const FIXED: [&str; 4] = ["switch", "gateway", "isp", "internet"];

/// A link without faults: one way.
const fn usual(link: Link) -> Weather {
    let calm =
        Weather { delay_ms: 0.1, jitter_ms: 0.1, loss_pct: 0.0, reorder_pct: 0.0, rate_kbit: 0.0, queue_ms: 0.0 };
    match link {
        Link::Cable | Link::Lan => calm,
        Link::Access => Weather { delay_ms: 4.0, jitter_ms: 1.0, rate_kbit: 10_000.0, queue_ms: 100.0, ..calm },
        Link::Core => Weather { delay_ms: 5.0, jitter_ms: 0.5, ..calm },
    }
}

/// The kernel's switch of who answers no pings.
pub const MUTE: &str = "icmp_echo_ignore_all";

/// Both devices of each relay, and the namespaces they go to.
const RELAYS: [(Link, [&str; 2], [&str; 2]); 4] = [
    (Link::Cable, ["cable0", "port1"], ["a1", "switch"]),
    (Link::Lan, ["uplink", "lan"], ["switch", "gateway"]),
    (Link::Access, ["wan", "client0"], ["gateway", "isp"]),
    (Link::Core, ["core0", "core"], ["isp", "internet"]),
];

#[derive(Debug)]
pub struct Network {
    pub relays: BTreeMap<Link, Relay>,
    pub machines: u8,
}

pub fn machine(number: u8) -> String {
    format!("a{number}")
}

pub fn address(number: u8) -> String {
    format!("192.168.77.1{number}")
}

/// A command inside a namespace.
pub fn inside(namespace: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut enter = tool("ip");
    enter.args(["netns", "exec", namespace]).arg(program);
    enter
}

/// Lines for `ip`, one command each, inside a namespace.
///
/// # Errors
/// When one of them fails.
pub fn configure(namespace: &str, lines: &str) -> Result<()> {
    output(tool("ip").args(["-n", namespace, "-batch", "-"]), lines).map(drop)
}

/// Sets a switch of the kernel inside a namespace.
///
/// # Errors
/// When there is none of that name.
pub fn switch(namespace: &str, name: &str, value: u32) -> Result<()> {
    output(inside(namespace, "sh").args(["-c", &format!("echo {value} > /proc/sys/net/ipv4/{name}")]), "").map(drop)
}

impl Network {
    /// Builds it, for one to three machines, in the namespaces of this process.
    ///
    /// # Errors
    /// When the kernel refuses; it needs root.
    pub fn build(machines: u8, seed: u64) -> Result<Self> {
        let mut relays = BTreeMap::new();
        for (link, devices, _) in RELAYS {
            relays.insert(link, Relay::start(devices, usual(link), seed)?);
        }
        output(tool("ip").args(["-batch", "-"]), &places(machines)?)?;
        office(machines)?;
        configure(
            "gateway",
            "addr add 192.168.77.1/24 dev lan\nlink set lan up\naddr add 100.64.0.2/30 dev wan\nlink set wan up\n\
             route add default via 100.64.0.1\n",
        )?;
        configure(
            "isp",
            "addr add 100.64.0.1/30 dev client0\nlink set client0 up\naddr add 198.18.0.1/30 dev core0\nlink set core0 up\n\
             route add 192.168.77.0/24 via 100.64.0.2\nroute add default via 198.18.0.2\n",
        )?;
        internet()?;
        for router in ["gateway", "isp", "internet"] {
            switch(router, "ip_forward", 1)?;
            // Routers say once a second that a packet's time is over (icmp(7)), and a second is a minute here.
            switch(router, "icmp_ratelimit", 0)?;
        }
        Ok(Self { relays, machines })
    }
}

/// All namespaces, and every device in its own.
fn places(machines: u8) -> Result<String> {
    let mut lines = String::new();
    let names = FIXED.into_iter().chain(PEERS.map(|(name, ..)| name)).map(str::to_owned);
    for name in names.chain((1..=3).map(machine)) {
        writeln!(lines, "netns add {name}")?;
    }
    for (_, devices, names) in RELAYS {
        for (device, name) in devices.iter().zip(names) {
            writeln!(lines, "link set {device} netns {name}")?;
        }
    }
    for number in 2..=machines {
        writeln!(lines, "link add cable0 netns a{number} type veth peer name port{number} netns switch")?;
    }
    writeln!(lines, "link add branch0 netns switch type veth peer name branch1 netns switch")?;
    for (name, ..) in PEERS {
        writeln!(lines, "link add eth0 netns {name} type veth peer name {name} netns internet")?;
    }
    Ok(lines)
}

/// Two switches in one namespace, the second one a branch, and the machines.
fn office(machines: u8) -> Result<()> {
    let mut lines = "link add main type bridge\nlink add side type bridge\nlink set branch0 master main\n\
                     link set branch1 master side\nlink set port1 master main\nlink set uplink master main\n"
        .to_owned();
    for number in 2..=machines {
        writeln!(lines, "link set port{number} master side")?;
    }
    let ports = (1..=machines).map(|number| format!("port{number}"));
    for device in ["main", "side", "branch0", "branch1", "uplink"].map(str::to_owned).into_iter().chain(ports) {
        writeln!(lines, "link set {device} up")?;
    }
    configure("switch", &lines)?;
    for number in 1..=machines {
        let own = address(number);
        let lines = format!(
            "link set lo up\naddr add {own}/24 dev cable0\nlink set cable0 up\n\
             route add default via {GATEWAY}\n"
        );
        configure(&machine(number), &lines)?;
        for (timer, value) in NEIGHBOUR {
            switch(&machine(number), &format!("neigh/cable0/{timer}"), value)?;
        }
    }
    Ok(())
}

/// How long a neighbour is believed to be there (30 s, arp(7)) and how long it is asked (5 s, then three times a second)
/// is a sixtieth here, as all that takes minutes is; whole seconds are the least that the first can be told in.
const NEIGHBOUR: [(&str, u32); 3] =
    [("base_reachable_time_ms", 500), ("delay_first_probe_time", 1), ("retrans_time_ms", 20)];

fn internet() -> Result<()> {
    let mut lines = "addr add 198.18.0.2/30 dev core\nlink set core up\nroute add default via 198.18.0.1\n".to_owned();
    for (name, own, other) in PEERS {
        writeln!(lines, "addr add {other} peer {own} dev {name}\nlink set {name} up")?;
        let peer = format!(
            "link set lo up\naddr add {own} peer {other} dev eth0\nlink set eth0 up\nroute add default via {other}\n"
        );
        configure(name, &peer)?;
    }
    configure("internet", &lines)
}
