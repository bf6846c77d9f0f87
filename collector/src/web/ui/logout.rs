//! Signing out.

use crate::{
    app::App,
    web::{
        auth::{Session, login::logout},
        ui::page::Answer,
    },
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};

pub(crate) async fn post(State(app): State<App>, session: Session) -> Answer {
    let cookie = logout(&app, &session).await?;
    Ok((cookie, Redirect::to("/login?done=out")).into_response())
}
