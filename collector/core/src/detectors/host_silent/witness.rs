//! Machines of the same network that ping a silent one tell whether it still runs.

use super::watched::Watched;
use crate::{input::Input, series::Metric};
use beforehand_shared::{link::LinkRole, observation::Observation, time::Millis};

/// Whoever has just fallen silent may have been pinged a moment before.
const AFTER: Millis = Millis::MINUTE;

/// What others saw of it since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Witness<'a> {
    /// It answers this machine.
    Answers(&'a str),
    /// It does not answer this machine, which it did before.
    Silent(&'a str),
}

impl<'a> Witness<'a> {
    pub(super) fn of(input: &'a Input, host: &Watched) -> Option<Self> {
        let address = address(input, host)?;
        let pings = input.assets.iter().filter_map(|(asset, view)| {
            let is_neighbour = matches!(&view.facts, Observation::Link(link) if link.role == LinkRole::Neighbour);
            let loss = view.series.get(&Metric::LossPct).filter(|_| is_neighbour && asset.key() == address)?;
            let last = loss.last().filter(|round| round.at > host.last_report.plus(AFTER))?;
            let had_voice = loss.recent.iter().any(|round| round.value < 100.0);
            Some((input.hosts.get(&asset.host()?)?.name.as_str(), last.value, had_voice))
        });
        let told: Vec<(&str, f64, bool)> = pings.collect();
        let answers = told.iter().find(|(_, lost, _)| *lost < 100.0).map(|(name, ..)| Self::Answers(name));
        answers.or_else(|| told.iter().find(|(_, _, had_voice)| *had_voice).map(|(name, ..)| Self::Silent(name)))
    }

    /// For the end of a sentence about it.
    pub(super) fn words(self) -> String {
        match self {
            Self::Answers(name) => format!(" It still answers {name}, so it runs and its agent does not."),
            Self::Silent(name) => format!(" It does not answer {name} either."),
        }
    }
}

/// The address that it had last.
fn address(input: &Input, host: &Watched) -> Option<String> {
    let own = input.assets.iter().filter(|(asset, _)| asset.host() == Some(host.id));
    let addresses = own.filter_map(|(_, view)| match &view.facts {
        Observation::Interface(interface) => Some((view.seen_at, interface.address?)),
        _ => None,
    });
    addresses.max_by_key(|(seen_at, _)| *seen_at).map(|(_, address)| address.to_string())
}
