//! Where the log goes: standard error, for a supervisor to keep.

use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

pub(super) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("log.filter: {filter:?} cannot be read"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    Ok(())
}
