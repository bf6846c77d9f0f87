//! Where the demonstration keeps what it writes, all below one folder.

use crate::tool::target;
use anyhow::Result;
use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

pub(super) struct Files {
    pub(super) folder: PathBuf,
    pub(super) mails: PathBuf,
    pub(super) config: PathBuf,
    pub(super) log: PathBuf,
    pub(super) agent_config: PathBuf,
    pub(super) agent_state: PathBuf,
    pub(super) agent_log: PathBuf,
    pub(super) collector: PathBuf,
    pub(super) agent: PathBuf,
    pub(super) load_year: PathBuf,
}

impl Files {
    pub(super) fn new(folder: PathBuf, programs: PathBuf) -> Self {
        Self {
            mails: folder.join("mails"),
            config: folder.join("collector.toml"),
            log: folder.join("collector.log"),
            agent_config: folder.join("agent.toml"),
            agent_state: folder.join("agent"),
            agent_log: folder.join("agent.log"),
            collector: programs.join("beforehand-collector"),
            agent: programs.join("beforehand-agent"),
            load_year: programs.join("load-year"),
            folder,
        }
    }

    /// Writes both configurations; the state beside them stays.
    pub(super) fn write(&self, address: SocketAddr, anchors: &[IpAddr]) -> Result<()> {
        fs::create_dir_all(&self.mails)?;
        fs::create_dir_all(&self.agent_state)?;
        let state = self.folder.join("state");
        fs::create_dir_all(&state)?;
        // What an earlier run said, above all its one-time link, is out of date.
        let _ = fs::remove_file(&self.log);
        // Where `cargo xtask package` puts them, if it was run.
        let (mails, packages) = (&self.mails, target().join("packages"));
        fs::write(
            &self.config,
            format!(
                "[server]\nlisten = \"{address}\"\nhttps = false\npublic_url = \"http://{address}\"\nstate = {state:?}\n\
                 packages = {packages:?}\n\n\
                 [mail]\nmode = \"files\"\nfolder = {mails:?}\nfrom = \"Beforehand <beforehand@provider.example>\"\n\
                 tickets_to = [\"helpdesk@provider.example\"]\n"
            ),
        )?;
        fs::write(&self.agent_config, self.agent_settings(anchors))?;
        Ok(())
    }

    fn agent_settings(&self, anchors: &[IpAddr]) -> String {
        let state = format!("state = {:?}\n", self.agent_state);
        if anchors.is_empty() {
            return state;
        }
        let names: Vec<String> = anchors.iter().map(IpAddr::to_string).collect();
        let chosen = format!("{state}\n[connectivity]\nanchors = {names:?}\n");
        let stays_here = anchors.iter().all(IpAddr::is_loopback);
        if stays_here {
            format!("{chosen}gateway = false\nresolvers = []\n[printer_discovery]\nenabled = false\n")
        } else {
            format!("{chosen}resolvers = [\"system\"]\n")
        }
    }

    /// The link for the first administrator, as the collector said it.
    pub(super) fn setup_link(&self) -> Option<String> {
        let log = fs::read_to_string(&self.log).ok()?;
        log.split_whitespace().rev().find(|word| word.contains("/setup/")).map(str::to_owned)
    }
}
