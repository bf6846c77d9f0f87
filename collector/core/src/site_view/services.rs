//! What people use behind the internet: name servers and addresses, each merged from the machines that ask it.

use super::{Merged, Scene};
use crate::{
    case::{Case, CaseState},
    finding::{FindingKind, Severity},
    input::AssetView,
    math::quantile::median,
    series::{Hour, Metric},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    limits,
    link::Certificate,
    observation::Observation,
    text::clean,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// One name server or address.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub kind: AssetKind,
    /// The address that is asked.
    pub key: String,
    /// Any of its assets, for links.
    pub asset: crate::asset::AssetId,
    pub severity: Severity,
    /// Of an open case.
    pub sentence: Option<String>,
    /// Why there was no answer, where the latest of all gave none.
    pub error: Option<String>,
    pub seen_at: Timestamp,
    pub answer_ms: Option<f64>,
    pub usual_ms: Option<f64>,
    /// Per cent of the last day's questions without an answer.
    pub day_failed_pct: Option<f64>,
    pub certificate: Option<Certificate>,
    pub asked_by: BTreeSet<HostId>,
}

type Asked<'a> = Vec<(&'a crate::asset::AssetId, &'a AssetView)>;

/// The worst first, then by name.
pub fn services(scene: &Scene) -> Vec<Service> {
    let mut by_key: BTreeMap<(AssetKind, &str), Asked> = BTreeMap::new();
    for (asset, view) in &scene.assets {
        if matches!(view.facts, Observation::Resolver(_) | Observation::Endpoint(_))
            && let Some(kind) = asset.kind()
        {
            by_key.entry((kind, asset.key())).or_default().push((asset, view));
        }
    }
    let mut services: Vec<Service> = by_key.iter().filter_map(|(key, asked)| of(scene, *key, asked)).collect();
    services.sort_by_key(|service| std::cmp::Reverse(service.severity));
    services
}

fn of(scene: &Scene, (kind, key): (AssetKind, &str), asked: &Asked) -> Option<Service> {
    let (asset, latest) = asked.iter().max_by_key(|(_, view)| view.seen_at)?;
    let cases =
        scene.cases.iter().filter(|case| is_about(case) && asked.iter().any(|(asset, _)| **asset == case.asset));
    let worst = cases.max_by_key(|case| case.severity);
    let fresh = scene.is_fresh(latest, &Metric::Failed);
    let (took_us, error, certificate) = match &latest.facts {
        Observation::Resolver(it) => (it.took_us, it.error.clone(), None),
        Observation::Endpoint(it) => {
            (it.took_us, it.error.clone().or_else(|| refused(it.status)), it.certificate.clone())
        }
        _ => return None,
    };
    let today = scene.now.minus(Millis::DAY).hour_start();
    let failed: Vec<Hour> = hours(asked, &Metric::Failed).filter(|hour| hour.at >= today).collect();
    let mut usual: Vec<f64> = hours(asked, &Metric::AnswerMs).map(|hour| hour.mean).collect();
    Some(Service {
        kind,
        key: clean(key, limits::TEXT_CHARS),
        asset: (*asset).clone(),
        severity: match worst {
            Some(case) => case.severity,
            None if fresh => Severity::Quiet,
            None => Severity::Blind,
        },
        sentence: worst.map(|case| case.latest.sentence.clone()),
        answer_ms: (fresh && error.is_none()).then(|| f64::from(took_us) / 1e3),
        error: error.filter(|_| fresh),
        seen_at: latest.seen_at,
        usual_ms: median(&mut usual),
        day_failed_pct: super::figures::mean(&failed).map(|share| 100.0 * share),
        certificate,
        asked_by: asked.iter().filter_map(|(asset, _)| asset.host()).collect(),
    })
}

fn is_about(case: &Case) -> bool {
    let told = matches!(case.kind, FindingKind::LinkFault | FindingKind::CertificateExpiry);
    told && case.state == CaseState::Open && case.severity > Severity::Quiet
}

fn refused(status: Option<u16>) -> Option<String> {
    status.filter(|status| *status >= 500).map(|status| format!("status {status}"))
}

fn hours<'a>(asked: &'a Asked, metric: &'a Metric) -> impl Iterator<Item = Hour> + 'a {
    asked.iter().filter_map(|(_, view)| view.series.get(metric)).flat_map(|series| &series.hours).copied()
}

/// Hour by hour, per cent of questions without an answer, of the service that answered least: no more than what was not
/// lost on the way.
pub(super) fn failed(scene: &Scene, way: &[Merged]) -> Vec<(Timestamp, f64)> {
    let mut worst: BTreeMap<Timestamp, BTreeMap<&str, f64>> = BTreeMap::new();
    for (asset, view) in &scene.assets {
        let Some(failed) = view.series.get(&Metric::Failed) else { continue };
        for hour in failed.hours_since(scene.from().hour_start()) {
            let of_service = worst.entry(hour.at).or_default().entry(asset.key()).or_insert(1.0);
            // What one machine gets no answer from and another does is not the service's fault.
            *of_service = of_service.min(hour.mean);
        }
    }
    let on_the_way = |at: Timestamp| {
        let hour = way.binary_search_by_key(&at, |merged| merged.at).ok().and_then(|found| way.get(found));
        hour.and_then(Merged::whole).unwrap_or(0.0)
    };
    let lost = |services: &BTreeMap<&str, f64>| 100.0 * services.values().copied().fold(0.0, f64::max);
    worst.iter().map(|(at, services)| (*at, (lost(services) - on_the_way(*at)).max(0.0))).collect()
}
