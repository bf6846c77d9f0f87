//! A real collector on loopback.

use super::place::Place;
use crate::{
    http,
    time::eventually,
    tool::{self, Service, tool},
};
use anyhow::{Context, Result};
use beforehand_shared::ids::{ClientId, SiteId};
use beforehand_store::Store;
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

#[derive(Debug)]
pub struct Collector {
    pub address: SocketAddr,
    pub config: PathBuf,
    pub log: PathBuf,
    /// Its keys, and its database unless that is elsewhere.
    pub state: PathBuf,
    scheme: &'static str,
    database: String,
    service: Option<Service>,
}

impl Collector {
    /// Configures a collector in `place`, over plain HTTP and with SQLite; `more` is added to its
    /// configuration.
    ///
    /// # Errors
    /// When no port is free or the folder cannot be written.
    pub fn configure(place: &Place, more: &str) -> Result<Self> {
        let database = format!("sqlite://{}", place.path("collector").join("collector.db").display());
        Self::configured(place, ("http", database), more)
    }

    /// As [`Self::configure`], over HTTPS with the authority that it makes for itself.
    ///
    /// # Errors
    /// As there.
    pub fn configure_https(place: &Place, more: &str) -> Result<Self> {
        let database = format!("sqlite://{}", place.path("collector").join("collector.db").display());
        Self::configured(place, ("https", database), more)
    }

    /// As [`Self::configure`], on the database of this URL.
    ///
    /// # Errors
    /// As there.
    pub fn configure_on(place: &Place, database: String, more: &str) -> Result<Self> {
        Self::configured(place, ("http", database), more)
    }

    fn configured(place: &Place, (scheme, database): (&'static str, String), more: &str) -> Result<Self> {
        let address = free_address()?;
        let (state, config) = (place.path("collector"), place.path("collector.toml"));
        fs::create_dir_all(&state)?;
        let server = format!(
            "[server]\nlisten = \"{address}\"\nhttps = {}\nnames = [\"127.0.0.1\"]\nstate = {state:?}\n\n\
             [database]\nurl = {database:?}\n\n{more}",
            scheme == "https"
        );
        fs::write(&config, server)?;
        let log = place.path("collector.log");
        Ok(Self { address, config, log, state, scheme, database, service: None })
    }

    /// Configures and starts one.
    ///
    /// # Errors
    /// As the two.
    pub async fn start(place: &Place, more: &str) -> Result<Self> {
        let mut collector = Self::configure(place, more)?;
        collector.serve().await?;
        Ok(collector)
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub async fn serve(&mut self) -> Result<()> {
        let mut serve = tool(tool::program("beforehand-collector")?);
        serve.arg("serve").arg("--config").arg(&self.config);
        self.service = Some(Service::start(&mut serve, &self.log)?);
        eventually("the collector's answer", Duration::from_secs(30), || {
            let early = self.service.as_mut().map_or(Ok(()), Service::check);
            assert!(early.is_ok(), "the collector did not start: {early:?}");
            // Over HTTPS there is no client before the collector has made its authority.
            let request = self.client().map(|client| client.get(self.url("/healthz")).send());
            async move { request.ok()?.await.ok().filter(|answer| answer.status().is_success()).map(|_| ()) }
        })
        .await;
        Ok(())
    }

    /// A client that trusts it.
    ///
    /// # Errors
    /// When it has made no authority yet.
    pub fn client(&self) -> Result<reqwest::Client> {
        match self.scheme {
            "https" => http::client_trusting(&fs::read(self.state.join("tls/ca.pem"))?),
            _ => http::client(),
        }
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// While it runs.
    pub fn pid(&self) -> Option<u32> {
        self.service.as_ref().map(Service::pid)
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(service) = &mut self.service {
            service.kill();
        }
        self.service = None;
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        self.service = None;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// A second handle on its database, to set things up and to look.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn store(&self) -> Result<Store> {
        let store = Store::open(&self.database).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// One of its commands; its standard output.
    ///
    /// # Errors
    /// When it fails.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let mut command = tool(tool::program("beforehand-collector")?);
        tool::output(command.args(arguments).arg("--config").arg(&self.config))
    }

    /// Makes a client with the site `Main office`, as a provider would on the command line.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn add_client(&self, name: &str, more: &[&str]) -> Result<(ClientId, SiteId)> {
        let mut arguments = vec!["client", "add", "--name", name];
        arguments.extend(more);
        self.command(&arguments)?;
        let store = self.store().await?;
        let client = store.clients().await?.into_iter().find(|client| client.name == name).context("no client")?;
        let site = store.sites(client.id).await?.into_iter().next().context("no site")?;
        Ok((client.id, site.id))
    }

    /// The words of the command that enrols one machine of a client, as the collector gives it.
    ///
    /// # Errors
    /// When it gives none.
    pub fn install_command(&self, client: &str) -> Result<Vec<String>> {
        let said = self.command(&["enrol-token", "--client", client, "--site", "Main office"])?;
        let line = said.lines().map(str::trim).find(|line| line.starts_with("beforehand-agent"));
        let line = line.with_context(|| format!("no command in {said:?}"))?;
        Ok(line.split_whitespace().map(str::to_owned).collect())
    }
}

/// A port that nobody uses now.
///
/// # Errors
/// When there is none.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
