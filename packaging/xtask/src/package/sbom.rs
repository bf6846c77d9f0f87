//! What a program is made of, as a CycloneDX bill of materials.

use super::{Release, product::Product};
use crate::tool::{cargo, linux_triple, root, run, succeeds, target, tool};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Writes `<name>-<version>.cdx.json` beside the packages.
pub(super) fn write(product: Product, release: &Release) -> Result<()> {
    let mut command = tool(cyclonedx()?);
    command.current_dir(root()).args(["cyclonedx", "-qq", "--format", "json", "--spec-version", "1.5"]);
    command.args(["--no-build-deps", "--target", &linux_triple(), "--manifest-path"]);
    super::run_dated(command.arg(root().join(product.short()).join("Cargo.toml")), release)?;
    let bill = root().join(product.short()).join(format!("{}.cdx.json", product.name()));
    let text = fs::read_to_string(&bill).with_context(|| format!("no {}", bill.display()))?;
    sweep(&root())?;
    // It names this machine's folders otherwise.
    let text = text.replace(&root().display().to_string(), "/beforehand");
    fs::write(release.out.join(format!("{}-{}.cdx.json", product.name(), release.version)), text)?;
    Ok(())
}

/// It writes one beside every manifest of the workspace.
fn sweep(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let may_hold_manifests =
            !name.starts_with('.') && !["target", "node_modules", "src", "testdata"].contains(&&*name);
        if entry.file_type()?.is_dir() && may_hold_manifests {
            sweep(&path)?;
        } else if name.ends_with(".cdx.json") && folder.join("Cargo.toml").exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// cargo-cyclonedx where it is installed, or once built below `target/tools`.
fn cyclonedx() -> Result<PathBuf> {
    if succeeds(cargo().args(["cyclonedx", "--help"])) {
        return Ok("cargo-cyclonedx".into());
    }
    let own = target().join("tools");
    let program = own.join("bin/cargo-cyclonedx");
    if !program.exists() {
        println!("cargo-cyclonedx is missing: building it once (some minutes)");
        run(cargo().args(["install", "--quiet", "--locked", "--debug", "cargo-cyclonedx", "--root"]).arg(&own))?;
    }
    Ok(program)
}
