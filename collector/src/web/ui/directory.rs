//! Clients and sites by their identifiers: every list names both.

use super::{
    form::Choice,
    show::{ClientRef, Present, plain_name},
};
use crate::{app::App, web::error::WebError};
use beforehand_core::site::{Client, Site};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use std::collections::BTreeMap;

pub(crate) struct Directory {
    pub(crate) clients: BTreeMap<ClientId, Client>,
    pub(crate) sites: BTreeMap<(ClientId, SiteId), Site>,
    pub(crate) now: Timestamp,
}

impl Directory {
    pub(crate) async fn load(app: &App) -> Result<Self, WebError> {
        let clients = app.store.clients().await?;
        let sites = app.store.all_sites().await?;
        Ok(Self {
            clients: clients.into_iter().map(|client| (client.id, client)).collect(),
            sites: sites.into_iter().map(|site| ((site.client, site.id), site)).collect(),
            now: app.clock.now(),
        })
    }

    /// # Errors
    /// *Not found*.
    pub(crate) fn client(&self, client: ClientId) -> Result<&Client, WebError> {
        self.clients.get(&client).ok_or_else(WebError::not_found)
    }

    pub(crate) fn client_ref(&self, client: ClientId) -> ClientRef {
        let known = self.clients.get(&client).map(ClientRef::from);
        known.unwrap_or_else(|| ClientRef { name: "unknown".to_owned(), href: "/clients".to_owned(), simulated: false })
    }

    pub(crate) fn site_name(&self, client: ClientId, site: SiteId) -> String {
        self.sites.get(&(client, site)).map(|site| site.name.clone()).unwrap_or_default()
    }

    pub(crate) fn sites_of(&self, client: ClientId) -> impl Iterator<Item = &Site> {
        self.sites.values().filter(move |site| site.client == client)
    }

    /// The present where the client is.
    pub(crate) fn present(&self, client: ClientId) -> Present {
        let zone = self.clients.get(&client).map_or("UTC", |client| client.time_zone.as_str());
        Present::new(self.now, zone)
    }

    pub(crate) fn by_name(&self) -> Vec<&Client> {
        let mut clients: Vec<&Client> = self.clients.values().collect();
        clients.sort_by_key(|client| client.name.to_lowercase());
        clients
    }

    pub(crate) fn client_choices(&self) -> Vec<Choice> {
        self.by_name().into_iter().map(|client| Choice::new(client.id.to_string(), plain_name(client))).collect()
    }

    /// Every site, called `client: site`; the value names both.
    pub(crate) fn site_choices(&self) -> Vec<Choice> {
        let of = |client: &Client| -> Vec<Choice> {
            let name = plain_name(client);
            let choice = |site: &Site| Choice::new(place_word(site), format!("{name}: {}", site.name));
            self.sites_of(client.id).map(choice).collect()
        };
        self.by_name().into_iter().flat_map(of).collect()
    }

    /// The site that a choice of [`Self::site_choices`] stands for.
    pub(crate) fn chosen_site(&self, word: &str) -> Option<&Site> {
        let (client, site) = word.split_once('.')?;
        self.sites.get(&(client.parse().ok()?, site.parse().ok()?))
    }
}

/// The value of a site in a form.
pub(crate) fn place_word(site: &Site) -> String {
    format!("{}.{}", site.client, site.id)
}
