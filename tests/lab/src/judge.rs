//! What the analysis says of a recording, minute by minute.

use crate::{fault::Segment, stretch::BROKE_AT};
use beforehand_core::{
    case::{Case, CaseId, CaseState},
    finding::{FindingKind, Severity},
    memory::Memory,
    place::Place,
    site::Site,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    report::Report,
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where the analysis believes the fault to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Nothing,
    /// Trouble, without a place.
    Unknown,
    Own,
    /// A part of the local network that several machines share.
    Lan,
    Gateway,
    Access,
    /// The provider, behind the line.
    Isp,
    /// One of the two.
    Line,
    Saturated,
    Dns,
    /// A web address, or a single public address that is pinged.
    Service,
}

impl Said {
    pub const ALL: [Self; 11] = [
        Self::Nothing,
        Self::Unknown,
        Self::Own,
        Self::Lan,
        Self::Gateway,
        Self::Access,
        Self::Isp,
        Self::Line,
        Self::Saturated,
        Self::Dns,
        Self::Service,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
            Self::Own => "self",
            Self::Lan => "lan",
            Self::Gateway => "gateway",
            Self::Access => "access",
            Self::Isp => "isp",
            Self::Line => "line",
            Self::Saturated => "saturated",
            Self::Dns => "dns",
            Self::Service => "service",
        }
    }

    pub const fn score(self, truth: Segment) -> Score {
        match (self, truth) {
            (Self::Nothing, Segment::None | Segment::Collector)
            | (Self::Own, Segment::Own)
            | (Self::Lan, Segment::Lan)
            | (Self::Gateway, Segment::Gateway)
            | (Self::Access, Segment::AccessLine)
            | (Self::Isp, Segment::Isp)
            | (Self::Saturated, Segment::Saturated)
            | (Self::Dns, Segment::Dns)
            | (Self::Service, Segment::RemoteService) => Score::Right,
            // The words about a gateway name its cable to the switch, those about a line its provider.
            (Self::Gateway, Segment::Lan) | (Self::Line, Segment::AccessLine | Segment::Isp) => Score::TooWide,
            (Self::Nothing, _) => Score::Silent,
            (Self::Unknown, _) => Score::Unknown,
            _ => Score::Wrong,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Score {
    Right,
    /// The right part and others with it.
    TooWide,
    Unknown,
    /// Nothing was said of a fault.
    Silent,
    Wrong,
}

impl Score {
    pub const ALL: [Self; 5] = [Self::Right, Self::TooWide, Self::Unknown, Self::Silent, Self::Wrong];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::TooWide => "too wide",
            Self::Unknown => "unknown",
            Self::Silent => "silent",
            Self::Wrong => "wrong",
        }
    }
}

/// What was said of one fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// At its end.
    pub said: Said,
    /// Each change, with its minute after the fault began.
    pub course: Vec<(i64, Said)>,
    /// The sentences of the open cases at its end.
    pub sentences: Vec<String>,
}

impl Verdict {
    /// Whether a wrong place was named before the last one, which was not wrong.
    pub fn was_astray(&self, truth: Segment) -> bool {
        let is_wrong = |said: Said| said.score(truth) == Score::Wrong;
        !is_wrong(self.said) && self.course.iter().any(|(_, said)| is_wrong(*said))
    }
}

/// Judges once a minute, from shortly before it broke to the end, by the reports of before `unheard`: a minute after it
/// broke.
pub fn judge(end: Timestamp, reports: &[Report], unheard: Option<u32>) -> Verdict {
    let site = Site { client: ClientId(Uuid::nil()), id: SiteId(Uuid::nil()), name: "the office".to_owned() };
    let mut world = Memory::new(site, "UTC");
    let mut open: BTreeMap<CaseId, Case> = BTreeMap::new();
    let unheard = unheard.map(|minute| BROKE_AT.plus(Millis::minutes(i64::from(minute))));
    let heard = reports.iter().filter(|report| unheard.is_none_or(|from| report.made_at < from));
    let (mut reports, mut course, mut last) = (heard.peekable(), Vec::new(), Said::Nothing);
    let mut now = BROKE_AT.minus(Millis::minutes(5));
    while now <= end {
        while let Some(report) = reports.next_if(|report| report.made_at <= now) {
            world.take(report);
        }
        for change in world.judge(now) {
            open.insert(change.case.id.clone(), change.case);
        }
        open.retain(|_, case| !case.is_closed());
        let said = said(open.values());
        if said != last {
            course.push((now.since(BROKE_AT).0 / Millis::MINUTE.0, said));
            last = said;
        }
        now = now.plus(Millis::MINUTE);
    }
    let loud = open.values().filter(|case| case.state == CaseState::Open);
    let sentences = loud.map(|case| format!("{}: {}", case.severity.word(), case.latest.sentence)).collect();
    Verdict { said: last, course, sentences }
}

/// The widest first.
const ORDER: [Said; 10] = [
    Said::Gateway,
    Said::Lan,
    Said::Access,
    Said::Isp,
    Said::Line,
    Said::Saturated,
    Said::Own,
    Said::Dns,
    Said::Service,
    Said::Unknown,
];

/// Tickets count before notes, and the widest cause first.
fn said<'a>(open: impl Iterator<Item = &'a Case>) -> Said {
    let loud = open.filter(|case| case.state == CaseState::Open);
    let places = loud.filter_map(place).collect::<Vec<_>>();
    let of = |tickets: bool| ORDER.iter().find(|said| places.contains(&(**said, tickets)));
    of(true).or_else(|| of(false)).copied().unwrap_or(Said::Nothing)
}

/// Where a case says that the fault is, and whether it is a ticket.
fn place(case: &Case) -> Option<(Said, bool)> {
    let said = match case.kind {
        FindingKind::HostSilent => Said::Unknown,
        FindingKind::LinkFault => Place::of(&case.latest.evidence).map_or(Said::Unknown, of_place),
        _ => return None,
    };
    Some((said, case.severity >= Severity::Soon))
}

const fn of_place(place: Place) -> Said {
    match place {
        Place::Machine => Said::Own,
        Place::LocalNetwork => Said::Lan,
        Place::Gateway => Said::Gateway,
        Place::GatewayOrMachine | Place::Unknown => Said::Unknown,
        Place::AccessLine => Said::Access,
        Place::Provider => Said::Isp,
        Place::Line => Said::Line,
        Place::OwnTraffic => Said::Saturated,
        Place::NameServer => Said::Dns,
        Place::Service | Place::WayToService => Said::Service,
        Place::Collector => Said::Nothing,
    }
}
