//! Where the fault of a connection is, in words that programs can read back: each stands in the evidence of its finding.

use crate::finding::{Evidence, Fact};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// One machine, its cable, port or radio.
    Machine,
    /// What several machines of the office share, short of the gateway.
    LocalNetwork,
    /// The gateway, its cable to the switch included: from inside both look alike.
    Gateway,
    GatewayOrMachine,
    /// From the gateway to the first router of the provider.
    AccessLine,
    /// Behind the first router of the provider.
    Provider,
    /// One of the two before; what would tell them apart is not known.
    Line,
    /// The line carries all that it can, sent or fetched by the office itself.
    OwnTraffic,
    NameServer,
    /// A web address, or a single public address that is pinged.
    Service,
}

const LABEL: &str = "Where";

impl Place {
    pub const ALL: [Self; 10] = [
        Self::Machine,
        Self::LocalNetwork,
        Self::Gateway,
        Self::GatewayOrMachine,
        Self::AccessLine,
        Self::Provider,
        Self::Line,
        Self::OwnTraffic,
        Self::NameServer,
        Self::Service,
    ];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Machine => "one machine, its cable or its port",
            Self::LocalNetwork => "the local network",
            Self::Gateway => "the gateway, or its cable to the switch",
            Self::GatewayOrMachine => "the gateway or the machine",
            Self::AccessLine => "the line to the provider",
            Self::Provider => "the network of the provider",
            Self::Line => "the line or the network of the provider",
            Self::OwnTraffic => "the line, filled by the office itself",
            Self::NameServer => "the name server",
            Self::Service => "the service that is asked",
        }
    }

    /// Whether it says more, or something else, than what was believed before. A wider place says nothing new of what it
    /// holds.
    pub(crate) fn refines(self, known: Option<Self>) -> bool {
        match (self, known) {
            (_, None) => true,
            (Self::Line, Some(Self::AccessLine | Self::Provider | Self::OwnTraffic)) => false,
            // When the traffic ends first, the line has not become the cause.
            (Self::AccessLine, Some(Self::OwnTraffic)) => false,
            (Self::GatewayOrMachine, Some(Self::Gateway | Self::Machine)) => false,
            (place, Some(known)) => place != known,
        }
    }

    /// Whether packets wait there when the office sends or fetches too much.
    pub(crate) const fn is_filled_by_traffic(self) -> bool {
        matches!(self, Self::AccessLine | Self::Line)
    }

    pub(crate) fn fact(self) -> Fact {
        Fact { label: LABEL.to_owned(), value: self.name().to_owned() }
    }

    /// The place that a finding names, if it does.
    pub fn of(evidence: &Evidence) -> Option<Self> {
        let fact = evidence.facts.iter().find(|fact| fact.label == LABEL)?;
        Self::ALL.into_iter().find(|place| place.name() == fact.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_read_back_from_the_evidence() {
        for place in Place::ALL {
            let evidence = Evidence { facts: vec![place.fact()], chart: None };
            assert_eq!(Place::of(&evidence), Some(place));
        }
        assert_eq!(Place::of(&Evidence::default()), None);
    }
}
