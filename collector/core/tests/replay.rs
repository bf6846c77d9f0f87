//! Worlds with a known course, analysed as time passes; the whole story of their cases is compared
//! with `testdata/<case>/expected.json`. `BLESS=1` writes what happened, to be read before it is kept; `CASE=line` plays
//! only those whose name holds that.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its case has failed")]

mod replay {
    pub(crate) mod course;
    mod lifecycle;
    mod reports;
    pub(crate) mod world;
}

use replay::{course::Course, world::World};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

/// Plays a case to its end: what it is about, and its story.
fn play(case: &Path) -> (String, Vec<String>) {
    let course = Course::read(&case.join("world.json"));
    let mut world = World::new(&course);
    while world.step(&course) {}
    (course.about, world.story)
}

/// What differs from the expected story, if anything does.
fn difference(case: &Path) -> Option<String> {
    let (about, story) = play(case);
    let file = case.join("expected.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, serde_json::to_string_pretty(&story).unwrap() + "\n").unwrap();
    }
    let expected: Vec<String> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    (story != expected).then(|| format!("{}: {about}\nexpected {expected:#?}\ngot {story:#?}", case.display()))
}

#[test]
fn every_case_has_exactly_the_story_that_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    let mut cases: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 18, "only {} cases", cases.len());
    if let Ok(name) = std::env::var("CASE") {
        cases.retain(|case| case.to_string_lossy().rsplit('/').next().is_some_and(|case| case.contains(&name)));
    }
    let halves = thread::scope(|scope| {
        let play = |odd| {
            let mine = cases.iter().skip(odd).step_by(2);
            scope.spawn(move || mine.filter_map(|case| difference(case)).collect::<Vec<_>>())
        };
        [play(0), play(1)].map(|half| half.join().unwrap())
    });
    let differing = halves.concat();
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}
