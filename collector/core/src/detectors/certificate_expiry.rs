//! Certificates of web addresses that end soon.

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    calendar::{Calendar, duration_words},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    forecast::{Chance, Outlook},
    input::Input,
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

pub(super) struct CertificateExpiry;

impl Detector for CertificateExpiry {
    fn kind(&self) -> FindingKind {
        FindingKind::CertificateExpiry
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let endpoints = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Endpoint(endpoint) if input.now.since(view.seen_at) <= LAST_SEEN => {
                Some((asset, endpoint.certificate.as_ref()?))
            }
            _ => None,
        });
        endpoints.filter_map(|(asset, certificate)| judge(input, asset, certificate)).collect()
    }
}

/// Ticket at 21 days and call at 7; certificates that live shorter are renewed later, at a quarter
/// and a twelfth of their life.
fn judge(input: &Input, asset: &AssetId, certificate: &Certificate) -> Option<Finding> {
    let life = certificate.not_after.since(certificate.not_before).0.max(0);
    let left = certificate.not_after.since(input.now);
    let severity = if left <= Millis::days(7).min(Millis(life / 12)) {
        Severity::Act
    } else if left <= Millis::days(21).min(Millis(life / 4)) {
        Severity::Soon
    } else {
        return healthy(input, asset, FindingKind::CertificateExpiry, || {
            let until = Calendar::new(&input.time_zone).date_words(certificate.not_after, input.now);
            format!("The certificate of {} was renewed; it lasts until {until}.", input.name_of(asset))
        });
    };
    Some(Finding {
        kind: FindingKind::CertificateExpiry,
        asset: asset.clone(),
        severity,
        sentence: sentence(input, asset, certificate),
        steps: steps([
            "Renew the certificate, or find out why the automatic renewal failed.",
            "Check that the server shows the new one.",
        ]),
        evidence: evidence(input, asset, certificate),
        outlook: Some(outlook(certificate.not_after, input.now)),
    })
}

fn sentence(input: &Input, asset: &AssetId, certificate: &Certificate) -> String {
    let calendar = Calendar::new(&input.time_zone);
    let (name, ends) = (input.name_of(asset), certificate.not_after);
    if ends <= input.now {
        return format!("The certificate of {name} expired on {}: browsers refuse it.", calendar.day_time(ends));
    }
    format!("The certificate of {name} ends {}. After that browsers refuse it.", calendar.on_words(ends, input.now))
}

fn evidence(input: &Input, asset: &AssetId, certificate: &Certificate) -> Evidence {
    let calendar = Calendar::new(&input.time_zone);
    let left = certificate.not_after.since(input.now);
    let left = if left.0 > 0 { duration_words(left) } else { format!("none, ended {} ago", duration_words(left)) };
    Evidence {
        facts: vec![
            fact("Certificate of", certificate.subject.clone()),
            fact("Issued by", certificate.issuer.clone()),
            fact("Ends", calendar.local(certificate.not_after).strftime("%-d %B %Y %H:%M").to_string()),
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
