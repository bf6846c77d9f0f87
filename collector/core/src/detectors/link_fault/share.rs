//! Whether a part of the way shows the trouble that is seen behind it. A part that does not cannot be its cause; a part
//! that shows far more than reaches the end only answers badly itself (ICMP that routers put last).

use super::{Path, health::Fault};
use beforehand_shared::time::{Millis, Timestamp};
use statrs::distribution::{Binomial, DiscreteCDF};

/// What lies back longer says little of where it is now.
const WINDOW: Millis = Millis::minutes(30);
/// Share of pings that a sound part may lose.
const SOUND: f64 = 0.01;
/// A part that loses this share of what is lost behind it may be the cause.
const NEARLY: f64 = 0.75;
/// Logarithm of how much likelier one must be than the other: twenty times.
const SURE: f64 = 3.0;
/// How unlikely more losses than reach the end must be of a part that passes them on.
const UNLIKELY: f64 = 0.02;
/// A part is at fault if at least half of what reaches the end is seen there.
const HALF: f64 = 0.5;
/// Less than this share of the rise is none.
const QUARTER: f64 = 0.25;
/// A part that adds more than this to twice the rise behind it is slow to answer, and not slow to pass on.
const OWN_DELAY_MS: f64 = 10.0;
/// So unlikely are as many answers in a row as came last while the trouble goes on.
const OVER: f64 = 0.05;
/// Rises in milliseconds that say something beside losses.
const NOTABLE_MS: f64 = 5.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// It shows the trouble: it, or what lies before it, is the cause.
    Carries,
    Clean,
    /// Not enough is known yet.
    Unsure,
    /// It says nothing about what is behind it.
    Mute,
}

/// What is seen at the far end of the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trouble {
    pub kind: Fault,
    /// When the first path became bad.
    pub began: Timestamp,
    /// The same, or how far back is looked.
    pub since: Timestamp,
    /// Share of pings lost since then, 0 to 1.
    pub loss: f64,
    /// Milliseconds above the usual round trip; the middle path.
    pub rise_ms: f64,
    /// Rounds without any answer, the longest silence of all paths.
    silent: usize,
    /// Pings in a row that all paths answered last.
    answered: u64,
}

impl Trouble {
    /// Of paths that are affected; nothing of none.
    pub(super) fn of(paths: &[&Path], now: Timestamp) -> Option<Self> {
        let count = |is: fn(&Path) -> bool| paths.iter().filter(|path| is(path)).count();
        let kind = match paths.len() {
            0 => return None,
            all if 2 * count(|path| path.health.lost_rounds >= 2) >= all => Fault::Down,
            all if 2 * count(|path| path.health.loses()) >= all => Fault::Lossy,
            _ => Fault::Slow,
        };
        let began = paths.iter().map(|path| path.health.since).min()?;
        let since = began.max(now.minus(WINDOW));
        let (sent, lost) = counted(paths, since);
        Some(Self {
            kind,
            began,
            since,
            loss: lost as f64 / sent.max(1) as f64,
            rise_ms: middle(paths.iter().filter_map(|path| path.health.rise_ms())).unwrap_or(0.0),
            silent: paths.iter().map(|path| path.health.lost_rounds).max().unwrap_or(0),
            answered: paths.iter().map(|path| path.health.answered_last()).min().unwrap_or(0) * paths.len() as u64,
        })
    }

    /// Whether it goes on. What is over for a round or two is not believed to be over yet, and shows no place any more.
    pub(super) fn is_present(&self) -> bool {
        match self.kind {
            Fault::Down => true,
            Fault::Lossy => (1.0 - self.loss).powf(self.answered as f64) >= OVER,
            Fault::Slow => self.rise_ms >= HALF * NOTABLE_MS,
        }
    }

    /// Whether packets wait: a queue is longer than usual.
    pub(super) fn is_swollen(&self) -> bool {
        self.kind != Fault::Down && self.rise_ms >= NOTABLE_MS
    }

    /// Rounds from here on were sent while it was there: it shows as slow only in the third that is, and machines do not ask
    /// in the same second.
    fn asked_from(&self) -> Timestamp {
        self.since.minus(if self.kind == Fault::Slow { Millis::minutes(2) } else { Millis::seconds(30) })
    }

    /// What the paths to a part show of it.
    pub(super) fn at(&self, part: &[&Path]) -> Share {
        // What was not asked since it began cannot tell.
        let part: Vec<&Path> = part.iter().copied().filter(|path| path.health.last_at() >= self.asked_from()).collect();
        let part = &part[..];
        // What was silent while others still answered through it is no witness of what came later.
        let silent = part.iter().map(|path| path.health.lost_rounds).min();
        if silent.is_none_or(|rounds| rounds >= self.silent + 2) {
            return Share::Mute;
        }
        match self.kind {
            Fault::Down => self.silence_of(part),
            Fault::Slow => self.rise_of(part),
            Fault::Lossy => match self.loss_of(part) {
                Share::Unsure if self.rise_ms >= NOTABLE_MS => self.rise_of(part),
                said => said,
            },
        }
    }

    fn silence_of(&self, part: &[&Path]) -> Share {
        let silent = part.iter().filter(|path| path.health.lost_rounds >= 2).count();
        let answering = part.iter().filter(|path| path.health.lost_rounds == 0).count();
        match part.len() {
            all if 3 * silent >= 2 * all => Share::Carries,
            all if 3 * answering >= 2 * all => Share::Clean,
            _ => Share::Unsure,
        }
    }

    /// A sequential test (Wald, Ann. Math. Stat. 16, 1945) between a sound part and one that loses nearly as much.
    fn loss_of(&self, part: &[&Path]) -> Share {
        let (sent, lost) = counted(part, self.since);
        let most = (1.5 * self.loss).min(1.0);
        if sent == 0 || (lost > 0 && 1.0 - below(sent, most, lost - 1) < UNLIKELY) {
            return Share::Mute;
        }
        let share = (NEARLY * self.loss).clamp(2.0 * SOUND, 1.0 - SOUND);
        let (lost, answered) = (lost as f64, (sent - lost) as f64);
        let likelier = lost * (share / SOUND).ln() + answered * ((1.0 - share) / (1.0 - SOUND)).ln();
        match likelier {
            likelier if likelier <= -SURE => Share::Clean,
            likelier if likelier >= SURE && lost >= HALF * self.loss * sent as f64 => Share::Carries,
            _ => Share::Unsure,
        }
    }

    fn rise_of(&self, part: &[&Path]) -> Share {
        match middle(part.iter().filter_map(|path| path.health.rise_since(self.asked_from()))) {
            None => Share::Mute,
            Some(rise) if rise > 2.0 * self.rise_ms + OWN_DELAY_MS => Share::Mute,
            Some(rise) if rise >= HALF * self.rise_ms => Share::Carries,
            Some(rise) if rise < QUARTER * self.rise_ms => Share::Clean,
            Some(_) => Share::Unsure,
        }
    }
}

/// Pings sent and lost since then.
fn counted(paths: &[&Path], since: Timestamp) -> (u64, u64) {
    paths.iter().map(|path| path.health.counted(since)).fold((0, 0), |(sent, lost), (s, l)| (sent + s, lost + l))
}

/// How likely at most `lost` of `sent` pings are lost where each is with chance `share`.
fn below(sent: u64, share: f64, lost: u64) -> f64 {
    Binomial::new(share.clamp(0.0, 1.0), sent).map_or(1.0, |losses| losses.cdf(lost))
}

fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    crate::math::quantile::median(&mut values.collect::<Vec<f64>>())
}
