//! How likely it is that a warning would have become an incident: earned from warnings that
//! nobody handled, starting from a printed prior.

use crate::{finding::FindingKind, ledger::Chance, record::RuleRecord};
use beforehand_shared::time::Millis;
use statrs::distribution::{Beta, ContinuousCDF};

/// What is believed of a kind before the provider has a record of its own, as so many warnings
/// that came true and so many that did not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    pub hits: f64,
    pub misses: f64,
    /// Where it comes from, for the statement.
    pub source: &'static str,
}

/// A prior weighs as much as this many or fewer warnings of one's own, so that the own record soon
/// takes over.
pub const fn prior(kind: FindingKind) -> Prior {
    let (hits, misses, source) = match kind {
        // 0.60 of the days forecast at P >= 0.3 came true, on 41 days of a few file systems.
        FindingKind::VolumeFull => (3.0, 2.0, "public records of disk use, where 6 of 10 such warnings came true"),
        FindingKind::CertificateExpiry => {
            (2.0, 2.0, "no public data; half, because many certificates renew themselves")
        }
        FindingKind::QueueStuck => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        FindingKind::PrinterFault => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        FindingKind::LinkFault => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        FindingKind::HostSilent => (0.8, 3.2, "no public data; a cautious guess of 2 in 10"),
    };
    Prior { hits, misses, source }
}

/// How long before the expected onset a ticket must open for a person to have time to act on it.
pub const fn reaction_time(kind: FindingKind) -> Millis {
    match kind {
        FindingKind::VolumeFull => Millis::hours(1),
        FindingKind::PrinterFault | FindingKind::LinkFault => Millis::minutes(30),
        FindingKind::QueueStuck => Millis::minutes(10),
        FindingKind::HostSilent => Millis::minutes(15),
        // A new certificate must be ordered, proved and installed.
        FindingKind::CertificateExpiry => Millis::days(1),
    }
}

/// The Beta posterior after the provider's own record.
pub fn chance(kind: FindingKind, record: &RuleRecord) -> Chance {
    let prior = prior(kind);
    let alpha = prior.hits + f64::from(record.untreated_onset);
    let beta = prior.misses + f64::from(record.untreated_cleared);
    Chance { p: alpha / (alpha + beta), alpha, beta }
}

/// The 90 % interval of `chance`.
pub fn interval(chance: &Chance) -> (f64, f64) {
    (quantile(chance, 0.05), quantile(chance, 0.95))
}

/// The value that `chance` stays below with probability `q`; its mean where it is no distribution.
pub(crate) fn quantile(chance: &Chance, q: f64) -> f64 {
    Beta::new(chance.alpha, chance.beta).map_or(chance.p, |beta| beta.inverse_cdf(q))
}

/// Where a chance comes from, in words.
pub fn source(kind: FindingKind, record: &RuleRecord) -> String {
    let prior = prior(kind);
    let untreated = record.untreated_onset + record.untreated_cleared;
    let own = match untreated {
        0 => "no untreated warning of our own yet".to_owned(),
        1 if record.untreated_onset == 1 => "our own record: the one warning nobody handled came true".to_owned(),
        1 => "our own record: the one warning nobody handled went away".to_owned(),
        _ => format!(
            "our own record: of {untreated} warnings that nobody handled in time, {} came true",
            record.untreated_onset
        ),
    };
    format!("{}, counted as {:.0} warnings; {own}", prior.source, prior.hits + prior.misses)
}
