//! `cargo xtask demo`: the whole product on this machine, with a year behind it.

mod files;

use crate::{
    build::{self, What},
    time::Stopwatch,
    tool::{Service, output, run, succeeds, target, tool},
    wait,
};
use anyhow::{Context, Result};
use clap::Args;
use files::Files;
use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);

#[derive(Args)]
pub(crate) struct Demo {
    /// Forget everything from earlier runs.
    #[arg(long)]
    fresh: bool,
    /// Addresses the agent pings instead of three public ones. With loopback addresses alone,
    /// nothing leaves this machine.
    #[arg(long, value_delimiter = ',')]
    anchors: Vec<IpAddr>,
    /// Leave out the simulated clients.
    #[arg(long)]
    no_history: bool,
    /// Open the console in the browser.
    #[arg(long)]
    open: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        let programs = build::programs(What::Programs)?;
        let watch = Stopwatch::start();
        let files = Files::new(target().join("demo"), programs);
        if self.fresh && files.folder.exists() {
            fs::remove_dir_all(&files.folder).context("the earlier demonstration cannot be forgotten")?;
        }
        files.write(ADDRESS, &self.anchors)?;
        let token = self.prepare(&files)?;
        let mut collector = Service::start(
            "collector",
            tool(&files.collector).arg("serve").arg("--config").arg(&files.config),
            &files.log,
        )?;
        wait::until("the collector's start", Duration::from_secs(60), || {
            collector.check(&files.log)?;
            Ok(wait::answers(ADDRESS, "/healthz").then_some(()))
        })?;
        let mut agent = enrol(&files, &token)?;
        println!("\nready after {watch}");
        self.present(&files);
        while !stop.load(Ordering::Relaxed) {
            collector.check(&files.log)?;
            agent.check(&files.agent_log)?;
            thread::sleep(Duration::from_millis(200));
        }
        println!("\nstopping");
        Ok(())
    }

    fn present(&self, files: &Files) {
        println!("\n  console   http://{ADDRESS}/");
        let link = files.setup_link();
        let is_first = link.is_some();
        if let Some(link) = &link {
            println!("  sign in   {link}\n            (once, within 15 minutes; makes the first administrator)");
        }
        println!("  mails     {}\n  logs      {}", files.mails.display(), files.log.display());
        println!("\nCtrl-C stops everything.");
        if is_first {
            println!("A later link: {} admin-link --config {}", files.collector.display(), files.config.display());
        }
        if self.open {
            succeeds(tool("xdg-open").arg(link.unwrap_or_else(|| format!("http://{ADDRESS}/"))));
        }
    }

    /// Fills the database and gives a token with which this machine enrols.
    fn prepare(&self, files: &Files) -> Result<String> {
        let mut load = tool(&files.load_year);
        load.arg("--config").arg(&files.config);
        if self.no_history {
            load.arg("--no-history");
        }
        output(&mut load).context("the simulated clients cannot be loaded")
    }
}

/// Makes this machine a host, if it is none yet, and starts its agent.
fn enrol(files: &Files, token: &str) -> Result<Service> {
    if !files.agent_state.join("identity.toml").exists() {
        let mut enrol = tool(&files.agent);
        enrol.args(["enrol", "--server", &format!("http://{ADDRESS}"), "--token", token]);
        run(enrol.arg("--state").arg(&files.agent_state))?;
    }
    Service::start("agent", tool(&files.agent).arg("run").arg("--config").arg(&files.agent_config), &files.agent_log)
}
