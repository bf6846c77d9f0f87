//! The package for Debian and Ubuntu.

use super::{
    Profile, Release, names,
    product::Product,
    run_dated,
    stage::{Kind, Stage},
};
use crate::tool::tool;
use anyhow::Result;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

const SCRIPTS: [&str; 3] = ["postinst", "prerm", "postrm"];

pub(super) fn build(product: Product, stage: &Stage, release: &Release) -> Result<PathBuf> {
    let folder = stage.tree.join("DEBIAN");
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
    write(&folder.join("control"), &control(product, stage, release), 0o644)?;
    let configs = stage.entries.iter().filter(|entry| entry.kind == Kind::Config);
    let conffiles: String = configs.map(|entry| format!("{}\n", entry.path)).collect();
    write(&folder.join("conffiles"), &conffiles, 0o644)?;
    for script in SCRIPTS {
        write(&folder.join(script), &stage.script(&format!("deb.{script}"))?, 0o755)?;
    }
    let file = release.out.join(names::deb(product, &release.version));
    // Debian 11 does not know zstd. Level 1 is for tests, where time counts and size does not.
    let compression: &[&str] = match release.profile {
        Profile::Dev => &["-Zgzip", "-z1"],
        Profile::Ship => &["-Zxz", "-z9"],
    };
    run_dated(
        tool("dpkg-deb").args(compression).args(["--root-owner-group", "--build"]).arg(&stage.tree).arg(&file),
        release,
    )?;
    fs::remove_dir_all(folder)?;
    Ok(file)
}

fn control(product: Product, stage: &Stage, release: &Release) -> String {
    let description: String = product.description().lines().map(|line| format!(" {line}\n")).collect();
    format!(
        "Package: {}\nVersion: {}\nArchitecture: {}\nMaintainer: The Beforehand project <packages@beforehand.example>\n\
         Section: admin\nPriority: optional\nDepends: libc6 (>= {}), systemd\nDescription: {}\n{description}",
        product.name(),
        release.version,
        names::debian_architecture(),
        stage.glibc,
        product.summary(),
    )
}

fn write(file: &Path, text: &str, mode: u32) -> Result<()> {
    fs::write(file, text)?;
    fs::set_permissions(file, fs::Permissions::from_mode(mode))?;
    Ok(())
}
