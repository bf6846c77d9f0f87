//! The health of physical drives: their own verdict, and what they count.

mod ask;
pub mod merge;
pub mod native;
pub mod parse;
pub mod reported;
pub mod storage;
mod values;

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
    tool::Tool,
};
use beforehand_shared::{
    drive::{Drive, Verdict},
    observation::Observation,
};
use std::time::Duration;

pub struct Drives {
    settings: config::Drives,
    blocking: Blocking,
    asking: ask::Asking,
}

impl Drives {
    pub fn new(settings: &config::Drives) -> Self {
        Self { settings: settings.clone(), blocking: Blocking::default(), asking: ask::Asking::default() }
    }

    async fn look(&self) -> Result<Vec<Drive>, ProbeError> {
        let known = self.blocking.run(system::drives).await;
        if Tool::Smartctl.path().is_none() {
            return known;
        }
        let (asked, known) = match (self.asking.all().await, known) {
            (Ok(asked), known) => (asked, known.unwrap_or_default()),
            // What the system knows is shown all the same, with the reason why it is not more.
            (Err(error), Ok(known)) => (Vec::new(), known.into_iter().map(|drive| unasked(drive, &error)).collect()),
            (Err(error), Err(_)) => return Err(error),
        };
        Ok(merge::merge(asked, known))
    }
}

fn unasked(drive: Drive, error: &ProbeError) -> Drive {
    match drive.verdict {
        Verdict::Unknown { .. } => Drive { verdict: Verdict::Blind { why: error.to_string() }, ..drive },
        _ => drive,
    }
}

impl Probe for Drives {
    fn name(&self) -> &'static str {
        "drives"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    /// Many drives are asked a few at a time, each with a deadline of its own.
    fn deadline(&self) -> Duration {
        Duration::from_secs(180)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let drives = self.look().await?;
            if drives.is_empty() {
                return Err(ProbeError::NoData("there is no physical drive to ask, or all of them sleep".to_owned()));
            }
            Ok(drives.into_iter().map(Observation::Drive).collect())
        })
    }
}
