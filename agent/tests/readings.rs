//! Settings and answers that are wrong or damaged: told, refused or read, and never a panic.

#[path = "support/data.rs"]
mod data;

use beforehand_agent::{config::Config, probes::printer};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn data() -> Option<PathBuf> {
    data::public_data("printers/ipp")
}

#[test]
fn the_example_settings_are_the_defaults() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/agent.example.toml"));
    let example = Config::parse(&text.unwrap()).unwrap();
    // Paths differ between systems; the file shows those of Linux.
    let default = Config { state: "/var/lib/beforehand-agent".into(), ..Config::default() };
    assert_eq!(example, default);
    assert_eq!(Config::parse("").unwrap(), Config::default());
}

#[test]
fn a_wrong_setting_is_told_with_its_line_and_a_remedy() {
    for (text, line, words) in [
        ("[printer]\nurl = []\n", 2, "unknown field `url`"),
        ("\n[disk]\n", 2, "unknown field `disk`"),
        ("report_every = \"1 parsec\"", 1, "is not a length of time"),
        ("[connectivity]\n\npings = 0\n", 3, "0 pings in one run"),
        ("[connectivity]\nanchors = [\"router\"]\n", 2, "invalid"),
        ("[connectivity]\nendpoints = [\"shop\"]\n", 2, "\"shop\" is no address"),
        ("[connectivity]\nendpoints = [\"tcp://files.example\"]\n", 2, "names no port"),
        ("[spool]\nmax_bytes = \"1KiB\"\n", 2, "less than 64 KiB"),
        ("[printer]\nevery = 60\n", 2, "invalid type"),
        ("state = \n", 1, ""),
    ] {
        let problem = Config::parse(text).unwrap_err();
        assert_eq!(problem.line, Some(line), "{text}: {problem}");
        assert!(problem.what.contains(words), "{text}: {problem}");
        assert!(!problem.remedy.is_empty());
    }
}

proptest! {
    #[test]
    fn no_answer_makes_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = printer::parse::printer(&bytes, "ipp://192.0.2.9");
        let mut ipp = vec![1, 1, 0, 0, 0, 0, 0, 1, 4];
        ipp.extend(&bytes);
        let _ = printer::parse::printer(&ipp, "ipp://192.0.2.9");
        let _ = printer::queue::queues(&ipp, &ipp, beforehand_shared::time::Timestamp(0));
        let text = String::from_utf8_lossy(&bytes);
        let _ = beforehand_agent::probes::disk_space::parse::mounts(&text);
        let _ = beforehand_agent::route::default(&text);
        let neighbour = [192, 0, 2, 1].into();
        let _ = beforehand_agent::probes::interfaces::parse::is_known(&text, neighbour, "eth0");
        let _ = beforehand_agent::probes::interfaces::parse::signal("eth0", &text);
        let _ = beforehand_agent::probes::connectivity::certificate::read(&[&bytes, &bytes], "shop.example");
        let _ = beforehand_agent::probes::connectivity::dns::judge(&bytes, &bytes);
        let _ = Config::parse(&text);
    }

    #[test]
    fn a_damaged_capture_is_read_or_refused(at in any::<prop::sample::Index>(), byte: u8) {
        if let Some(folder) = data() {
            let file = folder.join("gmuth/Xerox_B210_Printer/printer-stopped-media-jam.res");
            let mut answer = std::fs::read(file).unwrap();
            let at = at.index(answer.len());
            answer[at] = byte;
            let _ = printer::parse::printer(&answer, "ipp://192.0.2.9");
        }
    }
}
