//! The API: what agents and programs call. One operation per file; URL and file match.

mod body;
mod enrol;
mod healthz;
mod install;
mod metrics;
mod reports;
mod settings;
mod update;

use super::{
    pages,
    routes::{Access, Routes},
};
use crate::app::App;
use axum::Router;
use beforehand_shared::{
    enrol::{ENROL_PATH, REPORTS_PATH},
    settings::SETTINGS_PATH,
    update::OFFER_PATH,
};

pub fn routes() -> Routes {
    Routes::new()
        .post(REPORTS_PATH, Access::Agent, reports::post::report)
        .get(SETTINGS_PATH, Access::Agent, settings::get::handed)
        .post(ENROL_PATH, Access::Public, enrol::post::enrol)
        .get(OFFER_PATH, Access::Agent, update::get::offer)
        .get("/api/v1/update/files/{name}", Access::Agent, update::files::file)
        .get("/install/{name}", Access::Public, install::get::file)
        .get("/healthz", Access::Public, healthz::get)
        .get("/metrics", Access::Local, metrics::get)
}

pub(super) fn wrap(api: Router<App>) -> Router<App> {
    api.method_not_allowed_fallback(pages::wrong_method)
}
