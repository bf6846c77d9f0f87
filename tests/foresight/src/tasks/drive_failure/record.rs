//! What a method's scores come to, when whatever is above a limit is an alarm.

use super::fleet::{Drive, Fleet};
use crate::score::median;

/// Days before the failure by which an alarm must have come.
const AHEAD: f64 = 1.0;
/// Days within which a drive must fail for an alarm to have been right.
const RIGHT: f64 = 90.0;

/// One for each span of each drive.
pub(super) type Scores = Vec<Vec<f64>>;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub(super) found: f64,
    pub(super) false_alarms: f64,
    pub(super) precision: Option<f64>,
    pub(super) median_lead_days: Option<f64>,
}

/// With the lowest limit that alarms at most this share of the healthy drives.
pub(super) fn at_rate(fleet: &Fleet, scores: &Scores, rate: f64) -> Record {
    let healthy = fleet.drives.iter().zip(scores).filter(|(drive, _)| !drive.failed);
    let mut worst: Vec<f64> = healthy.map(|(_, scores)| scores.iter().copied().fold(f64::MIN, f64::max)).collect();
    worst.sort_by(|a, b| b.total_cmp(a));
    let allowed = (rate * worst.len() as f64) as usize;
    above(fleet, scores, worst.get(allowed).copied().unwrap_or(f64::MAX))
}

pub(super) fn above(fleet: &Fleet, scores: &Scores, limit: f64) -> Record {
    let (mut failed, mut found, mut healthy, mut wrong) = (0_u32, 0_u32, 0_u32, 0_u32);
    let (mut leads, mut right, mut judged) = (Vec::new(), 0_u32, 0_u32);
    for (drive, scores) in fleet.drives.iter().zip(scores) {
        let lead = first(drive, scores, limit);
        if drive.failed {
            failed += 1;
            found += u32::from(lead.is_some());
            leads.extend(lead);
        } else {
            healthy += 1;
            wrong += u32::from(lead.is_some());
        }
        if let Some(lead) = lead.filter(|lead| drive.failed || *lead >= RIGHT) {
            judged += 1;
            right += u32::from(drive.failed && lead <= RIGHT);
        }
    }
    Record {
        found: f64::from(found) / f64::from(failed.max(1)),
        false_alarms: f64::from(wrong) / f64::from(healthy.max(1)),
        precision: (judged > 0).then(|| f64::from(right) / f64::from(judged)),
        median_lead_days: median(leads),
    }
}

/// Days from the first alarm to the drive's end; of a failing drive, only an alarm in time.
fn first(drive: &Drive, scores: &[f64], limit: f64) -> Option<f64> {
    let at = scores.iter().position(|score| *score > limit)?;
    let left = drive.end() - drive.spans[at].from;
    (!drive.failed || left >= AHEAD).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::{super::fleet::Span, *};
    use std::collections::BTreeMap;

    fn drive(failed: bool, changes: &[f64], end: f64) -> Drive {
        let mut spans: Vec<Span> =
            changes.iter().map(|from| Span { from: *from, to: *from, counts: BTreeMap::new() }).collect();
        spans.last_mut().unwrap().to = end;
        Drive { model: String::new(), spans, failed }
    }

    #[test]
    fn four_drives_counted_by_hand() {
        let fleet = Fleet {
            drives: vec![
                drive(true, &[0.0, 50.0], 100.0),
                // Its alarm comes on the day on which it fails.
                drive(true, &[0.0, 99.5], 100.0),
                drive(false, &[0.0, 10.0], 300.0),
                // Watched for too short after its alarm to know.
                drive(false, &[0.0, 250.0], 300.0),
            ],
        };
        let scores = vec![vec![0.1, 0.9], vec![0.1, 0.9], vec![0.1, 0.8], vec![0.1, 0.7]];
        let all = above(&fleet, &scores, 0.5);
        let expected = Record { found: 0.5, false_alarms: 1.0, precision: Some(0.5), median_lead_days: Some(50.0) };
        assert_eq!(all, expected);
        let half = at_rate(&fleet, &scores, 0.5);
        assert_eq!((half.found, half.false_alarms, half.precision), (0.5, 0.5, Some(0.5)));
        assert_eq!(at_rate(&fleet, &scores, 0.0).false_alarms, 0.0);
    }
}
