//! How one path does, from its own minutes.

use super::pace::Pace;
use crate::{
    asset::AssetId,
    finding::{FindingKind, Severity},
    input::{AssetView, Input},
    math::{
        cusum::{LIMIT, LossTest},
        quantile::median,
    },
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};

/// Wider spacing than this counts single values as sustained only when two agree.
const MINUTELY: Millis = Millis::minutes(5);
const WINDOW: Millis = Millis::minutes(10);
/// Per cent of sustained loss that is worth a ticket, and that users notice.
const SOON_LOSS: f64 = 2.0;
const ACT_LOSS: f64 = 5.0;
/// A path that never answers has no voice.
const MUTE: f64 = 0.95;
/// An open case is over when the test has forgotten the fault.
const FORGOTTEN: f64 = 1.0;

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
    /// Pings of one round.
    sent: u32,
}

/// Nothing for a path that has never answered.
pub(super) fn of<'a>(input: &Input, asset: &AssetId, view: &'a AssetView, role: LinkRole) -> Option<Health<'a>> {
    let Observation::Link(link) = &view.facts else { return None };
    let loss = view.series.get(&Metric::LossPct)?;
    let latest = loss.last()?;
    let usual_loss = usual_loss(loss, input.now);
    if usual_loss >= MUTE {
        return None;
    }
    let opened = input.case_on(asset, FindingKind::LinkFault).map(|case| case.opened_at);
    let (sum, began) = run(loss, link.sent.max(1), usual_loss);
    let window = tail(loss, input.now);
    let lost_rounds = loss.recent.iter().rev().take_while(|sample| sample.value >= 100.0).count();
    let pace = Pace::of(view, input.now, role);
    let sustained = if loss.spacing() > MINUTELY { 2 } else { 3 };
    let lossy_rounds = loss.recent.iter().rev().take(10).filter(|sample| sample.value > 0.0).count();
    let mut health = Health {
        state: State::Unsure,
        severity: Severity::Quiet,
        since: began.unwrap_or(latest.at),
        loss_pct: mean(window),
        rtt_ms: pace.now,
        latest_ms: pace.latest,
        usual_ms: pace.usual,
        lost_rounds,
        is_sustained: lossy_rounds >= sustained,
        loss,
        sent: link.sent.max(1),
    };
    if lost_rounds >= sustained {
        health.set(Fault::Down, Severity::Act);
    } else if sum >= LIMIT && !is_over(loss) {
        health.set(Fault::Lossy, if health.is_sustained { by_loss(health.loss_pct) } else { Severity::Watch });
    } else if let Some(since) = pace.slow_since {
        health.since = since;
        let severity = pace.severity(health.loss_pct);
        health.set(Fault::Slow, severity);
    } else if opened.is_none() || is_over(loss) || (sum < FORGOTTEN && is_clean(loss)) {
        health.state = State::Good;
    }
    Some(health)
}

impl Health<'_> {
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

/// Share of pings usually lost: the median hour of the last week, the newest hours left out.
fn usual_loss(loss: &Series, now: Timestamp) -> f64 {
    let until = now.minus(Millis::hours(2));
    let hours = loss.hours_since(now.minus(Millis::days(7))).iter().take_while(|hour| hour.at < until);
    let mut means: Vec<f64> = hours.map(|hour| hour.mean / 100.0).collect();
    if means.len() < 12 { 0.0 } else { median(&mut means).unwrap_or(0.0) }
}

/// The sum of the loss test now, and when it last left zero.
fn run(loss: &Series, sent: u32, usual: f64) -> (f64, Option<Timestamp>) {
    let mut test = LossTest::new(usual);
    let (mut sum, mut began) = (0.0, None);
    for sample in &loss.recent {
        let lost = (sample.value / 100.0 * f64::from(sent)).round().clamp(0.0, f64::from(sent)) as u32;
        sum = test.add(sent, lost);
        began = if sum > 0.0 { began.or(Some(sample.at)) } else { None };
    }
    (sum, began)
}

/// The last ten minutes; two samples at least.
pub(super) fn tail(series: &Series, now: Timestamp) -> &[Sample] {
    let window = series.since(now.minus(WINDOW));
    if window.len() >= 2 { window } else { &series.recent[series.recent.len().saturating_sub(2)..] }
}

pub(super) fn mean(samples: &[Sample]) -> f64 {
    samples.iter().map(|sample| sample.value).sum::<f64>() / samples.len().max(1) as f64
}

fn is_clean(loss: &Series) -> bool {
    let rounds = if loss.spacing() > MINUTELY { 2 } else { 5 };
    loss.recent.iter().rev().take(rounds).all(|sample| sample.value <= 0.0)
}

/// Whether an outage has ended: ten clean rounds after rounds that were all lost or all answered. Of
/// a path that loses single pings, ten clean rounds say little.
fn is_over(loss: &Series) -> bool {
    let mut before = loss.recent.iter().rev().skip_while(|sample| sample.value <= 0.0);
    let clean = loss.recent.iter().rev().take_while(|sample| sample.value <= 0.0).count();
    let needed = if loss.spacing() > MINUTELY { 2 } else { 10 };
    clean >= needed && before.by_ref().take(60).all(|sample| sample.value <= 0.0 || sample.value >= 100.0)
}
