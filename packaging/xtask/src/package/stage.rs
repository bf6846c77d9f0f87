//! The files of a package as they lie on a machine. Both kinds of packages are made of the same tree.

use super::{Profile, Release, glibc, names, product::Product, scratch};
use crate::tool::{root, run, tool};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// A file of a package.
pub(super) struct Entry {
    /// On the machine, with a slash at its beginning.
    pub(super) path: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Program,
    Plain,
    /// Kept when an upgrade brings another one and a person changed it; read by root and the service.
    Config,
}

impl Kind {
    pub(super) const fn mode(self) -> u32 {
        match self {
            Self::Program => 0o755,
            Self::Plain => 0o644,
            Self::Config => 0o640,
        }
    }
}

pub(super) struct Stage {
    pub(super) tree: PathBuf,
    pub(super) entries: Vec<Entry>,
    pub(super) glibc: glibc::Version,
    scripts: PathBuf,
    product: Product,
}

impl Stage {
    /// Copies everything into a tree of its own.
    pub(super) fn lay_out(product: Product, program: &Path, release: &Release) -> Result<Self> {
        let linux = root().join("packaging/linux");
        let (tree, scripts) = (scratch(product.name())?, linux.join("scripts"));
        let glibc = glibc::needed_by(program)?;
        let mut stage = Self { tree, entries: Vec::new(), glibc, scripts, product };
        let (name, short) = (product.name(), product.short());
        stage.add(program, format!("/usr/bin/{name}"), Kind::Program)?;
        if release.profile == Profile::Dev {
            run(tool("strip").arg(stage.at(&format!("/usr/bin/{name}"))))?;
        }
        let own = linux.join(short);
        stage.add_all(&own.join("units"), "/usr/lib/systemd/system")?;
        stage.add(&own.join("sysusers.conf"), format!("/usr/lib/sysusers.d/{name}.conf"), Kind::Plain)?;
        stage.add(&own.join(format!("{short}.toml")), format!("/etc/beforehand/{short}.toml"), Kind::Config)?;
        stage.add_documents(&own)?;
        match product {
            Product::Agent => {
                stage.add(&own.join("sleep"), format!("/usr/lib/systemd/system-sleep/{name}"), Kind::Program)?;
            }
            Product::Collector => stage.add_agents(release)?,
        }
        stage.entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(stage)
    }

    /// The agent's packages of the same run, for the console to hand out.
    fn add_agents(&mut self, release: &Release) -> Result<()> {
        for name in names::of_agent(&release.version) {
            let file = release.out.join(&name);
            if file.exists() {
                self.add(&file, format!("/usr/share/beforehand-collector/agents/{name}"), Kind::Plain)?;
            } else {
                ensure!(release.profile == Profile::Dev, "{name} is missing; pack the agent too");
                println!("this collector will not hand out {name}, which was not packed");
            }
        }
        Ok(())
    }

    fn add_documents(&mut self, own: &Path) -> Result<()> {
        let doc = format!("/usr/share/doc/{}", self.product.name());
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "CHANGELOG.md", "docs/install.md", "docs/updates.md"] {
            let name = Path::new(file).file_name().context("no name")?.to_string_lossy();
            self.add(&root().join(file), format!("{doc}/{name}"), Kind::Plain)?;
        }
        let example = format!("{}.example.toml", self.product.short());
        self.add(&root().join("config").join(&example), format!("{doc}/examples/{example}"), Kind::Plain)?;
        self.add_all(&own.join("examples"), &format!("{doc}/examples"))
    }

    fn add_all(&mut self, from: &Path, to: &str) -> Result<()> {
        for file in fs::read_dir(from).with_context(|| format!("no folder {}", from.display()))? {
            let file = file?;
            self.add(&file.path(), format!("{to}/{}", file.file_name().to_string_lossy()), Kind::Plain)?;
        }
        Ok(())
    }

    fn add(&mut self, source: &Path, path: String, kind: Kind) -> Result<()> {
        let to = self.at(&path);
        fs::create_dir_all(to.parent().context("no folder")?)?;
        fs::copy(source, &to).with_context(|| format!("{} is missing", source.display()))?;
        fs::set_permissions(&to, fs::Permissions::from_mode(kind.mode()))?;
        self.entries.push(Entry { path, kind });
        Ok(())
    }

    fn at(&self, path: &str) -> PathBuf {
        self.tree.join(path.trim_start_matches('/'))
    }

    /// The maintainer script of that name, speaking of this product.
    pub(super) fn script(&self, name: &str) -> Result<String> {
        let text = fs::read_to_string(self.scripts.join(name)).with_context(|| format!("no script {name}"))?;
        let discard = fs::read_to_string(self.scripts.join("discard_trial")).context("no script discard_trial")?;
        let text = text.replace("@DISCARD_TRIAL@", discard.trim_end());
        Ok(text.replace("@NAME@", self.product.name()).replace("@SHORT@", self.product.short()))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed now is replaced by the next run.
        let _ = fs::remove_dir_all(&self.tree);
    }
}
