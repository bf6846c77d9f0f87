//! Free space and inodes of every volume on which running full would matter.

pub mod health;
pub mod parse;
pub mod quota;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
mod quota_linux;
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
use std::time::Duration;

pub struct DiskSpace {
    settings: config::DiskSpace,
    memory: system::Memory,
    blocking: Blocking,
}

impl DiskSpace {
    pub fn new(settings: &config::DiskSpace) -> Self {
        Self { settings: settings.clone(), memory: system::Memory::default(), blocking: Blocking::default() }
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

    fn run(&self, now: Reading) -> Looking<'_> {
        let (settings, memory) = (self.settings.clone(), self.memory.clone());
        Box::pin(self.blocking.run(move || {
            let volumes = system::volumes(&settings, &memory, now)?;
            if volumes.is_empty() {
                let why = "no volume is left to watch; [disk_space] include names one in spite of the rules";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            Ok(volumes.into_iter().map(Observation::Volume).collect())
        }))
    }
}
