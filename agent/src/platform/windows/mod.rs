//! Windows: where things are kept, and the identity of machine and boot.

pub(crate) mod access;
mod clocks;
pub(crate) mod device;
pub mod event_log;
mod files;
mod known;
pub mod opened;
pub(crate) mod wmi;

pub use self::{
    clocks::read_clocks,
    files::{SERVICE_SID, create_private, create_private_dir, prepare_data_dir, protect_from_service, sync_dir},
};

use crate::{run::Told, time::Clock};
use beforehand_shared::{ids::BootId, report::Goodbye, time::Millis};
use std::{io, path::PathBuf, sync::OnceLock};
use tokio::sync::mpsc;
use windows_registry::LOCAL_MACHINE;

/// Settings, state and log, for this system's people and its services.
pub fn data_dir() -> PathBuf {
    known::program_data().join("Beforehand")
}

pub fn config_file() -> PathBuf {
    data_dir().join("agent.toml")
}

pub fn state_dir() -> PathBuf {
    data_dir().join("state")
}

pub fn log_dir() -> PathBuf {
    data_dir().join("log")
}

/// The start of the system by its wall clock, to the minute: corrections of the clock are smaller,
/// and the monotonic clock starts anew with it. Where Windows counts its starts, that number too.
pub fn boot_id() -> BootId {
    const COUNTER: &str = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters";
    let now = Clock::system().now();
    let up = Millis(i64::try_from(now.mono_ms).unwrap_or(i64::MAX));
    let started = now.wall.minus(up).0.div_euclid(Millis::MINUTE.0);
    let count = LOCAL_MACHINE.open(COUNTER).and_then(|key| key.get_u32("BootId")).ok();
    super::boot_id_from(&format!("{started} {count:?}"))
}

/// The number that setting up Windows gave; images of a machine carry it along unless they were
/// prepared with sysprep.
pub(super) fn machine_id() -> String {
    let guid = LOCAL_MACHINE.open(r"SOFTWARE\Microsoft\Cryptography").and_then(|key| key.get_string("MachineGuid"));
    guid.unwrap_or_else(|_| host_name())
}

pub fn host_name() -> String {
    sysinfo::System::host_name().unwrap_or_default()
}

/// Hands on that the agent in a console is to end.
pub async fn hand_on(tell: &mpsc::Sender<Told>) -> io::Result<()> {
    tokio::signal::ctrl_c().await?;
    // Nobody listens any more where the agent is ending.
    drop(tell.send(Told::End(Goodbye::Stop)).await);
    Ok(())
}

type Listener = Box<dyn Fn(&str) + Send + Sync>;
static LISTENER: OnceLock<Listener> = OnceLock::new();

/// From here on, what the loop says of its state goes to `listener`; the first one stays.
pub fn listen(listener: impl Fn(&str) + Send + Sync + 'static) {
    drop(LISTENER.set(Box::new(listener)));
}

/// Tells the service, if the agent runs as one, a state in the words of sd_notify(3).
pub fn notify(state: &str) {
    if let Some(listener) = LISTENER.get() {
        listener(state);
    }
}
