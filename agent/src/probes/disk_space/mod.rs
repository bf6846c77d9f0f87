//! Free space and inodes of every volume on which running full would matter.

pub mod parse;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use crate::{
    config,
    probe::{Blocking, Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::observation::Observation;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The file systems that took writes since the agent started.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<BTreeSet<String>>>);

impl Written {
    /// Marks what turned read-only among `mounts`, and remembers what did not.
    #[cfg_attr(windows, expect(dead_code, reason = "Windows tells no file system from its mount"))]
    fn judge(&self, mounts: &mut [parse::Mount], fstab: &str) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parse::mark_turned_read_only(mounts, fstab, &written);
        written.extend(mounts.iter().filter(|mount| !mount.fs_read_only).map(|mount| mount.id.clone()));
    }
}

pub struct DiskSpace {
    settings: config::DiskSpace,
    written: Written,
    blocking: Blocking,
}

impl DiskSpace {
    pub fn new(settings: &config::DiskSpace) -> Self {
        Self { settings: settings.clone(), written: Written::default(), blocking: Blocking::default() }
    }
}

impl Probe for DiskSpace {
    fn name(&self) -> &'static str {
        "disk_space"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(20)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        let (settings, written) = (self.settings.clone(), self.written.clone());
        Box::pin(self.blocking.run(move || {
            let volumes = system::volumes(&settings, &written)?;
            if volumes.is_empty() {
                let why = "no volume is left to watch; [disk_space] include names one in spite of the rules";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            Ok(volumes.into_iter().map(Observation::Volume).collect())
        }))
    }
}
