//! What only the operating system knows. Everything above this folder is the same on every system,
//! but for the `linux.rs` and `windows.rs` of each probe.

#[cfg(unix)]
mod linux;
#[cfg(unix)]
pub use linux::*;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::*;

use beforehand_shared::ids::BootId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A boot id made of any words that differ from boot to boot.
fn boot_id_from(words: &str) -> BootId {
    let digest = Sha256::digest(words.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    BootId(words.trim().parse().unwrap_or(Uuid::from_bytes(bytes)))
}

/// Hash of the machine's own identity. The identity itself stays on the machine: other programs use
/// it as a key.
pub fn machine() -> String {
    hex::encode(Sha256::digest(format!("beforehand machine {}", machine_id().trim())))
}
