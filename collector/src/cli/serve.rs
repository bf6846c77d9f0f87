//! `serve`

use super::Listen;
use crate::{
    app::App,
    config::Config,
    supervisor, tasks,
    time::Clock,
    tls,
    web::{auth::setup, server},
};
use anyhow::Context;
use clap::Args;
use std::net::TcpListener;
use tokio::sync::watch;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    listen: Listen,
}

impl Serve {
    pub(super) async fn run(self, mut config: Config) -> anyhow::Result<()> {
        if let Some(listen) = self.listen.listen {
            config.server.listen = listen;
        }
        config.check()?;
        let clock = Clock::system();
        let tls = match config.server.https {
            true => Some(tls::open(&super::tls_folder(&config), &config.server.names, clock.now())?),
            false => None,
        };
        let store = super::open_store(&config).await?;
        let mut app = App::new(config, store, clock)?;
        app.ca_sha256 = tls.as_ref().map(|tls| tls.ca_sha256.clone());
        announce(&app).await?;
        let place = app.config.server.listen;
        let cannot = || format!("cannot serve on {place}");
        let listener = TcpListener::bind(place).with_context(cannot)?;
        let (stop, stopped) = watch::channel(());
        tasks::sight::resume(&app).await?;
        let running = tasks::start(&app, &stopped);
        let attending = tokio::spawn(supervisor::attend(app.clone(), listener.local_addr()?));
        let served = server::serve_on(&app, listener, tls, asked_to_stop()).await;
        attending.abort();
        drop(stop);
        running.join_all().await;
        served.with_context(cannot)
    }
}

/// What a person at the first start needs, on standard output.
async fn announce(app: &App) -> anyhow::Result<()> {
    println!("Beforehand collector {} at {}", env!("CARGO_PKG_VERSION"), app.config.server.base_url());
    if let Some(sha256) = &app.ca_sha256 {
        println!("Fingerprint of its certificate authority: sha256:{sha256}");
    }
    let link = setup::link(app).await.map_err(|_| anyhow::anyhow!("the database does not answer"))?;
    if let Some(link) = link {
        println!("\nThere is no administrator yet. Within 15 minutes open\n\n  {link}\n");
    }
    Ok(())
}

async fn asked_to_stop() {
    shutdown_signal().await;
    supervisor::stopping();
}

/// SIGTERM, SIGINT, or Ctrl-C.
async fn shutdown_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
