//! Printers, and the queues in front of them.

mod alert;
mod ask;
pub mod ipp;
pub mod parse;
pub mod queue;
pub mod spooler;
mod supply;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
mod winspool;
#[cfg(windows)]
use windows as system;

use crate::{
    config, http,
    probe::{Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::{observation::Observation, printer::Queue};
use reqwest::Client;
use std::{collections::BTreeMap, time::Duration};
use tokio::task::JoinSet;

pub struct PrinterProbe {
    settings: config::Printer,
}

impl PrinterProbe {
    pub fn new(settings: &config::Printer) -> Self {
        Self { settings: settings.clone() }
    }
}

impl Probe for PrinterProbe {
    fn name(&self) -> &'static str {
        "printer"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    /// Two questions to the print service, one to each printer, side by side.
    fn deadline(&self) -> Duration {
        self.settings.timeout.get() * 3 + Duration::from_secs(5)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let client =
                http::looking(self.settings.timeout.get()).map_err(|error| ProbeError::Failed(error.to_string()))?;
            let queues = system::queues(&client, &self.settings, now.wall).await;
            let uris = uris(&self.settings, queues.as_deref().unwrap_or_default());
            let (printers, mut errors) = ask_all(&client, uris).await;
            let queues = queues.unwrap_or_else(|error| {
                tracing::debug!(%error, "no queues");
                errors.push(error);
                Vec::new()
            });
            let seen: Vec<Observation> =
                printers.into_iter().chain(queues.into_iter().map(Observation::Queue)).collect();
            match worst(errors) {
                Some(error) if seen.is_empty() => Err(error),
                None if seen.is_empty() => {
                    Err(ProbeError::NoData("there is no queue here and no printer configured".to_owned()))
                }
                _ => Ok(seen),
            }
        })
    }
}

/// The addresses to ask: those configured, then those behind the queues.
fn uris(settings: &config::Printer, queues: &[Queue]) -> Vec<String> {
    let behind = queues.iter().filter_map(|queue| queue.device_uri.clone());
    let mut uris = settings.uris.clone();
    for uri in behind.filter(|uri| uri.starts_with("ipp://") || uri.starts_with("ipps://")) {
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    uris
}

/// What the printers said, one observation per printer, and what went wrong with the others.
async fn ask_all(client: &Client, uris: Vec<String>) -> (Vec<Observation>, Vec<ProbeError>) {
    let mut tasks = JoinSet::new();
    for uri in uris {
        let client = client.clone();
        tasks.spawn(async move { ask::printer(&client, &uri).await });
    }
    let (mut printers, mut errors) = (BTreeMap::new(), Vec::new());
    for answer in tasks.join_all().await {
        match answer {
            // One printer reached by two addresses is one printer.
            Ok(printer) => drop(printers.insert(printer.key.clone(), Observation::Printer(printer))),
            Err(error) => {
                tracing::warn!(%error, "a printer is not seen");
                errors.push(error);
            }
        }
    }
    (printers.into_values().collect(), errors)
}

/// The error to report when nothing was seen: the one that a person can do most about.
fn worst(errors: Vec<ProbeError>) -> Option<ProbeError> {
    errors.into_iter().max_by_key(|error| match error {
        ProbeError::Unsupported(_) => 0,
        ProbeError::NoData(_) => 1,
        ProbeError::TimedOut(_) => 2,
        ProbeError::Failed(_) => 3,
        ProbeError::Denied(_) => 4,
    })
}
