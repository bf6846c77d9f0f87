//! Whether a drive is still where it was, and which one took its place.

use crate::{
    asset::AssetId,
    case::{CaseState, Reason},
    finding::FindingKind,
    input::{AssetView, Input, ProbeHealth},
};
use beforehand_shared::{
    drive::{Drive, Verdict},
    ids::HostId,
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::collections::BTreeSet;

/// Name of the agent's probe.
const PROBE: &str = "drives";
/// What its run came to when it saw drives.
const SEEN: &str = "seen";
/// A drive that its machine has not seen for this long, while it looked, is gone.
const GONE: Millis = Millis::hours(2);
/// A replacement may be sold as the same size and be a little smaller.
const SAME_SIZE: f64 = 0.95;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Nobody has looked since it was seen.
    There,
    /// Its machine has seen other drives since and not this one, but not for long enough, or not all that
    /// there are: what it said last holds no more, and nothing else does yet.
    Unsure,
    Missing,
}

/// That its machine saw no drives says nothing: it may have slept, or all of them.
pub(super) fn presence(input: &Input, asset: &AssetId, view: &AssetView) -> Presence {
    let Some(host) = asset.host() else { return Presence::There };
    if let Some(looked) = whole_look(input, host).filter(|looked| *looked > view.seen_at) {
        let is_gone = looked.since(view.seen_at) >= GONE && !is_hidden(input, host, view, looked);
        return if is_gone { Presence::Missing } else { Presence::Unsure };
    }
    let later = drives_of(input, host).any(|(_, other, _)| other.seen_at > view.seen_at);
    if later { Presence::Unsure } else { Presence::There }
}

/// Whether what it was behind could not be looked behind: a RAID controller that does not let the agent ask, or a
/// place there that does not answer.
fn is_hidden(input: &Input, host: HostId, view: &AssetView, looked: Timestamp) -> bool {
    let Observation::Drive(drive) = &view.facts else { return false };
    drives_of(input, host).any(|(_, other, blind)| {
        other.seen_at >= looked
            && matches!(blind.verdict, Verdict::Blind { .. })
            && is_place_of(&blind.device, &drive.device)
    })
}

/// `/dev/sg2 cciss` and `/dev/sg2 cciss,3` are the place of `/dev/sg2 cciss,3`.
fn is_place_of(place: &str, device: &str) -> bool {
    let rest = device.strip_prefix(place).filter(|_| place.contains(' '));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
}

/// Whether it has gone by itself or was taken away. A drive on USB may be unplugged, and of one without a
/// name of its own nobody knows where it is.
pub(crate) fn is_gone(input: &Input, asset: &AssetId) -> bool {
    let Some(view) = input.assets.get(asset) else { return false };
    let Observation::Drive(drive) = &view.facts else { return false };
    is_fixed(drive) && presence(input, asset, view) == Presence::Missing
}

pub(super) fn is_fixed(drive: &Drive) -> bool {
    !drive.keyed_by_path && !is_usb(drive)
}

fn is_usb(drive: &Drive) -> bool {
    drive.bus.as_deref() == Some("USB")
}

/// The drive that took the place of `asset`: of its size, first seen by the same machine after this one was
/// seen last, and well by its own verdict. Each new drive takes the place of one.
pub(super) fn replacement<'a>(input: &'a Input, asset: &AssetId) -> Option<&'a AssetId> {
    let host = asset.host()?;
    let looked = whole_look(input, host)?;
    let mut taken: BTreeSet<&AssetId> = BTreeSet::new();
    for (from, to) in retired(input, host) {
        let came = |view: &AssetView| view.first_seen >= from && view.first_seen <= to;
        taken.extend(first(drives_of(input, host).filter(|(id, view, _)| came(view) && !taken.contains(id))));
    }
    for (id, view, drive) in missing(input, host, looked) {
        let open = input.case_on(id, FindingKind::DriveFailure).is_some();
        let fits = |(new_id, new_view, new): &(&AssetId, &AssetView, &Drive)| {
            let is_well = new.verdict == Verdict::Passed || !open;
            is_well && !taken.contains(new_id) && fits(new_view, new, view, drive)
        };
        let new = first(drives_of(input, host).filter(fits));
        if id == asset {
            return new;
        }
        taken.extend(new);
    }
    None
}

fn drives_of(input: &Input, host: HostId) -> impl Iterator<Item = (&AssetId, &AssetView, &Drive)> {
    input.assets.iter().filter(move |(id, _)| id.host() == Some(host)).filter_map(|(id, view)| match &view.facts {
        Observation::Drive(drive) => Some((id, view, &**drive)),
        _ => None,
    })
}

/// The one that came first.
fn first<'a>(drives: impl Iterator<Item = (&'a AssetId, &'a AssetView, &'a Drive)>) -> Option<&'a AssetId> {
    drives.min_by_key(|(id, view, _)| (view.first_seen, *id)).map(|(id, ..)| id)
}

fn fits(new_view: &AssetView, new: &Drive, view: &AssetView, drive: &Drive) -> bool {
    let large = new.bytes.zip(drive.bytes).is_some_and(|(new, old)| new as f64 >= SAME_SIZE * old as f64);
    new_view.first_seen > view.seen_at && large && !is_usb(new)
}

/// Drives that failed and were not there in the last look, from the one that went first.
fn missing(input: &Input, host: HostId, looked: Timestamp) -> Vec<(&AssetId, &AssetView, &Drive)> {
    let kind = FindingKind::DriveFailure;
    let failed = |id: &AssetId, drive: &Drive| {
        matches!(drive.verdict, Verdict::Failing { .. })
            || input.cases.iter().chain(&input.closed).any(|case| case.kind == kind && case.asset == *id)
    };
    let gone = drives_of(input, host).filter(|(id, view, drive)| view.seen_at < looked && failed(id, drive));
    let mut gone: Vec<_> = gone.collect();
    gone.sort_by_key(|(id, view, _)| (view.seen_at, *id));
    gone
}

/// From when until when drives had cases that closed well, and that are out of service by now: each may have
/// been replaced, too.
fn retired(input: &Input, host: HostId) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let cases = input.closed.iter().filter(move |case| {
        case.kind == FindingKind::DriveFailure
            && case.asset.host() == Some(host)
            && !input.assets.contains_key(&case.asset)
    });
    cases.filter_map(|case| match case.state {
        CaseState::Closed { at, because: Reason::Healthy } => Some((case.opened_at, at)),
        _ => None,
    })
}

/// When the host last saw its drives, if all that there are.
fn whole_look(input: &Input, host: HostId) -> Option<Timestamp> {
    let whole = |health: &&ProbeHealth| health.result == SEEN && health.why.is_none();
    input.hosts.get(&host)?.probes.get(PROBE).filter(whole).map(|health| health.at)
}
