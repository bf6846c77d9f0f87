//! One fault in one lab, from the first cable to the verdict. Runs as the first process of its namespaces.

use crate::{
    fault::Fault,
    hosts::{Host, ROUND},
    inject::{Answerers, happen},
    judge::Said,
    judge::{self, Verdict},
    nearest_hop,
    network::{self, MUTE, Network},
    stretch::Recording,
    time::{Clock, wall},
    tool::{output, tool},
};
use anyhow::{Context, Result};
use beforehand_shared::report::Report;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Names of neighbours are learned, agents have started and know how the provider's first router is to be asked.
const SETTLE: u32 = 8;
const HEALTHY: u32 = 10;
/// Where a lab keeps everything, in memory and unseen by others.
const FOLDER: &str = "/run/lab";

/// What is to be tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trial {
    pub fault: Fault,
    pub seed: u64,
    /// Where the stretched reports are written, a line of JSON each; nowhere if absent.
    pub keep: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tried {
    pub verdict: Verdict,
    pub nearest_hop: Said,
}

/// Builds the lab, lets it live and break, and asks where the fault is.
///
/// # Errors
/// When the lab cannot be built, or was not well before it broke.
pub fn run(trial: &Trial) -> Result<Tried> {
    output(tool("mount").args(["-t", "tmpfs", "lab", "/run"]), "")?;
    fs::create_dir_all(FOLDER)?;
    let recording = record(&trial.fault, trial.seed)?;
    let reports = recording.with_past()?;
    if let Some(file) = &trial.keep {
        keep(file, &reports).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    let verdict = judge::judge(recording.end(), &reports, trial.fault.unheard_from());
    Ok(Tried { verdict, nearest_hop: nearest_hop::judge(recording.end(), &reports) })
}

fn record(fault: &Fault, seed: u64) -> Result<Recording> {
    let network = Network::build(fault.machines, seed)?;
    if fault.provider_mute {
        network::switch("isp", MUTE, 1)?;
    }
    let mut answerers = Answerers::start()?;
    let mut hosts = Vec::new();
    for number in 1..=fault.machines {
        hosts.push(Host::start(number, fault.machines, Path::new(FOLDER))?);
    }
    let clock = Clock::start();
    clock.wait_until(ROUND * SETTLE);
    let healthy_from = wall();
    clock.wait_until(ROUND * (SETTLE + HEALTHY));
    let broke_at = wall();
    for step in &fault.steps {
        clock.wait_until(ROUND * (SETTLE + HEALTHY + step.at));
        happen(&step.event, &network, &mut answerers)?;
    }
    clock.wait_until(ROUND * (SETTLE + HEALTHY + fault.minutes));
    let ended_at = wall();
    let mut reports = Vec::new();
    for mut host in hosts {
        host.check()?;
        reports.extend(host.reports()?);
    }
    Ok(Recording { reports, healthy_from, broke_at, ended_at })
}

fn keep(file: &Path, reports: &[Report]) -> Result<()> {
    let mut out = fs::File::create(file)?;
    for report in reports {
        writeln!(out, "{}", serde_json::to_string(report)?)?;
    }
    Ok(())
}
