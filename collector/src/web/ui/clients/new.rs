//! Adds a client with its first site.

use super::fields::{self, Group};
use crate::{
    app::App,
    random,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            form::{Fields, Kind, Typed},
            page::{Answer, Page, Section, done, html, refused},
            show::client_href,
        },
    },
};
use askama::Template;
use axum::{Form, extract::State};
use beforehand_core::{
    closed::ClosedDays,
    site::{Client, Contract, Delivery, Orders, Site},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};

/// What a new client's form begins with.
const DEFAULTS: [(&str, &str); 8] = [
    ("time_zone", "Europe/Berlin"),
    ("currency", "EUR"),
    ("day", "3"),
    ("hour", "8"),
    ("hold", "yes"),
    ("delivery_days", "3"),
    ("margin_days", "2"),
    ("together_days", "0"),
];

#[derive(Template)]
#[template(path = "clients/form.html")]
pub(super) struct View {
    pub(super) page: Page,
    pub(super) form: Typed,
    pub(super) groups: Vec<Group>,
    pub(super) action: String,
    pub(super) submit: &'static str,
    pub(super) back: String,
}

pub(crate) async fn get(RequireTechnician(session): RequireTechnician) -> Answer {
    html(&view(&session, Typed::filled(DEFAULTS.map(|(name, value)| (name, value.to_owned())))))
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Form(fields): Form<Fields>,
) -> Answer {
    let now = app.clock.now();
    let mut typed = Typed::new(fields);
    let id = ClientId(random::uuid(now).map_err(WebError::internal)?);
    let client = fields::read(&mut typed, blank(id, now));
    let name = typed.text("site", 120, "Enter a name for the first site, such as Head office.");
    if !typed.is_right() {
        return refused(&view(&session, typed));
    }
    let site = SiteId(random::uuid(now).map_err(WebError::internal)?);
    app.store.insert_client(&client).await?;
    app.store.insert_site(&Site { client: id, id: site, name }).await?;
    done(&client_href(id), "client")
}

fn view(session: &Session, typed: Typed) -> View {
    let mut groups = fields::groups(&typed);
    if let Some(first) = groups.first_mut() {
        first.fields.push(typed.field("site", "First site", Kind::Input("text")).hint("Such as Head office"));
    }
    View {
        page: Page::new(Section::Clients, "New client", session),
        groups,
        form: typed,
        action: "/clients/new".to_owned(),
        submit: "Add the client",
        back: "/clients".to_owned(),
    }
}

/// What the form does not ask for.
fn blank(id: ClientId, created_at: Timestamp) -> Client {
    let contract = Contract {
        fee_per_month: 0,
        list_rate_per_hour: 0,
        included_hours: 0.0,
        wage_per_hour: 0,
        revenue_per_hour: 0,
        call_out: 0,
        people: 0,
    };
    let delivery = Delivery { emails: Vec::new(), day: 1, hour: 0, hold_for_review: true };
    let (name, time_zone, currency) = (String::new(), String::new(), String::new());
    Client {
        id,
        name,
        time_zone,
        currency,
        created_at,
        simulated: false,
        updates: false,
        orders: Orders::default(),
        closed_days: ClosedDays::default(),
        contract,
        delivery,
    }
}
