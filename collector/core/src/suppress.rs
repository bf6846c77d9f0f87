//! When a finding calls nobody, or a recovery is not believed yet.

use crate::{
    asset::AssetId,
    case::Reason,
    correlate::Key,
    finding::{Finding, FindingKind, Severity},
    input::Input,
    record::RuleRecord,
    series::Metric,
};
use beforehand_shared::time::Millis;

/// Results of the flapping rule are taken from this many latest samples.
const RING: usize = 20;
/// Icinga 2 and Nagios: flapping from here on, and until it falls to the second value.
const FLAPS_ABOVE: f64 = 30.0;
const CALM_BELOW: f64 = 25.0;
/// A case that came back this often within 14 days flaps, whatever its samples say.
const REOPENED: u32 = 3;
/// A rule with this many judged tickets, of which fewer than this share were right, makes notes only.
const RECORD_FROM: u32 = 20;
const RECORD_FLOOR: f64 = 0.5;

/// Announced work on this asset or on the whole site.
pub fn maintenance(input: &Input, asset: &AssetId) -> Option<Reason> {
    let covers = |on: &Option<AssetId>| on.as_ref().is_none_or(|on| on == asset);
    let now = input.maintenance.iter().any(|work| (work.from..work.to).contains(&input.now) && covers(&work.asset));
    now.then_some(Reason::Maintenance)
}

/// Whether the condition comes and goes too often to believe that it is over.
pub fn is_flapping(input: &Input, key: &Key) -> bool {
    let limit = if input.case_on(&key.0, key.1).is_some() { CALM_BELOW } else { FLAPS_ABOVE };
    let Some((metric, bad_from)) = judged_by(key) else { return false };
    let series = input.assets.get(&key.0).and_then(|view| view.series.get(&metric));
    let Some(series) = series else { return false };
    let ring = series.recent.len().checked_sub(RING + 1).map(|first| &series.recent[first..]);
    let span = Millis(series.spacing().0.saturating_mul(2 * RING as i64));
    ring.filter(|ring| input.now.since(ring[0].at) <= span)
        .is_some_and(|ring| flap_value(ring.iter().map(|sample| sample.value >= bad_from)) > limit)
}

/// Whether it has come back too often to call people again each time.
pub const fn came_back_often(reopened: u32) -> bool {
    reopened >= REOPENED
}

/// Which samples of an asset say bad or good by themselves; connections have a rule of their own.
const fn judged_by(key: &Key) -> Option<(Metric, f64)> {
    match key.1 {
        FindingKind::PrinterFault => Some((Metric::PrinterState, 2.0)),
        _ => None,
    }
}

/// Share of changes among the results, newer ones counting more, in per cent:
/// `100 · Σ(0.8 + 0.02·i) / 20` over the changes `i` (0 oldest, 19 newest) of Icinga 2.
fn flap_value(results: impl Iterator<Item = bool>) -> f64 {
    let results: Vec<bool> = results.collect();
    let changes = results.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]);
    100.0 * changes.map(|(i, _)| 0.8 + 0.02 * i as f64).sum::<f64>() / RING as f64
}

/// A rule that was wrong too often notes what it would have called for. What is urgent stays so.
pub fn demoted(mut finding: Finding, record: Option<&RuleRecord>) -> Finding {
    let poor = record.filter(|record| record.tickets >= RECORD_FROM);
    let poor = poor.filter(|record| f64::from(record.right) < RECORD_FLOOR * f64::from(record.tickets));
    if let (Severity::Soon, Some(record)) = (finding.severity, poor) {
        finding.severity = Severity::Watch;
        finding.steps.push(format!(
            "Only a note: this rule was right {} of {} times, too seldom for a ticket.",
            record.right, record.tickets
        ));
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_change_is_no_flapping_and_steady_change_is() {
        let once = (0..21).map(|i| i > 15);
        let steady = (0..21).map(|i| i % 2 == 0);
        assert!(flap_value(once) < CALM_BELOW);
        assert!(flap_value(steady) > 95.0);
    }
}
