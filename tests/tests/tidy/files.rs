//! The repository's own files, as the rules of the house see them.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) struct Source {
    /// Relative to the root of the repository, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "/examples/"].iter().any(|folder| self.path.contains(folder))
            || self.path.starts_with("tests/")
    }

    /// The project's own commands, which start processes by nature.
    pub(crate) fn is_tooling(&self) -> bool {
        self.path.starts_with("packaging/") || self.path.starts_with("tests/")
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every Rust file of the repository.
pub(crate) fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root(), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

pub(crate) fn named(name: &str) -> Vec<Source> {
    sources().into_iter().filter(|file| file.path.ends_with(&format!("/{name}"))).collect()
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let relative = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Lines that are neither blank, nor comments, nor the tests at the end of the file.
pub(crate) fn code_lines(text: &str) -> usize {
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// Folders directly inside `relative`.
pub(crate) fn folders(relative: &str) -> Vec<PathBuf> {
    subfolders(&root().join(relative))
}

pub(crate) fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Names of the files inside `relative`, sorted.
pub(crate) fn names(relative: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(relative)).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    found.sort();
    found
}

/// The documents below docs/.
pub(crate) fn documents() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["docs/how-to", "docs/decisions"] {
        found.extend(
            names(folder).into_iter().filter(|name| name.ends_with(".md")).map(|name| format!("{folder}/{name}")),
        );
    }
    found
}

/// Whether text between backquotes means a file of this repository.
pub(crate) fn looks_like_a_path(text: &str) -> bool {
    let known = ["agent/", "collector/", "shared/", "tests/", "packaging/", "docs/", "config/"];
    known.iter().any(|start| text.starts_with(start)) && !text.contains(['<', '*', '…', ' ', '{'])
}

pub(crate) fn exists(text: &str) -> bool {
    root().join(text.trim_end_matches('/')).exists()
}
