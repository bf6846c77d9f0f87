//! Who needs a machine: others, or whoever sits at it.

use crate::{asset::AssetId, input::Input};
use beforehand_shared::{ids::HostId, observation::Observation};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Others certainly need it.
    Serves,
    /// Somebody sits at it.
    Desktop,
    Unknown,
}

pub(super) fn role(input: &Input, host: HostId) -> Role {
    let has_array = input
        .assets
        .iter()
        .any(|(asset, view)| asset.host() == Some(host) && matches!(view.facts, Observation::Array(_)));
    let facts = input.assets.get(&AssetId::of_host(host)).map(|view| &view.facts);
    match facts {
        _ if has_array => Role::Serves,
        Some(Observation::Host(host)) if host.desktop == Some(false) || host.os.contains("Server") => Role::Serves,
        Some(Observation::Host(host)) if host.desktop == Some(true) => Role::Desktop,
        _ => Role::Unknown,
    }
}
