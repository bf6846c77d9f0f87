//! Every folder with a `case.json` is judged as it says.

use crate::build::{Told, hour, told};
use std::{fs, path::Path};

fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accounting");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().join("case.json").is_file());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What is wrong with the judgement, if anything.
fn difference(told: &Told) -> Option<String> {
    let judged = told.judged();
    let (Some(expect), Some(draft)) = (&told.expect, &judged) else {
        return (told.expect.is_some() != judged.is_some()).then(|| format!("{:#?}", judged.map(|d| d.because)));
    };
    let (rule, here) = draft.because.split_once(" Here: ").unwrap();
    assert_eq!(rule, draft.outcome.definition());
    let p = draft.p.map(|chance| (chance.p * 100.0).round() / 100.0);
    let same = draft.outcome == expect.outcome
        && draft.counted_at == hour(expect.counted_h)
        && p == expect.p
        && here == expect.because;
    let counted_h = draft.counted_at.since(hour(0.0)).as_hours();
    (!same).then(|| {
        serde_json::json!({"outcome": draft.outcome, "counted_h": counted_h, "p": p, "because": here}).to_string()
    })
}

#[test]
fn every_case_is_judged_as_its_folder_says() {
    let names = names();
    assert!(names.len() >= 30, "only {} cases were found", names.len());
    let wrong: Vec<_> =
        names.iter().filter_map(|name| difference(&told(name)).map(|is| format!("{name}\t{is}"))).collect();
    assert!(wrong.is_empty(), "judged otherwise:\n{}", wrong.join("\n"));
}
