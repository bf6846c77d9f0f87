//! Saves what the contract says about an asset.

use super::get::again;
use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        ui::{
            form::{Fields, Typed},
            page::{Answer, done},
            show::asset_href,
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_core::asset::AssetId;
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, asset)): Path<(ClientId, AssetId)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let people = match typed.raw("people").trim() {
        "" => None,
        _ => Some(typed.number("people", 0..=100_000)),
    };
    if !typed.is_right() {
        return again(&app, &session, (client, &asset), &typed).await;
    }
    app.store.set_people(client, &asset, people).await?;
    app.store.set_scope(client, &asset, typed.checked("in_scope")).await?;
    done(&asset_href(client, &asset), "saved")
}
