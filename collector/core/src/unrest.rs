//! What goes down for minutes again and again is one matter: how often it did, and for how long it must now be up until
//! that is believed to be over.

use crate::{
    asset::AssetId,
    calendar::{Calendar, duration_words},
    correlate::Key,
    detectors::{anchors, is_v6, service_out_from},
    finding::FindingKind,
    input::Input,
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds that come through between two outages.
const ROUNDS_UP: i64 = 2;
/// What was up for longer than this went down for another reason.
const CHAIN: Millis = Millis::hours(4);
/// Twice is often only when it was soon; three times is.
const SOON_AGAIN: Millis = Millis::HOUR;
const OFTEN: usize = 3;
/// It must be up for twice the longest of the latest pauses, within these bounds.
const PAUSES: usize = 6;
const LEAST_QUIET: Millis = Millis::minutes(15);
const MOST_QUIET: Millis = Millis::hours(6);
/// Round numbers read better than exact ones.
const QUARTER: i64 = Millis::minutes(15).0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unrest {
    pub times: usize,
    since: Timestamp,
    /// The longest outage.
    longest: Millis,
    /// When the latest ended, as far as is known.
    last: Timestamp,
    /// How long it must be up.
    needed: Millis,
}

impl Unrest {
    /// Nothing where it did not go down again and again within the last day, or has been up for long enough since.
    pub(crate) fn of(input: &Input, key: &Key) -> Option<Self> {
        let (outs, apart) = match (key.1, key.0.kind()?) {
            (FindingKind::LinkFault, _) if key.0 == AssetId::line(input.site.id) => of_line(input),
            (FindingKind::LinkFault, AssetKind::Link) => of_asset(input, &key.0, &Metric::LossPct, (100.0, |_| 1))?,
            (FindingKind::LinkFault, _) => of_asset(input, &key.0, &Metric::Failed, (1.0, service_out_from))?,
            _ => return None,
        };
        Self::by(&outs, apart).filter(|unrest| input.now.since(unrest.last) < unrest.needed)
    }

    /// By the rounds in which it was down, and the time between two rounds.
    fn by(outs: &BTreeSet<Timestamp>, apart: Millis) -> Option<Self> {
        let mut spells: Vec<(Timestamp, Timestamp)> = Vec::new();
        for at in outs {
            let end = at.plus(apart);
            match spells.last_mut().filter(|(_, last)| at.since(*last).0 < ROUNDS_UP * apart.0) {
                Some((_, last)) => *last = end,
                None => spells.push((*at, end)),
            }
        }
        let up = |pair: &[(Timestamp, Timestamp)]| pair[1].0.since(pair[0].1);
        let chained = spells.windows(2).rev().take_while(|pair| up(pair) <= CHAIN).count();
        let spells = &spells[spells.len().checked_sub(chained + 1)?..];
        let (first, last) = (spells.first()?, spells.last()?);
        let pause = spells.windows(2).rev().take(PAUSES).map(up).max()?;
        let needed = Millis((2 * pause.0 + QUARTER - 1) / QUARTER * QUARTER).clamp(LEAST_QUIET, MOST_QUIET);
        (spells.len() >= OFTEN || pause <= SOON_AGAIN).then_some(Self {
            times: spells.len(),
            since: first.0,
            longest: spells.iter().map(|(from, to)| to.since(*from)).max()?,
            last: last.1,
            needed,
        })
    }

    /// For people; changes only when it went down again.
    pub(crate) fn sentence(&self, input: &Input, asset: &AssetId) -> String {
        format!(
            "{} since {}, for {} at most. Its ticket stays open until it has been up for {}.",
            self.how_often(input, asset),
            Calendar::new(&input.time_zone).day_time(self.since),
            duration_words(self.longest),
            duration_words(self.needed)
        )
    }

    /// The beginning of the sentence.
    pub(crate) fn how_often(&self, input: &Input, asset: &AssetId) -> String {
        let is_line = *asset == AssetId::line(input.site.id);
        let name = if is_line { format!("The internet line of {}", input.site.name) } else { input.name_of(asset) };
        format!("{name} went down {} times", self.times)
    }
}

/// With the value from which a round is bad, and how many in a row it takes to be down.
fn of_asset(
    input: &Input,
    asset: &AssetId,
    metric: &Metric,
    (bad_from, in_a_row): (f64, fn(Millis) -> usize),
) -> Option<(BTreeSet<Timestamp>, Millis)> {
    let series = input.assets.get(asset)?.series.get(metric)?;
    let apart = series.spacing();
    Some((outs(&series.recent, bad_from, in_a_row(apart)), apart))
}

/// The bad rounds of which so many came in a row.
fn outs(rounds: &[Sample], bad_from: f64, in_a_row: usize) -> BTreeSet<Timestamp> {
    let spells = rounds.split(|sample| sample.value < bad_from).filter(|spell| spell.len() >= in_a_row);
    spells.flatten().map(|sample| sample.at).collect()
}

/// Rounds in which two thirds of the anchors of most of the machines that asked answered nothing. Machines that ask
/// seldom have a say in the rounds in which they asked.
fn of_line(input: &Input) -> (BTreeSet<Timestamp>, Millis) {
    let mut machines: BTreeMap<HostId, Vec<&Series>> = BTreeMap::new();
    for (asset, view) in anchors(input).filter(|(asset, _)| !is_v6(asset)) {
        if let (Some(host), Some(loss)) = (asset.host(), view.series.get(&Metric::LossPct)) {
            machines.entry(host).or_default().push(loss);
        }
    }
    let apart = machines.values().flatten().map(|loss| loss.spacing()).min().unwrap_or(Millis::MINUTE);
    let mut out: BTreeMap<Timestamp, usize> = BTreeMap::new();
    for anchors in machines.values() {
        let mut lost: BTreeMap<Timestamp, BTreeSet<usize>> = BTreeMap::new();
        for (anchor, loss) in anchors.iter().enumerate() {
            let rounds = loss.recent.iter().filter(|sample| sample.value >= 100.0);
            rounds.for_each(|sample| _ = lost.entry(slot(sample.at, apart)).or_default().insert(anchor));
        }
        let cut_off = lost.into_iter().filter(|(_, lost)| 3 * lost.len() >= 2 * anchors.len());
        cut_off.for_each(|(at, _)| *out.entry(at).or_default() += 1);
    }
    let asked = |at: Timestamp| {
        let inside = |loss: &&&Series| {
            let next = loss.recent.partition_point(|sample| sample.at < at);
            loss.recent.get(next).is_some_and(|sample| sample.at < at.plus(apart))
        };
        machines.values().filter(|anchors| anchors.iter().find(inside).is_some()).count()
    };
    let most = |(at, out): (Timestamp, usize)| (2 * out > asked(at)).then_some(at);
    (out.into_iter().filter_map(most).collect(), apart)
}

/// Rounds of several machines lie apart by less than their time.
fn slot(at: Timestamp, apart: Millis) -> Timestamp {
    Timestamp(at.0.div_euclid(apart.0) * apart.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Down for the given minutes each.
    fn by(spells: &[(i64, i64)]) -> Option<Unrest> {
        let minutes = spells.iter().flat_map(|(from, length)| *from..from + length);
        Unrest::by(&minutes.map(|minute| Timestamp(minute * 60_000)).collect(), Millis::MINUTE)
    }

    #[test]
    fn what_goes_down_every_half_hour_must_be_up_for_an_hour() {
        let unrest = by(&[(0, 2), (30, 2), (58, 1), (90, 2)]).unwrap();
        assert_eq!((unrest.times, unrest.longest), (4, Millis::minutes(2)));
        assert_eq!(unrest.needed, Millis::minutes(75), "twice the pause of 31 minutes, in quarters of an hour");
    }

    #[test]
    fn a_name_server_that_misses_a_query_now_and_then_did_not_go_down() {
        let failed = |minute: i64| matches!(minute, 3 | 30 | 31 | 60..63 | 90);
        let sample = |minute| Sample { at: Timestamp(minute * 60_000), value: f64::from(u8::from(failed(minute))) };
        let rounds: Vec<Sample> = (0..100).map(sample).collect();
        let down: Vec<i64> =
            outs(&rounds, 1.0, service_out_from(Millis::MINUTE)).iter().map(|at| at.0 / 60_000).collect();
        assert_eq!(down, [60, 61, 62]);
        assert_eq!(outs(&rounds, 1.0, 1).len(), 7, "a path is out when it answers nothing");
    }

    #[test]
    fn how_long_it_must_be_up_is_bounded() {
        assert_eq!(by(&[(0, 1), (5, 1), (10, 1)]).unwrap().needed, LEAST_QUIET);
        assert_eq!(by(&[(0, 1), (230, 1), (460, 1)]).unwrap().needed, MOST_QUIET);
    }

    #[test]
    fn one_outage_is_none_however_broken_up_and_two_far_apart_are_two() {
        assert_eq!(by(&[]), None);
        assert_eq!(by(&[(0, 9), (10, 5)]), None, "one round came through");
        assert_eq!(by(&[(0, 5), (120, 5)]), None);
        assert_eq!(by(&[(0, 5), (600, 5), (630, 5)]).unwrap().times, 2, "what was in the night is another matter");
    }
}
