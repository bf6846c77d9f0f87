//! `GET /api/v1/update`: the signed index, for a host whose turn it is.

use crate::{
    app::App,
    ingest::identity,
    releases::RolloutError,
    web::{error::WebError, peer::Peer},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

pub(in crate::web::api) async fn offer(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let _entered = app.gate.enter(address, app.clock.now())?;
    let host = identity::authenticate(&app, &headers).await?;
    match app.rollouts.current(&app).await? {
        Some(current) if current.is_offered_to(host.key.host) => Ok(Json(&current.release.offer).into_response()),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

impl From<RolloutError> for WebError {
    fn from(error: RolloutError) -> Self {
        match error {
            RolloutError::Store(error) => error.into(),
            RolloutError::Release(error) => Self::internal(error),
        }
    }
}
