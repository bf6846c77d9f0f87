//! What goes wrong, where the fault then is, and in which offices: read from `faults.toml` and
//! `unseen.toml`.

use crate::{network::Link, shaper::Weather};
use anyhow::{Context, Result};
pub use beforehand_sim::paths::Segment;
use serde::{Deserialize, Serialize};

/// One fault in one office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub name: String,
    pub truth: Segment,
    /// Machines in the office, 1 to 3.
    pub machines: u8,
    /// How long it lasts, in minutes of the analysis.
    pub minutes: u32,
    /// Whether the provider's first router never answers pings, as many do not.
    pub provider_mute: bool,
    pub steps: Vec<Step>,
}

/// What happens, and how many minutes after the fault began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default)]
    pub at: u32,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Event {
    /// What is not named stays as it usually is.
    Link {
        link: Link,
        loss_pct: Option<f64>,
        delay_ms: Option<f64>,
        jitter_ms: Option<f64>,
        reorder_pct: Option<f64>,
        rate_kbit: Option<f64>,
    },
    /// The cable of a machine is pulled out of the switch.
    Unplugged {
        machine: u8,
    },
    /// A machine switches its own network off.
    Interface {
        machine: u8,
    },
    /// The cable between the switch and its branch, on which all machines but the first are.
    Branch,
    GatewayOff,
    /// The gateway passes everything on and answers no pings.
    GatewayMute,
    Anchor {
        number: u8,
    },
    Resolver {
        which: Which,
        how: How,
    },
    Service {
        how: How,
    },
    /// A machine sends so much; or the service to that machine.
    Traffic {
        machine: u8,
        kbit: u32,
        way: Way,
    },
    /// The collector cannot be reached from now on: agents keep what they see, and the analysis goes on without it.
    CollectorOff,
    /// All is as usual again.
    Mended {
        link: Link,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    Gateway,
    Public,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Its port is closed.
    Dead,
    /// It takes what is sent and never answers.
    Silent,
    /// It says that it cannot.
    Failing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Up,
    Down,
}

impl Fault {
    /// From which minute on nothing of what agents see arrives, if so.
    pub fn unheard_from(&self) -> Option<u32> {
        self.steps.iter().find(|step| step.event == Event::CollectorOff).map(|step| step.at)
    }
}

impl Event {
    /// What becomes of a link that is usually so; nothing where the event is about something else.
    pub fn weather(&self, usual: Weather) -> Option<Weather> {
        let Self::Link { loss_pct, delay_ms, jitter_ms, reorder_pct, rate_kbit, .. } = self else { return None };
        Some(Weather {
            loss_pct: loss_pct.unwrap_or(usual.loss_pct),
            delay_ms: delay_ms.unwrap_or(usual.delay_ms),
            jitter_ms: jitter_ms.unwrap_or(usual.jitter_ms),
            reorder_pct: reorder_pct.unwrap_or(usual.reorder_pct),
            rate_kbit: rate_kbit.unwrap_or(usual.rate_kbit),
            ..usual
        })
    }
}

/// One entry of the list: the same fault in several offices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    truth: Segment,
    machines: Vec<u8>,
    #[serde(default = "usual_minutes")]
    minutes: u32,
    #[serde(default)]
    provider_mute: bool,
    #[serde(default)]
    steps: Vec<Step>,
}

const fn usual_minutes() -> u32 {
    15
}

#[derive(Debug, Deserialize)]
struct List {
    fault: Vec<Entry>,
}

/// The faults that the analysis was built with, and those it was never tried on meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    Known,
    Unseen,
}

/// Every fault of a list.
///
/// # Errors
/// When the list does not hold; the text says where.
pub fn all(chapter: Chapter) -> Result<Vec<Fault>> {
    let (name, text) = match chapter {
        Chapter::Known => ("faults.toml", include_str!("../faults.toml")),
        Chapter::Unseen => ("unseen.toml", include_str!("../unseen.toml")),
    };
    let list: List = toml::from_str(text).context(name)?;
    let offices = |entry: &Entry| {
        let one = |machines: &u8| Fault {
            name: entry.name.clone(),
            truth: entry.truth,
            machines: *machines,
            minutes: entry.minutes,
            provider_mute: entry.provider_mute,
            steps: entry.steps.clone(),
        };
        entry.machines.iter().map(one).collect::<Vec<_>>()
    };
    Ok(list.fault.iter().flat_map(offices).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_lists_hold_at_least_sixty_faults_in_every_place() {
        let mut faults = all(Chapter::Known).unwrap();
        assert!(faults.len() >= 60, "{}", faults.len());
        faults.extend(all(Chapter::Unseen).unwrap());
        let places: BTreeSet<Segment> = faults.iter().map(|fault| fault.truth).collect();
        assert_eq!(places.len(), Segment::ALL.len());
        assert!(faults.iter().all(|fault| (1..=3).contains(&fault.machines)));
    }

    #[test]
    fn no_fault_is_listed_twice() {
        let faults = [Chapter::Known, Chapter::Unseen].map(|chapter| all(chapter).unwrap()).concat();
        let names: BTreeSet<(&str, u8)> = faults.iter().map(|fault| (fault.name.as_str(), fault.machines)).collect();
        assert_eq!(names.len(), faults.len());
    }
}
