//! How one path does, from its own minutes.

use super::pace::{NOW, Pace};
use crate::{
    asset::AssetId,
    finding::{FindingKind, Severity},
    input::{AssetView, Input},
    math::quantile::median,
    path::lost::{Loss, Watch},
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};

const WINDOW: Millis = Millis::minutes(10);
/// The usual time between two rounds, and what a busy machine may add.
const EVERY_MINUTE: Millis = Millis::minutes(2);
/// Per cent of sustained loss that is worth a ticket, and that users notice.
const SOON_LOSS: f64 = 2.0;
const ACT_LOSS: f64 = 5.0;
/// A path that hardly ever answers has no voice, and none that has not answered for so long.
const MUTE: f64 = 0.95;
const DEAD: Millis = Millis::days(7);
/// What is usual is learnt from so many hours, and begins to be known after so many.
const LEARNED: Millis = Millis::days(7);
const LEAST_HOURS: usize = 12;

/// The mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Slow,
    Lossy,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Good,
    Unsure,
    Bad(Fault),
}

#[derive(Debug, Clone)]
pub(super) struct Health<'a> {
    pub state: State,
    pub severity: Severity,
    pub since: Timestamp,
    /// Per cent lost in the last minutes.
    pub loss_pct: f64,
    pub rtt_ms: Option<f64>,
    /// The middle of the latest rounds.
    latest_ms: Option<f64>,
    pub usual_ms: Option<f64>,
    /// Rounds of pings at the end that were all lost.
    pub lost_rounds: usize,
    /// Whether it lost something in several of the latest rounds.
    is_sustained: bool,
    loss: &'a Series,
    rtt: &'a Series,
    /// Pings of one round.
    sent: u32,
}

/// Nothing for a path that has never answered, or not for a week.
pub(super) fn of<'a>(input: &Input, asset: &AssetId, view: &'a AssetView, role: LinkRole) -> Option<Health<'a>> {
    let Observation::Link(link) = &view.facts else { return None };
    let loss = view.series.get(&Metric::LossPct)?;
    let (first, latest) = (loss.recent.first()?, loss.last()?);
    // A round trip is only measured of what comes back.
    let rtt = view.series.get(&Metric::RttMs).filter(|rtt| rtt.first_at().is_some())?;
    let opened = input.case_on(asset, FindingKind::LinkFault).map(|case| case.opened_at);
    let silent_since = silent_since(loss);
    // What the present trouble loses is not usual.
    let trouble = opened.into_iter().chain(silent_since).min().unwrap_or(input.now);
    let usually = usual_loss(loss, trouble.min(input.now.minus(Millis::hours(2)))).unwrap_or(0.0);
    if usually >= MUTE || silent_since.is_some_and(|since| input.now.since(since) >= DEAD) {
        return None;
    }
    let sent = link.sent.max(1);
    let (watch, said) = watched(loss, sent, usual_loss(loss, trouble.min(first.at.hour_start())));
    let pace = Pace::of(view, input.now, role);
    let sustained = if loss.is_seldom() { 2 } else { 3 };
    let lossy_rounds = loss.recent.iter().rev().take(10).filter(|sample| sample.value > 0.0).count();
    let mut health = Health {
        state: State::Unsure,
        severity: Severity::Quiet,
        since: watch.began().unwrap_or(latest.at),
        loss_pct: mean(tail(loss, input.now)),
        rtt_ms: pace.now,
        latest_ms: pace.latest,
        usual_ms: pace.usual,
        lost_rounds: loss.recent.iter().rev().take_while(|sample| sample.value >= 100.0).count(),
        is_sustained: lossy_rounds >= sustained,
        loss,
        rtt,
        sent,
    };
    health.judge(&watch, said, &pace, opened.is_some());
    Some(health)
}

impl Health<'_> {
    fn judge(&mut self, watch: &Watch, said: Loss, pace: &Pace, is_open: bool) {
        let is_lossy = said != Loss::Usual;
        if matches!(said, Loss::Down { .. }) && self.lost_rounds > 0 {
            self.set(Fault::Down, Severity::Act);
        } else if is_lossy && watch.is_above_limit() {
            self.set(Fault::Lossy, if self.is_sustained { by_loss(self.loss_pct) } else { Severity::Watch });
        } else if let Some(since) = pace.slow_since {
            self.since = since;
            self.set(Fault::Slow, pace.severity(self.loss_pct));
        } else if !is_open || (!is_lossy && is_clean(self.loss)) {
            self.state = State::Good;
        }
    }

    fn set(&mut self, fault: Fault, severity: Severity) {
        self.state = State::Bad(fault);
        self.severity = severity;
    }

    /// Bad for long enough to say where. A slow path is, however little people feel of it.
    pub(super) fn is_bad(&self) -> bool {
        let by_state = match self.state {
            State::Bad(Fault::Lossy) => self.is_sustained,
            State::Bad(Fault::Slow | Fault::Down) => true,
            State::Good | State::Unsure => false,
        };
        by_state || self.lost_rounds >= 2
    }

    pub(super) const fn loses(&self) -> bool {
        matches!(self.state, State::Bad(Fault::Lossy | Fault::Down))
    }

    /// Milliseconds above the usual round trip; nothing where that is not known.
    pub(super) fn rise_ms(&self) -> Option<f64> {
        Some((self.latest_ms? - self.usual_ms?).max(0.0))
    }

    /// Whether it is not asked in every minute.
    pub(super) fn takes_turns(&self) -> bool {
        self.loss.spacing() > EVERY_MINUTE
    }

    /// When it was asked last.
    pub(super) fn last_at(&self) -> Timestamp {
        self.loss.last().map_or(Timestamp(0), |sample| sample.at)
    }

    /// As [`Self::rise_ms`], by rounds since then alone.
    pub(super) fn rise_since(&self, since: Timestamp) -> Option<f64> {
        let rounds = self.rtt.since(since);
        let latest = &rounds[rounds.len().saturating_sub(NOW)..];
        let mut latest: Vec<f64> = latest.iter().map(|sample| sample.value).collect();
        Some((median(&mut latest)? - self.usual_ms?).max(0.0))
    }

    /// Pings in a row that were answered last, by whole rounds.
    pub(super) fn answered_last(&self) -> u64 {
        u64::from(self.sent) * self.loss.recent.iter().rev().take_while(|sample| sample.value <= 0.0).count() as u64
    }

    /// Pings sent and lost since then.
    pub(super) fn counted(&self, since: Timestamp) -> (u64, u64) {
        let sent = f64::from(self.sent);
        let lost = |sample: &Sample| (sample.value / 100.0 * sent).round().clamp(0.0, sent) as u64;
        let from = self.loss.recent.partition_point(|sample| sample.at < since);
        let rounds = &self.loss.recent[from..];
        (u64::from(self.sent) * rounds.len() as u64, rounds.iter().map(lost).sum())
    }

    /// Bad perhaps: not yet enough to say where.
    pub(super) const fn is_suspect(&self) -> bool {
        matches!(self.state, State::Bad(_)) || self.lost_rounds > 0
    }

    /// What it suffers from, as part of something wider.
    pub(super) const fn shared_fault(&self, own: Fault) -> (Fault, Severity) {
        if self.lost_rounds >= 2 { (Fault::Down, Severity::Act) } else { (own, self.severity) }
    }
}

fn by_loss(pct: f64) -> Severity {
    match pct {
        pct if pct >= ACT_LOSS => Severity::Act,
        pct if pct >= SOON_LOSS => Severity::Soon,
        _ => Severity::Watch,
    }
}

/// Share of pings usually lost: the median hour of the week before `until`; nothing while too little is known.
fn usual_loss(loss: &Series, until: Timestamp) -> Option<f64> {
    let hours = loss.hours_since(until.minus(LEARNED)).iter().take_while(|hour| hour.at.plus(Millis::HOUR) <= until);
    let mut means: Vec<f64> = hours.map(|hour| hour.mean / 100.0).collect();
    if means.len() < LEAST_HOURS { None } else { median(&mut means) }
}

/// Since when nothing has come back at all.
fn silent_since(loss: &Series) -> Option<Timestamp> {
    let samples = loss.recent.iter().rev().take_while(|sample| sample.value >= 100.0);
    let first = samples.last()?;
    if loss.recent.first() != Some(first) {
        return Some(first.at);
    }
    let before = loss.hours.iter().rev().skip_while(|hour| hour.at >= first.at.hour_start());
    Some(before.take_while(|hour| hour.mean >= 100.0).last().map_or(first.at, |hour| hour.at))
}

/// The losses of the last day against what is usual.
fn watched(loss: &Series, sent: u32, usual: Option<f64>) -> (Watch, Loss) {
    let mut watch = Watch::new(loss.spacing(), usual);
    let mut said = Loss::Usual;
    for sample in &loss.recent {
        let lost = (sample.value / 100.0 * f64::from(sent)).round().clamp(0.0, f64::from(sent)) as u32;
        said = watch.add(sample.at, sent, lost);
    }
    (watch, said)
}

/// The last ten minutes; two samples at least.
pub(super) fn tail(series: &Series, now: Timestamp) -> &[Sample] {
    let window = series.since(now.minus(WINDOW));
    if window.len() >= 2 { window } else { &series.recent[series.recent.len().saturating_sub(2)..] }
}

pub(super) fn mean(samples: &[Sample]) -> f64 {
    samples.iter().map(|sample| sample.value).sum::<f64>() / samples.len().max(1) as f64
}

/// Nothing of none.
pub(super) fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn is_clean(loss: &Series) -> bool {
    let rounds = if loss.is_seldom() { 2 } else { 5 };
    loss.recent.iter().rev().take(rounds).all(|sample| sample.value <= 0.0)
}
