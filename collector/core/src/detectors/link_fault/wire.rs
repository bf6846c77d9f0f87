//! How a machine is on the network, and what its card or radio says of losses.

use super::Paths;
use crate::{
    detectors::fact,
    finding::Fact,
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    ids::HostId,
    interface::{Interface, InterfaceState},
    observation::Observation,
    time::Millis,
};

/// What an interface said longer ago says nothing of now.
const LATELY: Millis = Millis::minutes(10);
/// Frames damaged or given up within that time that are no accident, and the share of all that people feel.
const DAMAGED: f64 = 10.0;
const DAMAGED_SHARE: f64 = 1e-4;
const GIVEN_UP_SHARE: f64 = 1e-3;
/// Bytes of a frame in the middle, by which rates become frames.
const FRAME_BYTES: f64 = 800.0;
/// Radio signals below this in dBm lose packets.
const WEAK_DBM: i32 = -75;
/// A cable with a broken pair falls back to this, in Mbit/s.
const SLOW_MBIT: u32 = 10;

/// The interface that a machine said something of last, and what it counted in the last minutes.
pub(super) struct Wire<'a> {
    pub facts: &'a Interface,
    /// Frames received damaged, or not sent.
    damaged: f64,
    /// Frames that the radio gave up.
    given_up: f64,
    /// Frames that there was no room for.
    dropped: f64,
    /// All frames, about.
    frames: f64,
}

impl<'a> Wire<'a> {
    pub(super) fn of(input: &'a Input, host: HostId) -> Option<Self> {
        let own = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Interface(facts) if asset.host() == Some(host) => Some((view, facts)),
            _ => None,
        });
        let (view, facts) = own.max_by_key(|(view, _)| view.seen_at)?;
        let lately = input.now.minus(LATELY);
        let values = |metric: Metric| view.series.get(&metric).map_or(&[][..], |series| series.since(lately));
        let sum = |metric: Metric| values(metric).iter().map(|sample| sample.value).sum::<f64>();
        let bytes = [Metric::ReceivedKbit, Metric::SentKbit].map(|metric| sum(metric) * seconds(view) * 125.0);
        (view.seen_at >= lately).then(|| Self {
            facts,
            damaged: sum(Metric::FrameErrors),
            given_up: sum(Metric::FramesGivenUp),
            dropped: sum(Metric::FramesDropped),
            frames: bytes.iter().sum::<f64>() / FRAME_BYTES,
        })
    }

    /// What explains losses, for people; no figure that changes from minute to minute.
    pub(super) fn signs(&self) -> Vec<&'static str> {
        let is_many = |count: f64, share: f64| count >= DAMAGED && count >= share * self.frames;
        [
            (is_many(self.damaged, DAMAGED_SHARE), "its card counts damaged frames"),
            (self.facts.signal_dbm.is_some_and(|dbm| dbm < WEAK_DBM), "its radio signal is weak"),
            (is_many(self.given_up, GIVEN_UP_SHARE), "its radio gives frames up"),
        ]
        .into_iter()
        .filter_map(|(is, sign)| is.then_some(sign))
        .collect()
    }

    pub(super) const fn is_radio(&self) -> bool {
        self.facts.access_point.is_some() || self.facts.signal_dbm.is_some()
    }

    /// A cable that does less than any network card of today.
    pub(super) fn poor_cable(&self) -> Option<String> {
        let slow = self.facts.speed_mbit.filter(|mbit| *mbit <= SLOW_MBIT).map(|mbit| format!("at {mbit} Mbit/s only"));
        let half = (self.facts.full_duplex == Some(false)).then(|| "in one direction at a time".to_owned());
        let how: Vec<String> = slow.into_iter().chain(half).collect();
        (!self.is_radio() && !how.is_empty()).then(|| format!("its cable runs {}", how.join(" and ")))
    }

    /// For the evidence.
    pub(super) fn told(&self) -> Vec<Fact> {
        let state = match self.facts.state {
            InterfaceState::Up => "on, with something at the other end",
            InterfaceState::NoCarrier => "on, with nothing at the other end",
            InterfaceState::Off => "off",
            InterfaceState::Unknown => "not known",
        };
        let known = |known: bool| if known { "known" } else { "not told, although asked for" };
        let first = fact("Its interface", format!("{} is {state}", self.facts.name));
        let gateway = self.facts.gateway_known.map(|it| fact("Hardware address of the gateway", known(it)));
        let signal = self.facts.signal_dbm.map(|dbm| fact("Signal", format!("{dbm} dBm")));
        let counts = [
            ("Damaged frames in the last minutes", self.damaged),
            ("Frames that the radio gave up in the last minutes", self.given_up),
            ("Frames that found no room in the last minutes", self.dropped),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0.0);
        let counts = counts.map(|(label, count)| fact(label, format!("{count:.0}")));
        [first].into_iter().chain(gateway).chain(signal).chain(counts).collect()
    }
}

/// Between two readings.
fn seconds(view: &AssetView) -> f64 {
    view.series.get(&Metric::SentKbit).map_or(0.0, |series| series.spacing().0 as f64 / Millis::SECOND.0 as f64)
}

impl Paths<'_> {
    /// Nothing at the other end of its cable, no radio network, or its network is switched off.
    pub(super) fn is_unplugged(&self) -> bool {
        let state = self.wire.as_ref().map(|wire| wire.facts.state);
        matches!(state, Some(InterfaceState::NoCarrier | InterfaceState::Off))
    }

    /// Whether the machine's own card or radio explains what it loses.
    pub(super) fn is_damaged(&self) -> bool {
        self.wire.as_ref().is_some_and(|wire| !wire.signs().is_empty())
    }
}
