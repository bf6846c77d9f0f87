//! `cargo xtask bench`: figures, side by side where there is something to compare.

mod agents;
mod cgroup;
mod foresight;
mod peers;
mod sink;

use crate::{
    build,
    tool::{print_sizes, run, tool},
};
use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Durable reports a second through HTTP, with the agent's own encoder.
    Ingest,
    /// Memory, processor time and size of the agent beside its peers, in one run; as root.
    Agent {
        /// How long to measure.
        #[arg(long, default_value_t = 10)]
        minutes: u64,
    },
    /// Sizes of the programs as they are shipped.
    Size,
    /// How well trouble is foreseen, beside what other tools do on the same data.
    Foresight(foresight::Foresight),
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Ingest => run(&mut tool(build::programs(build::What::Release)?.join("bench-ingest"))),
            Self::Agent { minutes } => agents::run_all(minutes),
            Self::Size => size(),
            Self::Foresight(foresight) => foresight.run(),
        }
    }
}

fn size() -> Result<()> {
    let release = build::programs(build::What::Release)?.join("beforehand-collector");
    print_sizes(&[build::small_agent()?, release])
}
