//! The parts of the way from a machine to what people use.

use super::{Scene, part_of};
use crate::{
    asset::AssetId,
    case::{Case, CaseState},
    finding::FindingKind,
    place::Place,
};
use beforehand_shared::{asset::AssetKind, observation::Observation};

/// In the order of the way: what lies behind a fault suffers from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The machines.
    Office,
    /// The office's own network up to its router.
    Gateway,
    /// From the router to the first public router.
    Line,
    /// What lies behind the line, by several addresses.
    Internet,
    /// Name servers and addresses that people use.
    Services,
}

impl Part {
    pub const ALL: [Self; 5] = [Self::Office, Self::Gateway, Self::Line, Self::Internet, Self::Services];
    /// Those that pings go through.
    pub const PINGED: [Self; 3] = [Self::Gateway, Self::Line, Self::Internet];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Office => "This office",
            Self::Gateway => "Gateway",
            Self::Line => "Line",
            Self::Internet => "Internet",
            Self::Services => "Services",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Gateway => "gateway",
            Self::Line => "line",
            Self::Internet => "internet",
            Self::Services => "services",
        }
    }

    pub fn is_pinged(self) -> bool {
        Self::PINGED.contains(&self)
    }

    /// Nothing where the thing that is asked tells it better.
    const fn of_place(place: Place) -> Option<Self> {
        match place {
            Place::Machine => Some(Self::Office),
            Place::LocalNetwork | Place::Gateway | Place::GatewayOrMachine => Some(Self::Gateway),
            Place::AccessLine | Place::Line | Place::OwnTraffic => Some(Self::Line),
            // What is known of the unknown is that the internet is not reached as it should be.
            Place::Provider | Place::Unknown => Some(Self::Internet),
            Place::NameServer | Place::Service | Place::WayToService | Place::Collector => None,
        }
    }

    /// The part that a case is about; nothing for cases about anything else, and for those that a wider cause explains.
    pub(super) fn of(scene: &Scene, case: &Case) -> Option<Self> {
        if matches!(case.state, CaseState::Suppressed { .. }) {
            return None;
        }
        let facts = scene.assets.get(&case.asset).map(|view| &view.facts);
        let place = Place::of(&case.latest.evidence).and_then(Self::of_place);
        match (case.kind, case.asset.kind()?, facts) {
            (FindingKind::HostSilent, ..) => Some(Self::Office),
            (FindingKind::CertificateExpiry, ..)
            | (FindingKind::LinkFault, AssetKind::Resolver | AssetKind::Endpoint, _) => Some(Self::Services),
            (FindingKind::LinkFault, ..) if place.is_some() => place,
            (FindingKind::LinkFault, ..) if case.asset == AssetId::line(case.site) => Some(Self::Line),
            (FindingKind::LinkFault, _, Some(Observation::Link(link))) => part_of(link.role),
            _ => None,
        }
    }
}
