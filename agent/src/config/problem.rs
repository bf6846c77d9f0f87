//! What is wrong with a file of settings: where, what, and what to do.

use std::{io, path::Path};

/// An error in the file of settings, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the file, from 1, where one is known.
    pub line: Option<usize>,
    pub what: String,
    pub remedy: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}. {}", self.what, self.remedy)
    }
}

impl std::error::Error for Problem {}

/// A value that can be read but not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub section: &'static str,
    pub key: &'static str,
    pub what: String,
    pub remedy: String,
}

impl Finding {
    pub(super) fn new(section: &'static str, key: &'static str, what: String, remedy: &str) -> Self {
        Self { section, key, what, remedy: remedy.to_owned() }
    }
}

impl Problem {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let what = format!("{} cannot be read: {error}", path.display());
        Self {
            line: None,
            what,
            remedy: "Give the file with --config, or leave that out to use the defaults".to_owned(),
        }
    }

    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
        let at_line_start = error.span().is_some_and(|span| text[..span.start].ends_with('\n'));
        let what = error.message().trim().replace('\n', " ");
        let remedy = if what.contains("unknown field") {
            "Correct the spelling or remove the line; config/agent.example.toml shows every key"
        } else if what.contains("invalid type") || what.contains("invalid value") {
            "Give the value as in config/agent.example.toml"
        } else {
            "Correct the line; texts stand in quotes, lists in [ ]"
        };
        Self { line: line.map(|line| line + usize::from(at_line_start)), what, remedy: remedy.to_owned() }
    }

    pub(super) fn of_finding(text: &str, finding: Finding) -> Self {
        let what = if finding.section.is_empty() {
            format!("{}: {}", finding.key, finding.what)
        } else {
            format!("[{}] {}: {}", finding.section, finding.key, finding.what)
        };
        Self { line: line_of(text, finding.section, finding.key), what, remedy: finding.remedy }
    }
}

/// The line of `key` in `[section]`.
fn line_of(text: &str, section: &str, key: &str) -> Option<usize> {
    let mut current = String::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.trim_start_matches('[').split(']').next()) {
            current = name.trim().to_owned();
        }
        if current == section && line.split('=').next().is_some_and(|name| name.trim() == key) {
            return Some(number + 1);
        }
    }
    None
}
