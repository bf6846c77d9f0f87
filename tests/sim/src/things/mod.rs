//! Everything that can break: one list, one small model each.
//!
//! A thing carries its own randomness, so a copy of it stepped forward without an action is
//! exactly what would have happened.

pub mod archive;
pub mod drive;
pub mod endpoint;
pub mod flash;
pub mod line;
pub mod mirror;
pub mod power;
pub mod printer;
pub mod queue;
pub mod slow;
pub mod volume;

use crate::calendar::Local;
use beforehand_core::{asset::AssetId, finding::FindingKind};
use beforehand_shared::time::{Millis, Timestamp};

/// One step of time.
#[derive(Debug, Clone, Copy)]
pub struct Tick {
    pub at: Timestamp,
    pub step: Millis,
    /// Whether people are at work.
    pub busy: bool,
    pub local: Local,
}

/// What a technician found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub text: String,
    pub minutes: u32,
    /// Whether anything was changed.
    pub acted: bool,
}

impl Deed {
    pub(crate) fn did(text: &str, minutes: u32) -> Self {
        Self { text: text.to_owned(), minutes, acted: true }
    }

    pub(crate) fn looked() -> Self {
        Self { text: "Looked at it: all well.".to_owned(), minutes: 5, acted: false }
    }
}

fn days(n: f64) -> Millis {
    Millis((n * Millis::DAY.0 as f64) as i64)
}

#[derive(Debug, Clone)]
pub enum Thing {
    Volume(volume::Disk),
    Printer(printer::Device),
    Queue(queue::Spooler),
    Line(line::Line),
    Endpoint(endpoint::Service),
    Power(power::Power),
    Hdd(drive::Hdd),
    Flash(flash::Flash),
    Mirror(mirror::Mirror),
    Archive(archive::Archive),
    Slow(slow::Slow),
}

impl Thing {
    pub(crate) fn advance(&mut self, tick: &Tick) {
        match self {
            Self::Volume(it) => it.advance(tick),
            Self::Printer(it) => it.advance(tick),
            Self::Queue(it) => it.advance(tick),
            Self::Line(it) => it.advance(tick),
            Self::Endpoint(it) => it.advance(tick),
            Self::Power(it) => it.advance(tick),
            Self::Hdd(it) => it.advance(tick),
            Self::Flash(it) => it.advance(tick),
            Self::Mirror(it) => it.advance(tick),
            Self::Archive(it) => it.advance(tick),
            Self::Slow(it) => it.advance(tick),
        }
    }

    /// Whether users would notice now.
    pub fn is_broken(&self, tick: &Tick) -> bool {
        match self {
            Self::Volume(it) => it.is_broken(),
            Self::Printer(it) => it.is_broken(),
            Self::Queue(it) => it.is_broken(tick),
            Self::Line(it) => it.is_broken(tick),
            Self::Endpoint(it) => it.is_broken(tick.at),
            Self::Power(it) => it.is_broken(),
            Self::Hdd(it) => it.is_broken(),
            Self::Flash(it) => it.is_broken(),
            Self::Mirror(it) => it.is_broken(),
            Self::Archive(it) => it.is_broken(),
            Self::Slow(it) => tick.busy && it.is_broken(),
        }
    }

    /// Whether what its trouble leads to has come, though users may not notice: a mirror goes on without a dead drive.
    pub fn has_come(&self, tick: &Tick) -> bool {
        match self {
            Self::Hdd(it) => it.is_dead(),
            other => other.is_broken(tick),
        }
    }

    /// Whether a person who looks would find something to do.
    pub fn needs_help(&self) -> bool {
        match self {
            Self::Volume(it) => it.needs_help(),
            Self::Printer(it) => it.needs_help(),
            Self::Queue(it) => it.needs_help(),
            Self::Line(it) => it.needs_help(),
            Self::Endpoint(it) => it.needs_help(),
            Self::Power(it) => it.needs_help(),
            Self::Hdd(it) => it.needs_help(),
            Self::Flash(it) => it.needs_help(),
            Self::Mirror(it) => it.needs_help(),
            Self::Archive(it) => it.needs_help(),
            Self::Slow(it) => it.needs_help(),
        }
    }

    /// Does what a technician would do.
    pub(crate) fn act(&mut self, at: Timestamp) -> Deed {
        match self {
            Self::Volume(it) => it.act(),
            Self::Printer(it) => it.act(),
            Self::Queue(it) => it.act(),
            Self::Line(it) => it.act(),
            Self::Endpoint(it) => it.act(at),
            Self::Power(it) => it.act(),
            Self::Hdd(it) => it.act(at),
            Self::Flash(it) => it.act(),
            Self::Mirror(it) => it.act(),
            Self::Archive(it) => it.act(at),
            Self::Slow(it) => it.act(at),
        }
    }

    /// Whether its present trouble announced itself before users saw it.
    pub fn is_foreseeable(&self) -> bool {
        match self {
            Self::Volume(_) | Self::Endpoint(_) | Self::Flash(_) | Self::Mirror(_) | Self::Slow(_) => true,
            Self::Hdd(it) => it.is_foreseeable(),
            Self::Archive(it) => it.is_foreseeable(),
            Self::Printer(it) => it.is_foreseeable(),
            Self::Line(it) => it.is_foreseeable(),
            Self::Queue(_) | Self::Power(_) => false,
        }
    }

    pub const fn kind(&self) -> FindingKind {
        match self {
            Self::Volume(_) => FindingKind::VolumeFull,
            Self::Printer(it) => it.kind(),
            Self::Queue(_) => FindingKind::QueueStuck,
            Self::Line(_) => FindingKind::LinkFault,
            Self::Endpoint(_) => FindingKind::CertificateExpiry,
            Self::Power(_) => FindingKind::HostSilent,
            Self::Hdd(_) => FindingKind::DriveFailure,
            Self::Flash(_) => FindingKind::DriveWear,
            Self::Mirror(_) => FindingKind::ArrayDegraded,
            Self::Archive(_) => FindingKind::FilesystemReadonly,
            Self::Slow(_) => FindingKind::DriveLatency,
        }
    }

    pub fn asset(&self) -> AssetId {
        match self {
            Self::Volume(it) => it.asset(),
            Self::Printer(it) => it.asset(),
            Self::Queue(it) => it.asset(),
            Self::Line(it) => it.asset(),
            Self::Endpoint(it) => it.asset(),
            Self::Power(it) => it.asset(),
            Self::Hdd(it) => it.asset(),
            Self::Flash(it) => it.asset(),
            Self::Mirror(it) => it.asset(),
            Self::Archive(it) => it.asset(),
            Self::Slow(it) => it.asset(),
        }
    }

    /// What a user says when he notices, and how long he was held up.
    pub const fn complaint(&self) -> (&'static str, u32) {
        match self {
            Self::Volume(_) => ("Saving files fails: the disk is full", 45),
            Self::Printer(_) => ("The printer does not print", 25),
            Self::Queue(_) => ("My print jobs never come out", 20),
            Self::Line(_) => ("The internet is very slow or down", 60),
            Self::Endpoint(_) => ("The browser warns that our site is not safe", 40),
            Self::Power(_) => ("The server does not answer", 90),
            Self::Hdd(_) => ("The files on the second disk are gone", 180),
            Self::Flash(_) => ("Nothing can be saved any more", 90),
            Self::Mirror(_) => ("The shared files are gone", 300),
            Self::Archive(_) => ("The archive takes no new files", 30),
            Self::Slow(_) => ("Everything on the server takes for ever", 60),
        }
    }
}
