//! A control group of its own for each measured program, so that what its children use counts too.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(super) struct Cgroup(PathBuf);

impl Cgroup {
    /// # Errors
    /// Without root, or on a system without cgroup v2.
    pub(super) fn new(name: &str) -> Result<Self> {
        let root = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(Path::new);
        let Some(root) = root.into_iter().find(|root| root.join("cgroup.controllers").exists()) else {
            bail!("there is no cgroup v2 hierarchy here");
        };
        let own = root.join(format!("beforehand-bench-{name}"));
        fs::create_dir_all(&own).with_context(|| format!("{} cannot be made; are you root?", own.display()))?;
        Ok(Self(own))
    }

    /// The file that a process writes its id to, to belong to the group.
    pub(super) fn entrance(&self) -> PathBuf {
        self.0.join("cgroup.procs")
    }

    /// Processor time of all that ever ran in the group.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(self.0.join("cpu.stat"))?;
        let line = stat.lines().find_map(|line| line.strip_prefix("usage_usec ")).context("no usage in cpu.stat")?;
        Ok(line.trim().parse::<f64>()? / 1e6)
    }

    /// Memory of all its processes, what they share with others in proportion.
    pub(super) fn pss_kib(&self) -> Result<u64> {
        let pids = self.processes()?;
        // A process that ended meanwhile uses nothing.
        Ok(pids.iter().filter_map(|pid| pss_kib(pid)).sum())
    }

    pub(super) fn processes(&self) -> Result<Vec<String>> {
        Ok(fs::read_to_string(self.entrance())?.lines().map(str::to_owned).collect())
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

fn pss_kib(pid: &str) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}
