//! What a series of pings amounts to.

use beforehand_shared::link::{Link, LinkRole};

/// What came of the pings to `target`, in the order they were sent: round trips in microseconds, or
/// nothing for one that was lost.
pub fn link(target: String, role: LinkRole, pings: &[Option<u32>]) -> Link {
    let answered: Vec<u32> = pings.iter().flatten().copied().collect();
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    Link {
        target,
        role,
        sent: count(pings.len()),
        lost: count(pings.len() - answered.len()),
        median_us: median(answered.clone()),
        jitter_us: jitter(&answered),
    }
}

fn median(mut values: Vec<u32>) -> Option<u32> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower + (upper - lower) / 2)
}

fn jitter(values: &[u32]) -> Option<u32> {
    let steps: Vec<u64> = values.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1]))).collect();
    let mean = steps.iter().sum::<u64>().checked_div(steps.len() as u64)?;
    u32::try_from(mean).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pings: &[Option<u32>]) -> (u32, u32, Option<u32>, Option<u32>) {
        let link = link("192.0.2.1".into(), LinkRole::Gateway, pings);
        (link.sent, link.lost, link.median_us, link.jitter_us)
    }

    #[test]
    fn lost_pings_count_as_lost_and_nothing_else() {
        assert_eq!(seen(&[Some(100), None, Some(300), Some(200), None]), (5, 2, Some(200), Some(150)));
    }

    #[test]
    fn a_target_that_never_answered_has_no_round_trip() {
        assert_eq!(seen(&[None; 5]), (5, 5, None, None));
    }

    #[test]
    fn one_answer_has_no_jitter_and_two_have_the_mean_as_median() {
        assert_eq!(seen(&[Some(100)]), (1, 0, Some(100), None));
        assert_eq!(seen(&[Some(100), Some(201)]), (2, 0, Some(150), Some(101)));
    }
}
