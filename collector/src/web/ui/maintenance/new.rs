//! Announces work on a site.

use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        ui::{
            directory::Directory,
            form::{Fields, Kind, Typed},
            form_page::FormPage,
            page::{Answer, Page, Section, done, html, refused},
        },
    },
};
use axum::{Form, extract::State};
use beforehand_core::{calendar::Calendar, input::Maintenance};
use beforehand_store::MaintenanceRow;

pub(crate) async fn get(RequireTechnician(session): RequireTechnician, State(app): State<App>) -> Answer {
    html(&view(&session, &Directory::load(&app).await?, Typed::default()))
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Form(fields): Form<Fields>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut typed = Typed::new(fields);
    let row = read(&mut typed, &directory, &session);
    let (Some(row), true) = (row, typed.is_right()) else {
        return refused(&view(&session, &directory, typed));
    };
    app.store.insert_maintenance(&row).await?;
    done("/maintenance", "maintenance")
}

fn read(typed: &mut Typed, directory: &Directory, session: &Session) -> Option<MaintenanceRow> {
    let site = typed.choice("site", |word| directory.chosen_site(word).cloned());
    let zone =
        site.as_ref().and_then(|site| directory.clients.get(&site.client)).map_or("UTC", |client| &client.time_zone);
    let calendar = Calendar::new(zone);
    let (from, to) = (typed.instant("from", &calendar), typed.instant("to", &calendar));
    if from >= to {
        typed.refuse("to", "The end lies before the beginning.");
    }
    let why = typed.text("why", 300, "Say what is being done.");
    let site = site?;
    Some(MaintenanceRow {
        client: site.client,
        site: site.id,
        maintenance: Maintenance { from, to, asset: None, why },
        by: session.user.name.clone(),
        entered_at: directory.now,
    })
}

fn view(session: &Session, directory: &Directory, form: Typed) -> FormPage {
    FormPage {
        page: Page::new(Section::Elsewhere, "Announce work", session),
        intro: "While it runs, findings on the site are kept, but nobody is called and nothing counts as prevented.",
        fields: vec![
            form.field("site", "Where", Kind::Select(directory.site_choices())),
            form.field("from", "From", Kind::Input("datetime-local")).hint("In the client's time zone"),
            form.field("to", "To", Kind::Input("datetime-local")),
            form.field("why", "What is being done", Kind::Lines),
        ],
        hidden: Vec::new(),
        form,
        method: "post",
        action: "/maintenance/new".to_owned(),
        submit: "Announce it",
        back: "/maintenance".to_owned(),
    }
}
