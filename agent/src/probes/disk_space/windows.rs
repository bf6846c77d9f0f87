//! Windows: the system's list of disks, and what storage management says of their file systems.

use super::{
    health::{self, Health},
    parse::{self, Mount},
};
use crate::{
    config,
    platform::wmi::{self, words},
    probe::ProbeError,
    time::Reading,
};
use beforehand_shared::{limits, text, volume::Volume};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

/// Storage management is a program of its own, which a question wakes: too much for every minute.
const ASKED_EVERY_MS: u64 = 30 * 60 * 1_000;

/// What storage management said last.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    asked_ms: Option<u64>,
    health: Vec<Health>,
}

impl Memory {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks anew when it is time, beside the probe: free space is told without waiting for this.
    fn renew(&self, now: Reading) {
        let due = |asked: u64| now.mono_ms.saturating_sub(asked) >= ASKED_EVERY_MS;
        if !self.told().asked_ms.is_none_or(due) {
            return;
        }
        self.told().asked_ms = Some(now.mono_ms);
        let memory = self.clone();
        let asking = thread::Builder::new().name("volumes".to_owned()).spawn(move || {
            let told: Result<Vec<Health>, String> = wmi::ask(|wmi| wmi.query().map_err(|error| words(&error)));
            memory.told().health = told.unwrap_or_else(|error| {
                tracing::debug!(error, "storage management does not say how file systems are");
                Vec::new()
            });
        });
        if let Err(error) = asking {
            tracing::warn!(%error, "no thread to ask storage management");
        }
    }
}

pub(super) fn volumes(settings: &config::DiskSpace, memory: &Memory, now: Reading) -> Result<Vec<Volume>, ProbeError> {
    memory.renew(now);
    let disks = sysinfo::Disks::new_with_refreshed_list()
        .map_err(|error| ProbeError::Failed(format!("the disks cannot be listed: {error}")))?;
    let clean = |raw: &std::ffi::OsStr| text::clean(&raw.to_string_lossy(), limits::TEXT_CHARS);
    let mut volumes = Vec::new();
    for disk in disks.iter() {
        let mount = Mount {
            mount: clean(disk.mount_point().as_os_str()),
            device: clean(disk.name()),
            fs: clean(disk.file_system()),
            id: clean(disk.mount_point().as_os_str()),
            root: "/".to_owned(),
            read_only: disk.is_read_only(),
            fs_read_only: disk.is_read_only(),
            subvolume: None,
            turned_read_only: false,
        };
        for mount in parse::selected(vec![mount], settings, |_| disk.is_removable()) {
            volumes.push(Volume {
                mount: mount.mount,
                device: mount.device,
                fs: mount.fs,
                total_bytes: disk.total_space(),
                free_bytes: disk.available_space(),
                ..Volume::default()
            });
        }
    }
    health::apply(&mut volumes, &memory.told().health);
    Ok(volumes)
}
