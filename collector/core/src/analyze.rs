//! From findings to changes of cases: what is opened, updated, closed, forecast and scored.

mod changes;
mod dateless;
mod decide;
mod forecasts;
mod restless;

use crate::{
    case::{Case, CaseChange, CaseId},
    correlate::{self, Key},
    detectors,
    finding::{Finding, Severity},
    forecast::{Forecast, ForecastId, Resolution},
    input::Input,
    suppress,
};
use decide::Quieting;
use std::collections::{BTreeMap, BTreeSet};

/// What the analysis decides about one site. Empty when nothing material changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// Cases as they are to be stored, in the order of their assets; a case with two events in one
    /// analysis comes twice, the later state last.
    pub changes: Vec<CaseChange>,
    /// New forecasts.
    pub forecasts: Vec<Forecast>,
    /// Results of earlier forecasts.
    pub resolutions: Vec<(ForecastId, Resolution)>,
}

/// Judges one site at the instant `input.now`. The same input gives the same verdict.
///
/// `input.assets` must hold every asset that is in service, however long it has been silent: an
/// open case whose asset is not there is closed as decommissioned.
pub fn analyze(input: &Input) -> Verdict {
    let findings = findings(input);
    let parents = correlate::parents(input, &findings);
    let open = input.cases.iter().map(|case| (case.asset.clone(), case.kind));
    let keys: BTreeSet<Key> = findings.keys().cloned().chain(open).collect();
    let mut changes = Vec::new();
    for key in keys {
        let quieting = quieting(input, &key, parents.get(&key));
        changes.extend(decide::decide(input, &key, findings.get(&key), quieting));
    }
    let cases = after(input, &changes);
    Verdict {
        forecasts: forecasts::publish(input, &findings, &cases),
        resolutions: forecasts::resolve(input, &cases),
        changes,
    }
}

/// One finding for each key: the worst, where two detectors speak about the same.
fn findings(input: &Input) -> BTreeMap<Key, Finding> {
    let mut findings: BTreeMap<Key, Finding> = BTreeMap::new();
    let found = detectors::ALL.iter().flat_map(|detector| {
        let record = input.records.get(&detector.kind());
        detector.detect(input).into_iter().map(move |finding| suppress::demoted(finding, record))
    });
    for finding in found {
        let key = (finding.asset.clone(), finding.kind);
        let worse = findings.get(&key).is_none_or(|known| finding.severity > known.severity);
        if worse && finding.severity > Severity::Blind {
            findings.insert(key, finding);
        }
    }
    findings
}

fn quieting(input: &Input, key: &Key, parent: Option<&Key>) -> Option<Quieting> {
    if let Some(because) = suppress::maintenance(input, &key.0) {
        return Some(Quieting { because, parent: None });
    }
    let parent = parent?;
    Some(Quieting { because: crate::case::Reason::WiderCause, parent: Some(case_id(input, parent)) })
}

/// The case of a key as it will be called, be it open, about to be reopened or new.
fn case_id(input: &Input, key: &Key) -> CaseId {
    let known = input.case_on(&key.0, key.1).or_else(|| decide::returning(input, key));
    known.map_or_else(|| CaseId::new(input.site.client, &key.0, key.1, input.now), |case| case.id.clone())
}

/// Every known case as it is after the changes.
fn after<'a>(input: &'a Input, changes: &'a [CaseChange]) -> BTreeMap<&'a CaseId, &'a Case> {
    let known = input.closed.iter().chain(&input.cases);
    known.chain(changes.iter().map(|change| &change.case)).map(|case| (&case.id, case)).collect()
}
