//! `GET /api/v1/settings`: what this host is handed, with its secrets unsealed.

use crate::{
    app::App,
    ingest::identity,
    web::{error::WebError, peer::Peer},
};
use axum::{Json, extract::State, http::HeaderMap};
use beforehand_shared::{
    limits,
    settings::{HandedSettings, PrinterToAsk, SnmpAccess},
};
use beforehand_store::AdoptedPrinter;

pub(in crate::web::api) async fn handed(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
) -> Result<Json<HandedSettings>, WebError> {
    let _entered = app.gate.enter(address, app.clock.now())?;
    let host = identity::authenticate(&app, &headers).await?;
    let handout = app.store.handout(host.key).await?;
    let printers = handout.printers.into_iter().take(limits::PRINTERS_TO_ASK);
    let printers = printers.filter_map(|(printer, sealed)| to_ask(&app, &printer, sealed.as_deref())).collect();
    Ok(Json(HandedSettings { revision: handout.revision, printers, network: handout.network }))
}

/// Nothing for a printer whose secret cannot be unsealed: the others are handed all the same.
fn to_ask(app: &App, printer: &AdoptedPrinter, sealed: Option<&[u8]>) -> Option<PrinterToAsk> {
    let snmp = match sealed {
        None => SnmpAccess::default(),
        Some(sealed) => match app.vault.open(printer.client, sealed) {
            Ok(access) => access,
            Err(error) => {
                tracing::error!(printer = %printer.address, %error, "a credential cannot be unsealed");
                return None;
            }
        },
    };
    Some(PrinterToAsk { address: printer.address, snmp, wish: printer.wish })
}
