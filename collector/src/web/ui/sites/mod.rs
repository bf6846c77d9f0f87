//! One site: how it is connected, who is on, and what is to be said to whoever runs its line.

mod changes;
pub(crate) mod evidence;
mod gather;
pub(crate) mod get;
pub(crate) mod line;
mod machines;
mod outages;
mod services;
mod way;

use beforehand_shared::ids::{ClientId, SiteId};

pub(crate) fn href(client: ClientId, site: SiteId) -> String {
    format!("/clients/{client}/sites/{site}")
}

/// Leads to the evidence of a case about a connection.
pub(crate) fn evidence_href(client: ClientId, site: SiteId, case: &beforehand_core::case::CaseId) -> String {
    format!("{}/evidence?case={case}", href(client, site))
}
