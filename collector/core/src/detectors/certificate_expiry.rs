//! Certificates that end soon, and those that browsers and mail programs refuse for another reason.

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    calendar::{Calendar, duration_words},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    forecast::{Chance, Outlook},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    link::Certificate,
    observation::Observation,
    time::{Millis, Timestamp},
};

const METHOD: &str = "certificate_expiry/1";

/// What was last seen longer ago may have been renewed meanwhile.
const LAST_SEEN: Millis = Millis::hours(24);
const HORIZONS: [Millis; 3] = [Millis::hours(24), Millis::days(4), Millis::days(14)];

mod refused;

pub(super) struct CertificateExpiry;

impl Detector for CertificateExpiry {
    fn kind(&self) -> FindingKind {
        FindingKind::CertificateExpiry
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let endpoints = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Endpoint(endpoint) if input.now.since(view.seen_at) <= LAST_SEEN => {
                Some((asset, view, endpoint.certificate.as_ref()?))
            }
            _ => None,
        });
        endpoints.filter_map(|(asset, view, certificate)| judge(input, asset, view, certificate)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, certificate: &Certificate) -> Option<Finding> {
    let ending = ends_soon(input, asset, certificate);
    let refused = refused::judge(input, asset, view, certificate);
    // What matters more is said; where both do, that it ends.
    let worse = ending.into_iter().chain(refused).reduce(|a, b| if b.severity > a.severity { b } else { a });
    worse.or_else(|| {
        healthy(input, asset, FindingKind::CertificateExpiry, || {
            let until = Calendar::new(&input.time_zone).date_words(ends(certificate), input.now);
            let name = input.name_of(asset);
            let was_refused = input.case_on(asset, FindingKind::CertificateExpiry).is_some_and(refused::is_told);
            let what = if was_refused { "is in order again" } else { "was renewed" };
            format!("The certificate of {name} {what}; it lasts until {until}.")
        })
    })
}

/// Where the certificate that signed it ends sooner, both are refused then.
fn ends(certificate: &Certificate) -> Timestamp {
    certificate.chain_ends.map_or(certificate.not_after, |ends| ends.min(certificate.not_after))
}

/// Ticket at 21 days and call at 7; certificates that live shorter are renewed later, at a quarter
/// and a twelfth of their life.
fn ends_soon(input: &Input, asset: &AssetId, certificate: &Certificate) -> Option<Finding> {
    let life = certificate.not_after.since(certificate.not_before).0.max(0);
    let left = ends(certificate).since(input.now);
    let severity = if left <= Millis::days(7).min(Millis(life / 12)) {
        Severity::Act
    } else if left <= Millis::days(21).min(Millis(life / 4)) {
        Severity::Soon
    } else {
        return None;
    };
    Some(Finding {
        kind: FindingKind::CertificateExpiry,
        asset: asset.clone(),
        severity,
        sentence: sentence(input, asset, certificate),
        steps: match certificate.chain_ends {
            Some(_) => steps([
                "Put the intermediate certificate that its authority gives out today on the server, or renew both.",
                "Check that the server shows the new one.",
            ]),
            None => steps([
                "Renew the certificate, or find out why the automatic renewal failed.",
                "Check that the server shows the new one.",
            ]),
        },
        evidence: evidence(input, asset, certificate),
        outlook: Some(outlook(ends(certificate), input.now)),
    })
}

fn sentence(input: &Input, asset: &AssetId, certificate: &Certificate) -> String {
    let calendar = Calendar::new(&input.time_zone);
    let (ends, chain) = (ends(certificate), certificate.chain_ends.is_some());
    let name = format!("{}{}", if chain { "the authority above " } else { "" }, input.name_of(asset));
    if ends <= input.now {
        return format!("The certificate of {name} expired on {}: browsers refuse it.", calendar.day_time(ends));
    }
    format!("The certificate of {name} ends {}. After that browsers refuse it.", calendar.on_words(ends, input.now))
}

fn evidence(input: &Input, asset: &AssetId, certificate: &Certificate) -> Evidence {
    let calendar = Calendar::new(&input.time_zone);
    let left = ends(certificate).since(input.now);
    let left = if left.0 > 0 { duration_words(left) } else { format!("none, ended {} ago", duration_words(left)) };
    Evidence {
        facts: vec![
            fact("Certificate of", certificate.subject.clone()),
            fact("Issued by", certificate.issuer.clone()),
            fact("Ends", calendar.local(ends(certificate)).strftime("%-d %B %Y %H:%M").to_string()),
            fact("Left", left),
        ],
        chart: Some(ChartRef {
            asset: asset.clone(),
            metric: Metric::CertificateDays,
            from: input.now.minus(Millis::days(30)),
            limit: Some(0.0),
        }),
    }
}

fn outlook(ends: Timestamp, now: Timestamp) -> Outlook {
    let chance = |within: Millis| Chance { within, p: if ends <= now.plus(within) { 1.0 } else { 0.0 } };
    Outlook {
        method: METHOD.to_owned(),
        chances: HORIZONS.into_iter().map(chance).collect(),
        q10: Some(ends),
        q50: Some(ends),
        q90: Some(ends),
        fan: Vec::new(),
        need: None,
    }
}
