//! The list of machines, filtered by its address.

use super::{
    agents::{is_behind, newest_agent},
    state::{HostState, Tally},
};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            csv,
            directory::Directory,
            filter::{Filters, address, any_or, empty_is_none, matches},
            form::{Choice, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::{ClientRef, Mark, plain_name},
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::rollout::Course;
use beforehand_core::rollout::Newest;
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::count;
use beforehand_store::HostRow;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    text: String,
    #[serde(default, rename = "as")]
    form: String,
    done: Option<String>,
}

pub(crate) struct Line {
    mark: Mark,
    name: String,
    href: String,
    client: ClientRef,
    site: String,
    os: String,
    agent: String,
    behind: bool,
    started: String,
    last: String,
    probes: String,
}

#[derive(Template)]
#[template(path = "hosts/list.html")]
struct View {
    page: Page,
    sentence: String,
    /// New agents that nobody gets until somebody does something.
    stopped: Vec<String>,
    filters: Filters,
    hosts: Vec<Line>,
    empty: &'static str,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let newest = newest_agent(&app).await?;
    let hosts = asked.hosts(&app, &directory, &newest).await?;
    if asked.form == "csv" {
        return download(&hosts, &directory);
    }
    let mut tally = Tally::default();
    hosts.iter().for_each(|host| tally.add(HostState::of(host, directory.now)));
    let view = View {
        page: Page::new(Section::Hosts, "Hosts", &session).said(asked.done.as_deref()),
        sentence: sentence(hosts.len(), &tally, hosts.iter().filter(|host| is_behind(host, &newest)).count()),
        stopped: stopped(&app).await?,
        filters: asked.fields(&directory),
        hosts: hosts.iter().map(|host| line(host, &newest, &directory)).collect(),
        empty: if asked.is_filtered() { "No host fits." } else { "No machine is enrolled." },
    };
    html(&view)
}

async fn stopped(app: &App) -> Result<Vec<String>, WebError> {
    let told = app.rollouts.told(app).await?;
    let courses = told.current.iter().flat_map(|current| &current.plan.courses);
    let stopped = courses.filter(|course| course.needs_a_person()).map(Course::words);
    Ok(stopped.chain(told.trouble).map(|words| format!("{words}.")).collect())
}

impl Asked {
    async fn hosts(&self, app: &App, directory: &Directory, newest: &Newest) -> Result<Vec<HostRow>, WebError> {
        let mut hosts = Vec::new();
        for client in directory.by_name() {
            if self.client.is_none_or(|wanted| wanted == client.id) {
                hosts.extend(app.store.hosts(client.id).await?);
            }
        }
        hosts.retain(|host| self.wants(host, directory, newest));
        Ok(hosts)
    }

    fn wants(&self, host: &HostRow, directory: &Directory, newest: &Newest) -> bool {
        let state = HostState::of(host, directory.now);
        let wanted = match self.state.as_str() {
            "" => state != HostState::Retired,
            "unseen" => state.is_unseen(),
            "behind" => state != HostState::Retired && is_behind(host, newest),
            word => word == state.word(),
        };
        let site = directory.site_name(host.client, host.site);
        wanted && matches(&self.text, &[&host.name, &host.os, &host.agent, &site])
    }

    fn is_filtered(&self) -> bool {
        self.client.is_some() || !(self.state.is_empty() && self.text.is_empty())
    }

    fn fields(&self, directory: &Directory) -> Filters {
        let client = self.client.map(|client| client.to_string()).unwrap_or_default();
        let csv =
            address("/hosts", &[("client", &client), ("state", &self.state), ("text", &self.text), ("as", "csv")]);
        let typed = Typed::filled([("client", client), ("state", self.state.clone()), ("text", self.text.clone())]);
        let states = [
            ("reporting", "reporting"),
            ("unseen", "cannot be seen"),
            ("away", "away"),
            ("behind", "with an older agent"),
            ("retired", "out of service"),
        ];
        let states = any_or("in service", states.map(|(value, name)| Choice::new(value, name)));
        Filters {
            fields: vec![
                typed.field("text", "Text", Kind::Input("search")),
                typed.field("client", "Client", Kind::Select(any_or("all clients", directory.client_choices()))),
                typed.field("state", "State", Kind::Select(states)),
            ],
            csv: Some(csv),
        }
    }
}

fn line(host: &HostRow, newest: &Newest, directory: &Directory) -> Line {
    let present = directory.present(host.client);
    Line {
        mark: HostState::of(host, directory.now).mark(),
        name: host.name.clone(),
        href: format!("/hosts/{}/{}", host.client, host.id),
        client: directory.client_ref(host.client),
        site: directory.site_name(host.client, host.site),
        os: host.os.clone(),
        agent: match &host.platform {
            Some(platform) => format!("{} {platform}", host.agent),
            None => host.agent.clone(),
        },
        behind: is_behind(host, newest),
        started: host.started_at.map_or_else(String::new, |at| present.ago(at)),
        last: host.last_report.map_or_else(|| "never".to_owned(), |at| present.ago(at)),
        probes: probes(host),
    }
}

/// `3 see, 1 blind`.
fn probes(host: &HostRow) -> String {
    let of = |results: &[&str]| host.probes.values().filter(|health| results.contains(&health.result.as_str())).count();
    let parts = [(of(&["seen"]), "see"), (of(&["denied"]), "blind"), (of(&["failed", "timed_out"]), "broken")];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    parts.join(", ")
}

fn sentence(all: usize, tally: &Tally, behind: usize) -> String {
    let mut sentence = count(all as u64, "host", "hosts");
    for (n, words) in [(tally.quiet, "reporting"), (tally.away, "switched off"), (tally.unseen, "cannot be seen")] {
        if n > 0 {
            sentence.push_str(&format!(", {n} {words}"));
        }
    }
    if behind > 0 {
        sentence.push_str(&format!(", {behind} with an older agent"));
    }
    let mut letters = sentence.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

fn download(hosts: &[HostRow], directory: &Directory) -> Answer {
    let head =
        ["client", "site", "host", "state", "system", "agent", "platform", "agent started", "enrolled", "last report"];
    let cells = hosts.iter().map(|host| {
        let present = directory.present(host.client);
        vec![
            directory.clients.get(&host.client).map(plain_name).unwrap_or_default(),
            directory.site_name(host.client, host.site),
            host.name.clone(),
            HostState::of(host, directory.now).word().to_owned(),
            host.os.clone(),
            host.agent.clone(),
            host.platform.clone().unwrap_or_default(),
            host.started_at.map(|at| present.iso(at)).unwrap_or_default(),
            present.iso(host.enrolled_at),
            host.last_report.map(|at| present.iso(at)).unwrap_or_default(),
        ]
    });
    csv::answer("hosts", &head, &cells.collect::<Vec<_>>())
}
