//! What the collector handed this agent, kept for the next start and read by the probes.

use crate::files;
use beforehand_shared::settings::{HandedNetwork, HandedSettings, PrinterToAsk};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// It holds communities and passwords, and so is readable for this user alone.
const FILE: &str = "handed.json";
const BYTES: u64 = 64 * 1024;

/// Shared by those who fetch and those who read.
#[derive(Debug, Clone)]
pub struct Handed {
    state: PathBuf,
    current: Arc<RwLock<HandedSettings>>,
}

impl Handed {
    /// What was handed when this agent ran last. What cannot be read is fetched anew.
    pub fn load(state: &Path) -> Self {
        let kept = files::read(&state.join(FILE), BYTES).ok().flatten();
        let settings: Option<HandedSettings> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let settings = settings.filter(|settings| settings.check().is_ok()).unwrap_or_default();
        Self { state: state.to_owned(), current: Arc::new(RwLock::new(settings)) }
    }

    pub fn revision(&self) -> u64 {
        self.current.read().unwrap_or_else(PoisonError::into_inner).revision
    }

    pub fn printers(&self) -> Vec<PrinterToAsk> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).printers.clone()
    }

    pub fn network(&self) -> HandedNetwork {
        self.current.read().unwrap_or_else(PoisonError::into_inner).network.clone()
    }

    /// Takes `settings` in the place of what was handed before; says whether printers differ.
    pub fn take(&self, settings: HandedSettings) -> bool {
        let json = serde_json::to_vec(&settings).unwrap_or_default();
        if let Err(error) = files::write(&self.state, FILE, &json, files::Readers::Owner) {
            tracing::warn!(%error, "what the collector handed over cannot be kept; it is fetched again after a restart");
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let changed = current.printers != settings.printers;
        *current = settings;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::settings::SnmpAccess;

    fn settings(revision: u64, address: &str) -> HandedSettings {
        let printer = PrinterToAsk { address: address.parse().unwrap(), snmp: SnmpAccess::default(), wish: 0 };
        HandedSettings { revision, printers: vec![printer], ..HandedSettings::default() }
    }

    #[test]
    fn what_was_handed_outlives_a_restart() {
        let state = tempfile::tempdir().unwrap();
        let handed = Handed::load(state.path());
        assert_eq!((handed.revision(), handed.printers()), (0, Vec::new()));
        assert!(handed.take(settings(3, "10.0.0.9")));
        assert!(!handed.take(settings(4, "10.0.0.9")), "the same printers again");
        let again = Handed::load(state.path());
        assert_eq!((again.revision(), again.printers()), (4, settings(4, "10.0.0.9").printers));
    }

    #[test]
    fn a_file_that_someone_changed_sends_the_agent_nowhere_else() {
        let state = tempfile::tempdir().unwrap();
        let far = serde_json::to_vec(&settings(9, "8.8.8.8")).unwrap();
        std::fs::write(state.path().join(FILE), far).unwrap();
        assert_eq!(Handed::load(state.path()).revision(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn its_secrets_are_for_the_agents_own_user() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        Handed::load(state.path()).take(settings(1, "10.0.0.9"));
        let mode = std::fs::metadata(state.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
