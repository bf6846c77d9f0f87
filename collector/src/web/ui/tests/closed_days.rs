//! Closed days are typed or taken from a file, looked at, and shown on the client's page.

use super::{answer, get, world::World};
use crate::closed_days::lines;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

const CALENDAR: &str = include_str!("../../../closed_days/testdata/holidays_of_a_government.ics");

/// The form as a browser sends it.
async fn send(world: &World, days: &str, file: &str) -> (StatusCode, String) {
    let part = |name: &str, text: &str| format!("--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{text}\r\n");
    let body = format!("{}{}--b--\r\n", part("\"days\"", days), part("\"file\"; filename=\"a.ics\"", file));
    let request = Request::post(format!("/clients/{}/closed-days", world.client))
        .header(header::COOKIE, &world.owner)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    answer(world, request.body(Body::from(body)).unwrap()).await
}

async fn kept(world: &World) -> String {
    lines::typed(&world.app.store.client(world.client).await.unwrap().unwrap().closed_days)
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_days_are_typed_and_the_next_three_stand_on_the_clients_page() {
    let world = World::new("C:").await;
    let page = format!("/clients/{}", world.client);
    assert!(get(&world, &world.owner, &page).await.1.contains("None to come."));
    let days = "2026-01-01 Long past\n2026-12-24 – 2027-01-01 Between the years\n2027-03-26 Good Friday\r\n\
        2027-03-29 <b>Easter</b>\n2027-05-17 Whit Monday\n";
    let (status, body) = send(&world, days, "").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(kept(&world).await, days.replace('\r', ""));
    let (_, body) = get(&world, &world.owner, &page).await;
    let shown =
        ["24 December 2026 to 1 January 2027: Between the years", "26 March 2027: Good Friday", "Easter&#60;/b&#62;"];
    assert!(shown.iter().all(|day| body.contains(day)) && !body.contains("<b>Easter"), "{body}");
    assert!(!body.contains("Long past") && !body.contains("Whit Monday"), "{body}");
    let (_, viewed) = get(&world, &world.viewer, &page).await;
    assert!(viewed.contains("Good Friday") && !viewed.contains("/closed-days"), "{viewed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_line_is_named_and_what_was_typed_stays() {
    let world = World::new("C:").await;
    let (status, body) = send(&world, "2026-12-25 Christmas Day\nsome day <script>", "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Line 2: begin with a date such as 2026-12-25."), "{body}");
    assert!(body.contains("2026-12-25 Christmas Day\nsome day &#60;script&#62;"), "{body}");
    assert_eq!(kept(&world).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_file_are_added_to_the_list_and_saved_when_somebody_has_looked() {
    let world = World::new("C:").await;
    let (status, body) = send(&world, "2026-11-30 Inventory", CALENDAR).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let list =
        "2025-01-01 New Year of last year\n2026-11-30 Inventory\n2026-12-25 Christmas Day\n2027-05-17 Whit Monday\n";
    assert!(body.contains("3 entries added from the file, and not saved yet.") && body.contains(list), "{body}");
    assert_eq!(kept(&world).await, "", "nothing is saved yet");
    let (status, _) = send(&world, list, "").await;
    assert_eq!((status, kept(&world).await.as_str()), (StatusCode::SEE_OTHER, list));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_calendar_or_too_large_is_said_beside_the_file() {
    let world = World::new("C:").await;
    let large = format!("BEGIN:VCALENDAR\r\n{}", "X:y\r\n".repeat(250_000));
    for (file, why) in [("%PDF-1.7", "This is not a calendar file (.ics)"), (&large, "The file is larger than 1 MiB.")]
    {
        let (status, body) = send(&world, "2026-11-30 Inventory", file).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains(why) && body.contains("2026-11-30 Inventory"), "{body}");
    }
    let (status, _) = send(&world, "", &"x".repeat(3 << 20)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, body) =
        super::post(&world, &world.owner, &format!("/clients/{}/closed-days", world.client), "days=").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
}
