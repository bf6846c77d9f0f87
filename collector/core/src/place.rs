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
    /// Other offices get an answer from it.
    WayToService,
    /// The collector itself, or its own way to the internet: the machines reached everything else.
    Collector,
    /// What the machines saw does not agree, or is too little.
    Unknown,
}

const LABEL: &str = "Where";

impl Place {
    pub const ALL: [Self; 13] = [
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
        Self::WayToService,
        Self::Collector,
        Self::Unknown,
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
            Self::WayToService => "the way from this office to the service",
            Self::Collector => "the collector, or the way to it",
            Self::Unknown => "not known yet",
        }
    }

    /// Whether it says more, or something else, than what was believed before. A wider place says nothing new of what it
    /// holds.
    pub(crate) fn refines(self, known: Option<Self>) -> bool {
        known.is_none_or(|known| self != known && !self.holds(known))
    }

    /// Whether it is the wider of the two, and says less.
    pub(crate) const fn holds(self, narrow: Self) -> bool {
        match self {
            Self::Line => matches!(narrow, Self::AccessLine | Self::Provider | Self::OwnTraffic),
            Self::GatewayOrMachine => matches!(narrow, Self::Gateway | Self::Machine),
            Self::Unknown => !matches!(narrow, Self::Unknown),
            _ => false,
        }
    }

    /// Whether it is what is believed once more is seen: further machines that suffer, or who fills the line.
    pub(crate) const fn grows_from(self, known: Self) -> bool {
        matches!(
            (known, self),
            (Self::Machine, Self::LocalNetwork | Self::Gateway)
                | (Self::LocalNetwork, Self::Gateway)
                | (Self::AccessLine, Self::OwnTraffic)
        )
    }

    /// Whether it is what several machines of an office share, short of its line.
    pub(crate) const fn is_inside(self) -> bool {
        matches!(self, Self::LocalNetwork | Self::Gateway | Self::GatewayOrMachine)
    }

    /// Whether it may be the operator's fault, as lines of several offices that are bad at once show.
    pub const fn may_be_operators(self) -> bool {
        matches!(self, Self::AccessLine | Self::Provider | Self::Line)
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
        let name = evidence.value(LABEL)?;
        Self::ALL.into_iter().find(|place| place.name() == name)
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

    #[test]
    fn a_wider_place_says_nothing_new_and_a_narrower_or_another_one_does() {
        assert!(!Place::Line.refines(Some(Place::Provider)) && Place::Provider.refines(Some(Place::Line)));
        assert!(Place::AccessLine.refines(Some(Place::OwnTraffic)), "the traffic has ended, the fault has not");
        assert!(!Place::Provider.refines(Some(Place::Provider)) && Place::Line.refines(None));
        assert!(Place::Gateway.refines(Some(Place::Unknown)) && !Place::Unknown.refines(Some(Place::Gateway)));
    }
}
