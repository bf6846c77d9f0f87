//! The reports that a host of a course makes.

use super::course::{
    ArrayCourse, Course, DeviceCourse, DriveCourse, EndpointCourse, InterfaceCourse, LinkCourse, PrinterCourse,
    QueueCourse, SupplyCourse, VolumeCourse, between, latest, working_days,
};
use beforehand_shared::{
    array::{Array, ArrayKind, ArrayState, Member, MemberState},
    block_device::BlockDevice,
    drive::{Drive, DriveKind, Trouble, Verdict},
    host::Host,
    ids::{BootId, HostId, Incarnation},
    interface::{Interface, Traffic},
    link::{Certificate, Endpoint, Link, LinkRole},
    observation::Observation,
    printer::{OldestJob, Printer, PrinterState, Queue, Supply, SupplyLevel},
    report::Report,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
    volume::{Repair, Volume},
};
use uuid::Uuid;

/// The instant of a course at which a report is made.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) start: Timestamp,
    pub(crate) hour: f64,
}

impl Moment {
    pub(crate) fn at(self, hour: f64) -> Timestamp {
        self.start.plus(Millis((hour * 3_600_000.0).round() as i64))
    }

    pub(crate) fn now(self) -> Timestamp {
        self.at(self.hour)
    }
}

pub(crate) fn report(course: &Course, index: usize, id: HostId, moment: Moment) -> Report {
    let (now, mono_ms) = (moment.now(), (moment.hour * 3_600_000.0) as u64);
    let run = |probe: &str, observations: Vec<Observation>| {
        // As an agent says it that sees none.
        let outcome = match observations.is_empty() {
            true => Outcome::NoData { why: "there is no physical drive to ask".into() },
            false => Outcome::Seen { observations },
        };
        ProbeRun { probe: probe.into(), at: now, mono_ms, took_ms: 1, outcome }
    };
    let drives = course.drives.iter().filter(|it| it.host == index).filter_map(|it| drive(it, moment));
    Report {
        protocol: 1,
        host: id,
        incarnation: Incarnation(Uuid::from_u128(8)),
        seq: 1,
        boot: BootId(Uuid::from_u128(9)),
        made_at: now,
        mono_ms,
        goodbye: None,
        gaps: vec![],
        runs: vec![run("all", observations(course, index, moment)), run("drives", drives.collect())],
    }
}

fn observations(course: &Course, host: usize, moment: Moment) -> Vec<Observation> {
    let mut seen = vec![Observation::Host(Host {
        name: course.hosts[host].name.clone(),
        os: "Debian 12".into(),
        agent: "0.1.0".into(),
        booted_at: moment.start,
        started_at: None,
        desktop: course.hosts[host].desktop,
        updates: None,
    })];
    let here = |on: usize| on == host;
    seen.extend(course.volumes.iter().filter(|it| here(it.host)).map(|it| volume(it, moment)));
    seen.extend(course.printers.iter().filter(|it| here(it.host)).filter_map(|it| printer(it, moment)));
    seen.extend(course.queues.iter().filter(|it| here(it.host)).filter_map(|it| queue(it, moment)));
    seen.extend(course.links.iter().filter(|it| here(it.host)).filter_map(|it| link(it, moment)));
    seen.extend(course.interfaces.iter().filter(|it| here(it.host)).filter_map(|it| interface(it, moment)));
    seen.extend(course.devices.iter().filter(|it| here(it.host)).filter_map(|it| device(it, moment)));
    seen.extend(course.arrays.iter().filter(|it| here(it.host)).filter_map(|it| array(it, moment)));
    seen.extend(course.endpoints.iter().filter(|it| here(it.host)).filter_map(|it| endpoint(it, moment)));
    seen
}

fn volume(course: &VolumeCourse, moment: Moment) -> Observation {
    Observation::Volume(Volume {
        mount: course.mount.clone(),
        device: "/dev/sdb1".into(),
        fs: if course.needs.is_empty() { "ext4" } else { "NTFS" }.into(),
        total_bytes: (course.total_gb * 1e9) as u64,
        free_bytes: course.free_at(moment.hour) as u64,
        fs_errors: latest(&course.health, moment.hour, |health| health.0).map(|(_, errors, _)| *errors),
        turned_read_only: latest(&course.health, moment.hour, |health| health.0).is_some_and(|(_, _, writes)| !writes),
        repair: latest(&course.needs, moment.hour, |needs| needs.0)
            .and_then(|(_, word)| serde_json::from_value(word.as_str().into()).ok())
            .filter(|repair| *repair != Repair::Other),
        thin_pool: course.thin_pool,
        quota: course.quota,
        ..Volume::default()
    })
}

fn printer(course: &PrinterCourse, moment: Moment) -> Option<Observation> {
    let (_, state, reasons, jobs) = latest(&course.says, moment.hour, |says| says.0)?;
    Some(Observation::Printer(Printer {
        key: course.name.clone(),
        uri: course.uri.clone().unwrap_or_else(|| "ipp://192.0.2.7/ipp/print".into()),
        name: course.name.clone(),
        model: None,
        state: printer_state(state)?,
        reasons: reasons.clone(),
        message: None,
        alerts: vec![],
        supplies: course.supplies.iter().filter_map(|supply| supply_of(supply, moment)).collect(),
        jobs: Some(*jobs),
        pages: (course.pages_a_day > 0.0).then(|| 1000 + (course.pages_a_day * working_days(moment.hour)) as u64),
        details: None,
    }))
}

fn supply_of(course: &SupplyCourse, moment: Moment) -> Option<Supply> {
    Some(Supply {
        name: course.name.clone(),
        kind: course.kind.clone(),
        colour: None,
        level: SupplyLevel::Left(course.level_at(moment.hour)? as f32),
    })
}

fn queue(course: &QueueCourse, moment: Moment) -> Option<Observation> {
    let (_, state, jobs, since) = latest(&course.says, moment.hour, |says| says.0)?;
    Some(Observation::Queue(Queue {
        name: course.name.clone(),
        device_uri: Some(course.device_uri.clone()),
        state: printer_state(state)?,
        reasons: vec![],
        message: None,
        accepting: true,
        jobs: *jobs,
        oldest: (*jobs > 0).then(|| OldestJob { id: 17, since: moment.at(*since), pages_done: None }),
    }))
}

/// Losses are spread evenly over the rounds, so that the share is met exactly.
fn link(course: &LinkCourse, moment: Moment) -> Option<Observation> {
    let (_, pct) = latest(&course.lost, moment.hour, |lost| lost.0).filter(|lost| lost.1 >= 0.0)?;
    let round = (moment.hour * 60.0).round();
    let after = round % f64::from(course.seldom.unwrap_or(1));
    let lost_then = latest(&course.lost, (round - after) / 60.0, |lost| lost.0)?.1 > 0.0;
    if after > 0.0 && !lost_then {
        return None;
    }
    let until = |round: f64| (round * 5.0 * pct / 100.0 + 1e-9).floor();
    let lost = (until(round + 1.0) - until(round)) as u32;
    let (answered, wobble) = (lost < 5, (round as u32 * 7) % 5);
    let slower = latest(&course.slower, moment.hour, |slower| slower.0).map_or(0.0, |(_, ms)| *ms);
    let role = match course {
        LinkCourse { gateway: true, .. } => LinkRole::Gateway,
        LinkCourse { access: true, .. } => LinkRole::Access,
        LinkCourse { neighbour: true, .. } => LinkRole::Neighbour,
        _ => LinkRole::Anchor,
    };
    let link = Link {
        target: course.target.clone(),
        role,
        sent: 5,
        lost,
        median_us: answered.then_some(((course.rtt_ms + slower) * 1000.0) as u32 + wobble * 100),
        jitter_us: answered.then_some(900),
    };
    Some(match role {
        LinkRole::Access => Observation::Hop(link),
        LinkRole::Neighbour => Observation::Neighbour(link),
        _ => Observation::Link(link),
    })
}

fn interface(course: &InterfaceCourse, moment: Moment) -> Option<Observation> {
    let (_, state, gateway_known, mbit) = latest(&course.says, moment.hour, |says| says.0)?;
    let (_, speed, duplex) = latest(&course.cable, moment.hour, |cable| cable.0).copied().unwrap_or((0.0, 1_000, true));
    let radio = latest(&course.radio, moment.hour, |radio| radio.0);
    Some(Observation::Interface(Interface {
        name: "eth0".into(),
        state: *state,
        speed_mbit: Some(speed),
        full_duplex: Some(duplex),
        address: course.address,
        gateway: None,
        access_point: course.access_point.clone(),
        signal_dbm: radio.map(|(_, dbm, _)| *dbm),
        traffic: Some(Traffic {
            over_ms: 60_000,
            received_bytes: 50_000,
            sent_bytes: (mbit * 7.5e6) as u64,
            errors: 0,
            dropped: 0,
            retries: radio.map(|(_, _, retries)| *retries),
        }),
        gateway_known: Some(*gateway_known),
    }))
}

fn endpoint(course: &EndpointCourse, moment: Moment) -> Option<Observation> {
    let (from, ends) = latest(&course.ends, moment.hour, |ends| ends.0)?;
    let ms = latest(&course.answers, moment.hour, |answers| answers.0).map_or(40.0, |(_, ms)| *ms);
    let fails = course.fails.iter().any(|(from, to)| (*from..*to).contains(&moment.hour));
    Some(Observation::Endpoint(Endpoint {
        url: course.url.clone(),
        status: Some(200).filter(|_| !fails),
        took_us: (ms * 1_000.0) as u32,
        error: fails.then(|| "no answer after 15s".to_owned()),
        certificate: Some(Certificate {
            subject: "CN=shop.example".into(),
            issuer: "CN=Example CA".into(),
            not_before: moment.at((ends - 90.0 * 24.0).min(*from)),
            not_after: moment.at(*ends),
            chain_ends: course.chain_ends.map(|ends| moment.at(ends)),
            verdict: latest(&course.verdicts, moment.hour, |verdict| verdict.0).map(|(_, verdict)| *verdict),
        }),
    }))
}

fn device(course: &DeviceCourse, moment: Moment) -> Option<Observation> {
    let (_, ms, requests, timeouts) = latest(&course.says, moment.hour, |says| says.0)?;
    let await_us = (*requests > 0).then_some((ms * 1_000.0) as u32);
    Some(Observation::BlockDevice(BlockDevice {
        device: course.device.clone(),
        requests: *requests,
        await_us,
        worst_await_us: await_us,
        timeouts: Some(*timeouts),
        ..BlockDevice::default()
    }))
}

fn drive(course: &DriveCourse, moment: Moment) -> Option<Observation> {
    let (_, verdict, errors) = latest(&course.says, moment.hour, |says| says.0)?;
    let verdict = match verdict.as_str() {
        "gone" => return None,
        "nameless" => return Some(nameless(course)),
        "shut" => {
            return Some(Observation::Drive(Box::new(Drive::blind("/dev/sg2 cciss", "the agent may not open it"))));
        }
        "passed" => Verdict::Passed,
        "asleep" => Verdict::Asleep,
        "blind" => Verdict::Blind { why: "the agent may not open it".into() },
        codes => Verdict::Failing { reasons: codes.split(' ').map(Trouble::new).collect() },
    };
    let counts = matches!(verdict, Verdict::Passed | Verdict::Failing { .. });
    let drive = Drive {
        device: course.device.clone().unwrap_or_else(|| "/dev/sda".into()),
        model: Some(course.model.clone()),
        serial: Some(course.serial.clone()),
        kind: if course.wear.is_empty() { DriveKind::Hdd } else { DriveKind::Ssd },
        bus: course.bus.clone().or_else(|| Some("SATA".into())),
        bytes: Some((course.terabytes * 1e12) as u64),
        verdict,
        media_errors: counts.then_some(*errors),
        pending_sectors: latest(&course.pending, moment.hour, |it| it.0).filter(|_| counts).map(|it| it.1),
        crc_errors: latest(&course.cable, moment.hour, |it| it.0).filter(|_| counts).map(|it| it.1),
        wear_used_pct: between(&course.wear, moment.hour).map(|used| used as u8),
        ..Drive::default()
    };
    Some(Observation::Drive(Box::new(drive.keyed(None))))
}

/// As smartctl tells a sleeping drive behind a controller.
fn nameless(course: &DriveCourse) -> Observation {
    let device = format!("/dev/bus/0 {}", course.serial);
    Observation::Drive(Box::new(Drive { device, verdict: Verdict::Asleep, ..Drive::default() }.keyed(None)))
}

/// Those that are missing are the first.
fn array(course: &ArrayCourse, moment: Moment) -> Option<Observation> {
    let (_, says, missing, tolerates) = latest(&course.says, moment.hour, |says| says.0)?;
    let mut words = says.split(' ');
    let state = match words.next()? {
        "gone" => return None,
        "healthy" => ArrayState::Healthy,
        "degraded" => ArrayState::Degraded,
        "failed" => ArrayState::Failed,
        "rebuilding" => ArrayState::Rebuilding {
            percent: words.next().map(|percent| percent.parse().unwrap()),
            minutes_left: words.next().map(|minutes| minutes.parse().unwrap()),
        },
        _ => ArrayState::Unknown { why: "the agent may not ask its tool".into() },
    };
    let member = |(i, serial): (usize, &String)| Member {
        name: format!("sd{}1", char::from(b'a' + i as u8)),
        serial: Some(serial.clone()),
        state: if (i as u32) < *missing { MemberState::Missing } else { MemberState::Working },
        ..Member::default()
    };
    Some(Observation::Array(Array {
        key: course.name.clone(),
        name: course.name.clone(),
        kind: ArrayKind::Md,
        level: Some(course.level.clone()),
        state,
        tolerates: *tolerates,
        wanted: u32::try_from(course.drives.len()).ok(),
        missing: *missing,
        members: course.drives.iter().enumerate().map(member).collect(),
        ..Array::default()
    }))
}

fn printer_state(word: &str) -> Option<PrinterState> {
    match word {
        "idle" => Some(PrinterState::Idle),
        "processing" => Some(PrinterState::Processing),
        "stopped" => Some(PrinterState::Stopped),
        _ => None,
    }
}
