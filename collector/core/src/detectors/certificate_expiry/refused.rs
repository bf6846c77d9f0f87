//! Certificates that browsers and mail programs refuse although they have not ended.

use super::evidence;
use crate::{
    asset::AssetId,
    calendar::Calendar,
    case::Case,
    detectors::{fact, steps},
    finding::{Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::link::{Certificate, Verdict};

/// The fact that holds the reason.
const REFUSED: &str = "Refused";

/// A person is called where it was in order before: people are stopped by a warning since then. What was never
/// otherwise is known to those who use it, and a note.
pub(super) fn judge(input: &Input, asset: &AssetId, view: &AssetView, certificate: &Certificate) -> Option<Finding> {
    let (why, what_to_do) = reason(input, certificate)?;
    let was_fine =
        view.series.get(&Metric::CertificateRefused).is_some_and(|it| it.recent.iter().any(|it| it.value < 0.5));
    let was_urgent =
        input.case_on(asset, FindingKind::CertificateExpiry).is_some_and(|case| case.severity == Severity::Act);
    let mut evidence = evidence(input, asset, certificate);
    evidence.facts.push(fact(REFUSED, why.clone()));
    Some(Finding {
        kind: FindingKind::CertificateExpiry,
        asset: asset.clone(),
        severity: if was_fine || was_urgent { Severity::Act } else { Severity::Watch },
        sentence: format!("The certificate of {} is refused: {why}.", input.name_of(asset)),
        steps: steps([what_to_do, "Open the address from another network to check it."]),
        evidence,
        outlook: None,
    })
}

/// Whether the case is about a certificate that is refused.
pub(super) fn is_told(case: &Case) -> bool {
    case.latest.evidence.facts.iter().any(|fact| fact.label == REFUSED)
}

fn reason(input: &Input, certificate: &Certificate) -> Option<(String, &'static str)> {
    if certificate.not_before > input.now {
        let from = Calendar::new(&input.time_zone).day_time(certificate.not_before);
        return Some((
            format!("it holds from {from} on only"),
            "Put the former one back until then, or have it made anew.",
        ));
    }
    let (why, what_to_do) = match certificate.verdict? {
        Verdict::SelfSigned => {
            ("no authority has signed it", "Have it signed by an authority that the machines here trust.")
        }
        Verdict::OtherName => (
            "it is made for other names than this one",
            "Have one made for this name, or let the server show the right one for it.",
        ),
        Verdict::NoIntermediate => (
            "the server sends no intermediate certificate, and many programs cannot do without",
            "Put the intermediate certificate of its authority on the server, behind its own.",
        ),
        Verdict::Sound | Verdict::Other => return None,
    };
    Some((why.to_owned(), what_to_do))
}
