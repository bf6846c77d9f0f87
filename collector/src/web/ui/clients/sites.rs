//! Adds a site to a client.

use crate::{
    app::App,
    random,
    web::{
        error::WebError,
        ui::{
            form::{Fields, Typed},
            page::{Answer, done},
            show::client_href,
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_core::site::Site;
use beforehand_shared::ids::{ClientId, SiteId};

pub(crate) async fn post(State(app): State<App>, Path(client): Path<ClientId>, Form(fields): Form<Fields>) -> Answer {
    app.store.client(client).await?.ok_or_else(WebError::not_found)?;
    let name = Typed::new(fields).optional("name", 120);
    if name.is_empty() {
        return Err(WebError::bad_request("Go back and enter a name for the site."));
    }
    let id = SiteId(random::uuid(app.clock.now()).map_err(WebError::internal)?);
    app.store.insert_site(&Site { client, id, name }).await?;
    done(&client_href(client), "site")
}
