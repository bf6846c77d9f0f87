//! The pages of drives, volumes and arrays tell a technician what is at stake and how sure it is.

use super::{
    get,
    world::{NOW, World},
};
use beforehand_core::{
    asset::AssetId,
    series::{Metric, Sample},
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
