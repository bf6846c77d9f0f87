//! Three explanations of the days on which a printer jammed: a rate that was always the same, trouble that passed or
//! will, and rollers whose rate grows until today.
//!
//! Each says how many times as often as usual a page jams on each day. The usual rate is not known: with a Gamma
//! prior it can be integrated out, so that explanations are compared by what they made of the same days (Gelman and
//! others, Bayesian Data Analysis, 2.6 and 7.4).

/// What is believed of a usual rate before anything was printed: so many jams on so many pages.
const BELIEF: (f64, f64) = (1.0, 1_000.0);
/// Rollers may wear since so many days, and jam so many times as often today.
const SINCE: [usize; 6] = [28, 42, 63, 91, 126, 182];
const GROWN: [f64; 3] = [3.0, 6.0, 12.0];
/// Somebody new, or damp paper: so many days, in which a page jams so many times as often.
const LASTS: [usize; 2] = [7, 28];
const RISEN: [f64; 2] = [4.0, 12.0];
/// It began so many days ago at most; every so many days is tried.
const REACH: usize = 154;
const APART: usize = 3;
/// Trouble that passes is so many times as common as rollers that wear.
const COMMONER: f64 = 2.0;

/// What was printed on a day, and whether it jammed on it: what jams twice is often the scrap of the first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Day {
    pub(super) pages: f64,
    pub(super) jams: f64,
}

/// The chance that rollers wear. Days are counted back from now, the latest first.
pub(super) fn chance(days: &[Day]) -> f64 {
    let usual = days.iter().fold(Day::default(), |sum, day| sum.with(day, 1.0));
    let (wear, passing) = (mean(&wear(days, usual)), mean(&passing(days, usual)));
    wear / (1.0 + COMMONER * passing + wear)
}

impl Day {
    const fn with(self, other: &Self, times: f64) -> Self {
        Self { pages: self.pages + times * other.pages, jams: self.jams + other.jams }
    }
}

/// How many times likelier than a rate that was always the same is one that makes `pages` count as so many, and whose
/// jams have `logs` as the sum of the logarithms of how much oftener they came.
fn likelier(usual: Day, pages: f64, logs: f64) -> f64 {
    let (jams_believed, pages_believed) = BELIEF;
    let longer = (pages_believed + pages) / (pages_believed + usual.pages);
    (logs - (jams_believed + usual.jams) * longer.ln()).exp()
}

fn wear(days: &[Day], usual: Day) -> Vec<f64> {
    let all = SINCE.iter().flat_map(|since| GROWN.iter().map(move |grown| (*since, *grown)));
    let one = |(since, grown): (usize, f64)| {
        let (mut pages, mut logs) = (usual.pages, 0.0);
        for (age, day) in days.iter().take(since).enumerate() {
            let log = grown.ln() * (1.0 - (age as f64 + 0.5) / since as f64);
            pages += day.pages * log.exp_m1();
            logs += day.jams * log;
        }
        likelier(usual, pages, logs)
    };
    all.map(one).collect()
}

fn passing(days: &[Day], usual: Day) -> Vec<f64> {
    let mut sums = vec![Day::default()];
    for day in days {
        let sum = sums.last().copied().unwrap_or_default();
        sums.push(sum.with(day, 1.0));
    }
    let mut all = Vec::new();
    for lasts in LASTS {
        let over = (0..REACH - lasts).step_by(APART).map(|to| (to, to + lasts));
        let going_on = (1..lasts).step_by(APART).map(|from| (0, from));
        for (to, from) in over.chain(going_on).filter(|(_, from)| *from < sums.len()) {
            let (pages, jams) = (sums[from].pages - sums[to].pages, sums[from].jams - sums[to].jams);
            all.extend(RISEN.map(|risen| likelier(usual, usual.pages + (risen - 1.0) * pages, jams * risen.ln())));
        }
    }
    all
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many pages each day; a jam on those days back from now.
    fn days(pages: f64, jams: &[usize]) -> Vec<Day> {
        (0..300).map(|age| Day { pages, jams: f64::from(u8::from(jams.contains(&age))) }).collect()
    }

    #[test]
    fn a_rate_that_was_always_the_same_is_no_wear() {
        let even: Vec<usize> = (0..300).step_by(20).collect();
        assert!(chance(&days(60.0, &even)) < 0.2);
        assert!(chance(&days(60.0, &[])) < 0.4);
    }

    #[test]
    fn jams_that_come_closer_and_closer_are_wear() {
        let closer = [1, 3, 5, 8, 11, 15, 20, 26, 34, 45, 120, 210];
        assert!(chance(&days(60.0, &closer)) > 0.9, "{}", chance(&days(60.0, &closer)));
    }

    #[test]
    fn a_bad_week_is_not_wear_while_it_lasts_nor_afterwards() {
        for ago in [0, 10, 40] {
            let week: Vec<usize> = (ago..ago + 5).chain([120, 210]).collect();
            assert!(chance(&days(60.0, &week)) < 0.6, "{ago}: {}", chance(&days(60.0, &week)));
        }
    }
}
