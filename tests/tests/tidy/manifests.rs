//! The crates' manifests, as the dependency law sees them.

use crate::files::root;
use std::{collections::BTreeSet, fs};

/// Folders of the workspace's crates.
pub(crate) fn members() -> Vec<String> {
    let members = manifest("")["workspace"]["members"].as_array().unwrap().clone();
    members.iter().map(|member| member.as_str().unwrap().to_owned()).collect()
}

/// What the crate in `folder` needs to be built and to run, on any system.
pub(crate) fn dependencies(folder: &str) -> BTreeSet<String> {
    named(folder, &["dependencies", "build-dependencies"])
}

/// As [`dependencies`], and what its tests need.
pub(crate) fn dependencies_with_tests(folder: &str) -> BTreeSet<String> {
    named(folder, &["dependencies", "build-dependencies", "dev-dependencies"])
}

fn named(folder: &str, kinds: &[&str]) -> BTreeSet<String> {
    let manifest = manifest(folder);
    let systems = manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(|table| table.values());
    let tables = systems.chain([&manifest]).flat_map(|table| kinds.iter().filter_map(|kind| table.get(kind)));
    tables
        .flat_map(|names| names.as_table().unwrap())
        .map(|(name, how)| how.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned())
        .collect()
}

fn manifest(folder: &str) -> toml::Value {
    let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    toml::Value::Table(toml::from_str(&text).unwrap())
}
