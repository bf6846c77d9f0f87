//! Linux: os-release(5), and whether a display manager starts with the system.

use std::path::Path;

/// What every display manager is linked to when it is switched on (systemd.special(7)).
const DISPLAY_MANAGER: &str = "/etc/systemd/system/display-manager.service";

pub(super) fn has_desktop() -> bool {
    Path::new(DISPLAY_MANAGER).exists()
}

pub(super) fn os_name() -> String {
    let text = ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| super::parse::os_name(&text)).unwrap_or_else(|| "Linux".to_owned())
}
