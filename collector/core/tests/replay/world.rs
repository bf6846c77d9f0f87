//! A world in memory: reports are made, unpacked and kept as the collector keeps them, and every
//! verdict is applied.

use super::{
    course::{Course, HostCourse},
    reports::{Moment, report},
};
use beforehand_core::{
    analyze::{Verdict, analyze},
    calendar::{Calendar, chance_words, duration_words},
    case::{Case, CaseChange, CaseId, CaseState},
    closed::ClosedDays,
    elsewhere::{Asked, Elsewhere},
    forecast::{Chance, Forecast, ForecastId, Resolution},
    input::{AssetView, HostView, Input, Maintenance, REOPEN_WITHIN},
    memory::keep,
    site::Site,
    unpack::{FactUpdate, Receipt, unpack},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{ClientId, HostId, SiteId},
    report::Goodbye,
    time::Timestamp,
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) input: Input,
    /// What happened, a line for each event.
    pub(crate) story: Vec<String>,
    calendar: Calendar,
    moment: Moment,
    closed: BTreeMap<CaseId, Case>,
    forecasts: Vec<Forecast>,
    /// What each machine has seen and could not send.
    spools: BTreeMap<usize, Vec<Moment>>,
}

fn host_id(index: usize) -> HostId {
    HostId(Uuid::from_u128(100 + index as u128))
}

fn host_view(host: &HostCourse, start: Timestamp) -> HostView {
    HostView {
        name: host.name.clone(),
        enrolled_at: start,
        last_report: None,
        goodbye: None,
        always_on: host.always_on,
        probes: BTreeMap::new(),
    }
}

impl World {
    pub(crate) fn new(course: &Course) -> Self {
        let calendar = Calendar::new(&course.zone);
        let start = calendar.instant(course.start.parse().unwrap());
        let moment = Moment { start, hour: 0.0 };
        let hosts = course.hosts.iter().enumerate().map(|(index, host)| (host_id(index), host_view(host, start)));
        let maintenance = course.maintenance.iter().map(|(from, to)| Maintenance {
            from: moment.at(*from),
            to: moment.at(*to),
            asset: None,
            why: "new switch".into(),
        });
        let name = course.site.clone().unwrap_or_else(|| "Office".into());
        let site = Site { client: ClientId(Uuid::from_u128(1)), id: SiteId(Uuid::from_u128(2)), name };
        let input = Input {
            now: start,
            site,
            time_zone: course.zone.clone(),
            hosts: hosts.collect(),
            assets: BTreeMap::new(),
            cases: vec![],
            closed: vec![],
            forecasts: vec![],
            maintenance: maintenance.collect(),
            records: BTreeMap::new(),
            acted: BTreeMap::new(),
            closed_days: ClosedDays::new(course.closed.clone()).unwrap(),
            orders: course.orders.unwrap_or_default(),
            blind: vec![],
            elsewhere: Elsewhere::default(),
        };
        Self {
            input,
            story: vec![],
            calendar,
            moment,
            closed: BTreeMap::new(),
            forecasts: vec![],
            spools: BTreeMap::new(),
        }
    }

    /// One interval; false at the end.
    pub(crate) fn step(&mut self, course: &Course) -> bool {
        let step = course.every_minutes as f64 / 60.0;
        let hour = self.moment.hour;
        if hour > course.hours {
            return false;
        }
        self.input.now = self.moment.now();
        self.ask_elsewhere(course);
        for host in 0..course.hosts.len() {
            self.hear(course, host, step);
        }
        for (_, name) in course.decommissioned.iter().filter(|(at, _)| *at <= hour) {
            self.input.assets.retain(|_, view| !view.name.starts_with(name));
        }
        if course.acted.iter().any(|at| (hour..hour + step).contains(at)) {
            let now = self.input.now;
            let open = self.input.cases.iter().filter(|case| case.ticketed_at.is_some());
            self.input.acted.extend(open.map(|case| (case.id.clone(), now)));
        }
        self.moment.hour += step;
        if hour >= course.judge_from {
            let verdict = analyze(&self.input);
            assert_eq!(verdict, analyze(&self.input), "the same input gives the same verdict");
            self.apply(verdict);
        }
        true
    }

    /// Other sites ask the same services in the same minute.
    fn ask_elsewhere(&mut self, course: &Course) {
        self.input.elsewhere.lines = course.elsewhere.iter().map(|hour| self.moment.at(*hour)).collect();
        self.input.elsewhere.services.clear();
        for (url, answers) in &course.asked_elsewhere {
            if let Some((_, answered)) = answers.iter().rev().find(|(from, _)| *from <= self.moment.hour) {
                let asked = Asked { at: self.input.now, answered: *answered };
                self.input.elsewhere.services.entry(url.clone()).or_default().push(asked);
            }
        }
    }

    /// What a host says, if it is on.
    fn hear(&mut self, course: &Course, index: usize, step: f64) {
        let (host, id, hour) = (&course.hosts[index], host_id(index), self.moment.hour);
        if let Some((from, _, goodbye)) = host.off.iter().find(|(from, to, _)| (*from..*to).contains(&hour)) {
            if *goodbye && hour - from < step {
                self.input.hosts.get_mut(&id).unwrap().goodbye = Some(Goodbye::Shutdown);
            }
            return;
        }
        if host.held.iter().any(|(from, to)| (*from..*to).contains(&hour)) {
            self.spools.entry(index).or_default().push(self.moment);
            return;
        }
        match self.spools.remove(&index) {
            // The present round is still being measured.
            Some(waited) => waited.into_iter().for_each(|moment| self.receive(course, index, moment)),
            None => self.receive(course, index, self.moment),
        }
    }

    /// What was seen at `moment` arrives now.
    fn receive(&mut self, course: &Course, index: usize, moment: Moment) {
        let (host, id, now) = (&course.hosts[index], host_id(index), self.input.now);
        let report = report(course, index, id, moment);
        let sent_mono_ms = report.mono_ms + u64::try_from(now.since(report.made_at).0).unwrap();
        let receipt = Receipt { received_at: now, sent_at: now, sent_mono_ms, sent_boot: report.boot };
        let unpacked = unpack(&report, &receipt);
        let view = self.input.hosts.get_mut(&id).unwrap();
        (view.last_report, view.goodbye) = (Some(now), None);
        view.probes.extend(unpacked.probes);
        for fact in unpacked.facts {
            self.note(fact, &host.name);
        }
        for (asset, metric, sample) in unpacked.samples {
            if let Some(view) = self.input.assets.get_mut(&asset) {
                keep(view.series.entry(metric.clone()).or_default(), &metric, sample);
            }
        }
    }

    fn note(&mut self, fact: FactUpdate, host: &str) {
        let name = match fact.asset.kind().unwrap() {
            AssetKind::Host | AssetKind::Printer | AssetKind::Endpoint => fact.name,
            _ => format!("{} on {host}", fact.name),
        };
        let first = AssetView {
            name,
            first_seen: fact.at,
            seen_at: fact.at,
            facts: fact.observation.clone(),
            in_scope: true,
            series: BTreeMap::new(),
        };
        let view = self.input.assets.entry(fact.asset).or_insert(first);
        (view.seen_at, view.facts) = (fact.at, fact.observation);
    }

    fn apply(&mut self, verdict: Verdict) {
        for change in verdict.changes {
            self.change(change);
        }
        for forecast in verdict.forecasts {
            let date = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| self.calendar.day_time(at));
            let outlook = &forecast.outlook;
            let says = if outlook.is_dateless() {
                let chance = |it: &Chance| format!("{} within {}", chance_words(it.p), duration_words(it.within));
                outlook.chances.iter().map(chance).collect::<Vec<_>>().join(", ")
            } else {
                [outlook.q10, outlook.q50, outlook.q90].map(date).join(" / ")
            };
            self.story.push(format!("{} forecast {says}", self.calendar.day_time(self.input.now)));
            self.forecasts.push(forecast);
        }
        for (id, resolution) in verdict.resolutions {
            self.resolve(&id, resolution);
        }
        let now = self.input.now;
        let recent = |case: &&Case| case.closed_at().is_some_and(|at| now.since(at) <= REOPEN_WITHIN);
        self.input.closed = self.closed.values().filter(recent).cloned().collect();
        self.input.forecasts = self.forecasts.iter().filter(|forecast| forecast.result.is_none()).cloned().collect();
    }

    fn change(&mut self, change: CaseChange) {
        let CaseChange { case, event, ticket } = change;
        let state = if matches!(case.state, CaseState::Suppressed { .. }) { ", suppressed" } else { "" };
        self.story.push(format!(
            "{} {} {:?}, {}{state}, ticket {ticket:?}: {}",
            self.calendar.day_time(event.at),
            case.kind.word(),
            event.reason,
            case.severity.word(),
            event.sentence
        ));
        self.input.cases.retain(|open| open.id != case.id);
        self.closed.remove(&case.id);
        if case.is_closed() {
            self.closed.insert(case.id.clone(), case);
        } else {
            self.input.cases.push(case);
        }
    }

    fn resolve(&mut self, id: &ForecastId, resolution: Resolution) {
        let forecast = self.forecasts.iter_mut().find(|forecast| forecast.id == *id).unwrap();
        forecast.result = Some(resolution);
        let made = self.calendar.day_time(forecast.made_at);
        let tracked = if resolution.tracked { "tracked" } else { "left its band" };
        let now = self.calendar.day_time(self.input.now);
        self.story.push(format!("{now} forecast of {made}: {:?}, {tracked}", resolution.result));
    }
}
