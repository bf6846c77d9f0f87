//! Windows: clocks, identity of machine and boot, private files. The service manager is not spoken
//! to yet: the agent runs in a console.

use crate::time::{Reading, Stopwatch};
use beforehand_shared::{ids::BootId, time::Timestamp};
use std::{fs::File, io, path::Path, sync::LazyLock};

pub const CONFIG_FILE: &str = r"C:\ProgramData\Beforehand\agent.toml";
pub const STATE_DIR: &str = r"C:\ProgramData\Beforehand\state";

static START: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);

/// Time since the agent's start stands for time since boot; sleep is not told apart.
pub fn read_clocks(wall: Timestamp) -> Reading {
    let ms = crate::time::millis(START.elapsed());
    Reading { wall, mono_ms: ms, awake_ms: ms }
}

/// One id per start of the agent, as the monotonic clock starts with it.
pub fn boot_id() -> BootId {
    super::boot_id_from(&format!("{} {:?}", sysinfo::System::boot_time(), crate::random::secret().ok()))
}

pub(super) fn machine_id() -> String {
    host_name()
}

pub fn host_name() -> String {
    sysinfo::System::host_name().unwrap_or_default()
}

/// Opens a new file; the state directory's access list keeps others out.
pub fn create_private(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// NTFS journals names itself.
pub fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns when Ctrl-C is pressed.
pub async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// There is no such socket here.
pub fn notify(_state: &str) {}
