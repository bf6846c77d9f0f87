//! Linux: clocks, identity of machine and boot, private files, and the service manager's socket.

use crate::time::Reading;
use beforehand_shared::{ids::BootId, report::Goodbye, time::Timestamp};
use rustix::time::{ClockId, clock_gettime};
use std::{
    fs::{File, OpenOptions},
    io,
    os::{
        linux::net::SocketAddrExt,
        unix::{
            fs::OpenOptionsExt,
            net::{SocketAddr, UnixDatagram},
        },
    },
    path::{Path, PathBuf},
};
use tokio::signal::unix::{SignalKind, signal};

pub fn config_file() -> PathBuf {
    "/etc/beforehand/agent.toml".into()
}

pub fn state_dir() -> PathBuf {
    "/var/lib/beforehand-agent".into()
}

/// The three clocks; `CLOCK_BOOTTIME` counts sleep, `CLOCK_MONOTONIC` does not.
pub fn read_clocks(wall: Timestamp) -> Reading {
    Reading { wall, mono_ms: millis(ClockId::Boottime), awake_ms: millis(ClockId::Monotonic) }
}

fn millis(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    u64::try_from(time.tv_sec * 1_000 + time.tv_nsec / 1_000_000).unwrap_or(0)
}

pub fn boot_id() -> BootId {
    super::boot_id_from(&std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default())
}

pub(super) fn machine_id() -> String {
    std::fs::read_to_string("/etc/machine-id").unwrap_or_else(|_| host_name())
}

pub fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned()
}

/// Makes `dir`; the package makes its own with the rights it needs.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}

/// Opens a new file that only this user may read.
pub fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Makes the names in `dir` durable; without it a rename may be lost with the power.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Returns when the service is asked to stop.
pub async fn asked_to_stop() -> io::Result<Goodbye> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(Goodbye::Stop)
}

/// Tells the service manager a state such as `READY=1` (sd_notify(3)); nothing where there is none.
pub fn notify(state: &str) {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let path = path.to_string_lossy();
    let address = match path.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(path.as_ref()),
    };
    let sent = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = sent {
        tracing::debug!(%error, "the service manager's socket does not take messages");
    }
}
