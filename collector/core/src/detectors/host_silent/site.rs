//! Machines of a site that were lost together, and when the site is back.

use super::{
    super::{fact, healthy, steps},
    aftermath, unless_expected,
    watched::{NOTICED, Presence, Watched},
};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    case::Case,
    closed::CLOSED_TODAY,
    elsewhere::other_sites,
    expected::{Expected, Kind, is_expected, is_mark},
    finding::{Evidence, Finding, FindingKind, Severity},
    input::Input,
    place::Place,
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};

/// Machines that fall silent within this were lost together.
const TOGETHER: Millis = Millis::minutes(3);
/// Share of the machines that were on whose common silence is the site's.
const SITE_SHARE: f64 = 0.3;
/// The same while a machine that is always on still reports: people who go home together are many, too.
const PART_SHARE: f64 = 0.5;
/// Chance below which it is no coincidence that all of them were switched off at once.
const COINCIDENCE: f64 = 0.001;
/// Machines that were lost with the site last reported within this before it was noticed, or within four of their
/// intervals.
const LOST_WITH_IT: Millis = Millis::minutes(15);
/// What is always on and has not come back with its site is the site's matter for so long, and then its own.
const STRAGGLES: Millis = Millis::DAY;

const STILL_THERE: &str = "Always on, and still reports";
const SILENT: &str = "Silent";
const CLOSED: &str = "Closed";
const BETWEEN: &str = ", ";
const NOBODY: &str = "none";
const CALL: [&str; 2] = ["Call the site: is there power?", "If so: do gateway and modem show that they are connected?"];

/// The site as a whole.
pub(super) fn together(input: &Input, hosts: &[Watched]) -> Option<Finding> {
    let asset = AssetId::premises(input.site.id);
    match Loss::of(input, hosts) {
        Some(loss) => {
            let finding = unless_closed(input, &loss, loss.finding(input, asset));
            Some(if loss.there.is_empty() { unless_expected(input, finding, loss.since()) } else { finding })
        }
        None => {
            let case = input.case_on(&asset, FindingKind::HostSilent)?;
            let late = is_overdue(input, case).then_some("It has lasted longer.");
            let missed = || is_missed(input, hosts, case).then_some("It is open again, and they are still silent.");
            if let Some(why) = late.or_else(missed).filter(|_| !is_back(input, hosts, case)) {
                return Some(as_told(case, why));
            }
            is_back(input, hosts, case).then(|| over(input, hosts, case))?
        }
    }
}

/// It is over, and those who were in it tell what it was, once all that they have seen has arrived.
fn over(input: &Input, hosts: &[Watched], case: &Case) -> Option<Finding> {
    let named: Vec<&str> = names(&case.latest.evidence).collect();
    let lost: Vec<&Watched> = hosts.iter().filter(|host| named.contains(&host.view.name.as_str())).collect();
    if lost.iter().any(|host| host.last_report > case.opened_at && input.has_waited(host.id)) {
        return None;
    }
    let told = aftermath::told(input, &lost, case.opened_at);
    let mut finding = healthy(input, &case.asset, FindingKind::HostSilent, || {
        let why = told.map_or(String::new(), |(why, _)| format!(" {why}"));
        format!("The machines at {} report again.{why}", input.site.name)
    })?;
    if let Some((why, place)) = told {
        finding.evidence.facts.extend(place.map(Place::fact));
        finding.evidence.facts.push(fact(Evidence::AFTERWARDS, why));
    }
    Some(finding)
}

/// Whether a note that it would soon be over was wrong: it lasts longer than on other nights.
fn is_overdue(input: &Input, case: &Case) -> bool {
    let lasts = input.now.since(case.opened_at);
    let covers = |expected: Expected| expected.covers(lasts);
    is_expected(&case.latest.evidence) && !Expected::of(input, Kind::Out, case.opened_at).is_some_and(covers)
}

/// People's machines alone on a day on which nobody is there are a note.
fn unless_closed(input: &Input, loss: &Loss, mut finding: Finding) -> Finding {
    let Some(closing) = input.closed_today().filter(|_| !loss.lost.iter().any(|host| host.always_on)) else {
        return finding;
    };
    finding.severity = Severity::Watch;
    finding.sentence = format!("{} {}", finding.sentence, closing.today());
    finding.steps.clear();
    finding.evidence.facts.push(fact(CLOSED, &closing.why));
    finding
}

/// Whether a note from a day on which nobody was there is about machines that should have been on again for an hour.
fn is_missed(input: &Input, hosts: &[Watched], case: &Case) -> bool {
    let calendar = input.calendar();
    let noted = case.latest.evidence.facts.iter().any(|fact| fact.label == CLOSED);
    let lost = hosts.iter().filter(|host| host.is_silent() && is_of(case.latest.at, host));
    let by_chance = |at: Timestamp| lost.clone().map(|host| 1.0 - host.expected(at, &calendar)).product::<f64>();
    noted && !calendar.is_closed(input.now) && by_chance(input.now.minus(Millis::HOUR)) < COINCIDENCE
}

/// What was seen when it fell silent, and is urgent after all.
fn as_told(case: &Case, why: &str) -> Finding {
    let mut evidence = case.latest.evidence.clone();
    let told = case.latest.sentence.split(CLOSED_TODAY).next().unwrap_or_default();
    evidence.facts.retain(|fact| !is_mark(fact) && fact.label != CLOSED);
    Finding {
        kind: case.kind,
        asset: case.asset.clone(),
        severity: Severity::Act,
        sentence: format!("{} {why}", told.trim_end()),
        steps: steps(CALL),
        evidence,
        outlook: None,
    }
}

/// Whether the silence of a site explains that of a machine: not that of one which has reported since, nor of one that was
/// silent long before.
pub(crate) fn explains(input: &Input, host: HostId) -> bool {
    let case = input.case_on(&AssetId::premises(input.site.id), FindingKind::HostSilent);
    let Some(host) = input.hosts.get(&host).and_then(|view| Watched::of(input, &input.calendar(), host, view)) else {
        return true;
    };
    let noticed = case.map_or(input.now, |case| case.latest.at);
    let named = case.is_some_and(|case| names(&case.latest.evidence).any(|name| name == host.view.name));
    host.last_report <= noticed && (named || is_of(noticed, &host))
}

/// Of the machines that were lost, as the case has them.
fn names(evidence: &Evidence) -> impl Iterator<Item = &str> {
    let silent = evidence.facts.iter().filter(|fact| fact.label == SILENT);
    silent.flat_map(|fact| fact.value.split(BETWEEN))
}

struct Loss<'a> {
    lost: Vec<&'a Watched<'a>>,
    reporting: usize,
    /// Machines that are always on and still report.
    there: Vec<&'a str>,
}

impl<'a> Loss<'a> {
    fn of(input: &Input, hosts: &'a [Watched<'a>]) -> Option<Self> {
        let reporting = || hosts.iter().filter(|host| host.state == Presence::Reporting);
        let there: Vec<&str> = reporting().filter(|it| it.always_on).map(|host| host.view.name.as_str()).collect();
        let loss = Self { lost: lost_together(hosts, !there.is_empty()), reporting: reporting().count(), there };
        let least = if loss.there.is_empty() { SITE_SHARE } else { PART_SHARE };
        let was_on = (loss.lost.len() + loss.reporting) as f64;
        if loss.lost.len() < 2 || loss.lost.len() as f64 <= least * was_on {
            return None;
        }
        let calendar = input.calendar();
        let by_chance: f64 = loss.lost.iter().map(|host| 1.0 - host.expected(input.now, &calendar)).product();
        (by_chance < COINCIDENCE).then_some(loss)
    }

    fn since(&self) -> Timestamp {
        self.lost.iter().map(|host| host.last_report).max().unwrap_or(Timestamp(0))
    }

    fn finding(&self, input: &Input, asset: AssetId) -> Finding {
        let (count, site) = (self.lost.len(), &input.site.name);
        let at = Calendar::new(&input.time_zone).day_time(self.since());
        let names: Vec<&str> = self.lost.iter().map(|host| host.view.name.as_str()).collect();
        let (sentence, steps) = match self.there.first() {
            None => (
                format!(
                    "{count} machines at {site} fell silent together at {at}. It is the power, the network or the internet line."
                ),
                steps(CALL),
            ),
            Some(name) => (
                format!(
                    "{count} machines at {site} fell silent together at {at}, while {name} still reports. It is the power or the network of a part of the site."
                ),
                steps(["Call the site: are these machines on?", "If so: is the switch that they share on?"]),
            ),
        };
        // A part of a site has not lost its line.
        let others = if self.there.is_empty() { input.elsewhere.lines_at(self.since()) } else { 0 };
        let (sentence, steps) = match others {
            0 => (sentence, steps),
            others => (of_operator(&sentence, others), vec![CALL_OPERATOR.to_owned()]),
        };
        let there = if self.there.is_empty() { NOBODY.to_owned() } else { self.there.join(", ") };
        Finding {
            kind: FindingKind::HostSilent,
            asset,
            severity: Severity::Act,
            sentence,
            steps,
            evidence: Evidence {
                facts: vec![fact(SILENT, names.join(BETWEEN)), fact(STILL_THERE, there)],
                chart: None,
            },
            outlook: None,
        }
    }
}

const CALL_OPERATOR: &str = "Call the operator of the line, with the times of all these sites.";

fn of_operator(sentence: &str, others: usize) -> String {
    let sites = other_sites(others);
    format!("{sentence} The same happened at {sites} of the same operator, so it is rather the operator's network.")
}

/// The largest group of those that were last heard of within minutes of each other, without a goodbye. At least one is
/// silent for so long that it must be believed; those that are late as well need not wait. Where a part of the site is
/// well, they must have gone within one interval, and one that is longer does not tell that from people who go home.
fn lost_together<'a>(hosts: &'a [Watched<'a>], a_part: bool) -> Vec<&'a Watched<'a>> {
    let tells = |host: &&Watched| !a_part || host.interval <= TOGETHER;
    let recent = |host: &&Watched| host.is_missing() && host.quiet_for < NOTICED && tells(host);
    let missing: Vec<&Watched> = hosts.iter().filter(recent).collect();
    let group = |end: &&Watched| {
        let window = if a_part { end.interval } else { TOGETHER.max(end.interval) };
        let from = end.last_report.minus(window);
        let members = missing.iter().filter(|host| (from..=end.last_report).contains(&host.last_report));
        members.copied().collect::<Vec<_>>()
    };
    let groups = missing.iter().map(group).filter(|group| group.iter().any(|host| host.is_silent()));
    groups.max_by_key(|group| (group.len(), group.iter().map(|host| host.last_report).max())).unwrap_or_default()
}

/// Whether those that were lost are back as far as power and line are concerned. When everything was lost, the first
/// machine that is always on tells: people's machines come back when people switch them on.
fn is_back(input: &Input, hosts: &[Watched], case: &Case) -> bool {
    let noticed = case.latest.at;
    let lost = || hosts.iter().filter(|host| host.is_missing() && is_of(noticed, host));
    let reporting = || hosts.iter().filter(|host| host.state == Presence::Reporting);
    let straggles = input.now.since(noticed) < STRAGGLES && lost().any(|host| host.returns);
    let everything = case.latest.evidence.facts.contains(&fact(STILL_THERE, NOBODY));
    if everything && hosts.iter().any(|host| host.returns) {
        return !straggles && reporting().any(|host| host.returns);
    }
    let (lost, reporting) = (lost().count() as f64, reporting().count() as f64);
    !straggles && reporting > 0.0 && lost <= SITE_SHARE * (lost + reporting)
}

/// Whether the site was lost with it, and is back without it.
pub(super) fn was_lost_with_it(input: &Input, host: &Watched) -> bool {
    let site = AssetId::premises(input.site.id);
    let mut lost = input.closed.iter().filter(|case| case.kind == FindingKind::HostSilent && case.asset == site);
    lost.any(|case| is_of(case.latest.at, host))
}

fn is_of(noticed: Timestamp, host: &Watched) -> bool {
    let lost_with_it = LOST_WITH_IT.max(Millis(host.interval.0.saturating_mul(4).saturating_add(TOGETHER.0)));
    (noticed.minus(lost_with_it)..=noticed).contains(&host.last_report)
}
