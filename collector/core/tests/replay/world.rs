//! A world in memory: reports are made, unpacked and kept as the collector keeps them, and every
//! verdict is applied.

use super::course::{Course, latest};
use beforehand_core::{
    analyze::{Verdict, analyze},
    calendar::Calendar,
    case::{Case, CaseId, CaseState},
    forecast::Forecast,
    input::{AssetView, HISTORY, HostView, Input, Maintenance, RECENT, REOPEN_WITHIN},
    series::{Hour, Sample, Series},
    site::Site,
    unpack::{Receipt, unpack},
};
use beforehand_shared::{
    asset::AssetKind,
    host::Host,
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    link::{Certificate, Endpoint, Link, LinkRole},
    observation::Observation,
    printer::{OldestJob, Printer, PrinterState, Queue},
    report::{Goodbye, Report},
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
    volume::Volume,
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) input: Input,
    pub(crate) story: Vec<String>,
    start: Timestamp,
    hour: f64,
    closed: BTreeMap<CaseId, Case>,
    forecasts: Vec<Forecast>,
}

fn host_id(index: usize) -> HostId {
    HostId(Uuid::from_u128(100 + index as u128))
}

impl World {
    pub(crate) fn new(course: &Course) -> Self {
        let calendar = Calendar::new(&course.zone);
        let start = calendar.instant(course.start.parse().unwrap());
        let at = |hour: f64| start.plus(Millis((hour * 3_600_000.0) as i64));
        let hosts = course.hosts.iter().enumerate().map(|(index, host)| {
            let view = HostView {
                name: host.name.clone(),
                enrolled_at: start,
                last_report: None,
                goodbye: None,
                always_on: host.always_on,
                probes: BTreeMap::new(),
            };
            (host_id(index), view)
        });
        let maintenance = course.maintenance.iter().map(|(from, to)| Maintenance {
            from: at(*from),
            to: at(*to),
            asset: None,
            why: "new switch".into(),
        });
        let site = Site { client: ClientId(Uuid::from_u128(1)), id: SiteId(Uuid::from_u128(2)), name: "Office".into() };
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
        };
        Self { input, story: vec![], start, hour: 0.0, closed: BTreeMap::new(), forecasts: vec![] }
    }

    /// One interval; false at the end.
    pub(crate) fn step(&mut self, course: &Course) -> bool {
        let step = course.every_minutes as f64 / 60.0;
        let hour = self.hour;
        if hour > course.hours {
            return false;
        }
        self.input.now = self.start.plus(Millis((hour * 3_600_000.0).round() as i64));
        for host in 0..course.hosts.len() {
            self.report(course, host, step);
        }
        for (at, name) in &course.decommissioned {
            if *at <= hour {
                self.input.assets.retain(|_, view| !view.name.starts_with(name));
            }
        }
        if course.acted.iter().any(|at| (hour..hour + step).contains(at)) {
            let now = self.input.now;
            let open = self.input.cases.iter().filter(|case| case.ticketed_at.is_some());
            self.input.acted.extend(open.map(|case| (case.id.clone(), now)));
        }
        self.hour += step;
        if hour < course.judge_from {
            return true;
        }
        let verdict = analyze(&self.input);
        assert_eq!(verdict, analyze(&self.input), "the same input gives the same verdict");
        self.apply(verdict);
        true
    }

    fn report(&mut self, course: &Course, index: usize, step: f64) {
        let host = &course.hosts[index];
        let hour = self.hour;
        let off = host.off.iter().find(|(from, to, _)| (*from..*to).contains(&hour));
        let id = host_id(index);
        if let Some((from, _, goodbye)) = off {
            if *goodbye && hour - from < step {
                self.input.hosts.get_mut(&id).unwrap().goodbye = Some(Goodbye::Shutdown);
            }
            return;
        }
        let observations = observations(course, index, hour, self.start);
        let (now, mono_ms) = (self.input.now, (hour * 3_600_000.0) as u64);
        let outcome = Outcome::Seen { observations };
        let boot = BootId(Uuid::from_u128(9));
        let report = Report {
            protocol: 1,
            host: id,
            incarnation: Incarnation(Uuid::from_u128(8)),
            seq: 1,
            boot,
            made_at: now,
            mono_ms,
            goodbye: None,
            gaps: vec![],
            runs: vec![ProbeRun { probe: "all".into(), at: now, mono_ms, took_ms: 1, outcome }],
        };
        let receipt = Receipt { received_at: now, sent_at: now, sent_mono_ms: mono_ms, sent_boot: boot };
        let unpacked = unpack(&report, &receipt);
        let view = self.input.hosts.get_mut(&id).unwrap();
        (view.last_report, view.goodbye) = (Some(now), None);
        for fact in unpacked.facts {
            let kind = fact.asset.kind().unwrap();
            let name = match kind {
                AssetKind::Host | AssetKind::Printer | AssetKind::Endpoint => fact.name,
                _ => format!("{} on {}", fact.name, host.name),
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
        for (asset, metric, sample) in unpacked.samples {
            if let Some(view) = self.input.assets.get_mut(&asset) {
                keep(view.series.entry(metric).or_default(), sample);
            }
        }
    }

    fn apply(&mut self, verdict: Verdict) {
        let calendar = Calendar::new(&self.input.time_zone);
        for change in verdict.changes {
            let (case, event) = (&change.case, &change.event);
            let state = match case.state {
                CaseState::Suppressed { .. } => ", suppressed",
                _ => "",
            };
            self.story.push(format!(
                "{} {} {:?}, {}{state}, ticket {:?}: {}",
                calendar.day_time(event.at),
                case.kind.word(),
                event.reason,
                case.severity.word(),
                change.ticket,
                event.sentence
            ));
            self.input.cases.retain(|open| open.id != case.id);
            self.closed.remove(&case.id);
            if case.is_closed() {
                self.closed.insert(case.id.clone(), change.case);
            } else {
                self.input.cases.push(change.case);
            }
        }
        for forecast in verdict.forecasts {
            let date = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| calendar.day_time(at));
            let outlook = &forecast.outlook;
            let dates = [outlook.q10, outlook.q50, outlook.q90].map(date).join(" / ");
            self.story.push(format!("{} forecast {dates}", calendar.day_time(self.input.now)));
            self.forecasts.push(forecast);
        }
        for (id, resolution) in verdict.resolutions {
            let forecast = self.forecasts.iter_mut().find(|forecast| forecast.id == id).unwrap();
            forecast.result = Some(resolution);
            let made = calendar.day_time(forecast.made_at);
            let tracked = if resolution.tracked { "tracked" } else { "left its band" };
            let now = calendar.day_time(self.input.now);
            self.story.push(format!("{now} forecast of {made}: {:?}, {tracked}", resolution.result));
        }
        let now = self.input.now;
        let recent = |case: &&Case| case.closed_at().is_some_and(|at| now.since(at) <= REOPEN_WITHIN);
        self.input.closed = self.closed.values().filter(recent).cloned().collect();
        self.input.forecasts = self.forecasts.iter().filter(|forecast| forecast.result.is_none()).cloned().collect();
    }
}

fn keep(series: &mut Series, sample: Sample) {
    match series.hours.last_mut().filter(|hour| hour.at == sample.at.hour_start()) {
        Some(hour) => *hour = hour.with(sample.value),
        None => series.hours.push(Hour::of(sample)),
    }
    series.recent.push(sample);
    series.recent.retain(|old| sample.at.since(old.at) <= RECENT);
    series.hours.retain(|old| sample.at.since(old.at) <= HISTORY);
}

fn observations(course: &Course, host: usize, hour: f64, start: Timestamp) -> Vec<Observation> {
    let at = |hour: f64| start.plus(Millis((hour * 3_600_000.0) as i64));
    let mut seen = vec![Observation::Host(Host {
        name: course.hosts[host].name.clone(),
        os: "Debian 12".into(),
        agent: "0.1.0".into(),
        booted_at: start,
    })];
    for volume in course.volumes.iter().filter(|volume| volume.host == host) {
        seen.push(Observation::Volume(Volume {
            mount: volume.mount.clone(),
            device: "/dev/sdb1".into(),
            fs: "ext4".into(),
            total_bytes: (volume.total_gb * 1e9) as u64,
            free_bytes: volume.free_at(hour) as u64,
            inodes_total: None,
            inodes_free: None,
        }));
    }
    for printer in course.printers.iter().filter(|printer| printer.host == host) {
        let Some((_, state, reasons, jobs)) = latest(&printer.says, hour, |says| says.0) else { continue };
        if let Some(state) = printer_state(state) {
            seen.push(Observation::Printer(Printer {
                key: printer.name.clone(),
                uri: printer.uri.clone().unwrap_or_else(|| "ipp://192.0.2.7/ipp/print".into()),
                name: printer.name.clone(),
                model: None,
                state,
                reasons: reasons.clone(),
                message: None,
                alerts: vec![],
                supplies: vec![],
                jobs: Some(*jobs),
                pages: None,
            }));
        }
    }
    for queue in course.queues.iter().filter(|queue| queue.host == host) {
        let Some((_, state, jobs, since)) = latest(&queue.says, hour, |says| says.0) else { continue };
        let oldest = (*jobs > 0).then(|| OldestJob { id: 17, since: at(*since), pages_done: None });
        seen.push(Observation::Queue(Queue {
            name: queue.name.clone(),
            device_uri: Some(queue.device_uri.clone()),
            state: printer_state(state).unwrap(),
            reasons: vec![],
            message: None,
            accepting: true,
            jobs: *jobs,
            oldest,
        }));
    }
    for link in course.links.iter().filter(|link| link.host == host) {
        let Some((_, pct)) = latest(&link.lost, hour, |lost| lost.0) else { continue };
        // Spread evenly over the rounds, so that the share is met exactly.
        let round = (hour * 60.0).round();
        let until = |round: f64| (round * 5.0 * pct / 100.0 + 1e-9).floor();
        let lost = (until(round + 1.0) - until(round)) as u32;
        let answered = lost < 5;
        let wobble = (round as u32 * 7) % 5;
        seen.push(Observation::Link(Link {
            target: link.target.clone(),
            role: if link.gateway { LinkRole::Gateway } else { LinkRole::Anchor },
            sent: 5,
            lost,
            median_us: answered.then(|| (link.rtt_ms * 1000.0) as u32 + wobble * 100),
            jitter_us: answered.then_some(900),
        }));
    }
    for endpoint in course.endpoints.iter().filter(|endpoint| endpoint.host == host) {
        let Some((_, ends)) = latest(&endpoint.ends, hour, |ends| ends.0) else { continue };
        seen.push(Observation::Endpoint(Endpoint {
            url: endpoint.url.clone(),
            status: Some(200),
            took_us: 40_000,
            error: None,
            certificate: Some(Certificate {
                subject: "CN=shop.example".into(),
                issuer: "CN=Example CA".into(),
                not_before: at(ends - 90.0 * 24.0),
                not_after: at(*ends),
            }),
        }));
    }
    seen
}

fn printer_state(word: &str) -> Option<PrinterState> {
    match word {
        "idle" => Some(PrinterState::Idle),
        "processing" => Some(PrinterState::Processing),
        "stopped" => Some(PrinterState::Stopped),
        _ => None,
    }
}
