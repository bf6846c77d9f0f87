//! `GET /healthz`: whether reports can be kept. For load balancers and process supervisors.

use crate::{app::App, web::error::WebError};
use axum::extract::State;

pub(super) async fn get(State(app): State<App>) -> Result<&'static str, WebError> {
    app.store.schema_version().await?;
    Ok("ok\n")
}
