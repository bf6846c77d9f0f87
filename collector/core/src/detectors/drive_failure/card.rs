//! The score card: what a hard drive counts, as points, and points as the chance that it fails.
//!
//! Its numbers are data (`model.json`), fitted by `tests/foresight/fit/drive_failure.py` on public histories; the file
//! says which. They are of hard drives: nobody has published the histories of healthy flash drives.

use crate::series::Metric;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// A count that the card knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    ReallocatedSectors,
    MediaErrors,
    CommandTimeouts,
    ReallocationEvents,
    PendingSectors,
    UncorrectableSectors,
    SpinRetries,
}

impl Count {
    pub const ALL: [Self; 7] = [
        Self::ReallocatedSectors,
        Self::MediaErrors,
        Self::CommandTimeouts,
        Self::ReallocationEvents,
        Self::PendingSectors,
        Self::UncorrectableSectors,
        Self::SpinRetries,
    ];

    pub const fn metric(self) -> Metric {
        match self {
            Self::ReallocatedSectors => Metric::ReallocatedSectors,
            Self::MediaErrors => Metric::MediaErrors,
            Self::CommandTimeouts => Metric::CommandTimeouts,
            Self::ReallocationEvents => Metric::ReallocationEvents,
            Self::PendingSectors => Metric::PendingSectors,
            Self::UncorrectableSectors => Metric::UncorrectableSectors,
            Self::SpinRetries => Metric::SpinRetries,
        }
    }
}

/// What a drive counts now, and what it counted before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    pub now: BTreeMap<Count, f64>,
    /// By days: the counts so long ago, or the first ones known of a drive that is known for less.
    pub before: BTreeMap<u32, BTreeMap<Count, f64>>,
    /// Days since a count grew; since it was first seen, where none did.
    pub quiet_days: f64,
}

/// What the card makes of a drive.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub points: f64,
    /// Of failing within 30 and within 90 days.
    pub p30: f64,
    pub p90: f64,
    /// The counts behind it, the weightiest first: its points, and those of its growth.
    pub signs: Vec<(Count, f64, f64)>,
}

impl Judgement {
    /// Whether any count speaks against it.
    pub fn has_signs(&self) -> bool {
        !self.signs.is_empty()
    }
}

#[derive(Debug, Deserialize)]
struct Card {
    provenance: Provenance,
    signs: Vec<Sign>,
    models: BTreeMap<String, f64>,
    makers: BTreeMap<String, f64>,
    chances: BTreeMap<u32, Chances>,
}

#[derive(Debug, Deserialize)]
struct Sign {
    points: f64,
    #[serde(flatten)]
    of: Of,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Of {
    Growth { count: Count, grew_by: f64, within_days: u32 },
    Level { count: Count, from: f64 },
    Together { together: Vec<Count> },
}

/// Log-odds of failing within a horizon.
#[derive(Debug, Deserialize)]
struct Chances {
    since_days: Vec<f64>,
    /// Intercept and slope for each entry of `since_days`.
    log_odds: Vec<(f64, f64)>,
    most_points: f64,
    makers: BTreeMap<String, f64>,
    without_signs: f64,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static CARD: LazyLock<Card> =
    LazyLock::new(|| serde_json::from_str(include_str!("model.json")).expect("model.json is a card"));

/// What the script that fitted the card says of the data and of the card.
#[derive(Debug, Deserialize)]
pub struct Provenance {
    /// Of a hundred hard drives that failed, those that never showed one of the counts.
    pub silent_of_100: u32,
    pub unseen: Unseen,
}

/// How good cards made in the same way are on drives that they have not seen.
#[derive(Debug, Deserialize)]
pub struct Unseen {
    /// Each fifth of the drives judged by a card of the others.
    pub five_folds: Vec<AtRate>,
    /// The day (ISO 8601) until which the card of `trained_before` was fitted, and after which it was judged.
    pub judged_after: String,
    pub trained_before: Vec<AtRate>,
}

/// What is found at one rate of false alarms; all are shares.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct AtRate {
    /// Of the drives that stay well, over their whole watched life.
    pub false_alarms: f64,
    /// Of the drives that fail, a day before or earlier.
    pub found: f64,
}

/// Where the card comes from.
pub fn provenance() -> &'static Provenance {
    &CARD.provenance
}

/// Days of growth that the card looks at.
pub const WITHIN_DAYS: [u32; 2] = [7, 30];

/// Judges a hard drive by its model, as smartctl names it, and what it counts.
pub fn judge(model: &str, history: &History) -> Judgement {
    let card = &*CARD;
    let mut signs: BTreeMap<Count, (f64, f64)> = BTreeMap::new();
    let mut shown = false;
    let mut points = 0.0;
    for sign in card.signs.iter().filter(|sign| holds(&sign.of, history)) {
        (shown, points) = (true, points + sign.points);
        match &sign.of {
            Of::Level { count, .. } => signs.entry(*count).or_default().0 += sign.points,
            Of::Growth { count, .. } => signs.entry(*count).or_default().1 += sign.points,
            Of::Together { .. } => {}
        }
    }
    let maker = maker(model);
    if shown {
        points += known(&card.models, model).or_else(|| card.makers.get(maker).copied()).unwrap_or(0.0);
    }
    let chance = |days| card.chances.get(&days).map_or(0.0, |it| it.of(shown.then_some(points), history, maker));
    let mut signs: Vec<_> = signs.into_iter().map(|(count, (level, growth))| (count, level, growth)).collect();
    signs.sort_by(|a, b| (b.1 + b.2).total_cmp(&(a.1 + a.2)));
    Judgement { points, p30: chance(30), p90: chance(90), signs }
}

fn holds(of: &Of, history: &History) -> bool {
    let now = |count: &Count| history.now.get(count).copied();
    match of {
        Of::Level { count, from } => now(count).is_some_and(|value| value >= *from),
        Of::Growth { count, grew_by, within_days } => {
            let before = history.before.get(within_days).and_then(|counts| counts.get(count));
            now(count).zip(before).is_some_and(|(now, before)| now - before >= *grew_by)
        }
        Of::Together { together } => together.iter().all(|count| now(count).is_some_and(|value| value > 0.0)),
    }
}

impl Chances {
    /// By points, or nothing where no sign shows.
    fn of(&self, points: Option<f64>, history: &History, maker: &str) -> f64 {
        let Some(points) = points else { return self.without_signs };
        let row = self.since_days.iter().rposition(|from| history.quiet_days >= *from).unwrap_or(0);
        let (intercept, slope) = self.log_odds.get(row).copied().unwrap_or_default();
        let odds = intercept + slope * points.min(self.most_points) + self.makers.get(maker).unwrap_or(&0.0);
        1.0 / (1.0 + (-odds).exp())
    }
}

/// The points of the model that `name` begins with: smartctl adds a variant behind it, as in `ST4000DM000-1F2168`.
fn known(models: &BTreeMap<String, f64>, name: &str) -> Option<f64> {
    let is_it = |model: &str| {
        name.strip_prefix(model).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    models.iter().filter(|(model, _)| is_it(model)).max_by_key(|(model, _)| model.len()).map(|(_, points)| *points)
}

/// The maker in the words of the card.
pub fn maker(model: &str) -> &'static str {
    const BEGINNINGS: [(&str, &str); 5] =
        [("ST", "Seagate"), ("Seagate", "Seagate"), ("WDC", "WDC"), ("HGST", "HGST"), ("Hitachi", "Hitachi")];
    BEGINNINGS.into_iter().find(|(begin, _)| model.starts_with(begin)).map_or("other", |(_, maker)| maker)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(now: &[(Count, f64)], week_ago: &[(Count, f64)], quiet_days: f64) -> History {
        let counts = |counts: &[(Count, f64)]| counts.iter().copied().collect::<BTreeMap<_, _>>();
        let before = WITHIN_DAYS.into_iter().map(|days| (days, counts(week_ago))).collect();
        History { now: counts(now), before, quiet_days }
    }

    #[test]
    fn a_drive_without_signs_is_not_said_to_be_safe_but_nearly_so() {
        let judged = judge("ST4000DM000-1F2168", &history(&[(Count::ReallocatedSectors, 0.0)], &[], 0.0));
        assert!(!judged.has_signs() && judged.p90 > 0.0 && judged.p90 < 0.01, "{judged:?}");
    }

    #[test]
    fn more_errors_never_look_better_and_growth_weighs_more_than_what_is_old() {
        let of = |errors: f64, before: f64, quiet: f64| {
            judge("Example 4TB", &history(&[(Count::MediaErrors, errors)], &[(Count::MediaErrors, before)], quiet)).p90
        };
        let rising: Vec<f64> = [1.0, 2.0, 8.0, 64.0, 500.0].into_iter().map(|errors| of(errors, 0.0, 0.0)).collect();
        assert!(rising.is_sorted(), "{rising:?}");
        assert!(of(8.0, 0.0, 0.0) > of(8.0, 8.0, 40.0));
    }

    #[test]
    fn a_model_is_known_with_and_without_its_variant_and_another_by_its_maker() {
        let points = |model: &str| judge(model, &history(&[(Count::PendingSectors, 8.0)], &[], 0.0)).points;
        assert_eq!(points("ST3000DM001"), points("ST3000DM001-1CH166"));
        assert_eq!(points("ST9999XX001"), points("ST1234YY567"));
        assert_ne!(points("ST3000DM001"), points("ST9999XX001"));
    }
}
