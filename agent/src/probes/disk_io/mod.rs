//! How long block devices take to answer.

pub mod parse;
pub mod performance;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use self::parse::Counters;
use crate::{
    config,
    probe::{Blocking, Looking, Probe, ProbeError},
    time::{Reading, Stopwatch},
};
use beforehand_shared::{block_device::BlockDevice, observation::Observation};
use std::{collections::BTreeMap, time::Duration};

/// Into how many parts a run is cut.
const SLICES: u32 = 12;
/// What is left of an interval for reading the counters, so that runs do not overlap.
const MARGIN: Duration = Duration::from_secs(1);

/// What the system counts of each device, by its path, and the requests that it did not answer in time.
type Seen = BTreeMap<String, (Counters, Option<u64>)>;

pub struct DiskIo {
    settings: config::DiskIo,
    blocking: Blocking,
}

impl DiskIo {
    pub fn new(settings: &config::DiskIo) -> Self {
        Self { settings: settings.clone(), blocking: Blocking::default() }
    }

    async fn look(&self) -> Result<Vec<BlockDevice>, ProbeError> {
        let every = self.settings.every.get();
        let spacing = every.saturating_sub(MARGIN).max(every / 2) / SLICES;
        let watch = Stopwatch::start();
        let mut seen: Vec<Seen> = Vec::new();
        for slice in 0..=SLICES {
            if slice > 0 {
                tokio::time::sleep(spacing).await;
            }
            seen.push(self.blocking.run(system::counters).await?);
        }
        let (took, latest) = (watch.millis(), seen.last().cloned().unwrap_or_default());
        let devices = latest.into_iter().map(|(device, (_, timeouts))| {
            let counted: Vec<Counters> = seen.iter().filter_map(|seen| Some(seen.get(&device)?.0)).collect();
            BlockDevice { timeouts, ..parse::summary(device, &counted, took) }
        });
        Ok(devices.collect())
    }
}

impl Probe for DiskIo {
    fn name(&self) -> &'static str {
        "disk_io"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        self.settings.every.get() + Duration::from_secs(20)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let devices = self.look().await?;
            if devices.is_empty() {
                return Err(ProbeError::NoData("there is no disk here that the system counts requests of".to_owned()));
            }
            Ok(devices.into_iter().map(Observation::BlockDevice).collect())
        })
    }
}
