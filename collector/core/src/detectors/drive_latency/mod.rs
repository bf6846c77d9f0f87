//! Disks that take much longer to answer than they used to, or do not answer at all.

mod usual;

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    math::quantile::median,
    series::Metric,
};
use beforehand_shared::{block_device::BlockDevice, drive::DriveKind, observation::Observation, time::Millis};
use usual::Usual;

/// What is judged, and how many runs of it must have had requests.
const WINDOW: Millis = Millis::minutes(30);
const RUNS: usize = 10;
/// A run with fewer says nothing: a single request may have waited for the disk to spin up.
const REQUESTS: f64 = 20.0;
/// How many times the usual is slow, and from where on it is well again.
const SLOW: f64 = 4.0;
const WELL: f64 = 2.0;
/// Share of the runs that must be slow, so that a burst is none.
const PERSISTENT: f64 = 0.8;
/// Times the usual number of requests that explain slow answers.
const LOAD: f64 = 2.0;
/// Requests not answered in time within this are news.
const NEWS: Millis = Millis::days(1);

pub(super) struct DriveLatency;

impl Detector for DriveLatency {
    fn kind(&self) -> FindingKind {
        FindingKind::DriveLatency
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let devices = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::BlockDevice(device) if view.is_fresh(&Metric::Requests, input.now) => {
                Some((asset, view, device))
            }
            _ => None,
        });
        devices.filter_map(|(asset, view, device)| judge(input, asset, view, device)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, device: &BlockDevice) -> Option<Finding> {
    let name = name(input, asset, device);
    let found = |severity, metric, sentence| Some(finding(input, (asset, device), (severity, sentence), metric));
    let late = unanswered(input, view);
    if late > 0.0 {
        return found(Severity::Soon, Metric::Timeouts, late_words(&name, late));
    }
    let usual = Usual::of(view, input.now)?;
    let answers = answers(input, view);
    if answers.len() < RUNS {
        return None;
    }
    let typical = median(&mut answers.iter().map(|(ms, _)| *ms).collect::<Vec<_>>())?;
    let slow = (SLOW * usual.await_ms).max(floor_ms(input, asset, device));
    let share = answers.iter().filter(|(ms, _)| *ms > slow).count() as f64 / answers.len() as f64;
    let load = median(&mut answers.iter().map(|(_, requests)| *requests).collect::<Vec<_>>())?;
    if share >= PERSISTENT {
        let answers = format!("{name} takes {} to answer, {} is usual", millis(typical), millis(usual.await_ms));
        if load > LOAD * usual.requests {
            return found(
                Severity::Watch,
                Metric::AwaitMs,
                format!("{answers}: it has {:.0} times as much to do as usual.", load / usual.requests.max(1.0)),
            );
        }
        return found(
            Severity::Soon,
            Metric::AwaitMs,
            format!("{answers}, and it has no more to do than usual: it may be failing."),
        );
    }
    if typical <= (WELL * usual.await_ms).max(floor_ms(input, asset, device)) {
        return healthy(input, asset, FindingKind::DriveLatency, || format!("{name} answers as fast as usual again."));
    }
    None
}

fn late_words(name: &str, late: f64) -> String {
    let times = if late == 1.0 { "a request".to_owned() } else { format!("{late:.0} requests") };
    format!("{name} did not answer {times} in time within a day: the drive, its cable or its power is not well.")
}

/// The runs with enough requests: time to the answer and requests.
fn answers(input: &Input, view: &AssetView) -> Vec<(f64, f64)> {
    let from = input.now.minus(WINDOW);
    let series = |metric| view.series.get(&metric).map_or(&[][..], |series| series.since(from));
    let requests = series(Metric::Requests);
    let asked = |sample: &crate::series::Sample| {
        let found = requests.binary_search_by_key(&sample.at, |requests| requests.at).ok()?;
        Some((sample.value, requests[found].value))
    };
    series(Metric::AwaitMs).iter().filter_map(asked).filter(|(_, requests)| *requests >= REQUESTS).collect()
}

/// Since the same count a day ago; the count begins anew with the machine.
fn unanswered(input: &Input, view: &AssetView) -> f64 {
    let Some(count) = view.series.get(&Metric::Timeouts) else { return 0.0 };
    let from = input.now.minus(NEWS);
    let before = count.value_at(from).map(|value| crate::series::Sample { at: from, value });
    let seen: Vec<f64> = before.iter().chain(count.since(from)).map(|sample| sample.value).collect();
    seen.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).sum()
}

/// What nobody minds, whatever was usual.
fn floor_ms(input: &Input, asset: &AssetId, device: &BlockDevice) -> f64 {
    match drive(input, asset, device).map(|(_, kind)| kind) {
        Some(DriveKind::Ssd | DriveKind::Nvme) => 30.0,
        _ => 100.0,
    }
}

/// The drive behind a device of the same machine, where it is known: its name and kind.
fn drive<'a>(input: &'a Input, asset: &AssetId, device: &BlockDevice) -> Option<(&'a str, DriveKind)> {
    // NVMe drives are known by their controller, `/dev/nvme0` of `/dev/nvme0n1`.
    let is_it = |path: &str| {
        device
            .device
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || (path.contains("nvme") && rest.starts_with('n')))
    };
    input.assets.iter().filter(|(other, _)| other.host() == asset.host()).find_map(|(_, view)| match &view.facts {
        Observation::Drive(drive) if is_it(&drive.device) => Some((view.name.as_str(), drive.kind)),
        _ => None,
    })
}

fn name(input: &Input, asset: &AssetId, device: &BlockDevice) -> String {
    drive(input, asset, device).map_or_else(|| input.name_of(asset), |(name, _)| name.to_owned())
}

fn millis(ms: f64) -> String {
    if ms >= 1_000.0 {
        format!("{:.1} s", ms / 1_000.0)
    } else if ms >= 10.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{ms:.1} ms")
    }
}

fn finding(
    input: &Input,
    (asset, device): (&AssetId, &BlockDevice),
    (severity, sentence): (Severity, String),
    metric: Metric,
) -> Finding {
    let ms =
        |us: Option<u32>| us.map_or_else(|| "nothing asked of it".to_owned(), |us| millis(f64::from(us) / 1_000.0));
    Finding {
        kind: FindingKind::DriveLatency,
        asset: asset.clone(),
        severity,
        sentence,
        steps: steps([
            "Check that the latest backup can be read.",
            "Look at the drive's own counts here and at the system's log; run its extended self-test.",
            "Check cable, power and controller; if they are well, replace the drive.",
        ]),
        evidence: Evidence {
            facts: vec![
                fact("Device", device.device.clone()),
                fact("Time to answer, last minute", ms(device.await_us)),
                fact("At worst", ms(device.worst_await_us)),
                fact("Requests, last minute", device.requests.to_string()),
            ],
            chart: Some(ChartRef { asset: asset.clone(), metric, from: input.now.minus(Millis::days(7)), limit: None }),
        },
        outlook: None,
    }
}
