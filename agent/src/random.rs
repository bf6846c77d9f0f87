//! The only source of randomness.

/// The system's generator gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("the system's random generator does not answer: {0}")]
pub struct RandomError(getrandom::Error);

/// 32 bytes fit for a secret.
pub fn secret() -> Result<[u8; 32], RandomError> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// A fraction from 0 to below 1, for jitter. 0.5 where the generator does not answer: waiting a
/// little too regularly is better than not waiting.
pub fn fraction() -> f64 {
    let mut bytes = [0; 4];
    fill(&mut bytes).map_or(0.5, |()| f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0))
}

/// A number for matching an answer to its question. 0 where the generator does not answer.
pub fn question_id() -> u16 {
    let mut bytes = [0; 2];
    fill(&mut bytes).map_or(0, |()| u16::from_le_bytes(bytes))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that draws randomness")]
fn fill(bytes: &mut [u8]) -> Result<(), RandomError> {
    getrandom::fill(bytes).map_err(RandomError)
}
