//! `cargo xtask bench foresight`: builds `bench-foresight` as released, and runs it.

use crate::tool::{cargo, run, target, tool};
use anyhow::Result;
use clap::Args;
use std::path::{PathBuf, absolute};

#[derive(Args)]
pub(crate) struct Foresight {
    /// Folder of public data: usage/, smart/, net/ …
    #[arg(long)]
    data: PathBuf,
    /// Only this task.
    #[arg(long)]
    task: Option<String>,
    /// Report of an earlier run: its tasks stand in report and page where this run has not measured them anew.
    #[arg(long)]
    beside: Vec<PathBuf>,
    /// Where the report goes as JSON.
    #[arg(long)]
    json: PathBuf,
    /// Where the page made from the report goes: docs/foresight.md.
    #[arg(long)]
    page: Option<PathBuf>,
}

impl Foresight {
    pub(crate) fn run(self) -> Result<()> {
        run(cargo().args(["build", "--release", "-p", "beforehand-foresight"]))?;
        let mut bench = tool(target().join("release/bench-foresight"));
        bench.arg("--data").arg(absolute(self.data)?).arg("--json").arg(absolute(self.json)?);
        for earlier in self.beside {
            bench.arg("--beside").arg(absolute(earlier)?);
        }
        if let Some(task) = self.task {
            bench.arg("--task").arg(task);
        }
        if let Some(page) = self.page {
            bench.arg("--page").arg(absolute(page)?);
        }
        run(&mut bench)
    }
}
