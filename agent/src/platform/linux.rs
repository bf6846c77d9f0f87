//! Linux: clocks, identity of machine and boot, private files, and the service manager's socket.

use crate::{
    run::Told,
    time::Reading,
    tool::{Limits, Tool},
};
use beforehand_shared::{ids::BootId, report::Goodbye, time::Timestamp};
use rustix::time::{ClockId, clock_gettime};
use sd_notify::NotifyState;
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
    sync::mpsc::sync_channel,
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

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

/// Opens a new file, in place of whatever has that name, that only one user may read: this one, or
/// the owner of the folder where this one is root. So `enrol`, which an administrator runs, leaves
/// what the service can read. A link of that name is replaced and never followed: the folder belongs
/// to a user who may do less than root.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::remove_file(path)?;
            options.open(path)?
        }
        other => other?,
    };
    if let (true, Some(folder)) = (rustix::process::geteuid().is_root(), path.parent()) {
        let folder = std::fs::metadata(folder)?;
        fchown(&file, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(file)
}

/// Makes the names in `dir` durable; without it a rename may be lost with the power.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Hands on what the system says by signals, until the service is to end. SIGUSR1 comes before the machine sleeps, from
/// the package's hook.
pub async fn hand_on(tell: &mpsc::Sender<Told>) -> io::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut sleep = signal(SignalKind::user_defined1())?;
    loop {
        let told = tokio::select! {
            _ = term.recv() => Told::End(why_ended().await),
            _ = int.recv() => Told::End(Goodbye::Stop),
            // Nobody here waits until it was sent.
            _ = sleep.recv() => Told::Suspend(sync_channel(0).0),
        };
        let is_end = matches!(told, Told::End(_));
        if tell.send(told).await.is_err() || is_end {
            return Ok(());
        }
    }
}

/// systemd's word for a machine that shuts down or restarts (systemctl(1), is-system-running).
const STOPPING: &[u8] = b"stopping";
const WHY: Limits = Limits { time: Duration::from_secs(1), bytes: 64 };

async fn why_ended() -> Goodbye {
    match Tool::Systemctl.ask(&["is-system-running"], WHY).await {
        Ok(answer) if answer.stdout.trim_ascii() == STOPPING => Goodbye::Shutdown,
        _ => Goodbye::Stop,
    }
}

/// Tells the service manager a state such as `READY=1` (sd_notify(3)); nothing where there is none.
pub fn notify(state: &str) {
    if let Err(error) = sd_notify::notify(&[NotifyState::Custom(state)]) {
        tracing::debug!(%error, "the service manager's socket does not take messages");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs,
        os::unix::fs::{chown, symlink},
    };

    fn folder_of_another() -> (tempfile::TempDir, Option<u32>) {
        let folder = tempfile::tempdir().unwrap();
        let other = rustix::process::geteuid().is_root().then_some(12_345);
        chown(folder.path(), other, other).unwrap();
        (folder, other)
    }

    #[test]
    fn what_root_writes_belongs_to_the_owner_of_the_folder() {
        let (folder, other) = folder_of_another();
        let made = create_private(&folder.path().join("identity")).unwrap().metadata().unwrap();
        let own = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
        assert_eq!((made.uid(), made.gid()), other.map_or(own, |other| (other, other)));
        assert_eq!(made.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_link_that_the_owner_of_the_folder_planted_is_not_followed() {
        let (folder, _) = folder_of_another();
        let (precious, link) = (folder.path().join("precious"), folder.path().join("identity"));
        fs::write(&precious, "precious").unwrap();
        symlink(&precious, &link).unwrap();
        create_private(&link).unwrap();
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
        assert!(fs::symlink_metadata(&link).unwrap().is_file());
    }
}
