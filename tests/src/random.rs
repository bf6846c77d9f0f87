//! The one place that draws randomness: identifiers of what the demonstration makes. Tests take
//! theirs from seeds.

use uuid::Uuid;

/// A new identifier.
///
/// # Errors
/// When the system has no randomness.
pub fn uuid() -> anyhow::Result<Uuid> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[expect(clippy::disallowed_methods, reason = "the one drawing of randomness")]
fn fill(bytes: &mut [u8]) -> anyhow::Result<()> {
    getrandom::fill(bytes).map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))
}
