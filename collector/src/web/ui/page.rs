//! The frame around every page, and how a page becomes an answer.

use super::static_files;
use crate::web::{
    auth::Session,
    error::{Shown, WebError},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use beforehand_store::Role;

/// Where in the main navigation a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Today,
    Tickets,
    Hosts,
    Clients,
    Statements,
    /// Not in the main navigation.
    Elsewhere,
}

const LINKS: [(Section, &str, &str); 5] = [
    (Section::Today, "/", "Today"),
    (Section::Tickets, "/tickets", "Tickets"),
    (Section::Hosts, "/hosts", "Hosts"),
    (Section::Clients, "/clients", "Clients"),
    (Section::Statements, "/statements", "Statements"),
];

/// What is said once after an action, by the word that its redirect carries.
const NOTICES: [(&str, &str); 22] = [
    ("acknowledged", "The ticket is yours."),
    ("logged", "The work is logged."),
    ("resolved", "The ticket is resolved. What it turned out to be is decided when its case closes."),
    ("saved", "Saved."),
    ("out_of_service", "It is out of service. It comes back by itself when it is seen again."),
    ("retired", "The machine is out of service. Its history stays."),
    ("client", "The client is added. Enrol its first machine next."),
    ("site", "The site is added."),
    ("report", "The report is entered. It counts in this month's statement."),
    ("maintenance", "The work is announced."),
    ("decided", "The new entry is written. The count has changed with it."),
    ("made", "The statement is made. Nothing was sent."),
    ("queued", "The statement is on its way."),
    ("again", "The statement goes out again."),
    ("user", "The person can sign in now."),
    ("password", "The password is changed. All other sessions have ended."),
    ("sign-in-again", "The password is changed. Sign in with the new one."),
    ("adopted", "The printer is watched. An agent asks it within three minutes, as soon as one is on."),
    ("asked", "The agent asks it now. The answer is here within three minutes."),
    ("left_alone", "Nobody asks it over the network any more. What was measured stays."),
    ("removed", "It is removed."),
    ("out", "You are signed out."),
];

/// Who looks at the page.
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) owner: bool,
}

pub(crate) struct NavLink {
    pub(crate) href: &'static str,
    pub(crate) name: &'static str,
    pub(crate) here: bool,
}

pub(crate) struct Page {
    pub(crate) title: String,
    section: Section,
    pub(crate) who: Option<Who>,
    pub(crate) notice: Option<&'static str>,
    pub(crate) searched: Option<String>,
}

impl Page {
    pub(crate) fn new(section: Section, title: impl Into<String>, session: &Session) -> Self {
        let role = session.role();
        let who = Who { name: session.user.name.clone(), role: role_word(role), owner: role == Role::Owner };
        Self { who: Some(who), section, ..Self::signed_out(title) }
    }

    /// For those who have not signed in.
    pub(crate) fn signed_out(title: impl Into<String>) -> Self {
        Self { title: title.into(), section: Section::Elsewhere, who: None, notice: None, searched: None }
    }

    /// Says what was just done, if `word` is one of ours.
    #[must_use]
    pub(crate) fn said(mut self, word: Option<&str>) -> Self {
        self.notice = NOTICES.iter().find(|(known, _)| Some(*known) == word).map(|(_, sentence)| *sentence);
        self
    }

    #[must_use]
    pub(crate) fn searched(mut self, text: &str) -> Self {
        self.searched = Some(text.to_owned());
        self
    }

    pub(crate) fn version(&self) -> &'static str {
        static_files::version()
    }

    pub(crate) fn sheets(&self) -> [&'static str; 7] {
        static_files::SHEETS
    }

    pub(crate) fn links(&self) -> Vec<NavLink> {
        LINKS.iter().map(|(section, href, name)| NavLink { href, name, here: *section == self.section }).collect()
    }
}

pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Technician => "technician",
        Role::Viewer => "viewer",
        Role::ClientOwner(_) => "client",
    }
}

pub(crate) type Answer = Result<Response, WebError>;

/// The page as an answer.
pub(crate) fn html(view: &impl Template) -> Answer {
    Ok(Html(view.render().map_err(WebError::internal)?).into_response())
}

/// A form shown again with what is wrong in it.
pub(crate) fn refused(view: &impl Template) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(view)?).into_response())
}

/// On to `path`, where `word` of [`NOTICES`] is said.
pub(crate) fn done(path: &str, word: &str) -> Answer {
    Ok(Redirect::to(&format!("{path}?done={word}")).into_response())
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorView<'a> {
    page: Page,
    message: &'a str,
    status: u16,
    code: &'a str,
    signed_out: bool,
}

pub(crate) fn error(shown: &Shown) -> String {
    let view = ErrorView {
        page: Page::signed_out(shown.message.trim_end_matches('.')),
        message: &shown.message,
        status: shown.status.as_u16(),
        code: shown.code,
        signed_out: shown.code == "sign_in",
    };
    view.render().unwrap_or_else(|_| "Something went wrong in the collector.".to_owned())
}
