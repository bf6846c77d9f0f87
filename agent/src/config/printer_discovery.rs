//! `[printer_discovery]`: whether printers that nobody watches are looked for.

use super::{problem::Finding, secret::Secret, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrinterDiscovery {
    pub enabled: bool,
    pub every: Length,
    /// How long the answers of printers that announce themselves are waited for (DNS-SD).
    pub listen: Length,
    /// Networks of this machine whose every address is asked, such as `192.168.1.0/24`; none unless named.
    pub scan: Vec<String>,
    /// From one question of a scan to the next.
    pub scan_pause: Length,
    /// The community that a scan asks with.
    pub scan_community: Secret,
}

impl Default for PrinterDiscovery {
    fn default() -> Self {
        Self {
            enabled: true,
            every: Length::seconds(3_600),
            listen: Length::seconds(5),
            scan: Vec::new(),
            scan_pause: Length::seconds(1),
            scan_community: Secret::new("public"),
        }
    }
}

const SECTION: &str = "printer_discovery";

impl PrinterDiscovery {
    /// What a scan will do, said before it does it.
    pub fn scan_words(&self) -> Option<String> {
        let networks = self.scan.join(", ");
        let pause = self.scan_pause;
        (!self.scan.is_empty()).then(|| {
            format!("Once a day, every address of {networks} that is in a network of this machine is asked for a printer, one every {pause:?}.")
        })
    }

    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check(SECTION, "every", (60_000, 7 * 86_400_000))?;
        self.listen.check(SECTION, "listen", (0, 60_000))?;
        self.scan_pause.check(SECTION, "scan_pause", (100, 60_000))?;
        if self.scan.len() > 8 {
            let what = format!("{} networks", self.scan.len());
            return Err(Finding::new(SECTION, "scan", what, "Give at most 8"));
        }
        let refused =
            self.scan.iter().find_map(|text| Some((text, crate::probes::printer::scan::network(text).err()?)));
        refused.map_or(Ok(()), |(text, why)| {
            let remedy = "Give a private network such as \"192.168.1.0/24\", of at most 1,024 addresses";
            Err(Finding::new(SECTION, "scan", format!("\"{text}\": {why}"), remedy))
        })
    }
}
