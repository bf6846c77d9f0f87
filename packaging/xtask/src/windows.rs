//! The agent for Windows, built on Linux: the program, its checks and its package.

use crate::{
    package::{self, paths},
    tool::{cargo, in_workspace, output, print_sizes, root, run, succeeds, target, tool},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, UNIX_EPOCH},
};

const TARGET: &str = "x86_64-pc-windows-gnu";
const PROGRAM: &str = "beforehand-agent.exe";
/// The agent as builds of other versions would have it.
const OF_TEST: &str = "agent-of-test.exe";
/// Debian's compiler, for where rustup's standard library cannot be fetched.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// `cargo xtask windows`: the package as it is shipped.
#[derive(Args)]
pub(crate) struct Windows {}

impl Windows {
    pub(crate) fn run(self) -> Result<()> {
        let package = folder().join(package::names::msi(env!("CARGO_PKG_VERSION")));
        let program = agent(Profile::Small)?;
        msi(&program, &package)?;
        print_sizes(&[program, package])
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Test,
    /// As it is shipped.
    Small,
}

/// Where the standard library for Windows comes from.
enum Library {
    /// `rustup target add` has fetched it.
    Rustup,
    /// It is built from Debian's sources by Debian's compiler.
    Debian,
}

/// Whether rustup has the standard library for Windows.
pub(crate) fn has_target() -> bool {
    let installed = output(tool("rustup").current_dir(root()).args(["target", "list", "--installed"]));
    installed.is_ok_and(|targets| targets.lines().any(|target| target == TARGET))
}

fn library() -> Result<Library> {
    if has_target() {
        return Ok(Library::Rustup);
    }
    if Path::new(DEBIAN_RUSTC).exists() && Path::new("/usr/lib/rustlib/src/rust/library").exists() {
        return Ok(Library::Debian);
    }
    bail!(
        "there is no standard library for Windows. Run: rustup target add {TARGET}, or cargo xtask test --only packages"
    )
}

/// Own folder: programs that run during the build are built by another compiler here.
fn folder() -> PathBuf {
    target().join("windows")
}

/// `command` with what makes it build the agent for Windows.
fn cross(mut command: Command) -> Result<Command> {
    if matches!(library()?, Library::Debian) {
        command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_unwind");
    }
    command.args(["--target", TARGET, "--target-dir"]).arg(folder());
    Ok(command)
}

/// Builds the agent, for tests the one of other versions beside it, and gives the program.
pub(crate) fn agent(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "-p", "beforehand-agent"]);
    match profile {
        Profile::Small => {
            paths::hide(&mut build)?;
            // The linker writes the time into the program, unless it is told which.
            build.env("SOURCE_DATE_EPOCH", package::date()?);
            build.args(["--profile", "small"])
        }
        Profile::Test => build.args(["-p", "agent-of-test"]),
    };
    run(&mut cross(build)?)?;
    let built = if profile == Profile::Small { "small" } else { "debug" };
    let program = folder().join(TARGET).join(built).join(PROGRAM);
    if profile == Profile::Small {
        paths::refuse(&program)?;
    }
    Ok(program)
}

/// Clippy as the target sees the code, by the compiler that builds it.
fn clippy() -> Result<()> {
    let mut clippy = match library()? {
        Library::Rustup => cargo(),
        // Debian's looks for its driver beside itself, and calls the cargo that runs us.
        Library::Debian => in_workspace(tool("/usr/bin/cargo-clippy")),
    };
    clippy.args(["clippy", "-p", "beforehand-agent", "-p", "agent-of-test"]);
    run(cross(clippy)?.args(["--quiet", "--", "-D", "warnings"]))
}

/// Checks and builds what the tests under wine install: the program, its package, and the package of
/// the next version.
pub(crate) fn for_tests() -> Result<()> {
    clippy()?;
    let (folder, program) = (test_folder(), agent(Profile::Test)?);
    fs::create_dir_all(&folder)?;
    for name in [PROGRAM, OF_TEST] {
        let (built, small) = (program.with_file_name(name), folder.join(name));
        run(tool("x86_64-w64-mingw32-strip").arg(built).arg("-o").arg(small))?;
    }
    let small = folder.join(PROGRAM);
    msi(&small, &folder.join("beforehand-agent.msi"))?;
    package(&small, &next(env!("CARGO_PKG_VERSION"))?, &folder.join("next.msi"))
}

/// Where [`for_tests`] puts things; the tests find it by `BEFOREHAND_WINDOWS`.
pub(crate) fn test_folder() -> PathBuf {
    folder().join("tests")
}

/// Writes the package of this version with `program` in it to `out`.
pub(crate) fn msi(program: &Path, out: &Path) -> Result<()> {
    package(program, env!("CARGO_PKG_VERSION"), out)
}

/// What wixl cannot say itself. Packages begun by an administrator hand on only the properties that are
/// named here; the old version goes within the new one's transaction; and the command that holds the
/// token (11282 is 3090, as wixl writes it, and 8192, msidbCustomActionTypeHideTarget) is not logged.
const REFINEMENTS: [&str; 3] = [
    "UPDATE `Property` SET `Value`='WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVER;TOKEN;FINGERPRINT;KEEPDATA' \
     WHERE `Property`='SecureCustomProperties'",
    "UPDATE `InstallExecuteSequence` SET `Sequence`=1501 WHERE `Action`='RemoveExistingProducts'",
    "UPDATE `CustomAction` SET `Type`=11282 WHERE `Action`='Install'",
];

fn package(program: &Path, version: &str, out: &Path) -> Result<()> {
    // wixl finds what goes into the package only beside its description.
    let work = folder().join("msi");
    fs::create_dir_all(&work)?;
    fs::copy(root().join("packaging/windows/agent.wxs"), work.join("agent.wxs"))?;
    fs::copy(program, work.join(PROGRAM)).with_context(|| format!("{} cannot be copied", program.display()))?;
    let (date, [product, package]) = (dated(&work)?, ids(&fs::read(program)?, version));
    let at_date = |program: &str| {
        let mut command = tool("faketime");
        command.env("TZ", "UTC").args(["-f", &format!("@{date}"), program]);
        command
    };
    let mut wixl = at_date("wixl");
    wixl.current_dir(&work).args(["-a", "x64", "-D", &format!("Version={version}")]);
    run(wixl.args(["-D", &format!("ProductCode={product}"), "-o"]).arg(out).arg("agent.wxs"))?;
    let mut refine = at_date("msibuild");
    refine.arg(out);
    for query in REFINEMENTS {
        refine.args(["-q", query]);
    }
    run(&mut refine)?;
    let package = format!("{{{package}}}");
    run(at_date("msibuild").arg(out).args(["-s", "Beforehand agent", "Beforehand", "x64;1033", &package]))
}

/// Gives what goes into the package the date of the last commit, which is returned for people.
fn dated(work: &Path) -> Result<String> {
    let date = package::date()?;
    let then = UNIX_EPOCH + Duration::from_secs(date.parse().context("SOURCE_DATE_EPOCH is a number of seconds")?);
    for name in ["agent.wxs", PROGRAM] {
        File::options().write(true).open(work.join(name))?.set_modified(then)?;
    }
    output(tool("date").args(["--utc", &format!("--date=@{date}"), "+%F %T"]))
}

/// The numbers by which Windows knows this product and this package: those of another program or version differ,
/// and those of the same are the same (UUIDs of version 8, RFC 9562, section 5.8).
fn ids(program: &[u8], version: &str) -> [String; 2] {
    ["product", "package"].map(|what| {
        let sum = Sha256::new().chain_update(what).chain_update(version).chain_update(program).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&sum[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string().to_uppercase()
    })
}

/// The version after `version`.
fn next(version: &str) -> Result<String> {
    let (front, last) = version.rsplit_once('.').context("a version has dots")?;
    Ok(format!("{front}.{}", last.parse::<u32>().context("a version ends with a number")? + 1))
}

/// Whether rustup cannot give the standard library for Windows.
pub(crate) fn needs_debian() -> bool {
    !has_target() && !succeeds(tool("rustup").current_dir(root()).args(["target", "add", TARGET]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_program_has_the_same_numbers_and_another_has_others() {
        assert_eq!(ids(b"program", "0.1.0"), ids(b"program", "0.1.0"));
        let all: BTreeSet<String> = [(b"program", "0.1.0"), (b"program", "0.1.1"), (b"another", "0.1.0")]
            .into_iter()
            .flat_map(|(program, version)| ids(program, version))
            .collect();
        assert_eq!(all.len(), 6, "{all:?}");
        assert!(all.iter().all(|id| id.len() == 36 && !id.contains(char::is_lowercase)));
    }

    #[test]
    fn the_next_version_is_one_higher_at_its_end() {
        assert_eq!(next("0.1.9").unwrap(), "0.1.10");
    }
}
