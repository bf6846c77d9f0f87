//! The pages of drives, volumes and arrays tell a technician what is at stake and how sure it is.

use super::{
    get,
    world::{NOW, World},
};
use beforehand_core::{
    analyze::Verdict as Decided,
    asset::AssetId,
    case::{Case, CaseChange, CaseEvent, CaseId, Reason, TicketAction},
    finding::FindingKind,
    forecast::{Chance, Forecast, ForecastId, ForecastResult, Outlook, Resolution},
    series::{Metric, Sample},
    site::Site,
    unpack::FactUpdate,
};
use beforehand_shared::{
    array::{Array, ArrayState, Member, MemberState},
    asset::AssetKind,
    drive::{Drive, DriveKind, Verdict},
    ids::SiteId,
    observation::Observation,
    time::Millis,
};
use beforehand_store::Digest;
use uuid::Uuid;

const HOSTILE: &str = "<script>alert(1)</script>";

/// Shows the collector an asset and what it counted, by hours ago.
async fn seen(
    world: &World,
    (kind, key): (AssetKind, &str),
    facts: Observation,
    counted: &[(Metric, Vec<(i64, f64)>)],
) {
    let asset = AssetId::new(kind, world.host, key);
    let sample = |&(ago, value): &(i64, f64)| Sample { at: NOW.minus(Millis::hours(ago)), value };
    let samples = counted
        .iter()
        .map(|(metric, values)| (asset.clone(), metric.clone(), values.iter().map(sample).collect::<Vec<_>>()));
    let digest = Digest {
        client: world.client,
        site: SiteId(Uuid::from_u128(2)),
        frames: Vec::new(),
        host_updates: Vec::new(),
        samples: samples.collect(),
        facts: vec![FactUpdate { asset, host: world.host, at: NOW, name: key.to_owned(), observation: facts }],
        gaps: Vec::new(),
        found: Vec::new(),
        changes: Vec::new(),
    };
    world.app.store.digest(&digest).await.unwrap();
}

fn drive(kind: DriveKind) -> Drive {
    Drive {
        key: "d1".to_owned(),
        device: "/dev/sda".to_owned(),
        model: Some(format!("Example 4TB {HOSTILE}")),
        serial: Some("WX1".to_owned()),
        firmware: Some(HOSTILE.to_owned()),
        kind,
        verdict: Verdict::Passed,
        power_on_hours: Some(26_298),
        host_written_bytes: Some(41_000_000_000_000),
        ..Drive::default()
    }
}

/// Twice a day for 40 days: `before` until ten days ago, `after` since.
fn stepped(before: f64, after: f64) -> Vec<(i64, f64)> {
    (0..80).rev().map(|half| half * 12).map(|ago| (ago, if ago < 240 { after } else { before })).collect()
}

async fn page(world: &World, (kind, key): (AssetKind, &str)) -> String {
    let asset = AssetId::new(kind, world.host, key);
    let (status, body) = get(world, &world.owner, &crate::web::ui::show::asset_href(world.client, &asset)).await;
    assert_eq!(status, axum::http::StatusCode::OK, "{body}");
    assert!(!body.contains("<script>"), "{body}");
    body
}

fn holds(page: &str, all: &[&str]) {
    for words in all {
        assert!(page.contains(words), "{words:?} is not in {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_begins_to_fail_shows_its_chance_and_the_count_that_grew() {
    let world = World::new("D:").await;
    let counted = [
        (Metric::PendingSectors, stepped(0.0, 24.0)),
        (Metric::ReallocatedSectors, stepped(0.0, 0.0)),
        (Metric::MediaErrors, vec![(30, 1.0), (2, 3.0)]),
    ];
    let id = (AssetKind::Drive, "d1");
    seen(&world, id, Observation::Drive(Box::new(drive(DriveKind::Hdd))), &counted).await;
    let page = page(&world, id).await;
    holds(&page, &["Chance to fail: ", "within 30 days, ", "it has sectors that it cannot read"]);
    holds(&page, &["Chance to fail within 90 days", "The same as a table", "+24", "not watched so long"]);
    holds(&page, &["None of these: sectors reallocated.", "26298 hours", "3.0 years", "41 TB", "WX1"]);
    holds(&page, &["About 31 in 100 failing hard drives announce themselves nowhere."]);
}

/// A ticket about the drive `d1`, a forecast of 100 days ago that did not come true, and one of five days ago.
async fn foreseen(world: &World) -> i64 {
    let site = Site { client: world.client, id: SiteId(Uuid::from_u128(2)), name: "Head office".to_owned() };
    let asset = AssetId::new(AssetKind::Drive, world.host, "d1");
    let kind = FindingKind::DriveFailure;
    let mut case = Case {
        id: CaseId::new(world.client, &asset, kind, NOW),
        asset: asset.clone(),
        kind,
        ..world.case(&site, "d1")
    };
    case.latest.evidence.chart = None;
    case.latest.outlook = Some(chances(0.21, 0.43));
    let forecast = |ago: i64| Forecast {
        id: ForecastId(format!("d{ago}")),
        client: world.client,
        site: site.id,
        asset: asset.clone(),
        kind,
        case: case.id.clone(),
        made_at: NOW.minus(Millis::days(ago)),
        outlook: chances(0.21, 0.43),
        result: None,
    };
    let miss = Resolution { at: NOW.minus(Millis::days(10)), result: ForecastResult::Miss, tracked: true, onset: None };
    let event = CaseEvent { at: NOW, reason: Reason::Found, sentence: "d1".to_owned() };
    let verdict = Decided {
        changes: vec![CaseChange { case: case.clone(), event, ticket: TicketAction::Open }],
        forecasts: vec![forecast(100), forecast(5)],
        resolutions: vec![(ForecastId("d100".to_owned()), miss)],
    };
    world.app.store.apply(&site, &verdict, NOW).await.unwrap();
    world.app.store.ticket_of_case(world.client, &case.id).await.unwrap().unwrap().ticket.number
}

fn chances(month: f64, quarter: f64) -> Outlook {
    let chances = [(30, month), (90, quarter)].map(|(days, p)| Chance { within: Millis::days(days), p });
    let (method, fan) = ("drive_failure/card/1".to_owned(), Vec::new());
    Outlook { method, chances: chances.to_vec(), q10: None, q50: None, q90: None, fan, need: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_shows_what_was_said_of_it_what_came_and_its_own_verdict_last() {
    let world = World::new("D:").await;
    let id = (AssetKind::Drive, "d1");
    let counted = [(Metric::PendingSectors, stepped(0.0, 24.0))];
    seen(&world, id, Observation::Drive(Box::new(drive(DriveKind::Hdd))), &counted).await;
    let number = foreseen(&world).await;
    let page = page(&world, id).await;
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words:?} is not in {page}"));
    assert!(at("Chance to fail: ") < at("Its own verdict still says healthy."));
    assert!(!page.contains("ealthy by its own verdict"), "{page}");
    holds(&page, &["fails with a chance of 21 % within 30 days; its own verdict still says healthy"]);
    holds(&page, &["said then", "worked out today", "The table says which is which."]);
    holds(&page, &["2 forecasts: 1 did not, 1 still to be seen.", "no date, chances alone"]);
    holds(&page, &["missed: it had not failed by", "Within 90 days: 43 % foreseen on average, 0 % came"]);
    let ticket = crate::web::ui::show::ticket_href(world.client, number);
    let (_, ticket) = get(&world, &world.owner, &ticket).await;
    holds(&ticket, &["Its chances at this client, and what came:", "over 1 forecast of 1 asset."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flash_drive_gets_no_made_up_chance_and_an_asleep_one_is_not_called_healthy() {
    let world = World::new("D:").await;
    let asleep = Drive { verdict: Verdict::Asleep, ..drive(DriveKind::Nvme) };
    let id = (AssetKind::Drive, "d1");
    seen(&world, id, Observation::Drive(Box::new(asleep)), &[]).await;
    let page = page(&world, id).await;
    holds(&page, &["No chance is given", "Nothing yet: its counts stand here"]);
    assert!(!page.contains("ealthy by its own verdict") && !page.contains("Chance to fail: "), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_shows_each_forecast_as_it_was_made_and_whether_it_came_true() {
    let world = World::new("D:").await;
    let page = page(&world, (AssetKind::Volume, "D:")).await;
    holds(&page, &["1 forecast: 1 still to be seen.", "forecast of today 10:00", "50 % within 7 days"]);
    holds(&page, &["(80 %)", "It takes writes.", "What to do", "Move the scans", "Ticket 1: ", "/1\">Ticket"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_nobody_foresees_says_why() {
    let world = World::new("D:").await;
    let id = (AssetKind::Volume, "E:");
    let facts =
        beforehand_shared::volume::Volume { mount: "E:".to_owned(), turned_read_only: true, ..Default::default() };
    seen(&world, id, Observation::Volume(facts), &[]).await;
    holds(&page(&world, id).await, &["it needs three days of history", "It takes no writes any more"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_array_leads_to_the_drives_of_its_members_and_says_what_the_next_failure_does() {
    let world = World::new("D:").await;
    seen(&world, (AssetKind::Drive, "d1"), Observation::Drive(Box::new(drive(DriveKind::Hdd))), &[]).await;
    let member = |name: &str, serial: &str, state| Member {
        name: name.to_owned(),
        serial: Some(serial.to_owned()),
        state,
        ..Member::default()
    };
    let array = Array {
        name: "md0".to_owned(),
        state: ArrayState::Rebuilding { percent: Some(62.0), minutes_left: Some(80) },
        tolerates: Some(0),
        missing: 1,
        members: vec![member("sda1", "wx1 ", MemberState::Working), member("sdb1", HOSTILE, MemberState::Rebuilding)],
        ..Array::default()
    };
    let id = (AssetKind::Array, "md0");
    seen(&world, id, Observation::Array(array), &[]).await;
    let page = page(&world, id).await;
    holds(
        &page,
        &["Rebuilding (62 % done)", "Ready in 1 hour 20 minutes", "One more failed drive loses what is on it."],
    );
    let drive = crate::web::ui::show::asset_href(world.client, &AssetId::new(AssetKind::Drive, world.host, "d1"));
    holds(&page, &[&format!("<a href=\"{drive}\">"), "is being filled", "No spare waits"]);
}
