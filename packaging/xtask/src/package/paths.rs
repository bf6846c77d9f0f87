//! Where things lie on the machine that builds: no program that is shipped may tell, and the same source must give
//! the same bytes wherever it lies.

use crate::tool::{cargo, root, run};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Folders of this machine, and what stands for them. Of two that fit, the compilers take the later one.
fn names() -> Result<Vec<(PathBuf, &'static str)>> {
    let cargo = home("CARGO_HOME", ".cargo")?;
    // The registry's own folder is named after where it was fetched from.
    let sources = fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut names = vec![(cargo, "/cargo")];
    names.extend(sources.map(|folder| (folder, "/cargo")));
    names.push((root(), "/beforehand"));
    Ok(names)
}

fn home(variable: &str, below: &str) -> Result<PathBuf> {
    match std::env::var_os(variable) {
        Some(home) => Ok(home.into()),
        None => Ok(Path::new(&std::env::var_os("HOME").context("HOME is not set")?).join(below)),
    }
}

/// Has the compilers that `build` starts write other names for the folders of this machine.
pub(crate) fn hide(build: &mut Command) -> Result<()> {
    // What is fetched only by the build itself would keep the name of its folder.
    run(cargo().args(["fetch", "--locked", "--quiet"]))?;
    let names = names()?;
    let flags = |flag: &str| {
        names.iter().map(|(from, to)| format!("{flag}={}={to}", from.display())).collect::<Vec<_>>().join(" ")
    };
    build.env("RUSTFLAGS", flags("--remap-path-prefix")).env("CFLAGS", flags("-ffile-prefix-map"));
    Ok(())
}

/// Fails when `program` names a folder of this machine.
pub(crate) fn refuse(program: &Path) -> Result<()> {
    match named(&fs::read(program)?, &names()?) {
        Some(folder) => bail!("{} holds the name of a folder of this machine, {}", program.display(), folder.display()),
        None => Ok(()),
    }
}

fn named<'a>(program: &[u8], names: &'a [(PathBuf, &str)]) -> Option<&'a Path> {
    let holds = |folder: &Path| {
        let name = folder.as_os_str().as_encoded_bytes();
        program.windows(name.len()).any(|bytes| bytes == name)
    };
    let unhidden = Path::new("registry/src/");
    names.iter().map(|(folder, _)| folder.as_path()).chain([unhidden]).find(|folder| holds(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_names_a_folder_of_this_machine_is_found_out() {
        let names = [(PathBuf::from("/home/kim/.cargo"), "/cargo"), (PathBuf::from("/home/kim/src"), "/beforehand")];
        assert_eq!(named(b"...at /home/kim/src/agent/run.rs...", &names), Some(Path::new("/home/kim/src")));
        let unhidden = b"...at /cargo/registry/src/somewhere-0123/ring/lib.rs...";
        assert_eq!(named(unhidden, &names), Some(Path::new("registry/src/")));
        assert_eq!(named(b"...at /cargo/ring/lib.rs and /beforehand/agent/run.rs...", &names), None);
    }
}
