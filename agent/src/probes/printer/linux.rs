//! Linux: the queues of CUPS, by IPP, and who may read a file.

use super::{ask, ipp, queue};
use crate::{config, probe::ProbeError};
use ::ipp::prelude::Operation;
use beforehand_shared::{printer::Queue, time::Timestamp};
use reqwest::Client;
use std::{fs::File, os::unix::fs::MetadataExt};

/// The queues of the print service; none where none is configured.
pub(super) async fn queues(
    client: &Client,
    settings: &config::Printer,
    now: Timestamp,
) -> Result<Vec<Queue>, ProbeError> {
    if settings.cups.is_empty() {
        return Ok(Vec::new());
    }
    let service = format!("{}/", settings.cups.trim_end_matches('/'));
    let printers = ipp::question(Operation::CupsGetPrinters, "ipp://localhost/", &queue::WANTED);
    let printers = ask::exchange(client, &service, printers).await.map_err(|error| absent(error.into(), settings))?;
    let jobs = ipp::question(Operation::GetJobs, "ipp://localhost/", &queue::WANTED_OF_JOBS);
    let jobs = ask::exchange(client, &service, jobs).await.map_err(ProbeError::from)?;
    queue::queues(&printers, &jobs, now).map_err(|error| ask::failed(&service, &error))
}

/// Most machines have no print service, which is no fault of theirs.
fn absent(error: ProbeError, settings: &config::Printer) -> ProbeError {
    match error {
        ProbeError::Failed(why) if settings.cups == config::Printer::default().cups => {
            ProbeError::NoData(format!("no print service on this machine ({why})"))
        }
        other => other,
    }
}

/// Whether anybody on this machine may read or change the file.
pub(super) fn is_open_to_others(file: &File) -> bool {
    file.metadata().is_ok_and(|about| about.mode() & 0o007 != 0)
}
