//! `cargo xtask lab`: faults in networks of real namespaces, and where the analysis believes them to be (`tests/lab`).

use crate::{
    build,
    tool::{run, tool},
};
use anyhow::Result;
use clap::Args;
use std::path::{PathBuf, absolute};

#[derive(Args)]
pub(crate) struct Lab {
    /// Labs side by side.
    #[arg(long, default_value_t = 10)]
    at_once: usize,
    /// Only faults whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// The second list, which no number was chosen by.
    #[arg(long)]
    unseen: bool,
    /// So many faults of simulated offices in their place, which needs no root and seconds.
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["only", "unseen", "keep"])]
    simulated: Option<u64>,
    /// Folder for the reports of each fault, as `beforehand-collector replay` reads them.
    #[arg(long)]
    keep: Option<PathBuf>,
}

impl Lab {
    pub(crate) fn run(self) -> Result<()> {
        let mut lab = tool(build::programs(build::What::Programs)?.join("lab"));
        if let Some(count) = self.simulated {
            return run(lab.args(["simulated", "--count", &count.to_string()]));
        }
        lab.args(["--at-once", &self.at_once.to_string()]);
        if let Some(only) = self.only {
            lab.args(["--only", &only]);
        }
        if self.unseen {
            lab.arg("--unseen");
        }
        if let Some(folder) = self.keep {
            lab.arg("--keep").arg(absolute(folder)?);
        }
        run(&mut lab)
    }
}
