//! What the page of a site tells of its connection: a folder per case, whose `expected.txt` is compared with what comes
//! out. `BLESS=1` writes it, to be read before it is kept.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its case has failed")]

use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseId, CaseState, Judgement, Reason},
    closed::{ClosedDays, Closing},
    detectors::{self, Detector},
    elsewhere::Elsewhere,
    finding::{ChartRef, Evidence, FindingKind, Severity},
    input::{AssetView, HostView, Input},
    series::{Hour, Metric, Sample, Series},
    site::{LineContract, Orders, Site},
    site_view::{
        self, CellState, Learned, Outage, Scene, Segment, SiteView, evidence,
        speed::{self, Carried},
    },
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{ClientId, HostId, SiteId},
    link::{Link, LinkRole},
    observation::Observation,
    time::{Millis, Timestamp},
};
use serde::Deserialize;
use std::{collections::BTreeMap, fs, path::Path};
use uuid::Uuid;

/// One stretch: clock, minutes, per cent lost to the gateway, per cent lost to each anchor.
type Stretch = (String, i64, Option<f64>, Vec<f64>);

/// A stretch of traffic: clock, minutes, kbit/s down and up, milliseconds by which the anchors take longer, and the gateway.
type Busy = (String, i64, f64, f64, f64, f64);

#[derive(Deserialize)]
struct Told {
    /// On the day that is told; UTC.
    now: String,
    every_minutes: i64,
    machines: Vec<Machine>,
    #[serde(default)]
    cases: Vec<ToldCase>,
    /// A disturbance of which the evidence is told, too; its end may not be said.
    evidence: Option<(String, Option<String>)>,
    /// What was agreed, kbit/s down and up.
    #[serde(default)]
    agreed: Option<(u32, u32)>,
}

#[derive(Deserialize)]
struct Machine {
    name: String,
    rounds: Vec<Stretch>,
    #[serde(default)]
    traffic: Vec<Busy>,
}

#[derive(Deserialize)]
struct ToldCase {
    opened: String,
    closed: Option<String>,
    /// A web address; else it is the line.
    address: Option<String>,
    /// What its chart shows at first.
    #[serde(default)]
    chart: Option<Metric>,
}

fn at(clock: &str) -> Timestamp {
    let day = if clock.len() > 5 { String::new() } else { "2026-11-23T".to_owned() };
    Timestamp(format!("{day}{clock}:00Z").parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn host(n: usize) -> HostId {
    HostId(Uuid::from_u128(n as u128 + 1))
}

const SITE: SiteId = SiteId(Uuid::from_u128(99));
const CLIENT: ClientId = ClientId(Uuid::from_u128(98));

fn series(samples: Vec<Sample>) -> Series {
    let mut hours: Vec<Hour> = Vec::new();
    for sample in &samples {
        match hours.last_mut() {
            Some(hour) if hour.at == sample.at.hour_start() => *hour = hour.with(sample.value),
            _ => hours.push(Hour::of(*sample)),
        }
    }
    Series { hours, recent: samples }
}

fn view(facts: Observation, samples: Vec<(Metric, Vec<Sample>)>) -> AssetView {
    let seen_at = samples.iter().filter_map(|(_, samples)| samples.last()).map(|last| last.at).max().unwrap();
    AssetView {
        name: "a path".into(),
        first_seen: Timestamp(0),
        seen_at,
        facts,
        in_scope: true,
        series: samples.into_iter().map(|(metric, samples)| (metric, series(samples))).collect(),
    }
}

/// One target of one machine: losses, and round trips of what came back.
fn link(target: &str, role: LinkRole, losses: &[(Timestamp, f64)], traffic: &[Busy]) -> AssetView {
    let lost = losses.last().map_or(0, |(_, loss)| (loss / 20.0).round() as u32);
    let median_us = (lost < 5).then_some(9_000);
    let facts = Link { target: target.into(), role, sent: 5, lost, median_us, jitter_us: median_us.map(|us| us / 20) };
    let sample = |(at, value): (Timestamp, f64)| Sample { at, value };
    let busy = |at: &Timestamp| traffic.iter().find(|busy| minutes(&busy.0, busy.1, 1).any(|minute| minute == *at));
    let longer = |at| busy(at).map_or(0.0, |busy| if role == LinkRole::Anchor { busy.4 } else { busy.5 });
    let answered = losses.iter().filter(|(_, loss)| *loss < 100.0);
    let came_back = answered.map(|(at, _)| sample((*at, 9.0 + longer(at)))).collect();
    let losses = losses.iter().copied().map(sample).collect();
    view(Observation::Link(facts), vec![(Metric::LossPct, losses), (Metric::RttMs, came_back)])
}

fn minutes(clock: &str, minutes: i64, every: i64) -> impl Iterator<Item = Timestamp> {
    let from = at(clock);
    (0..minutes / every).map(move |step| from.plus(Millis::minutes(step * every)))
}

fn interface(traffic: &[Busy]) -> AssetView {
    let facts = serde_json::from_str(r#"{"name": "eth0", "state": "up"}"#).unwrap();
    let samples = |rate: fn(&Busy) -> f64| {
        let each = |busy: &Busy| {
            let value = rate(busy);
            minutes(&busy.0, busy.1, 1).map(move |at| Sample { at, value }).collect::<Vec<_>>()
        };
        traffic.iter().flat_map(each).collect()
    };
    let rates = vec![(Metric::ReceivedKbit, samples(|busy| busy.2)), (Metric::SentKbit, samples(|busy| busy.3))];
    view(Observation::Interface(facts), rates)
}

fn assets(told: &Told) -> BTreeMap<AssetId, AssetView> {
    let mut assets = BTreeMap::new();
    for (n, machine) in told.machines.iter().enumerate() {
        let mut targets: BTreeMap<String, (LinkRole, Vec<(Timestamp, f64)>)> = BTreeMap::new();
        let mut present = Vec::new();
        for (clock, minutes, gateway, anchors) in &machine.rounds {
            for at in self::minutes(clock, *minutes, told.every_minutes) {
                present.push(Sample { at, value: 1.0 });
                let mut add = |target: &str, role, loss| {
                    targets.entry(target.to_owned()).or_insert((role, vec![])).1.push((at, loss));
                };
                gateway.iter().for_each(|loss| add("192.0.2.1", LinkRole::Gateway, *loss));
                for (n, loss) in anchors.iter().enumerate() {
                    add(&format!("198.51.100.{n}"), LinkRole::Anchor, *loss);
                }
            }
        }
        for (target, (role, losses)) in targets {
            assets.insert(
                AssetId::new(AssetKind::Link, host(n), &target),
                link(&target, role, &losses, &machine.traffic),
            );
        }
        if !machine.traffic.is_empty() {
            assets.insert(AssetId::new(AssetKind::Interface, host(n), "eth0"), interface(&machine.traffic));
        }
        assets.insert(AssetId::of_host(host(n)), view(Observation::Unknown, vec![(Metric::Present, present)]));
    }
    assets
}

fn hosts(told: &Told, assets: &BTreeMap<AssetId, AssetView>) -> BTreeMap<HostId, HostView> {
    let of = |(n, machine): (usize, &Machine)| {
        let view = HostView {
            name: machine.name.clone(),
            enrolled_at: at("2026-10-01T00:00"),
            last_report: Some(assets[&AssetId::of_host(host(n))].seen_at),
            goodbye: None,
            always_on: None,
            probes: BTreeMap::new(),
        };
        (host(n), view)
    };
    told.machines.iter().enumerate().map(of).collect()
}

fn case(told: &ToldCase) -> Case {
    let (opened_at, kind) = (at(&told.opened), FindingKind::LinkFault);
    let address = |address: &String| AssetId::new(AssetKind::Endpoint, host(0), address);
    let asset = told.address.as_ref().map_or(AssetId::line(SITE), address);
    let chart =
        |metric: &Metric| ChartRef { asset: asset.clone(), metric: metric.clone(), from: opened_at, limit: None };
    let judgement = Judgement {
        at: opened_at,
        severity: Severity::Act,
        sentence: "The internet line has not answered.".into(),
        steps: vec![],
        evidence: Evidence { chart: told.chart.as_ref().map(chart), ..Evidence::default() },
        outlook: None,
    };
    let closed = told.closed.as_ref().map(|closed| CaseState::Closed { at: at(closed), because: Reason::Healthy });
    Case {
        id: CaseId::new(CLIENT, &asset, kind, opened_at),
        client: CLIENT,
        site: SITE,
        asset,
        kind,
        state: closed.unwrap_or(CaseState::Open),
        severity: Severity::Act,
        worst: Severity::Act,
        opened_at,
        updated_at: opened_at,
        ticketed_at: Some(opened_at),
        onset: None,
        first: judgement.clone(),
        latest: judgement,
        reopened: 0,
    }
}

fn scene(told: &Told) -> Scene {
    let assets = assets(told);
    Scene {
        now: at(&told.now),
        site: Site { client: CLIENT, id: SITE, name: "Harbour".into() },
        time_zone: "UTC".into(),
        closed_days: ClosedDays::default(),
        hosts: hosts(told, &assets),
        assets,
        cases: told.cases.iter().map(case).collect(),
    }
}

fn clock(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().strftime("%d %H:%M").to_string()
}

/// The state, the last 24 hours as letters, and the share of time in which it was not out.
fn segment_line(segment: &Segment) -> String {
    let letter = |state: CellState| match state {
        CellState::Unmeasured => '.',
        CellState::Hidden => 'h',
        CellState::Sound => 's',
        CellState::Lossy => 'L',
        CellState::Down => 'D',
    };
    let day: String = segment.day.cells.iter().map(|cell| letter(cell.state)).collect();
    let up = segment.month.up_pct().map_or("not measured".to_owned(), |up| format!("up {up:.2} %"));
    let loss = segment.month.loss_pct.map_or(String::new(), |loss| format!(", lost {loss:.2} %"));
    let said = format!("{} {}", segment.now.word, segment.now.words);
    let speech = segment.figures.mos.map_or(String::new(), |mos| format!(", speech {mos:.1}"));
    format!("{:<8} {day} {up}{loss}{speech}: {}", segment.part.word(), said.trim_end())
}

fn outage_line(outage: &Outage, scene: &Scene) -> String {
    let names: Vec<&str> = outage.seen_by.iter().map(|host| scene.hosts[host].name.as_str()).collect();
    let to = outage.to.map_or("still".to_owned(), clock);
    let learned = match outage.learned {
        Learned::Meanwhile => "told meanwhile",
        Learned::Afterwards => "learned afterwards",
        Learned::Short => "too short for a case",
    };
    let broken = if outage.broken_up { ", came and went" } else { "" };
    let unseen = if outage.end_unseen { ", its end was not seen" } else { "" };
    format!(
        "{} {} to {to}, {} rounds by {}, {learned}{broken}{unseen}",
        outage.part.word(),
        clock(outage.from),
        outage.rounds,
        names.join(" and ")
    )
}

fn evidence_lines(scene: &Scene, (from, to): &(String, Option<String>)) -> Vec<String> {
    let Some(sheet) = evidence::Evidence::of(scene, (at(from), to.as_deref().map(at))) else {
        return vec!["no evidence".into()];
    };
    let reading = |reading: &Option<evidence::Reading>| {
        reading.map_or("-".to_owned(), |it| format!("{:.0} % of {} rounds", it.loss_pct, it.rounds))
    };
    let lasts = if sheet.lasts { " and not over" } else { "" };
    let mut lines = vec![format!(
        "evidence {} to {}{lasts}, rows of {} min, {} without a round, silent {}",
        clock(sheet.window.0),
        clock(sheet.window.1),
        sheet.interval.0 / 60_000,
        sheet.gaps,
        sheet.silent.len()
    )];
    for target in &sheet.targets {
        let name = &scene.hosts[&target.host].name;
        lines.push(format!(
            "{name} {}: {}, before {}",
            target.address,
            reading(&target.during),
            reading(&target.before)
        ));
    }
    for row in &sheet.rows {
        lines.push(format!("{}: {}", clock(row.at), row.parts.each_ref().map(reading).join(" | ")));
    }
    lines
}

fn carried_line(scene: &Scene, (down, up): (u32, u32)) -> String {
    let agreed = LineContract { down_kbps: Some(down), up_kbps: Some(up), ..LineContract::default() };
    let carried = Carried::of(scene, &agreed);
    let days: Vec<String> = speed::days_with_full_line(scene).into_iter().map(clock).collect();
    let rate = |rate: Option<f64>| rate.map_or("nothing".to_owned(), |kbit| format!("at least {kbit:.0} kbit/s"));
    format!("carried {} down, {} up; full perhaps on {}", rate(carried.down), rate(carried.up), days.join(" and "))
}

fn told(folder: &Path) -> (String, Scene) {
    let told: Told = serde_json::from_str(&fs::read_to_string(folder.join("case.json")).unwrap()).unwrap();
    let scene = scene(&told);
    let view = SiteView::of(&scene);
    let mut lines: Vec<String> = view.segments.iter().map(segment_line).collect();
    lines.extend(view.outages.iter().map(|outage| outage_line(outage, &scene)));
    lines.extend(told.agreed.map(|agreed| carried_line(&scene, agreed)));
    lines.extend(told.evidence.iter().flat_map(|span| evidence_lines(&scene, span)));
    (lines.join("\n") + "\n", scene)
}

fn folders() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/connection");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn every_connection_is_told_as_its_folder_says() {
    let folders = folders();
    assert!(folders.len() >= 8, "only {} cases were found", folders.len());
    for folder in folders {
        let (told, _) = told(&folder);
        let expected = folder.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &told).unwrap();
        }
        let said = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(told, said, "{}", folder.display());
    }
}

#[test]
fn who_is_always_on_is_told_as_the_rule_about_silent_machines_takes_it() {
    // Off every day for so many hours, and on the whole of the 19th; and whether the client was closed then.
    for (missing, off, closed, expected) in
        [(0, 0, false, true), (8, 0, false, false), (0, 24, false, false), (0, 24, true, true)]
    {
        let is_on = |hour: &i64| *hour % 24 >= missing && !(5 * 24..5 * 24 + off).contains(hour);
        let hours = (0..24 * 9).filter(is_on).map(|hour| (hour, 1.0));
        let day = jiff::civil::date(2026, 11, 19);
        let holiday = closed.then(|| Closing { from: day, to: day, why: "Repentance".into() });
        let samples: Vec<Sample> = hours
            .flat_map(|(hour, value)| (0..60).map(move |minute| (hour, minute, value)))
            .map(|(hour, minute, value)| Sample {
                at: at("2026-11-14T00:00").plus(Millis::minutes(60 * hour + minute)),
                value,
            })
            .collect();
        let last = samples.last().unwrap().at;
        let told = Told {
            now: String::new(),
            every_minutes: 1,
            machines: vec![],
            cases: vec![],
            evidence: None,
            agreed: None,
        };
        let machine = HostView {
            name: "SERVER".into(),
            enrolled_at: at("2026-10-01T00:00"),
            last_report: Some(last),
            goodbye: None,
            always_on: None,
            probes: BTreeMap::new(),
        };
        let mut scene = Scene { now: at("2026-11-23T12:00"), ..scene(&Told { now: "12:00".into(), ..told }) };
        scene.closed_days = ClosedDays::new(holiday.into_iter().collect()).unwrap();
        scene.assets.insert(AssetId::of_host(host(0)), view(Observation::Unknown, vec![(Metric::Present, samples)]));
        scene.hosts.insert(host(0), machine.clone());
        assert_eq!(site_view::is_always_on(&scene, host(0), &machine), expected);
        assert_eq!(raises_alarm(&scene), expected, "the rule takes it otherwise");
    }
}

fn raises_alarm(scene: &Scene) -> bool {
    let input = Input {
        now: scene.now,
        site: scene.site.clone(),
        time_zone: scene.time_zone.clone(),
        closed_days: scene.closed_days.clone(),
        orders: Orders::default(),
        hosts: scene.hosts.clone(),
        assets: scene.assets.clone(),
        cases: vec![],
        closed: vec![],
        forecasts: vec![],
        maintenance: vec![],
        records: BTreeMap::new(),
        acted: BTreeMap::new(),
        blind: vec![],
        elsewhere: Elsewhere::default(),
    };
    let rule: &&dyn Detector = detectors::ALL.iter().find(|rule| rule.kind() == FindingKind::HostSilent).unwrap();
    rule.detect(&input).iter().any(|finding| finding.severity == Severity::Act)
}

#[test]
fn a_day_is_read_as_measured_only_when_somebody_may_have_been_cut_off() {
    for folder in folders() {
        let (_, scene) = told(&folder);
        let days = site_view::days_to_read(&scene);
        for outage in SiteView::of(&scene).outages.iter().filter(|outage| outage.rounds > 0) {
            assert!(days.contains(&outage.from.day_start()), "{}", folder.display());
        }
    }
}
