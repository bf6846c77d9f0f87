//! `cargo xtask package`: the packages that are shipped, with their sums and what is in them.

mod build;
mod deb;
mod glibc;
pub(crate) mod names;
pub(crate) mod paths;
mod product;
mod rpm;
mod sbom;
mod stage;

use crate::{
    debian,
    time::Stopwatch,
    tool::{output, print_sizes, root, run, target, tool},
    windows,
};
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use product::Product;
use stage::Stage;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub(crate) struct Package {
    /// What to pack.
    #[arg(long, value_enum, default_value = "ship")]
    profile: Profile,
    /// Pack only these.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Product>,
    /// Folder of the programs for profile dev [default: where cargo builds]
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Version of the packages, where it is not that of the programs; for tests of upgrades.
    #[arg(long, default_value = env!("CARGO_PKG_VERSION"))]
    version: String,
    /// Where the packages go [default: target/packages]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Programs that are built already, packed quickly; runs on this system and newer ones.
    Dev,
    /// Programs as they are shipped, for every system since 2018.
    Ship,
}

/// What is the same for every file of one run.
pub(crate) struct Release {
    profile: Profile,
    version: String,
    /// Seconds since 1970 of the last commit: the only time that goes into a package.
    date: String,
    out: PathBuf,
}

impl Package {
    pub(crate) fn run(self) -> Result<()> {
        let watch = Stopwatch::start();
        if self.profile == Profile::Ship {
            debian::install()?;
        }
        let products = if self.only.is_empty() { Product::ALL.to_vec() } else { self.only.clone() };
        let release = self.release()?;
        fs::create_dir_all(&release.out)?;
        for product in products {
            let program = match self.profile {
                Profile::Dev => self.programs.clone().unwrap_or_else(|| target().join("debug")).join(product.name()),
                Profile::Ship => build::shipped(product, &release)?,
            };
            pack(product, &program, &release)?;
        }
        sums(&release.out)?;
        println!("packed in {watch} into {}", release.out.display());
        Ok(())
    }

    fn release(&self) -> Result<Release> {
        let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        ensure!(
            self.version.bytes().all(plain),
            "{:?} is no version of numbers and dots, which both kinds of packages take",
            self.version
        );
        let date = date()?;
        let out = self.out.clone().unwrap_or_else(|| target().join("packages"));
        Ok(Release { profile: self.profile, version: self.version.clone(), date, out: std::path::absolute(out)? })
    }
}

/// Seconds since 1970 of the last commit, the only time that goes into a package.
pub(crate) fn date() -> Result<String> {
    if let Ok(date) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(date);
    }
    // Whoever owns the working tree, its last commit is what is packed.
    output(tool("git").current_dir(root()).args(["-c", "safe.directory=*", "log", "-1", "--format=%ct"]))
        .context("the date of the last commit is not known; set SOURCE_DATE_EPOCH")
}

/// Every package of one product. The agent's come first: the collector's bring them along.
fn pack(product: Product, program: &Path, release: &Release) -> Result<()> {
    let stage = Stage::lay_out(product, program, release)?;
    let deb = deb::build(product, &stage, release)?;
    let rpm = rpm::build(product, &stage, release)?;
    if release.profile == Profile::Ship {
        sbom::write(product, release)?;
    }
    let mut packages = vec![deb, rpm];
    if (product, release.profile) == (Product::Agent, Profile::Ship) {
        packages.push(msi(release)?);
    }
    print_sizes(&packages)
}

/// The agent for Windows; its version is that of the program.
fn msi(release: &Release) -> Result<PathBuf> {
    let program = windows::agent(windows::Profile::Small)?;
    let file = release.out.join(names::msi(&release.version));
    windows::msi(&program, &file)?;
    Ok(file)
}

/// `SHA256SUMS` over everything in `folder`, as `sha256sum --check` reads it.
fn sums(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if [".deb", ".rpm", ".msi", ".json"].iter().any(|end| name.ends_with(end)) {
            names.push(name);
        }
    }
    names.sort();
    let sums = output(tool("sha256sum").current_dir(folder).args(names))?;
    fs::write(folder.join("SHA256SUMS"), format!("{sums}\n"))?;
    Ok(())
}

/// A temporary folder of this run, empty.
fn scratch(name: &str) -> Result<PathBuf> {
    // Its own number keeps runs apart that pack side by side, as tests do.
    let folder = target().join("package-trees").join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Runs a packer whose only clock is the date of the release.
fn run_dated(command: &mut std::process::Command, release: &Release) -> Result<()> {
    run(command.env("SOURCE_DATE_EPOCH", &release.date).env("TZ", "UTC").env("LC_ALL", "C"))
}
