//! The agents of an office share the work of watching its connection, and what changes in it is told.

use crate::common::{Agent, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use beforehand_core::site::Site;
use beforehand_shared::{
    interface::{Interface, InterfaceState},
    observation::Observation,
    settings::{HandedSettings, SETTINGS_PATH},
    time::Millis,
};
use beforehand_store::Role;
use std::net::IpAddr;

fn interface(address: IpAddr, speed_mbit: u32) -> Observation {
    Observation::Interface(Interface {
        name: "eth0".to_owned(),
        state: InterfaceState::Up,
        speed_mbit: Some(speed_mbit),
        full_duplex: Some(true),
        address: Some(address),
        gateway: Some([192, 168, 1, 1].into()),
        access_point: None,
        signal_dbm: None,
        traffic: None,
        gateway_known: Some(true),
    })
}

fn address(machine: usize) -> IpAddr {
    [192, 168, 1, 20 + machine as u8].into()
}

async fn reports(app: &TestApp, agent: &mut Agent, observation: Observation) -> u64 {
    let report = agent.report(app.now(), vec![observation]);
    app.deliver(agent, &report).await.settings.unwrap()
}

async fn handed(app: &TestApp, agent: &Agent) -> HandedSettings {
    let request = Request::get(SETTINGS_PATH).header(header::AUTHORIZATION, format!("Bearer {}", agent.secret));
    let reply = app.call(request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.json()
}

/// Five machines that report once a minute, for a few minutes.
async fn office() -> (TestApp, Site, Vec<Agent>) {
    let app = TestApp::new().await;
    let (_, site) = app.client("Bakery").await;
    let mut agents = Vec::new();
    for machine in 0..5 {
        agents.push(app.agent(&site, &format!("PC-{machine}")).await);
    }
    for _ in 0..3 {
        for (machine, agent) in agents.iter_mut().enumerate() {
            reports(&app, agent, interface(address(machine), 1_000)).await;
        }
        app.work().await;
        app.later(Millis::minutes(1));
    }
    (app, site, agents)
}

async fn seldom(app: &TestApp, agents: &[Agent]) -> usize {
    let mut seldom = 0;
    for agent in agents {
        seldom += usize::from(handed(app, agent).await.network.seldom);
    }
    seldom
}

#[tokio::test]
async fn three_machines_of_an_office_watch_for_all_and_another_takes_over_when_one_goes() {
    let (app, _, mut agents) = office().await;
    assert_eq!(seldom(&app, &agents).await, 2);
    let mut watching = Vec::new();
    for (machine, agent) in agents.iter().enumerate() {
        let network = handed(&app, agent).await.network;
        assert!(network.neighbours.len() == 2 && !network.neighbours.contains(&address(machine)), "{network:?}");
        watching.extend((!network.seldom).then_some(machine));
    }
    let before = handed(&app, &agents[watching[0]]).await.revision;
    let ack = reports(&app, &mut agents[watching[0]], interface(address(watching[0]), 1_000)).await;
    assert_eq!(ack, before, "nothing new is handed while nothing changes");
    for _ in 0..10 {
        app.later(Millis::minutes(2));
        for machine in (0..5).filter(|machine| *machine != watching[0]) {
            reports(&app, &mut agents[machine], interface(address(machine), 1_000)).await;
        }
        app.work().await;
    }
    agents.remove(watching[0]);
    assert_eq!(seldom(&app, &agents).await, 1, "of the four that are there");
}

#[tokio::test]
async fn a_cable_that_became_slow_stands_on_the_page_of_the_site() {
    let (app, site, mut agents) = office().await;
    reports(&app, &mut agents[2], interface(address(2), 100)).await;
    app.work().await;
    let technician = app.person(Role::Technician).await;
    let href = format!("/clients/{}/sites/{}", site.client, site.id);
    let page = app.page(Method::GET, &href, Some(&technician)).await.text();
    for words in ["Speed of the cable", "1000 Mbit/s", "100 Mbit/s", "PC-2"] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
}
