//! The package for Fedora, RHEL and their kin.

use super::{
    Profile, Release, names,
    product::Product,
    run_dated, scratch,
    stage::{Entry, Kind, Stage},
};
use crate::tool::tool;
use anyhow::Result;
use std::{collections::BTreeSet, fs, path::PathBuf};

const SCRIPTS: [&str; 4] = ["pre", "post", "preun", "postun"];

/// Switches off whatever would change the files, look at the clock or name this machine.
const SETTINGS: [(&str, &str); 9] = [
    ("debug_package", "%{nil}"),
    ("__os_install_post", "%{nil}"),
    ("_build_id_links", "none"),
    ("_buildhost", "reproducible"),
    ("use_source_date_epoch_as_buildtime", "1"),
    ("clamp_mtime_to_source_date_epoch", "1"),
    ("source_date_epoch_from_changelog", "0"),
    ("_unitdir", "/usr/lib/systemd/system"),
    ("_source_filedigest_algorithm", "8"),
];

pub(super) fn build(product: Product, stage: &Stage, release: &Release) -> Result<PathBuf> {
    let work = scratch(&format!("{}-rpm", product.name()))?;
    let spec = work.join(format!("{}.spec", product.name()));
    fs::write(&spec, self::spec(product, stage, release)?)?;
    let mut command = tool("rpmbuild");
    command.args(["-bb", "--quiet", "--nodeps", "--target", &format!("{}-linux", std::env::consts::ARCH)]);
    let payload = if release.profile == Profile::Dev { "w1.gzdio" } else { "w9.xzdio" };
    let topdir = work.display().to_string();
    let ours = [("_topdir", topdir.as_str()), ("_rpmdir", &topdir), ("_rpmfilename", "package.rpm")];
    for (name, value) in SETTINGS.into_iter().chain(ours).chain([("_binary_payload", payload)]) {
        command.arg("--define").arg(format!("{name} {value}"));
    }
    run_dated(command.arg(&spec), release)?;
    let file = release.out.join(names::rpm(product, &release.version));
    fs::copy(work.join("package.rpm"), &file)?;
    fs::remove_dir_all(work)?;
    Ok(file)
}

fn spec(product: Product, stage: &Stage, release: &Release) -> Result<String> {
    let name = product.name();
    let mut spec = format!(
        "Name: {name}\nVersion: {}\nRelease: 1\nSummary: {}\nLicense: Apache-2.0 OR MIT\nAutoReqProv: no\n\
         Requires: glibc >= {}, systemd\nRequires(pre): shadow-utils\n\n%description\n{}\n\n\
         %install\nmkdir -p %{{buildroot}}/var/lib/{name}\ncp -a {}/. %{{buildroot}}\n\n",
        release.version,
        capital(product.summary()),
        stage.glibc,
        product.description(),
        stage.tree.display(),
    );
    for script in SCRIPTS {
        spec += &format!("%{script}\n{}\n", stage.script(&format!("rpm.{script}"))?);
    }
    spec += "%files\n%defattr(-,root,root,0755)\n";
    spec += &format!("%dir %attr(0700,{name},{name}) /var/lib/{name}\n");
    for folder in own_folders(&stage.entries) {
        spec += &format!("%dir %attr(0755,root,root) {folder}\n");
    }
    for Entry { path, kind } in &stage.entries {
        let mode = kind.mode();
        spec += &match kind {
            Kind::Config => format!("%config(noreplace) %attr({mode:04o},root,{name}) {path}\n"),
            Kind::Program | Kind::Plain => format!("%attr({mode:04o},root,root) {path}\n"),
        };
    }
    Ok(spec)
}

/// The folders that no other package brings.
fn own_folders(entries: &[Entry]) -> BTreeSet<&str> {
    let folders = entries.iter().filter_map(|entry| entry.path.rsplit_once('/')).map(|(folder, _)| folder);
    folders.filter(|folder| folder.contains("beforehand")).collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
