//! The router: the API for agents and the pages for people.

pub mod api;
pub mod auth;
mod download;
pub mod error;
mod headers;
pub mod pages;
pub mod peer;
pub mod routes;
pub mod server;
pub mod ui;

use crate::app::App;
use axum::{Router, middleware};
use routes::{Route, Routes};

/// Everything that is served.
pub fn router(app: &App) -> Router {
    let pages = pages::wrap(ui::routes().router, app);
    Router::new()
        .merge(pages)
        .merge(api::wrap(api::routes().router))
        .fallback(pages::nothing_here)
        .layer(middleware::from_fn(pages::explain))
        .layer(middleware::from_fn_with_state(app.clone(), headers::secure))
        .with_state(app.clone())
}

/// Every route with who may call it, as mounted by [`router`].
pub fn routes() -> Vec<Route> {
    let Routes { list, .. } = api::routes().merge(ui::routes());
    list
}
