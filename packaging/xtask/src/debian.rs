//! The Debian packages that the tests need: what is missing is named before it is installed.

use crate::{
    tool::{run, succeeds, tool},
    windows,
};
use anyhow::{Result, bail};
use std::path::Path;

/// A package, and a program of it that shows it is there.
struct Package {
    name: &'static str,
    proof: &'static str,
    purpose: &'static str,
}

const PACKAGES: [Package; 22] = [
    package("build-essential", "/usr/bin/cc", "to compile SQLite, zstd and ring"),
    package("postgresql", "/usr/lib/postgresql", "the second database engine"),
    package("chromium", "/usr/bin/chromium", "to walk through the console"),
    package("nodejs", "/usr/bin/node", "to drive the browser"),
    package("npm", "/usr/bin/npm", "to drive the browser"),
    package("poppler-utils", "/usr/bin/pdftotext", "to read statements"),
    package("cups", "/usr/sbin/cupsd", "print queues"),
    package("cups-ipp-utils", "/usr/sbin/ippeveprinter", "a real IPP printer"),
    package("avahi-daemon", "/usr/sbin/avahi-daemon", "without it the printer does not start"),
    package("dbus", "/usr/bin/dbus-daemon", "without it Avahi does not start"),
    package("btrfs-progs", "/usr/bin/btrfs", "volumes with quotas"),
    package("iproute2", "/usr/bin/ip", "networks that end at this machine"),
    package("python3-venv", "/usr/share/doc/python3-venv", "to install a simulator of SNMP printers"),
    package("opensmtpd", "/usr/sbin/smtpd", "a real mail server"),
    package("systemd-container", "/usr/bin/systemd-nspawn", "a machine with its own systemd"),
    package("debootstrap", "/usr/sbin/debootstrap", "what that machine boots from"),
    package("rpm", "/usr/bin/rpmbuild", "packages for RHEL and Fedora"),
    package("gcc-mingw-w64-x86-64", "/usr/bin/x86_64-w64-mingw32-gcc", "to link the agent for Windows"),
    package("wixl", "/usr/bin/wixl", "to build the package for Windows"),
    package("msitools", "/usr/bin/msibuild", "to refine the package for Windows"),
    package("faketime", "/usr/bin/faketime", "to give that package the same dates every time"),
    package("wine", "/usr/bin/wine", "to run the agent for Windows"),
];

/// Only where rustup cannot give the standard library for Windows.
const WINDOWS_LIBRARY: [Package; 3] = [
    package("rustc-web", "/usr/bin/rustc", "to build for Windows"),
    package("rust-web-src", "/usr/lib/rustlib/src/rust/library", "the standard library for Windows"),
    package("rust-web-clippy", "/usr/bin/clippy-driver", "to check the code for Windows"),
];

const fn package(name: &'static str, proof: &'static str, purpose: &'static str) -> Package {
    Package { name, proof, purpose }
}

/// Installs what is missing.
pub(crate) fn install() -> Result<()> {
    let library: &[Package] = if windows::needs_debian() { &WINDOWS_LIBRARY } else { &[] };
    let missing: Vec<&Package> =
        PACKAGES.iter().chain(library).filter(|package| !Path::new(package.proof).exists()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These Debian packages are missing and will be installed:");
    for package in &missing {
        println!("  {:17} {}", package.name, package.purpose);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("there is no apt-get here; install what these packages hold: {}", names.join(" "));
    }
    let root = rustix::process::geteuid().is_root();
    if !root && !succeeds(tool("sudo").args(["-n", "true"])) {
        bail!("installing needs root. Run: sudo apt-get install -y --no-install-recommends {}", names.join(" "));
    }
    apt(root, &["update", "-q"])?;
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(names);
    apt(root, &arguments)
}

fn apt(root: bool, arguments: &[&str]) -> Result<()> {
    let mut command = if root { tool("env") } else { tool("sudo") };
    run(command.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get").args(arguments))
}
