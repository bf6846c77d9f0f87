//! What is lost with a drive: nothing yet, where an array goes on without it.

use crate::{
    asset::AssetId,
    finding::Severity,
    input::{AssetView, Input},
};
use beforehand_shared::{
    array::{Array, ArrayState, Member, MemberState},
    drive::Drive,
    observation::Observation,
    time::Millis,
};

/// An array that was last seen longer ago may have lost others since.
const FRESH: Millis = Millis::hours(2);

/// How much a drive matters that is worth `severity` alone, and why, as a sentence of its own.
pub(super) fn weighed(input: &Input, asset: &AssetId, drive: &Drive, severity: Severity) -> (Severity, String) {
    let Some((name, array, member)) = array_of(input, asset, drive) else { return (severity, String::new()) };
    let calmer = severity.min(Severity::Soon);
    match (member.state, &array.state, array.tolerates) {
        (MemberState::Spare, ..) => (calmer, format!(" It is a spare of {name}, which works without it.")),
        (MemberState::Failed | MemberState::Missing, ..) => {
            (calmer, format!(" {name} has put it aside already and works without it."))
        }
        (_, ArrayState::Healthy, Some(1..)) => {
            (calmer, format!(" It is one of the drives of {name}, which goes on without it."))
        }
        (_, ArrayState::Failed | ArrayState::Unknown { .. } | ArrayState::Other, _) => (severity, String::new()),
        (_, _, Some(0)) => (Severity::Act, format!(" It is one of the drives of {name}, which cannot do without it.")),
        _ => (severity, format!(" It is one of the drives of {name}.")),
    }
}

/// The array that it is a member of, as far as its serial number or its place tells.
fn array_of<'a>(input: &'a Input, asset: &AssetId, drive: &Drive) -> Option<(&'a str, &'a Array, &'a Member)> {
    let here = |id: &AssetId, view: &AssetView| id.host() == asset.host() && input.now.since(view.seen_at) <= FRESH;
    let arrays = input.assets.iter().filter(|(id, view)| here(id, view)).filter_map(|(_, view)| match &view.facts {
        Observation::Array(array) => Some((view.name.as_str(), array)),
        _ => None,
    });
    let mut members = arrays.flat_map(|(name, array)| array.members.iter().map(move |member| (name, array, member)));
    members.find(|(_, _, member)| is_on(member, drive))
}

/// Whether `member` of an array lies on `drive` of the same machine.
pub fn is_on(member: &Member, drive: &Drive) -> bool {
    match (&member.serial, &drive.serial) {
        (Some(a), Some(b)) => a.trim().eq_ignore_ascii_case(b.trim()),
        _ => member.device.as_deref() == Some(drive.device.as_str()),
    }
}
