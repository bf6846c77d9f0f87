//! The days on which nobody is at a client: typed, or taken from a calendar file.

use crate::{
    app::App,
    closed_days::{ics, lines},
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            form::{Field, Kind, Typed},
            page::{Answer, Page, Section, done, html, refused},
            show::client_href,
        },
    },
};
use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State, multipart::MultipartError};
use beforehand_core::{calendar::Calendar, closed::ClosedDays, site::Client};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::count;
use beforehand_store::AuditRow;

/// A file that is a little too large still gets here to be told so.
const FORM_BYTES: usize = 2 * ics::MOST_BYTES;
/// Names of events that are told.
const NAMED: usize = 5;

#[derive(Template)]
#[template(path = "clients/closed_days.html")]
struct View {
    page: Page,
    client: String,
    /// What was taken from a file.
    added: Option<String>,
    fields: Vec<Field>,
    action: String,
    back: String,
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(id): Path<ClientId>,
) -> Answer {
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    html(&view(&session, &client, &filled(&client.closed_days), None))
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(id): Path<ClientId>,
    mut request: Request,
) -> Answer {
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    DefaultBodyLimit::max(FORM_BYTES).apply(&mut request);
    let form = Multipart::from_request(request, &app).await;
    let sent = Sent::read(form.map_err(|wrong| WebError::bad_request(wrong.body_text()))?).await?;
    let now = app.clock.now();
    let mut typed = Typed::filled([("days", sent.days)]);
    let read = match (lines::read(typed.raw("days")), sent.file) {
        (Err(wrong), _) => Err(("days", wrong.to_string())),
        (Ok(days), None) => Ok((days, None)),
        (Ok(days), Some(file)) => ics::add(&days, &file, Calendar::new(&client.time_zone).local(now).date())
            .map(|(days, more, not_understood)| (days, Some(words(more, &not_understood))))
            .map_err(|wrong| ("file", wrong.to_string())),
    };
    match read {
        Err((field, wrong)) => {
            typed.refuse(field, wrong);
            refused(&view(&session, &client, &typed, None))
        }
        Ok((days, said @ Some(_))) => html(&view(&session, &client, &filled(&days), said)),
        Ok((days, None)) => {
            app.store.update_client(&Client { closed_days: days, ..client }).await?;
            let what = "changed the closed days".to_owned();
            app.store.audit(&AuditRow { at: now, who: session.user.email, what, client: Some(id) }).await?;
            done(&client_href(id), "saved")
        }
    }
}

/// The form as it was sent.
#[derive(Default)]
struct Sent {
    days: String,
    /// Nothing where none was chosen.
    file: Option<Vec<u8>>,
}

impl Sent {
    async fn read(mut form: Multipart) -> Result<Self, WebError> {
        let wrong = |wrong: MultipartError| {
            WebError::new(wrong.status(), "form", format!("The form did not arrive whole: {}.", wrong.body_text()))
        };
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(wrong)? {
            match field.name() {
                Some("days") => sent.days = field.text().await.map_err(wrong)?,
                Some("file") => {
                    let file = field.bytes().await.map_err(wrong)?;
                    sent.file = (!file.is_empty()).then(|| file.to_vec());
                }
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// What people are told of a file.
fn words(more: usize, not_understood: &[String]) -> String {
    let mut said = format!(
        "{} added from the file, and not saved yet. Leave out what is no holiday there, then save.",
        count(more as u64, "entry", "entries")
    );
    if !not_understood.is_empty() {
        let named: Vec<&str> = not_understood.iter().take(NAMED).map(String::as_str).collect();
        said += &format!(" Events that repeat in a way that is not understood are there once: {}.", named.join(", "));
    }
    said
}

fn filled(days: &ClosedDays) -> Typed {
    Typed::filled([("days", lines::typed(days))])
}

fn view(session: &Session, client: &Client, form: &Typed, added: Option<String>) -> View {
    let back = client_href(client.id);
    View {
        page: Page::new(Section::Clients, "Closed days", session),
        client: client.name.clone(),
        added,
        fields: vec![
            form.field("days", "One a line", Kind::List)
                .hint("2026-12-25 Christmas Day, or 2026-12-24 – 2027-01-01 Between the years"),
            form.field("file", "Add from a calendar file", Kind::File(".ics,text/calendar"))
                .hint("Public holidays as a government or a calendar program hands them out (.ics); you see them before they are saved."),
        ],
        action: format!("{back}/closed-days"),
        back,
    }
}
