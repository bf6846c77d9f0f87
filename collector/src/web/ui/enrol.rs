//! Enrolment: a single-use token for a site, and for each system the one line that uses it.

use super::{
    directory::Directory,
    form::{Field, Fields, Kind, Typed},
    page::{Answer, Page, Section, html, refused},
    show::plain_name,
};
use crate::{
    app::App,
    installers::{self, Enrolment, System},
    random::Secret,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
    },
};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
};
use beforehand_core::site::Site;
use beforehand_shared::{ids::ClientId, time::Millis};
use beforehand_store::{AuditRow, EnrolToken};
use serde::Deserialize;
use std::path::Path as FsPath;

const VALID: Millis = Millis::hours(24);
/// Tokens listed as recent.
const RECENT: Millis = Millis::days(7);

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    client: Option<ClientId>,
}

struct Ready {
    place: String,
    ways: Vec<Way>,
    until: String,
    server: String,
    fingerprint: String,
    hosts_href: String,
}

/// How a machine of one system is enrolled.
struct Way {
    id: &'static str,
    heading: &'static str,
    /// What to do before, where the collector has no package to hand out.
    before: &'static str,
    line: String,
}

struct TokenLine {
    site: String,
    made: String,
    by: String,
    state: String,
}

#[derive(Template)]
#[template(path = "enrol.html")]
struct View {
    page: Page,
    form: Typed,
    ready: Option<Ready>,
    clients: Vec<ClientId>,
    site_field: Field,
    tokens: Vec<TokenLine>,
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let first = asked.client.and_then(|client| directory.sites_of(client).next()).map(super::directory::place_word);
    let typed = Typed::filled([("site", first.unwrap_or_default())]);
    html(&view(&app, &session, &directory, typed).await?)
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Form(fields): Form<Fields>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut typed = Typed::new(fields);
    let Some(site) = typed.choice("site", |word| directory.chosen_site(word).cloned()) else {
        return refused(&view(&app, &session, &directory, typed).await?);
    };
    let ready = make(&app, &session, &directory, &site).await?;
    html(&View { ready: Some(ready), ..view(&app, &session, &directory, typed).await? })
}

async fn make(app: &App, session: &Session, directory: &Directory, site: &Site) -> Result<Ready, WebError> {
    let secret = Secret::new().map_err(WebError::internal)?;
    let (made_at, expires_at) = (directory.now, directory.now.plus(VALID));
    let token = EnrolToken {
        client: site.client,
        site: site.id,
        token_sha256: secret.sha256.clone(),
        made_at,
        expires_at,
        made_by: session.user.name.clone(),
    };
    app.store.insert_enrol_token(&token).await?;
    let what = format!("made an enrolment token for site {}", site.name);
    app.store
        .audit(&AuditRow { at: made_at, who: session.user.email.clone(), what, client: Some(site.client) })
        .await?;
    Ok(Ready {
        place: format!("{}, {}", plain_name(directory.client(site.client)?), site.name),
        ways: ways(app, &secret.text).await?,
        until: directory.present(site.client).at(expires_at),
        server: app.config.server.base_url(),
        fingerprint: app.ca_sha256.clone().unwrap_or_else(|| "none: plain HTTP".to_owned()),
        hosts_href: format!("/hosts?client={}", site.client),
    })
}

/// Reads and sums up the packages, which is nothing for the threads that answer requests.
async fn ways(app: &App, token: &str) -> Result<Vec<Way>, WebError> {
    let (app, token) = (app.clone(), token.to_owned());
    let ways = tokio::task::spawn_blocking(move || {
        let (server, fingerprint) = (app.config.server.base_url(), app.fingerprint());
        let enrolment = Enrolment { server: &server, token: &token, fingerprint: fingerprint.as_deref() };
        System::ALL.map(|system| way(system, &app.config.server.packages, &enrolment)).into()
    });
    ways.await.map_err(WebError::internal)
}

fn way(system: System, packages: &FsPath, enrolment: &Enrolment<'_>) -> Way {
    let (id, heading, install) = match system {
        System::Debian => {
            ("debian", "Debian, Ubuntu: as root", "Install the package first: apt install ./beforehand-agent_*.deb")
        }
        System::RedHat => (
            "redhat",
            "RHEL, Rocky, Alma, Fedora: as root",
            "Install the package first: dnf install ./beforehand-agent-*.rpm",
        ),
        System::Windows => (
            "windows",
            "Windows: in PowerShell, as administrator",
            "Fetch the package first, and run this in its folder with its version in the name.",
        ),
    };
    match (installers::newest(packages, system), system) {
        (Some(installer), _) => Way { id, heading, before: "", line: installers::line(system, &installer, enrolment) },
        (None, System::Windows) => {
            let line = format!("msiexec /i beforehand-agent-VERSION-x64.msi /qn {}", installers::properties(enrolment));
            Way { id, heading, before: install, line }
        }
        (None, _) => {
            let line = format!("{} && systemctl enable --now beforehand-agent", installers::enrol(enrolment));
            Way { id, heading, before: install, line }
        }
    }
}

async fn view(app: &App, session: &Session, directory: &Directory, form: Typed) -> Result<View, WebError> {
    Ok(View {
        page: Page::new(Section::Hosts, "Enrol a machine", session),
        ready: None,
        clients: directory.sites.keys().map(|(client, _)| *client).collect(),
        site_field: form.field("site", "Where does the machine stand?", Kind::Select(directory.site_choices())),
        form,
        tokens: tokens(app, directory).await?,
    })
}

async fn tokens(app: &App, directory: &Directory) -> Result<Vec<TokenLine>, WebError> {
    let mut lines = Vec::new();
    for client in directory.by_name() {
        let present = directory.present(client.id);
        let recent = app.store.enrol_tokens(client.id).await?;
        for row in recent.iter().filter(|row| directory.now.since(row.made_at) < RECENT) {
            let state = match row.used_by {
                Some(_) => "used".to_owned(),
                None if row.expires_at <= directory.now => "expired".to_owned(),
                None => format!("waits until {}", present.at(row.expires_at)),
            };
            let site = format!("{}, {}", plain_name(client), directory.site_name(client.id, row.site));
            lines.push(TokenLine { site, made: present.at(row.made_at), by: row.made_by.clone(), state });
        }
    }
    Ok(lines)
}
