//! When users would begin to notice: one exact predicate for each kind of finding.
//!
//! Version 2. A change here changes the count of a statement, so it needs a new version and a line
//! in the statement's definitions.

use crate::{
    asset::AssetId,
    busy,
    detectors::{Class, class_of, is_gone, jobs_waiting, supply_is_empty},
    finding::{Finding, FindingKind, Severity},
    input::{AssetView, Input},
    math::mos::{MANY_DISSATISFIED, mos},
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    array::ArrayState,
    asset::AssetKind,
    drive::{Verdict, code},
    observation::Observation,
    time::{Millis, Timestamp},
};

pub const VERSION: &str = "onset/2";

/// How long a connection must be bad, and a job wait, until users notice.
const NOTICED: Millis = Millis::minutes(10);
/// How long a printer that wears must not have printed.
const STANDS_STILL: Millis = Millis::hours(8);
/// How long a connection must be down.
const DOWN: Millis = Millis::minutes(3);
/// By so many minutes the age of the oldest job lags behind the clock when another has become the oldest.
const NEXT_JOB_MINUTES: f64 = 0.25;
/// Time to the answer of a disk that users notice.
const SLOW_MS: f64 = 500.0;
/// Time to the answer of a web address, and of a name server, that users notice.
const WEB_MS: f64 = 4_000.0;
const NAME_MS: f64 = 1_000.0;
/// Per cent of loss that users notice.
const LOSS_PCT: f64 = 5.0;

/// Free bytes below which programs begin to fail: 0.5 % or 200 MiB, whichever is more, but never
/// more than 5 % of a small volume.
pub fn volume_limit(total: f64) -> f64 {
    (0.005 * total).max(200.0 * 1024.0 * 1024.0).min(0.05 * total)
}

/// Free inodes below which programs begin to fail.
pub fn inode_limit(total: f64) -> f64 {
    0.005 * total
}

/// The predicate in words, for the definitions of the statement.
pub const fn definition(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::VolumeFull => {
            "free space under 0.5 % or 200 MiB, whichever is more (on small volumes 5 %), or free inodes under 0.5 %"
        }
        FindingKind::PrinterFault => "does not print while jobs wait or in its busy hours",
        FindingKind::PrinterWearing => "a wearing printer has stood still for eight hours",
        FindingKind::SupplyLow => "a supply has run out, and its printer says so or has stopped",
        FindingKind::QueueStuck => "the oldest job has waited for more than 10 minutes without progress in busy hours",
        FindingKind::LinkFault => {
            "down for 3 minutes, or for 10 minutes a speech quality under 3.1, a loss of 5 % or more, a web address that takes 4 seconds or a name server that takes one, in busy hours"
        }
        FindingKind::CertificateExpiry => "the certificate has expired",
        FindingKind::HostSilent => "a machine that is always on, or a whole site, is silent and did not say goodbye",
        FindingKind::DriveLatency => "a disk takes half a second or more to answer for 10 minutes",
        FindingKind::FilesystemReadonly => "a volume that is meant to be written to takes no writes",
        FindingKind::DriveWear => "a worn drive takes no more writes",
        FindingKind::ArrayDegraded => "an array gives no data any more",
        FindingKind::DriveFailure => {
            "a drive that says it is failing takes no more writes, loses data within a day, or is gone before anyone worked on it"
        }
    }
}

/// Whether users notice the finding at `input.now`, by what was measured and not by its severity.
pub fn reached(input: &Input, finding: &Finding) -> bool {
    if finding.severity < Severity::Watch {
        return false;
    }
    let view = input.assets.get(&finding.asset);
    match finding.kind {
        FindingKind::VolumeFull => view.is_some_and(volume),
        // An open cover or an empty tray is no incident while people are about to mend it.
        FindingKind::PrinterFault => {
            finding.severity >= Severity::Soon && view.is_some_and(|view| printer(input, view))
        }
        FindingKind::PrinterWearing => view.is_some_and(|view| stands_still(view, input.now)),
        FindingKind::SupplyLow => supply_is_empty(input, &finding.asset),
        FindingKind::QueueStuck => is_busy(input) && view.is_some_and(|view| queue(view, input.now)),
        // What is felt of a line that gets worse slowly is told of the line itself.
        FindingKind::LinkFault if finding.asset == AssetId::line_trend(input.site.id) => false,
        FindingKind::LinkFault => is_busy(input) && connection(input, &finding.asset),
        FindingKind::CertificateExpiry => view.is_some_and(|view| certificate(view, input.now)),
        FindingKind::HostSilent => finding.severity >= Severity::Act,
        FindingKind::DriveWear => view.is_some_and(read_only),
        FindingKind::DriveFailure => drive(input, &finding.asset),
        FindingKind::DriveLatency => view.is_some_and(|view| slow(view, input.now)),
        FindingKind::ArrayDegraded => {
            matches!(view.map(|view| &view.facts), Some(Observation::Array(array)) if array.state == ArrayState::Failed)
        }
        FindingKind::FilesystemReadonly => {
            matches!(view.map(|view| &view.facts), Some(Observation::Volume(volume)) if volume.turned_read_only)
        }
    }
}

fn is_busy(input: &Input) -> bool {
    input.calendar().is_office_hour(input.now)
}

fn volume(view: &AssetView) -> bool {
    let Observation::Volume(volume) = &view.facts else { return false };
    let inodes = volume.inodes_total.zip(volume.inodes_free);
    (volume.free_bytes as f64) < volume_limit(volume.total_bytes as f64)
        || inodes.is_some_and(|(total, free)| (free as f64) < inode_limit(total as f64))
}

fn printer(input: &Input, view: &AssetView) -> bool {
    let Observation::Printer(printer) = &view.facts else { return false };
    class_of(printer) == Some(Class::Failed)
        && (jobs_waiting(input, printer) || busy::is_busy(view, &input.calendar(), input.now))
}

/// A jam that is pulled out is told as a fault of its own.
fn stands_still(view: &AssetView, now: Timestamp) -> bool {
    let Some(states) = view.series.get(&Metric::PrinterState) else { return false };
    let stopped = states.recent.iter().rev().take_while(|sample| sample.value >= 2.0);
    stopped.last().is_some_and(|since| now.since(since.at) >= STANDS_STILL)
}

/// How long the job at the head of a queue has waited without progress: of its pages, or because the job
/// before it was done.
pub fn job_waited(view: &AssetView) -> Option<Millis> {
    let Observation::Queue(queue) = &view.facts else { return None };
    let job = queue.oldest.as_ref().filter(|_| queue.jobs > 0)?;
    let samples =
        |metric| view.series.get(&metric).map_or(&[][..], |it: &Series| it.since(view.seen_at.minus(Millis::DAY)));
    let pages = samples(Metric::Pages).windows(2).rev().find(|pair| pair[1].value != pair[0].value);
    // A job that still waits has waited longer by what went by.
    let went_on = |pair: &&[Sample]| {
        let minutes = pair[1].at.since(pair[0].at).as_hours() * 60.0;
        pair[0].value > 0.0 && pair[1].value - pair[0].value < minutes - NEXT_JOB_MINUTES
    };
    let next = samples(Metric::OldestJobMinutes).windows(2).rev().find(went_on);
    let progress = [pages, next].into_iter().flatten().map(|pair| pair[1].at).max();
    let since = progress.map_or(job.since, |progress| progress.max(job.since));
    Some(view.seen_at.since(since))
}

fn queue(view: &AssetView, now: Timestamp) -> bool {
    job_waited(view).is_some_and(|waited| waited > NOTICED) && view.is_fresh(&Metric::Jobs, now)
}

fn certificate(view: &AssetView, now: Timestamp) -> bool {
    let Observation::Endpoint(endpoint) = &view.facts else { return false };
    endpoint.certificate.as_ref().is_some_and(|certificate| certificate.not_after <= now)
}

/// It is read-only, errors that programs got to see grew within the last day, or it went by itself.
fn drive(input: &Input, asset: &AssetId) -> bool {
    let Some(view) = input.assets.get(asset) else { return false };
    let Observation::Drive(drive) = &view.facts else { return false };
    let says_so = matches!(drive.verdict, Verdict::Failing { .. });
    let errors = view.series.get(&Metric::MediaErrors);
    let grew = errors.and_then(|errors| {
        let before = errors.value_at(input.now.minus(Millis::DAY))?;
        Some(errors.last()?.value > before)
    });
    let case = input.case_on(asset, FindingKind::DriveFailure);
    let worked_on = case.is_some_and(|case| input.acted.contains_key(&case.id));
    read_only(view) || (says_so && grew == Some(true)) || (is_gone(input, asset) && !worked_on)
}

fn read_only(view: &AssetView) -> bool {
    let Observation::Drive(drive) = &view.facts else { return false };
    match &drive.verdict {
        Verdict::Failing { reasons } => reasons.iter().any(|reason| reason.code == code::READ_ONLY),
        _ => false,
    }
}

/// All of its slices of the last minutes, those without requests left out.
fn slow(view: &AssetView, now: Timestamp) -> bool {
    let Some(awaits) = view.series.get(&Metric::AwaitMs) else { return false };
    let latest = awaits.since(now.minus(NOTICED));
    latest.len() >= 3 && latest.iter().all(|sample| sample.value >= SLOW_MS)
}

/// A link by its own series; a line by most of the anchors behind it.
fn connection(input: &Input, asset: &AssetId) -> bool {
    if let Some(view) = input.assets.get(asset) {
        return match asset.kind() {
            Some(AssetKind::Link) => link(view, input.now),
            _ => failing(view, input.now) || answers_late(view, input.now),
        };
    }
    let anchors: Vec<bool> = crate::detectors::anchors(input).map(|(_, view)| link(view, input.now)).collect();
    let bad = anchors.iter().filter(|bad| **bad).count();
    bad > 0 && 3 * bad >= 2 * anchors.len()
}

fn link(view: &AssetView, now: Timestamp) -> bool {
    let empty = Series::default();
    let series = |metric| view.series.get(&metric).unwrap_or(&empty);
    let loss = series(Metric::LossPct);
    let lost = values(loss, now, DOWN);
    if lost.len() >= 3.min(per(loss, DOWN)) && lost.iter().all(|pct| *pct >= 100.0) {
        return true;
    }
    let lossy = values(loss, now, NOTICED);
    if lossy.len() < per(loss, NOTICED).min(2) {
        return false;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let pct = mean(&lossy);
    let rtt = mean(&values(series(Metric::RttMs), now, NOTICED));
    let jitter = mean(&values(series(Metric::JitterMs), now, NOTICED));
    pct >= LOSS_PCT || mos(rtt, jitter, pct) < MANY_DISSATISFIED
}

fn failing(view: &AssetView, now: Timestamp) -> bool {
    let Some(series) = view.series.get(&Metric::Failed) else { return false };
    let failed = values(series, now, DOWN);
    failed.len() >= 3.min(per(series, DOWN)) && failed.iter().all(|failed| *failed > 0.0)
}

/// Whether a service has answered so late for ten minutes that people wait for it.
pub(crate) fn answers_late(view: &AssetView, now: Timestamp) -> bool {
    let Some(series) = view.series.get(&Metric::AnswerMs) else { return false };
    let limit = if matches!(view.facts, Observation::Resolver(_)) { NAME_MS } else { WEB_MS };
    let times = values(series, now, NOTICED);
    times.len() >= per(series, NOTICED).clamp(2, 5) && times.iter().all(|ms| *ms >= limit)
}

/// The values of the last `length`; of a series with wider spacing, the last two.
fn values(series: &Series, now: Timestamp, length: Millis) -> Vec<f64> {
    let reach = length.max(Millis(series.spacing().0.saturating_mul(2)));
    series.since(now.minus(reach)).iter().map(|sample| sample.value).collect()
}

/// Samples that a series has in `length`, one at least.
fn per(series: &Series, length: Millis) -> usize {
    usize::try_from(length.0 / series.spacing().0.max(1)).unwrap_or(1).max(1)
}
