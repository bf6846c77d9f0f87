//! Enters what a user reported: who noticed what, when, on which asset, and what it cost.

use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            directory::Directory,
            filter::any_or,
            form::{Choice, Fields, Kind, Typed},
            form_page::FormPage,
            page::{Answer, Page, Section, done, html, refused},
            show::{Fact, plain_name},
        },
    },
};
use axum::{
    Form,
    extract::{Query, State},
};
use beforehand_core::{asset::AssetId, site::Site, ticket::UserReport};
use beforehand_shared::ids::ClientId;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    client: Option<ClientId>,
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let Some(client) = asked.client else { return html(&which_client(&session, &directory)) };
    let now = directory.present(client).calendar.local(directory.now).strftime("%Y-%m-%dT%H:%M").to_string();
    let typed = Typed::filled([("noticed", now), ("people", "1".to_owned()), ("in_scope", "yes".to_owned())]);
    html(&view(&app, &session, (&directory, client), typed).await?)
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Form(fields): Form<Fields>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut typed = Typed::new(fields);
    let client: ClientId = typed.raw("client").parse().map_err(|_| WebError::not_found())?;
    let report = read(&mut typed, &directory, client);
    let (Some(report), true) = (report, typed.is_right()) else {
        return refused(&view(&app, &session, (&directory, client), typed).await?);
    };
    app.store.insert_user_report(&report).await?;
    app.tasks.poke(crate::tasks::ACCOUNT);
    done("/reports", "report")
}

fn read(typed: &mut Typed, directory: &Directory, client: ClientId) -> Option<UserReport> {
    let calendar = directory.present(client).calendar;
    let noticed_at = typed.instant("noticed", &calendar);
    if noticed_at > directory.now {
        typed.refuse("noticed", "This lies in the future.");
    }
    let place = |word: &str| directory.chosen_site(word).filter(|site| site.client == client).map(|site| site.id);
    let site = typed.choice("site", place)?;
    let asset = Some(typed.raw("asset").to_owned()).filter(|asset| !asset.is_empty()).map(AssetId);
    Some(UserReport {
        client,
        number: 0,
        site,
        asset,
        who: typed.text("who", 120, "Enter who noticed it."),
        what: typed.text("what", 1000, "Enter what they noticed, in their words."),
        noticed_at,
        entered_at: directory.now,
        minutes_lost: typed.number("minutes", 0..=100_000),
        people: typed.number("people", 0..=100_000),
        in_scope: typed.checked("in_scope"),
    })
}

fn which_client(session: &Session, directory: &Directory) -> FormPage {
    let form = Typed::default();
    FormPage {
        page: Page::new(Section::Elsewhere, "What a user reported", session),
        intro: "Enter it even when we knew already: the time they noticed decides what counts.",
        fields: vec![form.field("client", "Client", Kind::Select(directory.client_choices()))],
        hidden: Vec::new(),
        form,
        method: "get",
        action: "/reports/new".to_owned(),
        submit: "Go on",
        back: "/reports".to_owned(),
    }
}

async fn view(
    app: &App,
    session: &Session,
    (directory, client): (&Directory, ClientId),
    typed: Typed,
) -> Result<FormPage, WebError> {
    let name = plain_name(directory.client(client)?);
    let sites: Vec<Choice> = directory
        .sites_of(client)
        .map(|site: &Site| Choice::new(super::super::directory::place_word(site), site.name.clone()))
        .collect();
    let assets = app.store.assets(client).await?;
    let assets = assets.into_iter().filter(|asset| asset.retired_at.is_none());
    let assets = any_or("not known", assets.map(|asset| Choice::new(asset.id.0, asset.name)));
    let fields = vec![
        typed.field("who", "Who noticed it?", Kind::Input("text")),
        typed.field("what", "What did they notice?", Kind::Lines).hint("In their words"),
        typed
            .field("noticed", "When did they notice it?", Kind::Input("datetime-local"))
            .hint("In the client's time zone"),
        typed.field("site", "Where?", Kind::Select(sites)),
        typed.field("asset", "On which asset?", Kind::Select(assets)),
        typed.field("minutes", "Minutes they were held up", Kind::Input("number")),
        typed.field("people", "How many people?", Kind::Input("number")),
        typed.field("in_scope", "Covered by the contract", Kind::Check),
    ];
    Ok(FormPage {
        page: Page::new(Section::Elsewhere, format!("What a user at {name} reported"), session),
        fields,
        hidden: vec![Fact { label: "client".to_owned(), value: client.to_string() }],
        form: typed,
        method: "post",
        submit: "Enter it",
        ..which_client(session, directory)
    })
}
