//! A printer that is watched over the network: from the form to what its agent is handed.

use crate::common::{Agent, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use beforehand_core::site::Site;
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, PrinterState, Supply, SupplyLevel},
    printer_details::{FoundPrinter, PrinterDetails, Way},
    settings::{HandedSettings, SETTINGS_PATH, SnmpAccess},
    time::Millis,
};
use beforehand_store::Role;

const ADDRESS: &str = "192.168.1.40";

struct Office {
    app: TestApp,
    site: Site,
    technician: String,
}

impl Office {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (_, site) = app.client("Bakery").await;
        let technician = app.person(Role::Technician).await;
        Self { app, site, technician }
    }

    fn path(&self, rest: &str) -> String {
        format!("/clients/{}/{rest}", self.site.client)
    }

    async fn post(&self, rest: &str, fields: &str) -> (StatusCode, String) {
        let reply = self.app.form(&self.path(rest), Some(&self.technician), fields).await;
        (reply.status, reply.text())
    }

    async fn page(&self, rest: &str) -> String {
        let reply = self.app.page(Method::GET, &self.path(rest), Some(&self.technician)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.text()
    }

    /// An agent that has just reported.
    async fn agent(&self, name: &str) -> Agent {
        let mut agent = self.app.agent(&self.site, name).await;
        self.reports(&mut agent, vec![]).await;
        agent
    }

    async fn reports(&self, agent: &mut Agent, observations: Vec<Observation>) -> u64 {
        let report = agent.report(self.app.now(), observations);
        let ack = self.app.deliver(agent, &report).await;
        self.app.work().await;
        ack.settings.unwrap()
    }

    async fn adopts(&self, credential: &str) {
        let fields = format!("site={}&address={ADDRESS}&name=Front+desk&credential={credential}", self.site.id);
        let (status, text) = self.post("printers/new", &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        self.app.work().await;
    }

    async fn handed(&self, agent: &Agent) -> HandedSettings {
        let request = Request::get(SETTINGS_PATH).header(header::AUTHORIZATION, format!("Bearer {}", agent.secret));
        let reply = self.app.call(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }
}

fn printer() -> Observation {
    Observation::Printer(Printer {
        key: "serial:X1".to_owned(),
        uri: format!("snmp://{ADDRESS}"),
        name: "Laser".to_owned(),
        model: Some("Laser <b>9</b>".to_owned()),
        state: PrinterState::Idle,
        reasons: vec![],
        message: None,
        alerts: vec![],
        supplies: vec![Supply {
            name: "Black <i>toner</i>".to_owned(),
            kind: "toner".to_owned(),
            colour: None,
            level: SupplyLevel::Left(40.0),
        }],
        jobs: None,
        pages: Some(1_000),
        details: None,
    })
}

#[tokio::test]
async fn one_agent_is_handed_the_printer_with_its_secret_unsealed_and_another_takes_over_when_it_goes() {
    let office = Office::new().await;
    let fields = "name=office&version=v2c&community=s3cr3t-word";
    assert_eq!(office.post("credentials", fields).await.0, StatusCode::SEE_OTHER);
    let [credential] = &office.app.app.store.credentials(office.site.client).await.unwrap()[..] else { panic!() };
    let mut first = office.agent("ONE").await;
    office.adopts(&credential.id).await;
    let handed = office.handed(&first).await;
    let [printer] = &handed.printers[..] else { panic!("{handed:?}") };
    assert!(matches!(&printer.snmp, SnmpAccess::V2c { community } if community.0 == "s3cr3t-word"));
    assert_eq!(printer.address.to_string(), ADDRESS);
    assert!(office.page("printers").await.contains("asked by ONE"));
    let shown = office.page("credentials").await;
    assert!(shown.contains("SNMPv2c with a community") && !shown.contains("s3cr3t-word"));

    office.app.later(Millis::minutes(1));
    assert_eq!(office.reports(&mut first, vec![]).await, handed.revision, "the acknowledgement names it");
    office.app.later(Millis::minutes(6));
    let second = office.agent("TWO").await;
    assert!(office.handed(&first).await.printers.is_empty());
    assert_eq!(office.handed(&second).await.printers.len(), 1);
}

#[tokio::test]
async fn what_the_database_holds_of_a_credential_is_sealed() {
    let office = Office::new().await;
    let fields = "name=office&version=v3&user=monitor&auth=sha256&auth_password=authpass-word\
        &privacy=aes128&privacy_password=privpass-word";
    assert_eq!(office.post("credentials", fields).await.0, StatusCode::SEE_OTHER);
    office.app.app.store.backup(&office.app.folder.path().join("copy.db")).await.unwrap();
    let copy = std::fs::read(office.app.folder.path().join("copy.db")).unwrap();
    for secret in [&b"authpass-word"[..], b"privpass-word"] {
        assert!(!copy.windows(secret.len()).any(|window| window == secret));
    }
}

#[tokio::test]
async fn a_wish_for_an_answer_reaches_the_agent_and_the_page_says_what_came_of_it() {
    let office = Office::new().await;
    let mut agent = office.agent("ONE").await;
    office.adopts("").await;
    let before = office.handed(&agent).await;
    let ask = format!("printers/{}/{ADDRESS}/ask", office.site.id);
    office.app.later(Millis::minutes(1));
    assert_eq!(office.post(&ask, "").await.0, StatusCode::SEE_OTHER);
    let after = office.handed(&agent).await;
    assert!(after.revision > before.revision && after.printers[0].wish > before.printers[0].wish);
    assert!(office.page("printers").await.contains("It is being asked"));
    office.app.later(Millis::minutes(1));
    office.reports(&mut agent, vec![printer()]).await;
    let page = office.page("printers").await;
    assert!(page.contains("It answered"), "{page}");
    assert!(page.contains("Black &#60;i&#62;toner") && !page.contains("<i>toner"), "what a printer says is text");
    office.app.later(Millis::minutes(10));
    assert_eq!(office.post(&ask, "").await.0, StatusCode::SEE_OTHER);
    office.app.later(Millis::minutes(10));
    assert!(office.page("printers").await.contains("no answer came"));
}

#[tokio::test]
async fn an_address_outside_of_local_networks_is_not_adopted() {
    let office = Office::new().await;
    for (address, why) in [("8.8.8.8", "no address of a local network"), ("printer", "Enter an address such as")] {
        let fields = format!("site={}&address={address}&name=X&credential=", office.site.id);
        let (status, text) = office.post("printers/new", &fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains(why), "{text}");
    }
    assert!(office.app.app.store.adopted_printers(office.site.client).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_printer_that_an_agent_found_is_offered_until_it_is_watched() {
    let office = Office::new().await;
    let mut agent = office.agent("ONE").await;
    let found = Observation::FoundPrinter(FoundPrinter {
        key: ADDRESS.to_owned(),
        address: ADDRESS.to_owned(),
        found_by: Way::DnsSd,
        model: Some("Found 2000".to_owned()),
        uri: None,
    });
    office.reports(&mut agent, vec![found]).await;
    let page = office.page("printers").await;
    assert!(page.contains("Found 2000") && page.contains("it announces itself"), "{page}");
    office.adopts("").await;
    assert!(!office.page("printers").await.contains("Found, and not watched"));
}

#[tokio::test]
async fn a_printer_that_two_machines_know_by_different_marks_is_shown_once() {
    let office = Office::new().await;
    let (mut first, mut second) = (office.agent("ONE").await, office.agent("TWO").await);
    let seen = |serial: Option<&str>, key: &str| {
        let Observation::Printer(mut printer) = printer() else { panic!() };
        let uuid = Some("4509a320-00a0-008f-00b6-002673540000".to_owned());
        let details = PrinterDetails { uuid, serial: serial.map(str::to_owned), ..PrinterDetails::default() };
        (printer.key, printer.details) = (key.to_owned(), Some(Box::new(details)));
        Observation::Printer(printer)
    };
    office.reports(&mut first, vec![seen(None, "4509a320-00a0-008f-00b6-002673540000")]).await;
    office.reports(&mut second, vec![seen(Some("VCF9192281"), "VCF9192281")]).await;
    let assets = office.app.app.store.assets(office.site.client).await.unwrap();
    let kept: Vec<&Observation> =
        assets.iter().map(|it| &it.facts).filter(|it| matches!(it, Observation::Printer(_))).collect();
    let [Observation::Printer(kept)] = kept[..] else { panic!("{kept:?}") };
    assert_eq!(kept.details.as_ref().unwrap().serial.as_deref(), Some("VCF9192281"), "the marks of both are kept");
}

#[tokio::test]
async fn how_a_watched_printer_is_asked_can_be_changed() {
    let office = Office::new().await;
    let agent = office.agent("ONE").await;
    office.adopts("").await;
    assert_eq!(
        office.post("credentials", "name=office&version=v2c&community=s3cr3t-word").await.0,
        StatusCode::SEE_OTHER
    );
    let [credential] = &office.app.app.store.credentials(office.site.client).await.unwrap()[..] else { panic!() };
    let change = format!("printers/{}/{ADDRESS}/change", office.site.id);
    let form = office.page(&change).await;
    assert!(form.contains("Front desk") && form.contains("office: SNMPv2c"), "{form}");
    let (status, again) = office.post(&change, "name=&credential=").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && again.contains("Enter a name."), "{again}");
    let (status, _) = office.post(&change, &format!("name=Back+office&credential={}", credential.id)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let handed = office.handed(&agent).await;
    assert!(matches!(&handed.printers[0].snmp, SnmpAccess::V2c { community } if community.0 == "s3cr3t-word"));
    assert!(office.page("printers").await.contains("Back office"));
}

#[tokio::test]
async fn settings_are_for_agents_with_their_secret() {
    let office = Office::new().await;
    let reply = office.app.get(SETTINGS_PATH).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::UNAUTHORIZED, "unknown_secret"));
}
