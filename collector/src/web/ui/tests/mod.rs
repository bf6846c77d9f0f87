//! Pages as a whole: each renders on a real store, hostile text stays text, and roles hold.

mod closed_days;
mod disks;
mod sites;
mod world;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tower::ServiceExt;
use world::World;

/// Those without an identifier.
const PLAIN: [&str; 25] = [
    "/",
    "/tickets",
    "/tickets?state=all&severity=soon&text=d",
    "/tickets?as=csv&state=all",
    "/hosts",
    "/hosts?as=csv",
    "/hosts?state=unseen",
    "/clients",
    "/clients/new",
    "/provider",
    "/provider?as=csv",
    "/statements",
    "/statements?as=csv",
    "/mails",
    "/reports",
    "/reports?as=csv",
    "/reports/new",
    "/enrol",
    "/maintenance",
    "/maintenance/new",
    "/users",
    "/tasks",
    "/search?q=FRONT",
    "/search",
    "/account",
];

/// Pages that must stand, with the world's identifiers put in.
fn addresses(world: &World) -> Vec<String> {
    let (client, host, site) = (world.client, world.host, uuid::Uuid::from_u128(2));
    let asset = super::show::encode(&world.volume.0);
    let of_client =
        ["", "/edit", "/ledger", "/ledger?outcome=prevented&as=csv"].map(|rest| format!("/clients/{client}{rest}"));
    let others = [
        format!("/tickets/{client}/1"),
        format!("/hosts/{client}/{host}"),
        format!("/assets/{client}/{asset}"),
        format!("/ledger/{client}/1"),
        format!("/reports/new?client={client}"),
        format!("/statements/{client}/2026-10"),
        format!("/hosts?client={client}&state=&text="),
        format!("/clients/{client}/closed-days"),
        format!("/clients/{client}/sites/{site}"),
        format!("/clients/{client}/sites/{site}/line"),
    ];
    PLAIN.iter().map(ToString::to_string).chain(of_client).chain(others).collect()
}

async fn get(world: &World, cookie: &str, address: &str) -> (StatusCode, String) {
    let request = Request::get(address).header(header::COOKIE, cookie).header(header::ACCEPT, "text/html");
    answer(world, request.body(Body::empty()).unwrap()).await
}

async fn post(world: &World, cookie: &str, address: &str, form: &str) -> (StatusCode, String) {
    let request = Request::post(address)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(world, request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn answer(world: &World, request: Request<Body>) -> (StatusCode, String) {
    let response = crate::web::router(&world.app).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 8 << 20).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_stands_and_hostile_text_stays_text() {
    let world = World::new("<script>alert(1)</script>\"'><img src=x onerror=alert(2)>").await;
    for address in addresses(&world) {
        let (status, body) = get(&world, &world.owner, &address).await;
        assert_eq!(status, StatusCode::OK, "{address}: {body}");
        if address.contains("as=csv") {
            continue;
        }
        assert!(!body.contains("<script>") && !body.contains("<img"), "{address}: {body}");
        assert!(!body.contains(" style=") && !body.contains(" onclick="), "{address} breaks the content policy");
        assert_eq!(body.matches("<h1").count(), 1, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_collector_has_designed_pages_too() {
    let world = World::empty().await;
    for address in [
        "/",
        "/tickets",
        "/hosts",
        "/clients",
        "/statements",
        "/mails",
        "/reports",
        "/enrol",
        "/provider",
        "/maintenance",
    ] {
        let (status, body) = get(&world, &world.owner, address).await;
        assert_eq!(status, StatusCode::OK, "{address}: {body}");
        assert!(body.contains("class=\"calm\""), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_works_a_ticket_and_a_viewer_only_looks() {
    let world = World::new("C:").await;
    let ticket = format!("/tickets/{}/1", world.client);
    let work = "text=Moved+the+scans&minutes=20&acted=yes";
    let (status, _) = post(&world, &world.viewer, &format!("{ticket}/work"), work).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, page) = get(&world, &world.viewer, &ticket).await;
    assert!(!page.contains("Log it") && !page.contains("I have it"));

    let (status, body) = post(&world, &world.owner, &format!("{ticket}/work"), "text=&minutes=x").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.contains("Say in a few words what was done.") && body.contains("Enter a number from 0 to 1440."),
        "{body}"
    );

    for (step, form) in [("acknowledge", ""), ("work", work), ("resolve", "verdict=fixed")] {
        let (status, body) = post(&world, &world.owner, &format!("{ticket}/{step}"), form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{step}: {body}");
    }
    let (_, page) = get(&world, &world.owner, &ticket).await;
    assert!(page.contains("Moved the scans") && page.contains("20\u{a0}min") && page.contains("acted"), "{page}");
    assert!(page.contains("Fixed: something was done about it"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_filter_by_their_address() {
    let world = World::new("D:").await;
    let (_, all) = get(&world, &world.owner, "/tickets?state=all").await;
    assert!(all.contains("Ticket") || all.contains("data-open"), "{all}");
    for none in [
        "/tickets?state=resolved",
        "/tickets?text=nothing-like-this",
        "/tickets?client=00000000-0000-0000-0000-000000000000",
    ] {
        let (_, page) = get(&world, &world.owner, none).await;
        assert!(page.contains("No ticket fits."), "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_outcome_needs_a_reason_and_becomes_a_new_entry() {
    let world = World::new("D:").await;
    let entry = format!("/ledger/{}/1", world.client);
    let (status, _) = post(&world, &world.owner, &entry, "outcome=not_needed&reason=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = post(&world, &world.owner, &entry, "outcome=not_needed&reason=It+went+away").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = get(&world, &world.owner, &entry).await;
    assert!(page.contains("has replaced this one"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_added_and_a_machine_enrolled() {
    let world = World::empty().await;
    let form = "name=Harbour+Dental&site=Head+office&time_zone=Europe%2FZurich&currency=CHF&fee_per_month=480&included_hours=2\
        &list_rate_per_hour=120&call_out=90&wage_per_hour=45&revenue_per_hour=600&people=9&emails=owner%40harbour.example&day=3&hour=8\
        &delivery_days=4&margin_days=2&together_days=0";
    let (status, body) = post(&world, &world.owner, "/clients/new", form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let client = world.app.store.clients().await.unwrap().remove(0);
    assert_eq!((client.contract.fee_per_month, client.contract.people), (48_000, 9));
    assert_eq!(client.orders.delivery_days, 4);
    let site = world.app.store.sites(client.id).await.unwrap().remove(0);
    let (status, body) = post(&world, &world.owner, "/enrol", &format!("site={}.{}", client.id, site.id)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("beforehand-agent enrol --server"), "{body}");
    assert_eq!(world.app.store.enrol_tokens(client.id).await.unwrap().len(), 1);
}
