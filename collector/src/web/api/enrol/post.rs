//! `POST /api/v1/enrol`: redeems a single-use token and makes the machine a host of its site.

use crate::{
    app::App,
    random,
    web::{api::body, error::WebError, peer::Peer},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use beforehand_shared::{
    enrol::{EnrolReply, EnrolRequest},
    ids::{HostId, Incarnation},
    text::clean,
    time::Timestamp,
};
use beforehand_store::{NewHost, Redeemed};

/// An enrolment is a handful of short strings.
const BODY_BYTES: usize = 16 * 1024;
const NAME_CHARS: usize = 120;

pub(in crate::web::api) async fn enrol(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EnrolReply>, WebError> {
    let now = app.clock.now();
    let _entered = app.gate.enter(address, now)?;
    let body = body::read(&app, &headers, body, BODY_BYTES).await?;
    let request: EnrolRequest = serde_json::from_slice(&body)
        .map_err(|error| WebError::bad_request(format!("The enrolment cannot be read: {error}.")))?;
    let host = new_host(&request, now)?;
    let incarnation = host.incarnation;
    let token_sha256 = random::sha256(request.token.trim().as_bytes());
    match app.store.redeem(&token_sha256, now, &host).await? {
        Redeemed::Done { client, site, host } => Ok(Json(EnrolReply {
            client: client.id,
            site: site.id,
            host,
            incarnation,
            client_name: client.name,
            site_name: site.name,
        })),
        Redeemed::Unknown => Err(refuse("unknown_token", "This token does not exist. Check that it was copied whole.")),
        Redeemed::Used => Err(refuse("used_token", "This token was used already. Make a new one for each machine.")),
        Redeemed::Expired => Err(refuse("expired_token", "This token has expired. Make a new one.")),
    }
}

/// The host that the request describes, every text of it cleaned.
fn new_host(request: &EnrolRequest, now: Timestamp) -> Result<NewHost, WebError> {
    let hash_like = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !hash_like(&request.secret_sha256) {
        return Err(WebError::bad_request("secret_sha256 is not a lower-case hexadecimal SHA-256."));
    }
    let name = clean(&request.host_name, NAME_CHARS);
    if name.is_empty() {
        return Err(WebError::bad_request("host_name is empty."));
    }
    Ok(NewHost {
        id: HostId(random::uuid(now).map_err(WebError::internal)?),
        name,
        os: clean(&request.os, NAME_CHARS),
        agent: clean(&request.agent, NAME_CHARS),
        secret_sha256: request.secret_sha256.clone(),
        machine: clean(&request.machine, NAME_CHARS),
        incarnation: Incarnation(random::uuid(now).map_err(WebError::internal)?),
    })
}

fn refuse(code: &'static str, message: &str) -> WebError {
    WebError::new(StatusCode::FORBIDDEN, code, message)
}
