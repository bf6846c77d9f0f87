//! When nobody of a site came through, from what its machines measured themselves: also what they measured while the
//! collector could not be reached. Cases that were told to people and are no such time stand beside them.

use super::{Merged, Part, REACH, Scene};
use crate::{
    case::{Case, CaseId},
    series::SELDOM,
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use std::collections::BTreeSet;

/// Rounds on either side that say how far apart they usually are.
const AROUND: usize = 4;
/// What came back for shorter than this is one outage.
const PAUSE: Millis = Millis::minutes(5);
/// Without a round for so many steps nobody knows how it went on.
const UNSEEN: i64 = 3;
/// A case opens some time after its cause began, and closes some time after its end.
const NEAR: Millis = Millis::minutes(20);
/// Rules take so long to open a case.
const NOTICED: Millis = Millis::minutes(5);

#[derive(Debug, Clone, PartialEq)]
pub struct Outage {
    pub part: Part,
    pub from: Timestamp,
    /// Nothing while it lasts.
    pub to: Option<Timestamp>,
    /// How exactly both are known: the time between two rounds.
    pub step: Millis,
    /// Whether it ended before anybody measured again.
    pub end_unseen: bool,
    /// Rounds in which nobody came through; 0 for what a rule judged otherwise.
    pub rounds: usize,
    /// Whether it came back and went again meanwhile.
    pub broken_up: bool,
    pub seen_by: BTreeSet<HostId>,
    pub case: Option<CaseId>,
    pub learned: Learned,
}

/// How the collector came to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    /// While it lasted: a case was opened.
    Meanwhile,
    /// From what the agents had kept, when it was over.
    Afterwards,
    /// Too short for a case.
    Short,
}

impl Outage {
    pub fn length(&self, now: Timestamp) -> Millis {
        self.to.unwrap_or(now).since(self.from)
    }

    /// So close to it a case begins and ends that is about it: rules wait for some rounds.
    fn near(&self) -> Millis {
        NEAR.max(Millis(self.step.0.saturating_mul(UNSEEN)))
    }

    /// How much of `from..to` it takes.
    pub fn overlap(&self, (from, to): (Timestamp, Timestamp), now: Timestamp) -> Millis {
        let (from, to) = (self.from.max(from), self.to.unwrap_or(now).min(to));
        Millis(to.since(from).0.max(0))
    }
}

/// Latest first.
pub(super) fn find(scene: &Scene) -> Vec<Outage> {
    let step = scene.step();
    let rounds = scene.merged_rounds(step, (scene.from(), scene.now.plus(Millis(1))));
    let mut outages = runs(&rounds, step, scene.now);
    for outage in &mut outages {
        let case = case_of(scene, outage);
        outage.learned = match case {
            Some(case) if outage.to.is_none_or(|to| case.opened_at <= to.plus(step)) => Learned::Meanwhile,
            None if outage.length(scene.now) < NOTICED => Learned::Short,
            _ => Learned::Afterwards,
        };
        outage.case = case.map(|case| case.id.clone());
    }
    let is_told = |case: &Case| outages.iter().any(|outage| tells(scene, outage, case));
    let others = scene.cases.iter().filter(|case| case.ticketed_at.is_some() && !is_told(case));
    let others: Vec<Outage> = others.filter_map(|case| of_case(scene, case)).collect();
    outages.extend(others);
    outages.sort_by_key(|outage| std::cmp::Reverse(outage.from));
    outages
}

/// Rounds in a row of which no longer stretch came through than [`PAUSE`].
fn runs(rounds: &[Merged], step: Millis, now: Timestamp) -> Vec<Outage> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for place in (0..rounds.len()).filter(|place| rounds[*place].is_cut_off()) {
        let joins = |last: usize| {
            let apart = rounds[place].at.since(rounds[last].at);
            let seldom = seldom(rounds, last).zip(seldom(rounds, place)).map(|(last, this)| about(last.max(this)));
            apart <= seldom.unwrap_or(PAUSE).max(PAUSE)
        };
        match found.last_mut().filter(|run| run.last().is_some_and(|last| joins(*last))) {
            Some(run) => run.push(place),
            None => found.push(vec![place]),
        }
    }
    let enough = |run: &&Vec<usize>| run.len() >= 2 || run.iter().any(|place| seldom(rounds, *place).is_some());
    found.iter().filter(enough).filter_map(|run| of_run(run, (rounds, step), now)).collect()
}

/// How far apart rounds were around this one: agents may have been set otherwise since.
fn spacing(rounds: &[Merged], place: usize, step: Millis) -> Millis {
    beside(rounds, place).min().unwrap_or(step).max(step)
}

/// To the round before and to the one after.
fn beside(rounds: &[Merged], place: usize) -> impl Iterator<Item = Millis> {
    let at = rounds[place].at;
    let before = place.checked_sub(1).map(|before| at.since(rounds[before].at));
    let after = rounds.get(place + 1).map(|after| after.at.since(at));
    before.into_iter().chain(after)
}

/// The usual time between two rounds around this one, where it is so long that a single round counts, and this one came
/// as usual: a machine that wakes up for a minute now and then tells nothing of the hours between.
fn seldom(rounds: &[Merged], place: usize) -> Option<Millis> {
    let around = &rounds[place.saturating_sub(AROUND)..rounds.len().min(place + AROUND + 1)];
    let mut gaps: Vec<Millis> = around.windows(2).map(|pair| pair[1].at.since(pair[0].at)).collect();
    gaps.sort_unstable();
    let usual = *gaps.get(gaps.len() / 2)?;
    let own = beside(rounds, place).min()?;
    (usual > SELDOM && own <= about(usual) && usual <= about(own)).then_some(usual)
}

/// Half as much again is about the same.
const fn about(length: Millis) -> Millis {
    Millis(length.0.saturating_add(length.0 / 2))
}

fn of_run(run: &[usize], (rounds, step): (&[Merged], Millis), now: Timestamp) -> Option<Outage> {
    let (first, last) = (*run.first()?, *run.last()?);
    let step = spacing(rounds, first, step).min(spacing(rounds, last, step));
    let next = rounds.get(last + 1).map(|next| next.at);
    let unseen = Millis(step.0.saturating_mul(UNSEEN));
    let last_at = rounds[last].at;
    let lasts = next.is_none() && now.since(last_at) <= unseen.max(Millis::minutes(10));
    let seen_again = next.filter(|at| at.since(last_at) <= unseen);
    let place = |part: Part| run.iter().filter(|place| rounds[**place].place() == part).count();
    Some(Outage {
        // Of equals the nearest.
        part: Part::PINGED.into_iter().rev().max_by_key(|part| place(*part))?,
        from: rounds[first].at,
        to: if lasts { None } else { Some(seen_again.unwrap_or_else(|| last_at.plus(step))) },
        step,
        end_unseen: !lasts && seen_again.is_none(),
        rounds: run.len(),
        broken_up: last - first >= run.len(),
        seen_by: run.iter().flat_map(|place| rounds[*place].cut_off.iter().copied()).collect(),
        case: None,
        learned: Learned::Afterwards,
    })
}

/// When what was going on at `from` was over, as far as is known; nothing while it lasts.
pub(super) fn end(scene: &Scene, from: Timestamp) -> Option<Timestamp> {
    let outages = find(scene);
    let has = |outage: &&Outage| outage.from <= from && outage.to.is_none_or(|to| to > from);
    let is_told = |case: &Case| case.ticketed_at.is_some() && !case.is_closed() && Part::of(scene, case).is_some();
    match outages.iter().find(has) {
        Some(outage) => outage.to,
        None if scene.cases.iter().any(is_told) || scene.latest().is_some_and(|round| round.is_cut_off()) => None,
        None => Some(scene.now),
    }
}

fn is_near(case: &Case, outage: &Outage) -> bool {
    let until = outage.to.map_or(Timestamp(i64::MAX), |to| to.plus(NEAR));
    let closed = case.closed_at().unwrap_or(Timestamp(i64::MAX));
    case.opened_at <= until && closed >= outage.from.minus(NEAR)
}

/// Whether a case is about this outage and nothing more. One that began with it on its own part is, however it went on; any
/// other must be over with it, too, and lie behind it unless it is the case of the outage.
fn tells(scene: &Scene, outage: &Outage, case: &Case) -> bool {
    let Some(part) = Part::of(scene, case) else { return false };
    let is_its = outage.case.as_ref() == Some(&case.id);
    if is_its && part == outage.part {
        return began_with(case, outage);
    }
    (is_its || part >= outage.part) && began_with(case, outage) && ended_with(case, outage)
}

fn began_with(case: &Case, outage: &Outage) -> bool {
    let until = outage.to.map_or(Timestamp(i64::MAX), |to| to.plus(outage.near()));
    case.opened_at >= outage.from.minus(outage.near()) && case.opened_at <= until
}

fn ended_with(case: &Case, outage: &Outage) -> bool {
    let Some(to) = outage.to else { return true };
    case.closed_at().is_some_and(|at| at <= to.plus(outage.near()))
}

/// The case about it: that on its own part, else any about the way that began with it.
fn case_of<'a>(scene: &'a Scene, outage: &Outage) -> Option<&'a Case> {
    let about = |case: &Case| Part::of(scene, case).filter(|part| *part != Part::Services);
    let near = scene.cases.iter().filter(|case| is_near(case, outage) && case.ticketed_at.is_some());
    let near = near.filter_map(|case| Some((about(case)?, case)));
    let near = near.filter(|(part, case)| *part == outage.part || began_with(case, outage));
    near.max_by_key(|(part, case)| (*part == outage.part, case.worst, case.opened_at)).map(|(_, case)| case)
}

fn of_case(scene: &Scene, case: &Case) -> Option<Outage> {
    let part = Part::of(scene, case).filter(|part| *part != Part::Office || case.asset.fixed_name().is_some())?;
    let certificate = case.kind == crate::finding::FindingKind::CertificateExpiry;
    let in_reach = case.closed_at().is_none_or(|at| scene.now.since(at) <= REACH);
    (in_reach && !certificate).then(|| Outage {
        part,
        from: case.opened_at,
        to: case.closed_at(),
        step: Millis::MINUTE,
        end_unseen: false,
        rounds: 0,
        broken_up: false,
        seen_by: case.asset.host().into_iter().collect(),
        case: Some(case.id.clone()),
        learned: Learned::Meanwhile,
    })
}
