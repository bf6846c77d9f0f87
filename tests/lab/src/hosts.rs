//! The machines of the office: a real agent in the namespace of each.

use crate::{
    network::{ANCHORS, GATEWAY, RESOLVER, SERVICE, address, inside, machine},
    tool::{Service, program},
};
use anyhow::Result;
use beforehand_agent::{config::Config, handed::Handed, identity::Identity, spool::Spool};
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation, SiteId},
    report::Report,
    settings::{HandedNetwork, HandedSettings},
    time::Timestamp,
    wire,
};
use std::{fs, path::PathBuf, time::Duration};
use uuid::Uuid;

/// From one look of an agent to the next, in place of a minute.
pub const ROUND: Duration = Duration::from_secs(1);
/// Five pings that are all lost fit into a round.
const PING_TIMEOUT_MS: u64 = 180;

#[derive(Debug)]
pub struct Host {
    id: HostId,
    state: PathBuf,
    agent: Service,
}

impl Host {
    /// Starts the agent of one of so many machines, which keeps what it sees in its spool and pings the others.
    ///
    /// # Errors
    /// When the program was not built or does not start.
    pub fn start(number: u8, machines: u8, folder: &std::path::Path) -> Result<Self> {
        let state = folder.join(machine(number));
        fs::create_dir_all(&state)?;
        let id = HostId(Uuid::from_u128(u128::from(number)));
        identity(id).save(&state)?;
        Handed::load(&state).take(shared(number, machines));
        let config = folder.join(format!("{}.toml", machine(number)));
        fs::write(&config, settings(&state))?;
        let mut run = inside(&machine(number), program("beforehand-agent")?);
        run.args(["run", "--config"]).arg(config).env("RUST_LOG", "error");
        Ok(Self { id, state, agent: Service::start(&mut run)? })
    }

    /// # Errors
    /// When the agent has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        self.agent.check()
    }

    /// Ends the agent, as a power cut would, and gives all that it has seen, oldest first.
    ///
    /// # Errors
    /// When the spool cannot be read.
    pub fn reports(self) -> Result<Vec<Report>> {
        drop(self.agent);
        let limits = Config::default().spool_limits();
        let mut spool = Spool::open(&self.state, (self.id, identity(self.id).incarnation), limits, Timestamp(0))?;
        spool.resend_after(0);
        let mut reports = Vec::new();
        while let Some(waiting) = spool.next_waiting() {
            reports.push(wire::decode(&waiting.body)?);
            spool.acknowledge(waiting.seq);
        }
        Ok(reports)
    }
}

fn identity(host: HostId) -> Identity {
    Identity {
        // Nobody listens there: all stays in the spool.
        server: "http://127.0.0.1:9".to_owned(),
        ca: None,
        client: ClientId(Uuid::nil()),
        site: SiteId(Uuid::nil()),
        host,
        incarnation: Incarnation(host.0),
        secret: "lab".to_owned(),
    }
}

/// As a collector hands it out to an office as small as that: all watch.
fn shared(number: u8, machines: u8) -> HandedSettings {
    let others = (1..=machines).filter(|other| *other != number);
    let neighbours = others.filter_map(|other| address(other).parse().ok()).collect();
    HandedSettings { revision: 1, network: HandedNetwork { seldom: false, neighbours }, ..HandedSettings::default() }
}

fn settings(state: &std::path::Path) -> String {
    let off = ["disk_space", "disk_io", "printer", "printer_discovery", "drives", "arrays", "update"];
    let off: String = off.iter().map(|section| format!("[{section}]\nenabled = false\n")).collect();
    let round = ROUND.as_millis();
    format!(
        "state = {state:?}\nreport_every = \"{round}ms\"\n{off}[connectivity]\nevery = \"{round}ms\"\n\
         timeout = \"{PING_TIMEOUT_MS}ms\"\nanchors = {ANCHORS:?}\nresolvers = [\"{GATEWAY}\", \"{RESOLVER}\"]\n\
         endpoints = [\"http://{SERVICE}/\"]\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_the_labs_agents_hold() {
        let parsed = Config::parse(&settings(std::path::Path::new("/run/lab/a1")));
        assert!(parsed.is_ok(), "{parsed:?}");
    }
}
