//! `cargo xtask bench`: figures, side by side where there is something to compare.

mod agents;
mod cgroup;
mod peers;
mod sink;

use crate::{
    build,
    tool::{print_sizes, run, tool},
};
use anyhow::Result;
use clap::{Args, ValueEnum};

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
    /// Memory, processor time and size of the agent beside its peers, in one run; as root.
    Agent,
    /// Sizes of the programs as they are shipped.
    Size,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self.what {
            What::Ingest => run(&mut tool(build::programs(build::What::Release)?.join("bench-ingest"))),
            What::Agent => agents::run_all(self.minutes),
            What::Size => size(),
        }
    }
}

fn size() -> Result<()> {
    let release = build::programs(build::What::Release)?.join("beforehand-collector");
    print_sizes(&[build::small_agent()?, release])
}
