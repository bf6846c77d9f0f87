//! What the rollout has decided, in words for people.

use super::{Course, Phase, Ring, Wait};
use beforehand_shared::update::{Attempt, CameTo};

impl Wait {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Retired => "out of service",
            Self::SwitchedOff => "off for this client",
            Self::Forbidden => "the settings of this machine forbid it",
            Self::NoKey => "this build of the agent has no update key",
            Self::CannotTell => "its agent does not say that it can be updated",
            Self::OtherPlatform => "there is no package for its system",
            Self::Current => "up to date",
            Self::GaveUp => "the new version did not become healthy here",
            Self::Stopped => "stopped, because the new version did not become healthy on another host",
            Self::FirstRing => "waits until the first hosts have run the new version for a day",
            Self::Expired => "the released index has expired",
        }
    }
}

impl Course {
    /// One sentence.
    pub fn words(&self) -> String {
        let Self { platform, version, running, of, .. } = self;
        let what = format!("Agent {version} for {platform}");
        match &self.phase {
            Phase::Expired => format!("{what}: its index has expired. Sign a new one"),
            Phase::Nobody => {
                format!("{what}: no host that may be updated fits it. Updates are switched on for each client")
            }
            Phase::Stopped { name, why, .. } => {
                format!("{what} is stopped: {name} returned to the version before, because {why}. Release a newer one")
            }
            Phase::FirstRing(Ring { reporting: 0, size, .. }) => {
                format!("{what}: waits for the first {size} of {of} hosts, none of which reported within a day")
            }
            Phase::FirstRing(ring) if ring.is_stuck() => {
                format!(
                    "{what}: none of the first hosts could install it: {}. Their pages say why",
                    names(&ring.left_out)
                )
            }
            Phase::FirstRing(ring) => format!(
                "{what}: {running} of {of} hosts run it. {} of the first {} have run it for a day; the rest follow \
                 when all have. Still waited for: {}{}",
                ring.settled,
                ring.reporting,
                names(&ring.holding),
                left_out(ring)
            ),
            Phase::Rest(ring) => {
                format!("{what}: {running} of {of} hosts run it, and every host may have it{}", left_out(ring))
            }
        }
    }

    /// Whether somebody has to do something.
    pub const fn needs_a_person(&self) -> bool {
        match &self.phase {
            Phase::Expired | Phase::Stopped { .. } => true,
            Phase::FirstRing(ring) => ring.is_stuck(),
            Phase::Nobody | Phase::Rest(_) => false,
        }
    }
}

/// Hosts named in one sentence.
const NAMED: usize = 5;

fn left_out(ring: &Ring) -> String {
    if ring.left_out.is_empty() {
        return String::new();
    }
    format!(". Not waited for, because it was not installed there: {}", names(&ring.left_out))
}

fn names(hosts: &[String]) -> String {
    let named = hosts.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match hosts.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What an agent tried last; the time stands apart.
pub fn attempt_words(attempt: &Attempt) -> String {
    let version = attempt.version.map_or_else(|| "a new version".to_owned(), |version| version.to_string());
    match &attempt.came_to {
        CameTo::Waiting => format!("{version} was fetched and waits to be installed"),
        CameTo::Updated { from } => format!("updated from {from} to {version}"),
        CameTo::Returned { to, why } => format!("{version} was tried and {to} put back: {why}"),
        CameTo::Refused { why } => format!("{version} was refused: {why}"),
        CameTo::Failed { why } => format!("{version} could not be installed: {why}"),
        CameTo::Unknown => "something that this collector does not know; update the collector".to_owned(),
    }
}
