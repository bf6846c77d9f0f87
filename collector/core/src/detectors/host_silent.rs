//! Machines that should be on and say nothing, and sites that fall silent at once.
//!
//! A machine that said goodbye is off, not broken. Without a goodbye only those that are always on
//! raise an alert alone; of the others nobody can tell. When machines fall silent together at an
//! hour at which they never do, it is the site: power or internet.

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    calendar::{Calendar, WEEK_HOURS},
    finding::{Evidence, Finding, FindingKind, Severity},
    input::{HostView, Input},
    series::{Metric, Series},
};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};

/// Silence of three intervals, at least this long, is silence.
const LEAST_SILENCE: Millis = Millis::minutes(5);
/// What is known of shorter lives says nothing about being always on.
const LEARN: Millis = Millis::days(7);
const LEARN_FROM: Millis = Millis::days(28);
/// Share of hours in which a machine that is always on was there.
const ALWAYS: f64 = 0.97;
/// Machines that fall silent within this were lost together.
const TOGETHER: Millis = Millis::minutes(3);
/// A site that falls silent is noticed within this, or it fell silent for the night.
const NOTICED: Millis = Millis::minutes(90);
/// Share of a site's machines whose common silence is the site's.
const SITE_SHARE: f64 = 0.3;
/// Chance below which it is no coincidence that all of them were switched off at once.
const COINCIDENCE: f64 = 0.001;

pub(super) struct HostSilent;

impl Detector for HostSilent {
    fn kind(&self) -> FindingKind {
        FindingKind::HostSilent
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let hosts: Vec<Watched> = input.hosts.iter().filter_map(|(id, view)| Watched::of(input, *id, view)).collect();
        let mut findings: Vec<Finding> = hosts.iter().filter_map(|host| alone(input, host)).collect();
        findings.extend(together(input, &hosts));
        findings
    }
}

struct Watched<'a> {
    id: HostId,
    view: &'a HostView,
    last_report: Timestamp,
    silent: bool,
    /// Usual time between two reports.
    interval: Millis,
    always_on: bool,
    /// Chance that it is on at this hour of the week and the next.
    expected: f64,
}

impl<'a> Watched<'a> {
    fn of(input: &Input, id: HostId, view: &'a HostView) -> Option<Self> {
        let last_report = view.last_report?;
        let empty = Series::default();
        let present = input
            .assets
            .get(&AssetId::of_host(id))
            .and_then(|asset| asset.series.get(&Metric::Present))
            .unwrap_or(&empty);
        let patience = LEAST_SILENCE.max(Millis(3 * present.spacing().0));
        let silent = view.goodbye.is_none() && input.now.since(last_report) > patience;
        Some(Self {
            id,
            view,
            last_report,
            silent,
            interval: present.spacing(),
            always_on: silent && view.always_on.unwrap_or_else(|| is_always_on(present, view, last_report)),
            expected: if silent { expected(input, present, last_report) } else { 0.0 },
        })
    }
}

/// Learned where nobody has said: there in 97 % of the hours of at least seven days.
fn is_always_on(present: &Series, view: &HostView, last_report: Timestamp) -> bool {
    let first = present.first_at().unwrap_or(last_report).max(view.enrolled_at);
    let from = first.max(last_report.minus(LEARN_FROM)).hour_start();
    let known = last_report.since(from);
    known >= LEARN && present.hours_since(from).len() as f64 >= ALWAYS * known.as_hours()
}

/// The lowest of the chances for the hours of the week from its last report to the hour after now,
/// over the known weeks before the silence, with half a week on either side as prior.
fn expected(input: &Input, present: &Series, last_report: Timestamp) -> f64 {
    if input.now.since(last_report) > NOTICED {
        return 0.0;
    }
    let calendar = Calendar::new(&input.time_zone);
    let before = last_report.hour_start();
    let from = present.first_at().unwrap_or(last_report).hour_start();
    let weeks = (last_report.since(from).as_days() / 7.0).floor();
    let mut seen = [0.0_f64; WEEK_HOURS];
    for known in present.hours.iter().take_while(|known| known.at < before) {
        seen[calendar.hour_of_week(known.at) % WEEK_HOURS] += 1.0;
    }
    let there = |at: Timestamp| ((seen[calendar.hour_of_week(at) % WEEK_HOURS] + 0.5) / (weeks + 1.0)).min(0.99);
    let hours = [last_report, last_report.plus(Millis::HOUR), input.now, input.now.plus(Millis::HOUR)];
    hours.into_iter().map(there).fold(1.0, f64::min)
}

fn alone(input: &Input, host: &Watched) -> Option<Finding> {
    let asset = AssetId::of_host(host.id);
    let name = &host.view.name;
    let calendar = Calendar::new(&input.time_zone);
    if !host.silent {
        return healthy(input, &asset, FindingKind::HostSilent, || match host.view.goodbye {
            Some(_) => format!("{name} was switched off properly."),
            None => format!("{name} reports again."),
        });
    }
    let last = calendar.day_time(host.last_report);
    host.always_on.then(|| Finding {
        kind: FindingKind::HostSilent,
        sentence: format!("{name} has been silent since {last}. It is always on, and it did not say goodbye."),
        steps: steps([
            "Ask whether it still runs, or connect to it.",
            "If it runs: is its network up, and does the agent's service run?",
            "If not: switch it on and read its log of the last minutes.",
        ]),
        evidence: evidence(input, &asset, host),
        asset,
        severity: Severity::Act,
        outlook: None,
    })
}

fn evidence(input: &Input, asset: &AssetId, host: &Watched) -> Evidence {
    let calendar = Calendar::new(&input.time_zone);
    let known = host.view.always_on.map_or("learned from its reports", |_| "set by a person");
    Evidence {
        facts: vec![fact("Last report", calendar.day_time(host.last_report)), fact("Always on", known)],
        chart: Some(crate::finding::ChartRef {
            asset: asset.clone(),
            metric: Metric::Present,
            from: host.last_report.minus(Millis::days(7)),
            limit: None,
        }),
    }
}

/// The site as a whole.
fn together(input: &Input, hosts: &[Watched]) -> Option<Finding> {
    let asset = AssetId::premises(input.site.id);
    let lost = lost_together(input, hosts);
    let active =
        hosts.iter().filter(|host| input.now.since(host.last_report) < Millis::DAY && host.view.goodbye.is_none());
    let active = active.count().max(lost.len());
    let by_chance: f64 = lost.iter().map(|host| 1.0 - if host.always_on { 0.99 } else { host.expected }).product();
    if lost.len() < 2 || lost.len() as f64 <= SITE_SHARE * active as f64 || by_chance >= COINCIDENCE {
        let silent = hosts.iter().filter(|host| host.silent).count();
        let back = silent as f64 <= SITE_SHARE * hosts.len() as f64;
        return healthy(input, &asset, FindingKind::HostSilent, || {
            format!("The machines at {} report again.", input.site.name)
        })
        .filter(|_| back);
    }
    let since = lost.iter().map(|host| host.last_report).max()?;
    let names: Vec<&str> = lost.iter().map(|host| host.view.name.as_str()).collect();
    Some(Finding {
        kind: FindingKind::HostSilent,
        asset,
        severity: Severity::Act,
        sentence: format!(
            "{} machines at {} fell silent together at {}. It is the power, the network or the internet line.",
            lost.len(),
            input.site.name,
            Calendar::new(&input.time_zone).day_time(since)
        ),
        steps: steps(["Call the site: is there power?", "If so: do gateway and modem show that they are connected?"]),
        evidence: Evidence { facts: vec![fact("Silent", names.join(", "))], chart: None },
        outlook: None,
    })
}

/// The largest group of those that were last heard of within minutes of each other, without a
/// goodbye.
fn lost_together<'a, 'b>(input: &Input, hosts: &'a [Watched<'b>]) -> Vec<&'a Watched<'b>> {
    let mut silent: Vec<&Watched> = hosts.iter().filter(|host| host.silent).collect();
    silent.retain(|host| input.now.since(host.last_report) < NOTICED);
    silent.sort_by_key(|host| (host.last_report, host.id));
    let group = |end: &&Watched<'b>| {
        let from = end.last_report.minus(TOGETHER.max(end.interval));
        let members = silent.iter().filter(|host| host.last_report >= from && host.last_report <= end.last_report);
        members.copied().collect::<Vec<_>>()
    };
    silent.iter().map(group).max_by_key(Vec::len).unwrap_or_default()
}
