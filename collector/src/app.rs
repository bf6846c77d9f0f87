//! What every handler and task shares. A clone is cheap and is the same application.

use crate::{
    config::Config,
    ingest::{gate::Gate, identity::Identities, writer::Writer},
    installers::{self, Enrolment},
    mail::{MailError, Mailer},
    releases::Rollouts,
    tasks::TaskBoard,
    time::Clock,
    vault::Vault,
    web::auth::password::Passwords,
};
use beforehand_shared::time::Timestamp;
use beforehand_store::Store;
use std::sync::Arc;

#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub config: Arc<Config>,
    pub mailer: Mailer,
    /// What the tasks did last, and how to make them run now.
    pub tasks: TaskBoard,
    /// Makes reports durable, many in one transaction.
    pub writer: Writer,
    pub identities: Identities,
    pub gate: Gate,
    pub passwords: Passwords,
    /// Seals what devices are asked with.
    pub vault: Vault,
    /// Who is offered a new agent.
    pub rollouts: Rollouts,
    /// SHA-256 of the certificate of the collector's own CA; none over plain HTTP.
    pub ca_sha256: Option<String>,
}

impl App {
    /// An application on a migrated store. Call it inside a Tokio runtime: the writer starts here.
    ///
    /// # Errors
    /// When mail cannot be sent as configured.
    pub fn new(config: Config, store: Store, clock: Clock) -> Result<Self, MailError> {
        Ok(Self {
            mailer: Mailer::new(&config)?,
            tasks: TaskBoard::new(),
            writer: Writer::start(store.clone()),
            identities: Identities::new(),
            gate: Gate::new(&config.limits),
            passwords: Passwords::new(config.limits.password_checks),
            vault: Vault::in_folder(&config.server.state),
            rollouts: Rollouts::default(),
            ca_sha256: None,
            config: Arc::new(config),
            store,
            clock,
        })
    }

    /// The same application at an instant of the caller's choice.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        Self { clock: Clock::manual(now), ..self.clone() }
    }

    /// SHA-256 of its certificate authority as agents take it; none over plain HTTP.
    pub fn fingerprint(&self) -> Option<String> {
        self.ca_sha256.as_ref().map(|sha256| format!("sha256:{sha256}"))
    }

    /// The command that makes a machine a host of the site that `token` belongs to.
    pub fn install_command(&self, token: &str) -> String {
        let (server, fingerprint) = (self.config.server.base_url(), self.fingerprint());
        installers::enrol(&Enrolment { server: &server, token, fingerprint: fingerprint.as_deref() })
    }
}
