//! How one path does, from its own minutes.

use crate::{
    asset::AssetId,
    finding::{FindingKind, Severity},
    input::{AssetView, Input},
    math::{
        cusum::{LIMIT, LossTest},
        mos::{MANY_DISSATISFIED, SOME_DISSATISFIED, mos},
        quantile::{median, median_and_spread},
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Down,
    Lossy,
    Slow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Good,
    Unsure,
    Bad(Fault),
}

#[derive(Debug, Clone)]
pub(super) struct Health {
    pub state: State,
    pub severity: Severity,
    pub since: Timestamp,
    /// Per cent lost in the last minutes.
    pub loss_pct: f64,
    pub rtt_ms: Option<f64>,
    pub usual_ms: Option<f64>,
    /// Rounds of pings at the end that were all lost.
    pub lost_rounds: usize,
    /// Whether the latest round lost nothing.
    pub clean_now: bool,
}

/// Nothing for a path that has never answered.
pub(super) fn of(input: &Input, asset: &AssetId, view: &AssetView, role: LinkRole) -> Option<Health> {
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
    let pace = Pace::of(view, input.now, opened, role);
    let mut health = Health {
        state: State::Unsure,
        severity: Severity::Quiet,
        since: began.unwrap_or(latest.at),
        loss_pct: mean(window),
        rtt_ms: pace.now,
        usual_ms: pace.usual,
        lost_rounds,
        clean_now: latest.value <= 0.0,
    };
    let sustained = if loss.spacing() > MINUTELY { 2 } else { 3 };
    let lossy_rounds = loss.recent.iter().rev().take(10).filter(|sample| sample.value > 0.0).count();
    if lost_rounds >= sustained {
        health.set(Fault::Down, Severity::Act);
    } else if sum >= LIMIT && !is_over(loss) {
        health.set(Fault::Lossy, if lossy_rounds >= sustained { by_loss(health.loss_pct) } else { Severity::Watch });
    } else if pace.slow {
        health.since = pace.since.unwrap_or(health.since);
        let severity = pace.severity(health.loss_pct);
        health.set(Fault::Slow, severity);
    } else if opened.is_none() || (pace.clean && (is_over(loss) || (sum < FORGOTTEN && is_clean(loss)))) {
        health.state = State::Good;
    }
    Some(health)
}

impl Health {
    fn set(&mut self, fault: Fault, severity: Severity) {
        self.state = State::Bad(fault);
        self.severity = severity;
    }

    /// Bad for long enough to say where.
    pub(super) fn is_bad(&self) -> bool {
        (matches!(self.state, State::Bad(_)) && self.severity >= Severity::Soon) || self.lost_rounds >= 2
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
fn tail(series: &Series, now: Timestamp) -> &[Sample] {
    let window = series.since(now.minus(WINDOW));
    if window.len() >= 2 { window } else { &series.recent[series.recent.len().saturating_sub(2)..] }
}

fn mean(samples: &[Sample]) -> f64 {
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

/// Round trips against what is usual on this path.
struct Pace {
    now: Option<f64>,
    jitter: f64,
    usual: Option<f64>,
    usual_jitter: f64,
    slow: bool,
    /// None of the latest rounds was slow.
    clean: bool,
    since: Option<Timestamp>,
}

impl Pace {
    /// Slow is four spreads above the median in four of six rounds, and by enough to matter: on a
    /// LAN three times and 3 ms, else 15 % and 5 ms. The usual is taken from before the fault.
    fn of(view: &AssetView, now: Timestamp, opened: Option<Timestamp>, role: LinkRole) -> Self {
        let empty = Series::default();
        let rtt = view.series.get(&Metric::RttMs).unwrap_or(&empty);
        let jitter = view.series.get(&Metric::JitterMs).unwrap_or(&empty);
        let cut = opened.unwrap_or(now).min(now.minus(Millis::minutes(30)));
        let (usual, usual_jitter) = (before(rtt, cut), before(jitter, cut).map_or(0.0, |(centre, _)| centre));
        let latest = &rtt.recent[rtt.recent.len().saturating_sub(6)..];
        let is_slow = |sample: &&Sample| {
            usual.is_some_and(|(centre, spread)| {
                let least = match role {
                    LinkRole::Gateway => (3.0 * centre).max(centre + 3.0),
                    LinkRole::Anchor => centre + (0.15 * centre).max(5.0),
                };
                sample.value > least && sample.value > centre + 4.0 * spread
            })
        };
        let slow_rounds = latest.iter().filter(is_slow).count();
        let enough = if rtt.spacing() > MINUTELY { 3 } else { 4 };
        Self {
            now: Some(tail(rtt, now)).filter(|tail| !tail.is_empty()).map(mean),
            jitter: mean(tail(jitter, now)),
            usual: usual.map(|(centre, _)| centre),
            usual_jitter,
            slow: slow_rounds >= enough && latest.last().is_some_and(|last| is_slow(&last)),
            clean: latest.iter().rev().take(5).filter(is_slow).count() == 0,
            since: latest.iter().find(is_slow).map(|sample| sample.at),
        }
    }

    /// A slow path is a note, unless speech over it suffers.
    fn severity(&self, loss_pct: f64) -> Severity {
        let (Some(now), Some(usual)) = (self.now, self.usual) else { return Severity::Watch };
        let score = mos(now, self.jitter, loss_pct);
        match score {
            score if mos(usual, self.usual_jitter, 0.0) - score < 0.3 => Severity::Watch,
            score if score < MANY_DISSATISFIED => Severity::Act,
            score if score < SOME_DISSATISFIED => Severity::Soon,
            _ => Severity::Watch,
        }
    }
}

/// Median and spread before `cut`: of the last day as measured, else of the hours of a week.
fn before(series: &Series, cut: Timestamp) -> Option<(f64, f64)> {
    let end = series.recent.partition_point(|sample| sample.at < cut);
    let mut values: Vec<f64> = series.recent[..end].iter().map(|sample| sample.value).collect();
    if values.len() < 30 {
        let hours = series.hours_since(cut.minus(Millis::days(7))).iter().take_while(|hour| hour.at < cut);
        values = hours.map(|hour| hour.mean).collect();
    }
    if values.len() < 12 {
        return None;
    }
    let (centre, spread) = median_and_spread(&mut values)?;
    Some((centre, spread.max(0.5).max(0.03 * centre)))
}
