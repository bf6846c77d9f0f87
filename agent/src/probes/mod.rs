//! The list of everything the agent looks at.

pub mod arrays;
pub mod connectivity;
pub mod disk_io;
pub mod disk_space;
pub mod drives;
pub mod host;
pub mod interfaces;
pub mod printer;

use crate::{config::Config, handed::Handed, probe::Probe};
use std::sync::Arc;

/// Every probe that `config` has not switched off; `handed` is what the collector adds to it.
pub fn all(config: &Config, handed: &Handed) -> Vec<Arc<dyn Probe>> {
    let probes: [Option<Arc<dyn Probe>>; 10] = [
        Some(Arc::new(host::HostProbe::new(config))),
        config.disk_space.enabled.then(|| Arc::new(disk_space::DiskSpace::new(&config.disk_space)) as _),
        config.disk_io.enabled.then(|| Arc::new(disk_io::DiskIo::new(&config.disk_io)) as _),
        config.connectivity.enabled.then(|| Arc::new(connectivity::Links::new(&config.connectivity).with(handed)) as _),
        config
            .connectivity
            .enabled
            .then(|| Arc::new(connectivity::Services::new(&config.connectivity).with(handed)) as _),
        config.connectivity.enabled.then(|| Arc::new(interfaces::Interfaces::new(&config.connectivity)) as _),
        config.printer.enabled.then(|| Arc::new(printer::PrinterProbe::new(&config.printer).with(handed)) as _),
        config
            .printer_discovery
            .enabled
            .then(|| Arc::new(printer::PrinterDiscovery::new(&config.printer_discovery, &config.printer)) as _),
        config.drives.enabled.then(|| Arc::new(drives::Drives::new(&config.drives)) as _),
        config.arrays.enabled.then(|| Arc::new(arrays::Arrays::new(&config.arrays)) as _),
    ];
    probes.into_iter().flatten().collect()
}
