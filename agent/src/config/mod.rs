//! Settings: one section per file, unknown keys refused, every error with its line and a remedy.

mod arrays;
mod connectivity;
mod disk_io;
mod disk_space;
mod drives;
mod host;
mod printer;
mod printer_discovery;
mod problem;
pub mod secret;
pub mod snmp;
mod spool;
pub mod units;
mod update;

pub use self::{
    arrays::Arrays, connectivity::Connectivity, disk_io::DiskIo, disk_space::DiskSpace, drives::Drives, host::Host,
    printer::Printer, printer_discovery::PrinterDiscovery, problem::Problem, spool::Spool, update::Update,
};
use self::{problem::Finding, units::Length};
use crate::Build;
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where identity and spool are kept.
    pub state: PathBuf,
    /// From one report to the next.
    pub report_every: Length,
    pub spool: Spool,
    pub host: Host,
    pub disk_space: DiskSpace,
    pub disk_io: DiskIo,
    pub connectivity: Connectivity,
    pub printer: Printer,
    pub printer_discovery: PrinterDiscovery,
    pub drives: Drives,
    pub arrays: Arrays,
    pub update: Update,
    /// The program that runs with these settings; no file can set it.
    #[serde(skip)]
    pub build: Build,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state: crate::platform::state_dir(),
            report_every: Length::seconds(60),
            spool: Spool::default(),
            host: Host::default(),
            disk_space: DiskSpace::default(),
            disk_io: DiskIo::default(),
            connectivity: Connectivity::default(),
            printer: Printer::default(),
            printer_discovery: PrinterDiscovery::default(),
            drives: Drives::default(),
            arrays: Arrays::default(),
            update: Update::default(),
            build: Build::default(),
        }
    }
}

impl Config {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// The first [`Problem`], with line and remedy.
    pub fn load(path: &Path) -> Result<Self, Problem> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) => Err(Problem::unreadable(path, &error)),
        }
    }

    /// Reads and checks `text`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let config: Self = toml::from_str(text).map_err(|error| Problem::of_toml(text, &error))?;
        config.check().map_err(|finding| Problem::of_finding(text, finding))?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Finding> {
        self.report_every.check("", "report_every", (100, 3_600_000))?;
        self.spool.check()?;
        self.host.check()?;
        self.disk_space.check()?;
        self.disk_io.check()?;
        self.connectivity.check()?;
        self.printer.check()?;
        self.printer_discovery.check()?;
        self.drives.check()?;
        self.arrays.check()?;
        self.update.check()
    }

    /// What the spool may hold, in reports of one per [`Config::report_every`].
    pub fn spool_limits(&self) -> crate::spool::Limits {
        let reports =
            |length: u64| usize::try_from(length / self.report_every.ms().max(1)).unwrap_or(usize::MAX).max(1);
        let keep_acked = u64::try_from(beforehand_shared::limits::KEEP_ACKED.0).unwrap_or(0);
        crate::spool::Limits {
            bytes: self.spool.max_bytes.0,
            waiting: reports(self.spool.max_age.ms()),
            acked: reports(keep_acked),
        }
    }
}
