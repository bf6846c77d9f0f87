//! Takes an asset out of service, such as a drive that was pulled out.

use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        ui::{
            page::{Answer, done},
            show::asset_href,
        },
    },
};
use axum::extract::{Path, State};
use beforehand_core::asset::AssetId;
use beforehand_shared::ids::ClientId;
use beforehand_store::AuditRow;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, asset)): Path<(ClientId, AssetId)>,
) -> Answer {
    let at = app.clock.now();
    app.store.retire_asset(client, &asset, at).await?;
    let what = format!("took {asset} out of service");
    app.store.audit(&AuditRow { at, who: session.user.email, what, client: Some(client) }).await?;
    done(&asset_href(client, &asset), "out_of_service")
}
