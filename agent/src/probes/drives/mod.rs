//! The health of physical drives: their own verdict, and what they count.

mod ask;
mod behind;
pub mod controllers;
pub mod merge;
pub mod native;
pub mod parse;
pub mod place;
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

/// What gives the agent the right to ask drives. The packaged service has a `/dev` without drives in it.
pub const RIGHTS: &str = "Linux: let it by /usr/share/doc/beforehand-agent/examples/drives.conf, as its first lines \
    say. Windows: let the service run as LocalSystem";
/// Characters of a model, a serial number or a version.
const CHARS: usize = 256;

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
        let scsi = self.blocking.run(|| Ok(system::scsi())).await.unwrap_or_default();
        together(self.asking.all(&scsi).await, known)
    }
}

/// What `asked` drives said, and what the system knows.
fn together(
    asked: Result<Vec<Drive>, ProbeError>,
    known: Result<Vec<Drive>, ProbeError>,
) -> Result<Vec<Drive>, ProbeError> {
    let (asked, known) = match (asked, known) {
        (Ok(asked), known) => (asked, known.unwrap_or_default()),
        // What the system knows is shown all the same, with the reason why it is not more.
        (Err(error), Ok(known)) => (Vec::new(), known.into_iter().map(|drive| unasked(drive, &error)).collect()),
        (Err(error), Err(_)) => return Err(error),
    };
    Ok(merge::merge(asked, known))
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

    /// Many drives are asked a few at a time, those behind controllers one by one, each with a deadline of its own.
    fn deadline(&self) -> Duration {
        Duration::from_secs(240)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let drives = self.look().await?;
            if drives.is_empty() {
                return Err(ProbeError::NoData("there is no physical drive to ask".to_owned()));
            }
            Ok(drives.into_iter().map(Box::new).map(Observation::Drive).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drive_that_the_system_knows_and_no_device_shows_is_blind_for_that_reason_and_not_for_its_adapter() {
        let verdict = Verdict::Unknown { why: "nobody asked it".to_owned() };
        let known = Drive { device: "/dev/sda".to_owned(), key: "EX-0001".to_owned(), verdict, ..Drive::default() };
        let unseen = || Err(ProbeError::Denied("the service may not see devices".to_owned()));
        let drives = together(unseen(), Ok(vec![known])).unwrap();
        assert!(
            matches!(&drives[0].verdict, Verdict::Blind { why } if why.contains("may not see devices")),
            "{drives:?}"
        );
        assert!(together(unseen(), Ok(Vec::new())).unwrap().is_empty(), "a machine without drives lacks no right");
    }
}
