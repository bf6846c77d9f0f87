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
        // Rollers that jam more and more are often lived with for long.
        FindingKind::PrinterWearing => (0.8, 3.2, "no public data; a cautious guess of 2 in 10"),
        // A cartridge that is used goes empty; some are replaced at the first sign by whoever stands there.
        FindingKind::SupplyLow => (2.0, 2.0, "no public data; half, because people often replace them themselves"),
        FindingKind::LinkFault => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        FindingKind::HostSilent => (0.8, 3.2, "no public data; a cautious guess of 2 in 10"),
        FindingKind::DriveLatency => (0.8, 3.2, "no public data; a cautious guess of 2 in 10"),
        // Errors in a file system are kept until someone repairs it, and many never show.
        FindingKind::FilesystemReadonly => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        // The drives of an array are of one age and one load, and a rebuild works them all.
        FindingKind::ArrayDegraded => (1.2, 2.8, "no public data; a cautious guess of 3 in 10"),
        // Flash often outlives what its maker promises.
        FindingKind::DriveWear => (0.8, 3.2, "no public data; a cautious guess of 2 in 10"),
        // 0.59 of the strictest alarms on public SMART records failed within 90 days; a maker's own
        // verdict is stricter still.
        FindingKind::DriveFailure => {
            (3.0, 2.0, "public records of hard drives, where 6 of 10 of the strictest warnings came true")
        }
    };
    Prior { hits, misses, source }
}

/// How long before the expected onset a ticket must open for a person to have time to act on it.
pub const fn reaction_time(kind: FindingKind) -> Millis {
    match kind {
        FindingKind::VolumeFull | FindingKind::FilesystemReadonly => Millis::hours(1),
        FindingKind::PrinterFault | FindingKind::LinkFault | FindingKind::DriveLatency => Millis::minutes(30),
        FindingKind::QueueStuck => Millis::minutes(10),
        FindingKind::HostSilent => Millis::minutes(15),
        // A new certificate must be ordered, proved and installed; a drive ordered and copied to;
        // a cartridge or rollers ordered.
        FindingKind::CertificateExpiry
        | FindingKind::SupplyLow
        | FindingKind::PrinterWearing
        | FindingKind::DriveFailure
        | FindingKind::DriveWear
        | FindingKind::ArrayDegraded => Millis::days(1),
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
    let Ok(beta) = Beta::new(chance.alpha, chance.beta) else { return chance.p };
    // By halving: slower than Newton's method, but it cannot run away for small shapes.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if beta.cdf(middle) < q { low = middle } else { high = middle }
    }
    0.5 * (low + high)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_flat_chance_leaves_a_twentieth_on_each_side() {
        let (low, high) = interval(&Chance { p: 0.5, alpha: 1.0, beta: 1.0 });
        assert!((low - 0.05).abs() < 1e-9 && (high - 0.95).abs() < 1e-9);
    }

    #[test]
    fn the_own_record_takes_over_from_the_prior() {
        let fresh = chance(FindingKind::VolumeFull, &RuleRecord::default());
        assert!((fresh.p - 0.6).abs() < 1e-9);
        let record = RuleRecord { untreated_onset: 3, untreated_cleared: 42, ..RuleRecord::default() };
        let grown = chance(FindingKind::VolumeFull, &record);
        assert!((grown.p - 0.12).abs() < 1e-9);
        let width = |chance: &Chance| interval(chance).1 - interval(chance).0;
        assert!(width(&grown) < width(&fresh) / 2.0);
    }

    #[test]
    fn every_kind_has_a_cautious_prior_that_says_where_it_comes_from() {
        for kind in FindingKind::ALL {
            let prior = prior(kind);
            assert!(prior.hits / (prior.hits + prior.misses) <= 0.6 && prior.hits + prior.misses <= 5.0);
            assert!(!prior.source.is_empty());
        }
    }
}
