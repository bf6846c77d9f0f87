//! How speech over a connection is rated: mean opinion score of ITU-T G.107 (E-model), with the
//! delay term of Cole and Rosenbluth (CCR 31-2, 2001) and G.711 with loss concealment (G.113,
//! appendix I: Ie 0, Bpl 25.1).

/// Many users are dissatisfied below this (G.107, annex B).
pub const SOME_DISSATISFIED: f64 = 3.6;
/// Nearly all notice below this.
pub const MANY_DISSATISFIED: f64 = 3.1;

const CONCEALMENT: f64 = 25.1;

/// From 1 (impossible) to 4.5 (excellent). Round trip and jitter in milliseconds, loss in per cent.
pub fn mos(rtt_ms: f64, jitter_ms: f64, loss_pct: f64) -> f64 {
    let delay = rtt_ms / 2.0 + (2.0 * jitter_ms).max(20.0) + 20.0;
    let by_delay = 0.024 * delay + 0.11 * (delay - 177.3).max(0.0);
    let by_loss = 95.0 * loss_pct / (loss_pct + CONCEALMENT);
    let r = 93.2 - by_delay - by_loss;
    match r {
        r if r <= 0.0 => 1.0,
        r if r >= 100.0 => 4.5,
        r => (1.0 + 0.035 * r + 7e-6 * r * (r - 60.0) * (100.0 - r)).max(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_are_met() {
        let vectors = [
            ((20.0, 2.0, 0.0), 4.385),
            ((100.0, 10.0, 1.0), 4.270),
            ((150.0, 30.0, 2.0), 4.114),
            ((300.0, 20.0, 0.0), 4.184),
            ((400.0, 60.0, 5.0), 2.647),
            ((80.0, 5.0, 10.0), 3.315),
            ((30.0, 2.0, 30.0), 2.072),
        ];
        for ((rtt, jitter, loss), expected) in vectors {
            let got = mos(rtt, jitter, loss);
            assert!((got - expected).abs() < 0.001, "{rtt} {jitter} {loss}: {got} instead of {expected}");
        }
    }
}
