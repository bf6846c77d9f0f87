//! Has a printer of a client watched over the network, and changes how.

use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            directory::Directory,
            form::{Choice, Fields, Kind, Typed},
            form_page::FormPage,
            page::{Answer, Page, Section, done, html, refused},
        },
    },
};
use axum::{
    Form,
    extract::{Path, Query, State},
};
use beforehand_shared::{ids::ClientId, settings};
use beforehand_store::{AdoptedPrinter, AuditRow, StoreError};
use serde::Deserialize;
use std::net::IpAddr;

/// What is known of it already, such as of a printer that an agent found.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    #[serde(default)]
    address: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    site: String,
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(client): Path<ClientId>,
    Query(known): Query<Known>,
) -> Answer {
    let typed = Typed::filled([("address", known.address), ("name", known.name), ("site", known.site)]);
    html(&view(&app, &session, client, typed).await?)
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(client): Path<ClientId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    directory.client(client)?;
    let mut typed = Typed::new(fields);
    let printer = read(&mut typed, &app, &directory, &session, client).await?;
    let (Some(printer), true) = (printer, typed.is_right()) else {
        return refused(&view(&app, &session, client, typed).await?);
    };
    match app.store.adopt_printer(&printer).await {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => {
            typed.refuse("address", "This site has a printer at this address already.");
            return refused(&view(&app, &session, client, typed).await?);
        }
        Err(error) => return Err(error.into()),
    }
    app.tasks.poke(crate::tasks::SHARE);
    let what = format!("has the printer at {} watched", printer.address);
    app.store.audit(&AuditRow { at: directory.now, who: session.user.email, what, client: Some(client) }).await?;
    done(&format!("/clients/{client}/printers"), "adopted")
}

async fn read(
    typed: &mut Typed,
    app: &App,
    directory: &Directory,
    session: &Session,
    client: ClientId,
) -> Result<Option<AdoptedPrinter>, WebError> {
    let sites: Vec<_> = directory.sites_of(client).collect();
    let site = typed.choice("site", |word| sites.iter().find(|site| site.id.to_string() == word).map(|site| site.id));
    let address = typed.raw("address").trim().parse::<IpAddr>().ok();
    match address {
        Some(address) if settings::is_local(address) => {}
        Some(_) => typed
            .refuse("address", "This is no address of a local network. Agents ask printers in their own office only."),
        None => typed.refuse("address", "Enter an address such as 192.168.1.40."),
    }
    let name = typed.text("name", 100, "Enter a name, such as: printer at the front desk.");
    let credential = super::credential::chosen(typed, app, client).await?;
    let (Some(site), Some(address)) = (site, address) else { return Ok(None) };
    Ok(Some(AdoptedPrinter {
        client,
        site,
        address,
        name,
        credential,
        adopted_at: directory.now,
        adopted_by: session.user.name.clone(),
        asked_by: None,
        asked_since: None,
        turns: 0,
        wish: 0,
        wished_at: None,
    }))
}

async fn view(app: &App, session: &Session, client: ClientId, form: Typed) -> Result<FormPage, WebError> {
    let directory = Directory::load(app).await?;
    directory.client(client)?;
    let sites = directory.sites_of(client).map(|site| Choice::new(site.id.to_string(), site.name.clone())).collect();
    let fields = vec![
        form.field("site", "Site", Kind::Select(sites)),
        form.field("address", "Address", Kind::Input("text"))
            .hint("Give it a fixed one in the router, so that it stays"),
        form.field("name", "Name", Kind::Input("text")),
        super::credential::field(&form, app, client).await?,
    ];
    Ok(FormPage {
        page: Page::new(Section::Clients, "Watch a printer", session),
        intro: "One agent of the site asks it now and then by SNMP and IPP, gently enough to let it sleep. When that machine goes, another takes over.",
        fields,
        hidden: Vec::new(),
        form,
        method: "post",
        action: format!("/clients/{client}/printers/new"),
        submit: "Watch it",
        back: super::href(client),
    })
}
