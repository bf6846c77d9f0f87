//! Building what is shipped: against an old C library, so that one package serves many systems, and
//! so that the same source gives the same bytes wherever it is built.

use super::{
    Release,
    glibc::{self, Version},
    paths,
    product::Product,
};
use crate::{
    time::Stopwatch,
    tool::{cargo, linux_triple, run, succeeds, target, tool},
};
use anyhow::{Context, Result, ensure};
use std::{ffi::OsString, path::PathBuf};

/// What the linker is told to link against.
const OLD: &str = "2.17";
/// What Debian 10, Ubuntu 20.04 and RHEL 8 have at least.
const NEWEST_ALLOWED: Version = Version(2, 28);

/// Builds `product` and gives its program.
pub(super) fn shipped(product: Product, release: &Release) -> Result<PathBuf> {
    let watch = Stopwatch::start();
    let triple = linux_triple();
    let folder = target().join("package");
    let mut command = cargo();
    command.env("PATH", path_with_zig()?).env("CARGO_TARGET_DIR", &folder).env("SOURCE_DATE_EPOCH", &release.date);
    paths::hide(&mut command)?;
    command.args(["zigbuild", "--locked", "--profile", product.cargo_profile(), "-p", product.name(), "--bins"]);
    run(command.args(["--target", &format!("{triple}.{OLD}")]))?;
    let program = folder.join(&triple).join(product.cargo_profile()).join(product.name());
    paths::refuse(&program)?;
    let needed = glibc::needed_by(&program)?;
    println!("{} built in {watch}; it needs glibc {needed} or newer", product.name());
    println!("{}", update_key(&std::fs::read(&program)?, std::env::var("BEFOREHAND_UPDATE_KEY").ok().as_deref())?);
    ensure!(needed <= NEWEST_ALLOWED, "it must run with glibc {NEWEST_ALLOWED}");
    Ok(program)
}

/// Says whether `program` knows the key of its updates, which reaches the compiler by the environment.
fn update_key(program: &[u8], key: Option<&str>) -> Result<&'static str> {
    let Some(key) = key.filter(|key| !key.is_empty()) else {
        return Ok("it has no update key: set BEFOREHAND_UPDATE_KEY for one that can be updated (docs/updates.md)");
    };
    let knows = program.windows(key.len()).any(|bytes| bytes == key.as_bytes());
    ensure!(knows, "the program does not hold the update key that BEFOREHAND_UPDATE_KEY gives");
    Ok("it holds the update key")
}

/// Zig is the linker that knows old C libraries. It and cargo's half of it come from PyPI, once.
fn path_with_zig() -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if succeeds(cargo().args(["zigbuild", "--help"])) {
        return Ok(path);
    }
    let venv = target().join("tools/zig");
    if !venv.join("bin/cargo-zigbuild").exists() {
        println!("cargo-zigbuild is missing: installing it and ziglang once into {}", venv.display());
        run(tool("python3").args(["-m", "venv"]).arg(&venv))?;
        run(tool(venv.join("bin/pip")).args(["install", "--quiet", "cargo-zigbuild", "ziglang"]))?;
    }
    let folders = std::iter::once(venv.join("bin")).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).context("PATH cannot be set")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_without_the_key_that_was_given_is_not_shipped() {
        assert_eq!(update_key(b"...RWkey...", Some("RWkey")).unwrap(), "it holds the update key");
        assert!(update_key(b"...", Some("RWkey")).is_err());
        assert!(update_key(b"...", None).unwrap().contains("no update key"));
    }
}
