//! What the compiler cannot check: the rules of the house, each as a test.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/manifests.rs"]
mod manifests;

use files::{Source, code_lines, named, root, sources};
use std::{collections::BTreeSet, fs};

/// Each folder's crate, and those of ours that it may use.
const LAW: [(&str, &[&str]); 12] = [
    ("shared", &[]),
    ("agent", &["shared"]),
    ("collector/core", &["shared"]),
    ("collector/store", &["shared", "core"]),
    ("collector/statement", &["shared", "core"]),
    ("collector", &["shared", "core", "store", "statement"]),
    ("tests/sim", &["shared", "core"]),
    ("tests/agent", &["agent"]),
    ("tests/foresight", &["shared", "core", "agent", "sim", "lab"]),
    ("tests/lab", &["shared", "core", "agent", "sim"]),
    ("tests", &["shared", "core", "store", "statement", "collector", "agent", "sim"]),
    ("packaging/xtask", &["shared"]),
];

/// Every complaint at once, so that one run tells all there is to mend.
fn none(complaints: &[String], rule: &str) {
    assert!(complaints.is_empty(), "{rule}\n  {}", complaints.join("\n  "));
}

/// Complaints about every line of `files` for which `wrong` holds.
fn lines(files: &[Source], wrong: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let hits = file.text.lines().enumerate().filter(|(_, line)| wrong(file, line));
        found.extend(hits.map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim())));
    }
    found
}

/// Whether a line holds an SQL `UPDATE` of a table, as opposed to the word in a sentence.
fn updates(line: &str) -> bool {
    line.split("UPDATE ").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '{' || c == '"'))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        sources().into_iter().filter(|file| !file.text.starts_with("//!")).map(|file| file.path).collect();
    none(&silent, "the first line of a source file is its purpose, as `//! …`");
}

#[test]
fn files_stay_small() {
    let mut sizes: Vec<(usize, String)> =
        sources().into_iter().filter(|file| !file.is_test()).map(|file| (code_lines(&file.text), file.path)).collect();
    sizes.sort();
    let over: Vec<_> =
        sizes.iter().filter(|(lines, _)| *lines > 400).map(|(lines, path)| format!("{path}: {lines}")).collect();
    none(&over, "no file has more than 400 lines of code");
    let at = |share: f64| sizes[((sizes.len() - 1) as f64 * share) as usize].0;
    assert!(at(0.5) <= 100, "the median file has {} lines of code; the limit is 100", at(0.5));
    assert!(at(0.9) <= 250, "one file in ten has more than {} lines of code; the limit is 250", at(0.9));
}

#[test]
fn parsers_are_the_same_on_every_system_and_touch_nothing() {
    let banned = [
        "target_os",
        "cfg(unix",
        "cfg(windows",
        "std::fs",
        "std::process",
        "std::net::Tcp",
        "std::net::Udp",
        "ToSocketAddrs",
        "tokio::",
        "std::env",
        "std::io",
    ];
    let found = lines(&named("parse.rs"), |_, line| !is_comment(line) && banned.iter().any(|word| line.contains(word)));
    none(&found, "parse.rs holds no system, file, process or network");
}

#[test]
fn core_cannot_look() {
    let core: Vec<_> = sources().into_iter().filter(|file| file.path.starts_with("collector/core/src/")).collect();
    let banned = [
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "std::time::",
        "std::thread",
        "HashMap",
        "HashSet",
        "static mut",
    ];
    let found = lines(&core, |_, line| !is_comment(line) && banned.iter().any(|word| line.contains(word)));
    none(&found, "core reads no clock, file, socket, environment or unordered map");
}

#[test]
fn core_depends_on_nothing_that_can_look() {
    let allowed = BTreeSet::from(["beforehand-shared", "jiff", "serde", "serde_json", "sha2", "statrs", "thiserror"]);
    let used = manifests::dependencies("collector/core");
    let extra: Vec<_> = used.into_iter().filter(|name| !allowed.contains(name.as_str())).collect();
    none(&extra, "core has only these dependencies; a new one needs a decision in docs/decisions");
}

#[test]
fn crates_depend_on_each_other_only_as_the_dependency_law_says() {
    let mut wrong = Vec::new();
    for folder in manifests::members() {
        let Some((_, allowed)) = LAW.iter().find(|(of, _)| *of == folder) else {
            wrong.push(format!("{folder} has no line in the law"));
            continue;
        };
        let used =
            manifests::dependencies_with_tests(&folder).into_iter().filter(|name| name.starts_with("beforehand-"));
        let extra = used.filter(|name| !allowed.contains(&name.trim_start_matches("beforehand-")));
        wrong.extend(extra.map(|name| format!("{folder} depends on {name}")));
    }
    none(&wrong, "shared ← agent; shared ← core ← store ← collector → statement → core; tests → everything");
}

#[test]
fn exceptions_to_the_banned_calls_stand_in_one_file_each() {
    let homes = ["time.rs", "random.rs", "tool.rs", "http.rs"];
    let product: Vec<_> = sources().into_iter().filter(|file| !file.is_test() && !file.is_tooling()).collect();
    let found = lines(&product, |file, line| {
        line.contains("clippy::disallowed_methods")
            && !homes.iter().any(|home| file.path.ends_with(&format!("/{home}")))
    });
    none(&found, "only time.rs reads clocks, random.rs draws, tool.rs starts processes, http.rs makes clients");
}

#[test]
fn sql_and_engines_stay_in_the_store() {
    let outside: Vec<_> = sources()
        .into_iter()
        .filter(|file| file.path.contains("/src/") && !file.path.starts_with("collector/store/"))
        // Windows is asked in a language of its own that looks like it (WQL).
        .filter(|file| !file.is_tooling() && !file.path.ends_with("/windows/wmi.rs"))
        .collect();
    let found = lines(&outside, |_, line| {
        let line = line.trim_start();
        !line.starts_with("//")
            && (["sqlx", "SELECT ", "INSERT INTO ", "DELETE FROM "].iter().any(|word| line.contains(word))
                || updates(line))
    });
    none(&found, "SQL stands in the store alone");
    let store: Vec<_> = sources()
        .into_iter()
        .filter(|file| file.path.starts_with("collector/store/src/") && !file.path.ends_with("/engine.rs"))
        .collect();
    let found = lines(&store, |_, line| {
        !is_comment(line)
            && ["sqlx::sqlite", "sqlx::postgres", "SqlitePool", "PgPool"].iter().any(|word| line.contains(word))
    });
    none(&found, "only engine.rs names a database engine");
}

#[test]
fn a_probe_knows_no_other_probe_and_no_way_out() {
    let probes: Vec<_> = sources()
        .into_iter()
        .filter(|file| file.path.starts_with("agent/src/probes/") && file.path.matches('/').count() > 3)
        .collect();
    let found = lines(&probes, |file, line| {
        let own = file.path.split('/').nth(3).unwrap_or_default();
        !is_comment(line)
            && (["crate::transport", "crate::spool", "crate::run"].iter().any(|word| line.contains(word))
                || line.split("crate::probes::").skip(1).any(|rest| !rest.starts_with(own)))
    });
    none(&found, "a probe imports no other probe, nor transport, spool or run");
}

#[test]
fn every_probe_folder_is_complete() {
    let mut missing = Vec::new();
    for folder in files::folders("agent/src/probes") {
        let wanted = ["README.md", "mod.rs", "parse.rs", "linux.rs", "windows.rs"];
        missing.extend(
            wanted
                .iter()
                .filter(|name| !folder.join(name).is_file())
                .map(|name| format!("{}/{name}", folder.display())),
        );
        let cases = files::subfolders(&folder.join("testdata"));
        if cases.is_empty() {
            missing.push(format!("{}/testdata has no case", folder.display()));
        }
        let unfinished =
            cases.iter().filter(|case| !case.join("expected.json").is_file() && !case.join("expected.err").is_file());
        missing.extend(unfinished.map(|case| format!("{} says nothing of what is expected", case.display())));
    }
    none(&missing, "a probe is a folder: README.md, mod.rs, parse.rs, linux.rs, windows.rs, testdata/<case>");
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| files::names(&format!("collector/store/migrations/{engine}"));
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[test]
fn nothing_is_left_half_done() {
    let words = [
        concat!("#[", "ignore"),
        concat!("#[", "should_panic"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("dbg", "!("),
    ];
    let found = lines(&sources(), |_, line| {
        words.iter().any(|word| line.contains(word))
            || line.contains(concat!("#[", "allow("))
            || line.trim_end() != line
    });
    none(&found, "no ignored tests, no placeholders, `expect` with a reason instead of `allow`, no trailing blanks");
}

#[test]
fn tests_do_not_wait_by_the_clock() {
    // Polls real processes up to a deadline and draws the moments of kills; paces the laboratory; waits for
    // PostgreSQL's start.
    let exempt = ["tests/src/", "tests/lab/src/time.rs", "collector/store/tests/conformance/postgres.rs"];
    let is_exempt = |file: &Source| exempt.iter().any(|start| file.path.starts_with(start));
    let tests: Vec<_> = sources().into_iter().filter(|file| file.is_test() && !is_exempt(file)).collect();
    let sleep = concat!("sleep", "(");
    let found = lines(&tests, |_, line| !is_comment(line) && line.contains(sleep));
    none(&found, "time is a parameter; where a real process must be waited for, tests/src polls up to a deadline");
}

#[test]
fn the_documents_name_only_what_exists() {
    let mut missing = Vec::new();
    for document in
        ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"].map(String::from).into_iter().chain(files::documents())
    {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        let named = text.split('`').skip(1).step_by(2).filter(|name| files::looks_like_a_path(name));
        missing.extend(named.filter(|name| !files::exists(name)).map(|name| format!("{document}: `{name}`")));
    }
    none(&missing, "a path in the documents exists");
}
