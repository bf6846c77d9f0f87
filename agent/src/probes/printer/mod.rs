//! Printers, and the queues in front of them.

mod address;
mod alert;
pub mod announcements;
mod ask;
mod discovery;
mod dns_sd;
pub mod found;
pub mod identity;
pub mod ipp;
mod ipp_guard;
pub mod located;
mod memory;
pub mod merge;
mod pace;
pub mod parse;
pub mod queue;
pub mod scan;
pub mod snmp;
pub mod spooler;
mod supply;
mod target;

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

pub use discovery::PrinterDiscovery;

use crate::{
    config,
    handed::Handed,
    http,
    probe::{Looking, Probe, ProbeError},
    time::{Reading, Stopwatch},
};
use ask::Asker;
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, Queue},
    printer_details::SilentPrinter,
};
use located::Located;
use memory::Memory;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use target::Targets;

/// No further printer is asked once a run has taken this long; the rest come first in the next one.
const RUN: Duration = Duration::from_secs(40);

/// For so long announcements of printers behind queues are awaited.
const LISTEN: Duration = Duration::from_secs(3);

pub const NAME: &str = "printer";

pub struct PrinterProbe {
    settings: config::Printer,
    handed: Option<Handed>,
    memory: Mutex<Memory>,
    located: Mutex<Located>,
}

impl PrinterProbe {
    pub fn new(settings: &config::Printer) -> Self {
        Self { settings: settings.clone(), handed: None, memory: Mutex::default(), located: Mutex::default() }
    }

    /// Also asks the printers that the collector handed to this agent.
    #[must_use]
    pub fn with(self, handed: &Handed) -> Self {
        Self { handed: Some(handed.clone()), ..self }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn located(&self) -> MutexGuard<'_, Located> {
        self.located.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the printers of queues that name a service.
    async fn locate(&self, queues: &mut [Queue], now: Reading) {
        let is_due = self.located().is_due(queues, now.mono_ms);
        if is_due {
            let announced = dns_sd::ask(discovery::own_addresses(), LISTEN).await.unwrap_or_else(|error| {
                tracing::debug!(%error, "nobody can be asked where the printers of queues are");
                Vec::new()
            });
            self.located().keep(&announced, queues, now.mono_ms);
        }
        self.located().give_to(queues);
    }

    /// Asks those that are due, one after another, and returns what they said.
    async fn ask(&self, asker: &Asker, targets: &Targets, now: Reading) -> Vec<Printer> {
        let every = pace::Every { usual: self.settings.ask_every.ms(), busy: self.settings.ask_busy_every.ms() };
        let due = self.memory().due(targets, every, now.mono_ms);
        let (watch, mut sightings) = (Stopwatch::start(), Vec::new());
        for host in due {
            let Some(target) = targets.get(&host) else { continue };
            if watch.elapsed() > RUN {
                tracing::debug!(host, "asked in the next run");
                continue;
            }
            let (seen, errors) = asker.target(target, now.wall).await;
            for error in &errors {
                tracing::debug!(host, %error, "a way of asking a printer has no answer");
            }
            let errors = errors.into_iter().chain(target.wrong());
            self.memory().asked((&host, target), now, &seen, errors.collect());
            sightings.extend(seen);
        }
        sightings
    }
}

impl Probe for PrinterProbe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    /// Two questions to the print service, then the printers, of which the last may be slow.
    fn deadline(&self) -> Duration {
        2 * self.settings.timeout.get() + RUN + ask::PRINTER + LISTEN + Duration::from_secs(5)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let client =
                http::looking(self.settings.timeout.get()).map_err(|error| ProbeError::Failed(error.to_string()))?;
            let mut queues = system::queues(&client, &self.settings, now.wall).await;
            self.locate(queues.as_deref_mut().unwrap_or_default(), now).await;
            let handed = self.handed.as_ref().map(Handed::printers).unwrap_or_default();
            let targets = target::targets(&self.settings, &handed, queues.as_deref().unwrap_or_default());
            let asker = Asker { client, timeout: self.settings.timeout.get() };
            let sightings = self.ask(&asker, &targets, now).await;
            let printers = merge::printers(sightings, queues.as_deref().unwrap_or_default());
            let printers = self.memory().recognised(printers);
            let ((silent, mut errors), is_quiet) = {
                let memory = self.memory();
                (memory.silent(), memory.is_quiet())
            };
            let queues = queues.unwrap_or_else(|error| {
                tracing::debug!(%error, "no queues");
                errors.push(error);
                Vec::new()
            });
            let is_alone = printers.is_empty() && queues.is_empty() && !is_quiet;
            match worst(errors) {
                Some(error) if is_alone && !is_waiting(&error, &targets) => Err(error),
                None if is_alone && targets.is_empty() => {
                    Err(ProbeError::NoData("there is no queue here and no printer configured".to_owned()))
                }
                // Printers that are not due again yet say nothing now.
                _ => Ok(observations(printers, silent, queues)),
            }
        })
    }
}

/// Whether the error is only that this machine has no queues, while there are printers that are not due.
fn is_waiting(error: &ProbeError, targets: &Targets) -> bool {
    matches!(error, ProbeError::NoData(_)) && !targets.is_empty()
}

fn observations(printers: Vec<Printer>, silent: Vec<SilentPrinter>, queues: Vec<Queue>) -> Vec<Observation> {
    let printers = printers.into_iter().map(Observation::Printer);
    let silent = silent.into_iter().map(Observation::SilentPrinter);
    printers.chain(silent).chain(queues.into_iter().map(Observation::Queue)).collect()
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
