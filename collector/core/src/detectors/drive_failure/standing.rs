//! What the score card makes of a hard drive now and would have made of it earlier, for whoever looks at it.

use super::{
    card::{self, Judgement},
    counts, words,
};
use crate::{
    input::HISTORY,
    series::{Metric, Series},
};
use beforehand_shared::{
    drive::{Drive, DriveKind},
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

/// How a drive stands by its counts alone, whatever it says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub judged: Judgement,
    pub sentence: String,
}

impl Standing {
    /// Whether its counts are worth a note at least, whatever it says of itself.
    pub fn is_doubtful(&self) -> bool {
        counts::severity(&self.judged).is_some()
    }
}

/// Nothing for other drives than hard drives, and for those that count nothing the card knows.
pub fn standing(drive: &Drive, series: &BTreeMap<Metric, Series>, now: Timestamp) -> Option<Standing> {
    let judged = judge(drive, series, now)?;
    let sentence = if judged.has_signs() {
        format!("By its counts, {}: {}.", words::signs(&judged.signs), words::odds(judged.p90))
    } else {
        "It counts nothing that failing hard drives count.".to_owned()
    };
    Some(Standing { judged, sentence })
}

/// The same once a day over the last `days`, each from what was known by then; days of which nothing was known are
/// left out. Today is the last.
pub fn earlier(
    drive: &Drive,
    series: &BTreeMap<Metric, Series>,
    days: u32,
    now: Timestamp,
) -> Vec<(Timestamp, Judgement)> {
    let day = |ago: u32| {
        let at = now.minus(Millis::days(i64::from(ago)));
        Some((at, judge(drive, series, at)?))
    };
    (0..days).rev().filter_map(day).collect()
}

/// From as much of the past as a ticket is judged by, however much there is.
fn judge(drive: &Drive, series: &BTreeMap<Metric, Series>, now: Timestamp) -> Option<Judgement> {
    let known = series.iter().map(|(metric, series)| (metric.clone(), series.as_of(now, HISTORY))).collect();
    let history = counts::history(&known, now);
    let is_known = drive.kind == DriveKind::Hdd && !history.now.is_empty();
    is_known.then(|| card::judge(drive.model.as_deref().unwrap_or_default(), &history))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Hour, Sample};

    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    /// Pending sectors that appear ten days ago, in a history of 40 days.
    fn pending() -> BTreeMap<Metric, Series> {
        let at = |ago: i64| NOW.minus(Millis::hours(ago));
        let hour = |ago: i64| Hour::of(Sample { at: at(ago), value: if ago < 240 { 24.0 } else { 0.0 } });
        BTreeMap::from([(
            Metric::PendingSectors,
            Series { hours: (1..960).rev().map(hour).collect(), recent: Vec::new() },
        )])
    }

    fn hard_drive() -> Drive {
        Drive { kind: DriveKind::Hdd, model: Some("Example 4TB".to_owned()), ..Drive::default() }
    }

    #[test]
    fn a_drive_stands_worse_since_it_counts_and_each_day_knows_only_what_was_known_then() {
        let days = earlier(&hard_drive(), &pending(), 30, NOW);
        assert_eq!(days.len(), 30);
        let p90 = |ago: usize| days[29 - ago].1.p90;
        assert!(p90(12) < 0.01 && p90(9) > 10.0 * p90(12), "{} {}", p90(12), p90(9));
        let now = standing(&hard_drive(), &pending(), NOW).unwrap();
        assert_eq!(now.judged, days[29].1);
        assert!(now.sentence.contains("it has sectors that it cannot read"), "{}", now.sentence);
    }

    #[test]
    fn what_was_counted_longer_ago_than_a_ticket_looks_back_changes_nothing() {
        let mut long = pending();
        let old = Hour::of(Sample { at: NOW.minus(Millis::days(100)), value: 0.0 });
        let errors = Series {
            hours: vec![old, Hour::of(Sample { at: NOW.minus(Millis::days(90)), value: 9.0 })],
            recent: Vec::new(),
        };
        long.insert(Metric::MediaErrors, errors.clone());
        let short = pending().into_iter().chain([(Metric::MediaErrors, errors.as_of(NOW, HISTORY))]).collect();
        assert_eq!(standing(&hard_drive(), &long, NOW), standing(&hard_drive(), &short, NOW));
    }

    #[test]
    fn of_flash_and_of_a_drive_that_counts_nothing_no_chance_is_given() {
        let flash = Drive { kind: DriveKind::Nvme, ..hard_drive() };
        assert_eq!(standing(&flash, &pending(), NOW), None);
        assert_eq!(standing(&hard_drive(), &BTreeMap::new(), NOW), None);
        assert!(earlier(&hard_drive(), &BTreeMap::new(), 30, NOW).is_empty());
    }
}
