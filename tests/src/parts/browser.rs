//! Headless Chromium, driven by a script in `tests/browser`.

use crate::tool::{output, tool};
use anyhow::{Result, bail};
use std::path::Path;

/// Runs `tests/browser/<script>` with these settings in its environment; what it printed.
///
/// # Errors
/// When the script finds something wrong, or its packages are not installed.
pub fn walk(script: &str, settings: &[(&str, &str)]) -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    if !folder.join("node_modules/playwright-core").exists() {
        bail!("the browser's driver is not installed. Run: cargo xtask test --only packages,browser");
    }
    let mut node = tool("node");
    node.current_dir(&folder).arg(script);
    for (name, value) in settings {
        node.env(name, value);
    }
    output(&mut node)
}
