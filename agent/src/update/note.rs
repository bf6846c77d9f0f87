//! What the collector is told about updates, with the facts about the host.

use super::{memory::Memory, platform};
use crate::{config::Config, files};
use beforehand_shared::update::{Able, Attempt, CameTo, UpdateKey, Updates};
use std::{io, path::Path};

/// The latest attempt of the agent itself; the privileged step's is in its [`Memory`].
const FILE: &str = "update-attempt.json";
const BYTES: u64 = 16 * 1024;

/// Whether this agent can be updated, and what was tried last.
pub fn updates(config: &Config) -> Updates {
    // What cannot be read is not told; it must not keep the rest from being told.
    let theirs = Memory::load(&config.update.work).ok().and_then(|memory| memory.last);
    let ours = own(&config.state);
    let last = ours.into_iter().chain(theirs).max_by_key(|attempt| attempt.at);
    Updates { platform: platform(), able: able(config), last }
}

pub fn able(config: &Config) -> Able {
    if !config.update.enabled {
        return Able::Forbidden;
    }
    let key = config.build.update_key.map(UpdateKey::parse);
    if matches!(key, Some(Ok(_))) { Able::Yes } else { Able::NoKey }
}

/// Keeps `attempt`, and says whether it is news: the same failure every few hours is told once.
pub(super) fn keep(state: &Path, attempt: &Attempt) -> io::Result<bool> {
    if own(state).is_some_and(|known| (known.version, &known.came_to) == (attempt.version, &attempt.came_to)) {
        return Ok(false);
    }
    let json = serde_json::to_vec(attempt).map_err(io::Error::other)?;
    files::write(state, FILE, &json, files::Readers::Owner)?;
    Ok(true)
}

fn own(state: &Path) -> Option<Attempt> {
    let bytes = files::read(&state.join(FILE), BYTES).ok()??;
    let attempt: Attempt = serde_json::from_slice(&bytes).ok()?;
    (attempt.came_to != CameTo::Unknown).then_some(attempt)
}
