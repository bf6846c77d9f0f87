//! What a technician does about one watched printer: ask it now, ask it otherwise, leave it alone.

use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            form::{Fields, Kind, Typed},
            form_page::FormPage,
            page::{Answer, Page, Section, done, html, refused},
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use beforehand_store::{AdoptedPrinter, AuditRow};
use std::net::IpAddr;

/// Where a printer is in addresses of pages.
pub(crate) type Place = (ClientId, SiteId, IpAddr);

pub(super) fn href(printer: &AdoptedPrinter) -> String {
    format!("/clients/{}/printers/{}/{}", printer.client, printer.site, printer.address)
}

async fn find(app: &App, (client, site, address): Place) -> Result<AdoptedPrinter, WebError> {
    app.store.adopted_printer(client, site, address).await?.ok_or_else(WebError::not_found)
}

/// `…/ask`: the agent asks it with its next report, within three minutes.
pub(crate) async fn ask(
    RequireTechnician(_): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<Place>,
) -> Answer {
    let printer = find(&app, place).await?;
    app.store.wish_for_printer(&printer, app.clock.now()).await?;
    done(&format!("/clients/{}/printers", printer.client), "asked")
}

/// The form of `…/change`.
pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<Place>,
) -> Answer {
    let printer = find(&app, place).await?;
    let credential = printer.credential.clone().unwrap_or_default();
    let typed = Typed::filled([("name", printer.name.clone()), (super::credential::NAME, credential)]);
    html(&view(&app, &session, &printer, typed).await?)
}

/// `…/change`: its name, and how it lets itself be asked.
pub(crate) async fn change(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<Place>,
    Form(fields): Form<Fields>,
) -> Answer {
    let printer = find(&app, place).await?;
    let mut typed = Typed::new(fields);
    let name = typed.text("name", 100, "Enter a name.");
    let credential = super::credential::chosen(&mut typed, &app, printer.client).await?;
    if !typed.is_right() {
        return refused(&view(&app, &session, &printer, typed).await?);
    }
    let printer = AdoptedPrinter { name, credential, ..printer };
    app.store.change_printer(&printer).await?;
    audit(&app, &session, &printer, "changed how the printer is asked at", app.clock.now()).await?;
    done(&format!("/clients/{}/printers", printer.client), "saved")
}

/// `…/forget`: nobody asks it any more. What was measured stays.
pub(crate) async fn forget(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<Place>,
) -> Answer {
    let printer = find(&app, place).await?;
    app.store.forget_printer(&printer).await?;
    audit(&app, &session, &printer, "leaves alone the printer at", app.clock.now()).await?;
    done(&format!("/clients/{}/printers", printer.client), "left_alone")
}

async fn view(app: &App, session: &Session, printer: &AdoptedPrinter, form: Typed) -> Result<FormPage, WebError> {
    let fields = vec![
        form.field("name", "Name", Kind::Input("text")),
        super::credential::field(&form, app, printer.client).await?,
    ];
    Ok(FormPage {
        page: Page::new(Section::Clients, format!("The printer at {}", printer.address), session),
        intro: "What was measured of it stays. To have it asked at another address, leave this one alone and watch the other.",
        fields,
        hidden: Vec::new(),
        form,
        method: "post",
        action: format!("{}/change", href(printer)),
        submit: "Save",
        back: super::href(printer.client),
    })
}

async fn audit(
    app: &App,
    session: &Session,
    printer: &AdoptedPrinter,
    did: &str,
    at: Timestamp,
) -> Result<(), WebError> {
    let what = format!("{did} {}", printer.address);
    let row = AuditRow { at, who: session.user.email.clone(), what, client: Some(printer.client) };
    Ok(app.store.audit(&row).await?)
}
