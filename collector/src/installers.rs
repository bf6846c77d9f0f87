//! The agent's packages that this collector hands out, and the one line with which a machine is
//! enrolled.

use crate::random;
use beforehand_shared::update::Version;
use std::{fs, path::Path};

/// A kind of machine that there is a package for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Debian,
    RedHat,
    Windows,
}

impl System {
    pub const ALL: [Self; 3] = [Self::Debian, Self::RedHat, Self::Windows];

    /// Begin and end of a package's name, around its version.
    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Debian => ("beforehand-agent_", "_amd64.deb"),
            Self::RedHat => ("beforehand-agent-", "-1.x86_64.rpm"),
            Self::Windows => ("beforehand-agent-", "-x64.msi"),
        }
    }
}

/// A package that lies ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installer {
    pub name: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// The newest package for `system` in `folder`; none where there is none.
pub fn newest(folder: &Path, system: System) -> Option<Installer> {
    let names = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let (_, name) = names.filter_map(|name| Some((version(&name, system)?, name))).max()?;
    let bytes = fs::read(folder.join(&name)).ok()?;
    Some(Installer { sha256: random::sha256(&bytes), name })
}

/// Whether `name` is a package and nothing else: no path, no other file of the folder.
pub fn is_package(name: &str) -> bool {
    System::ALL.into_iter().any(|system| version(name, system).is_some())
}

fn version(name: &str, system: System) -> Option<Version> {
    let (begin, end) = system.name();
    name.strip_prefix(begin)?.strip_suffix(end)?.parse().ok()
}

/// What a package needs to enrol its machine.
#[derive(Debug, Clone, Copy)]
pub struct Enrolment<'a> {
    /// Address of the collector, without a slash at the end.
    pub server: &'a str,
    pub token: &'a str,
    /// `sha256:…` of its certificate authority; none over plain HTTP.
    pub fingerprint: Option<&'a str>,
}

/// One line that fetches, checks and installs `installer` and enrols the machine. The connection is
/// not trusted yet: the sum in the line, which came from a signed-in page, vouches for the package.
pub fn line(system: System, installer: &Installer, enrolment: &Enrolment<'_>) -> String {
    let Installer { name, sha256 } = installer;
    let insecure = if enrolment.server.starts_with("https:") { "k" } else { "" };
    let fetch = format!("-fsS{insecure}O '{}/install/{name}'", enrolment.server);
    match system {
        System::Windows => {
            let hash = sha256.to_uppercase();
            let properties = properties(enrolment);
            format!(
                "cd (New-Item -Type Directory \"$env:TEMP\\$(New-Guid)\"); curl.exe {fetch}; \
                 if ((Get-FileHash {name}).Hash -eq '{hash}') {{ \
                 $run = Start-Process msiexec -Wait -PassThru -ArgumentList '/i {name} /qn {properties}'; \
                 if ($run.ExitCode) {{ \"Not installed: error $($run.ExitCode)\" }} else {{ 'Installed.' }} }} \
                 else {{ 'This is not the package that the console named. Nothing was installed.' }}"
            )
        }
        System::Debian | System::RedHat => {
            let install = if system == System::Debian { "apt-get install -y" } else { "dnf install -y" };
            format!(
                "cd \"$(mktemp -d)\" && curl {fetch} && echo '{sha256}  {name}' | sha256sum -c --quiet && \
                 {install} ./{name} && {} && systemctl enable --now beforehand-agent",
                enrol(enrolment)
            )
        }
    }
}

/// The command that enrols a machine on which the package is installed already.
pub fn enrol(enrolment: &Enrolment<'_>) -> String {
    let ca = enrolment.fingerprint.map(|sha256| format!(" --fingerprint {sha256}")).unwrap_or_default();
    format!("beforehand-agent enrol --server {} --token {}{ca}", enrolment.server, enrolment.token)
}

/// The properties of the package for Windows.
pub fn properties(enrolment: &Enrolment<'_>) -> String {
    let ca = enrolment.fingerprint.map(|sha256| format!(" FINGERPRINT={sha256}")).unwrap_or_default();
    format!("SERVER={} TOKEN={}{ca}", enrolment.server, enrolment.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Enrolment<'_> =
        Enrolment { server: "https://watch.example:8443", token: "t0ken", fingerprint: Some("sha256:ab") };

    #[test]
    fn the_newest_package_of_each_system_is_found_by_its_version() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["beforehand-agent_0.9.0_amd64.deb", "beforehand-agent_0.10.0_amd64.deb", "SHA256SUMS"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let deb = newest(folder.path(), System::Debian).unwrap();
        assert_eq!(deb.name, "beforehand-agent_0.10.0_amd64.deb");
        assert_eq!(deb.sha256, random::sha256(b"beforehand-agent_0.10.0_amd64.deb"));
        assert_eq!(newest(folder.path(), System::Windows), None);
        assert_eq!(newest(&folder.path().join("nothing"), System::Debian), None);
    }

    #[test]
    fn nothing_but_packages_is_handed_out() {
        assert!(is_package("beforehand-agent-0.1.0-x64.msi") && is_package("beforehand-agent-0.1.0-1.x86_64.rpm"));
        for name in [
            "../collector.db",
            "SHA256SUMS",
            "beforehand-agent_../x_amd64.deb",
            "beforehand-agent_0.1.0_amd64.deb/",
            "",
        ] {
            assert!(!is_package(name), "{name}");
        }
    }

    #[test]
    fn a_line_checks_the_sum_before_it_installs_and_enrols() {
        let installer = Installer { name: "beforehand-agent_0.1.0_amd64.deb".into(), sha256: "cd".repeat(32) };
        let line = line(System::Debian, &installer, &HERE);
        let at = |part: &str| line.find(part).unwrap_or_else(|| panic!("{part} is not in {line}"));
        assert!(at("curl -fsSkO 'https://watch.example:8443/install/") < at("sha256sum -c"));
        assert!(at("sha256sum -c") < at("apt-get install") && at("apt-get install") < at("enrol --server"));
        assert!(line.contains("--token t0ken --fingerprint sha256:ab && systemctl enable --now beforehand-agent"));
    }

    #[test]
    fn the_line_for_windows_installs_nothing_with_another_sum() {
        let installer = Installer { name: "beforehand-agent-0.1.0-x64.msi".into(), sha256: "ab".repeat(32) };
        let line = line(System::Windows, &installer, &HERE);
        assert!(line.contains(&format!(".Hash -eq '{}') {{ $run", "AB".repeat(32))));
        assert!(line.contains("-ArgumentList '/i beforehand-agent-0.1.0-x64.msi /qn SERVER="));
        assert!(line.contains("SERVER=https://watch.example:8443 TOKEN=t0ken FINGERPRINT=sha256:ab"));
    }
}
