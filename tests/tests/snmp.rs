//! Real SNMP in all its versions: the agent reads printers that a simulator serves, says which ones sleep, and
//! whom it may not ask.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::parts::{
    agent::Agent,
    place::Place,
    snmp_printers::{AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD, SnmpPrinters, recording},
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, SupplyLevel},
    printer_details::SilentPrinter,
    run::{Outcome, ProbeRun},
};

const FRONT: &str = "127.0.0.11";
const BACK: &str = "127.0.0.12";

/// A section of the settings.
fn section(address: &str, port: u16, access: &str) -> String {
    format!("[[printer.snmp]]\naddresses = [\"{address}:{port}\"]\n{access}\n")
}

fn user(name: &str, auth: &str, password: &str, privacy: &str) -> String {
    let auth =
        if auth.is_empty() { String::new() } else { format!("auth = \"{auth}\"\nauth_password = \"{password}\"\n") };
    let privacy = if privacy.is_empty() {
        String::new()
    } else {
        format!("privacy = \"{privacy}\"\nprivacy_password = \"{PRIVACY_PASSWORD}\"\n")
    };
    format!("version = \"3\"\nuser = \"{name}\"\n{auth}{privacy}")
}

fn community(version: &str, word: &str) -> String {
    format!("version = \"{version}\"\ncommunity = \"{word}\"")
}

fn look(agent: &Agent, sections: &[String]) -> Outcome {
    let all = format!("[printer]\ncups = \"\"\ntimeout = \"3s\"\n{}", sections.concat());
    agent.configure(&all).unwrap();
    let runs = agent.command(&["once", "--probe", "printer"]).unwrap();
    serde_json::from_str::<Vec<ProbeRun>>(&runs).unwrap().remove(0).outcome
}

fn printers(outcome: &Outcome) -> Vec<Printer> {
    let of = |seen: &Observation| if let Observation::Printer(printer) = seen { Some(printer.clone()) } else { None };
    outcome.observations().iter().filter_map(of).collect()
}

fn silent(outcome: &Outcome) -> Vec<SilentPrinter> {
    let of = |seen: &Observation| if let Observation::SilentPrinter(it) = seen { Some(it.clone()) } else { None };
    outcome.observations().iter().filter_map(of).collect()
}

fn left(printer: &Printer) -> SupplyLevel {
    printer.supplies[0].level
}

#[tokio::test(flavor = "multi_thread")]
async fn printers_are_read_in_every_version_of_snmp_and_asleep_they_are_called_so() {
    let place = Place::new("snmp").unwrap();
    let both = [(FRONT, &*recording("VCF9192281", 62)), (BACK, &*recording("VCF9192282", 9))];
    let simulated = SnmpPrinters::start(&place, &both).await.unwrap();
    let (port, agent) = (simulated.port, Agent::prepare(&place, "").unwrap());
    let ways = [
        community("1", COMMUNITY),
        community("2c", COMMUNITY),
        user("anyone", "", "", ""),
        user("sha", "sha", AUTH_PASSWORD, ""),
        user("sha-aes", "sha", AUTH_PASSWORD, "aes"),
        user("sha256-aes", "sha256", AUTH_PASSWORD, "aes"),
    ];
    for way in &ways {
        let seen = printers(&look(&agent, &[section(FRONT, port, way)]));
        assert_eq!(seen.len(), 1, "{way}");
        assert_eq!(
            (seen[0].key.as_str(), left(&seen[0]), seen[0].pages),
            ("VCF9192281", SupplyLevel::Left(62.0), Some(12_345))
        );
    }

    let wrong = look(&agent, &[section(FRONT, port, &user("sha-aes", "sha", "wrongpass123", "aes"))]);
    assert!(matches!(&wrong, Outcome::Denied { why } if !why.contains("wrongpass123")), "{wrong:?}");
    let stranger = look(&agent, &[section(FRONT, port, &user("nobody", "sha", AUTH_PASSWORD, "aes"))]);
    assert!(matches!(&stranger, Outcome::Denied { .. }), "{stranger:?}");
    let other = silent(&look(&agent, &[section(FRONT, port, &community("2c", "another"))]));
    assert!(other.len() == 1 && other[0].why.contains("another community"), "{other:?}");

    // One that may not be asked does not cost the other.
    let sections =
        [section(FRONT, port, &community("2c", "another")), section(BACK, port, &community("2c", COMMUNITY))];
    let mixed = look(&agent, &sections);
    assert_eq!((printers(&mixed).len(), silent(&mixed).len()), (1, 1), "{mixed:?}");

    let section = [section(FRONT, port, &community("2c", COMMUNITY))];
    simulated.service.pause().unwrap();
    let asleep = look(&agent, &section);
    assert!(printers(&asleep).is_empty() && silent(&asleep)[0].why.contains("off or asleep"), "{asleep:?}");
    simulated.service.resume().unwrap();
    simulated.change(FRONT, &recording("VCF9192281", 3)).unwrap();
    assert_eq!(left(&printers(&look(&agent, &section))[0]), SupplyLevel::Left(3.0));
}

/// A network card that shows its printer's supplies in a context alone.
#[tokio::test(flavor = "multi_thread")]
async fn supplies_that_a_card_of_hp_keeps_in_a_context_of_its_own_are_read_in_every_version() {
    let place = Place::new("snmp-context").unwrap();
    let whole = recording("VCF9192281", 62).replace("|6|1.3.6.1.4.1.1347.41", "|6|1.3.6.1.4.1.11.2.3.9.1");
    let rest: String = whole
        .lines()
        .filter(|line| !line.starts_with("1.3.6.1.2.1.43.11."))
        .fold(String::new(), |all, line| all + line + "\n");
    for context in ["Jetdirect", &format!("{COMMUNITY}@Jetdirect")] {
        SnmpPrinters::prepare_context(&place, FRONT, context, &whole).unwrap();
    }
    let simulated = SnmpPrinters::start(&place, &[(FRONT, &rest)]).await.unwrap();
    let agent = Agent::prepare(&place, "").unwrap();
    for way in [community("1", COMMUNITY), community("2c", COMMUNITY), user("sha-aes", "sha", AUTH_PASSWORD, "aes")] {
        let seen = printers(&look(&agent, &[section(FRONT, simulated.port, &way)]));
        assert_eq!(seen.iter().map(left).collect::<Vec<_>>(), [SupplyLevel::Left(62.0)], "{way}");
    }
}
