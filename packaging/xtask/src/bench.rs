//! `cargo xtask bench`: figures, side by side where there is something to compare.

use crate::{
    build,
    tool::{Service, output, run, target, tool},
    wait,
};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::{fs, path::Path, time::Duration};

#[derive(Args)]
pub(crate) struct Bench {
    what: What,
    /// How long to measure.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Durable reports a second through HTTP, with the agent's own encoder.
    Ingest,
    /// Memory and processor time of an agent with all probes on.
    Agent,
    /// Sizes of the programs as they are shipped.
    Size,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self.what {
            What::Ingest => run(&mut tool(build::programs(build::What::Release)?.join("bench-ingest"))),
            What::Agent => agent(self.minutes),
            What::Size => size(),
        }
    }
}

/// An agent that reports to nobody costs what one that reports costs: it collects, encodes, spools
/// and retries.
fn agent(minutes: u64) -> Result<()> {
    let program = build::small_agent()?;
    let folder = target().join("bench-agent");
    fs::create_dir_all(&folder)?;
    let config = folder.join("agent.toml");
    fs::write(&config, format!("state = {:?}\n[connectivity]\nanchors = [\"127.0.0.1\"]\n", folder.join("state")))?;
    let log = folder.join("agent.log");
    let mut service = Service::start("agent", tool(program).arg("run").arg("--config").arg(&config), &log)?;
    wait::pause(Duration::from_secs(70));
    service.check(&log)?;
    let (first, pid) = (cpu_ticks(service.pid())?, service.pid());
    wait::pause(Duration::from_secs(60 * minutes));
    service.check(&log)?;
    let used = (cpu_ticks(pid)? - first) as f64 / ticks_per_second()?;
    let share = used / (60.0 * minutes as f64) * 100.0;
    println!(
        "agent: PSS {} KiB, {used:.2} s of processor time in {minutes} min = {share:.3} % of a core",
        pss_kib(pid)?
    );
    Ok(())
}

fn pss_kib(pid: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss in smaps_rollup")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// User and system time, proc(5) fields 14 and 15.
fn cpu_ticks(pid: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').context("no name in stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let field = |n: usize| fields.get(n).copied().context("stat is too short");
    Ok(field(11)?.parse::<u64>()? + field(12)?.parse::<u64>()?)
}

fn ticks_per_second() -> Result<f64> {
    Ok(output(tool("getconf").arg("CLK_TCK"))?.parse()?)
}

fn size() -> Result<()> {
    let release = build::programs(build::What::Release)?.join("beforehand-collector");
    for program in [build::small_agent()?, release] {
        println!("{:>6.2} MB  {}", megabytes(&program)?, program.display());
    }
    Ok(())
}

fn megabytes(program: &Path) -> Result<f64> {
    Ok(fs::metadata(program)?.len() as f64 / 1e6)
}
