//! What came after the first release of the wire format is written exactly as then, and no later word makes a report
//! unreadable.

use beforehand_shared::{
    interface::{Interface, InterfaceState, Traffic},
    link::{Certificate, Link, LinkRole, Verdict},
    observation::Observation,
    route::{Occasion, Route},
};
use serde_json::{Value, json};

/// The provider's first router and the interface came later: collectors from before them keep them unread.
#[test]
fn a_router_on_the_way_and_an_interface_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/paths.json")).unwrap();
    let seen = vec![
        Observation::Hop(Link {
            target: "100.64.0.1".into(),
            role: LinkRole::Access,
            sent: 5,
            lost: 0,
            median_us: Some(9_100),
            jitter_us: Some(400),
        }),
        Observation::Interface(Interface {
            name: "eth0".into(),
            state: InterfaceState::Up,
            speed_mbit: Some(1_000),
            full_duplex: Some(true),
            address: Some([192, 168, 77, 11].into()),
            gateway: Some([192, 168, 77, 1].into()),
            access_point: Some("02:00:5e:10:00:01".into()),
            signal_dbm: Some(-61),
            traffic: Some(Traffic {
                over_ms: 60_000,
                received_bytes: 7_340_032,
                sent_bytes: 1_048_576,
                errors: 1,
                dropped: 2,
                retries: Some(3),
            }),
            gateway_known: Some(true),
        }),
    ];
    assert_eq!(serde_json::to_value(&seen).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), seen);
}

#[test]
fn a_neighbour_and_a_trace_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/traces.json")).unwrap();
    let seen = vec![
        Observation::Neighbour(Link {
            target: "192.168.77.12".into(),
            role: LinkRole::Neighbour,
            sent: 5,
            lost: 1,
            median_us: Some(310),
            jitter_us: None,
        }),
        Observation::Route(Route {
            occasion: Occasion::Fault,
            target: "203.0.113.1".into(),
            hops: vec![Some([192, 168, 77, 1].into()), None, Some([100, 64, 0, 1].into())],
            reached: false,
            mtu: Some(1_492),
        }),
    ];
    assert_eq!(serde_json::to_value(&seen).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), seen);
}

#[test]
fn a_role_and_a_state_of_a_later_build_make_no_report_unreadable() {
    assert_eq!(serde_json::from_value::<LinkRole>(json!("satellite")).unwrap(), LinkRole::Other);
    assert_eq!(serde_json::from_value::<InterfaceState>(json!("dormant")).unwrap(), InterfaceState::Unknown);
}

#[test]
fn a_certificate_of_an_agent_that_does_not_judge_it_and_a_verdict_of_a_later_one_are_read() {
    let certificate = json!({"subject": "CN=a", "issuer": "CN=b", "not_before": 1, "not_after": 9});
    let read = |certificate: Value| serde_json::from_value::<Certificate>(certificate).unwrap();
    assert_eq!((read(certificate.clone()).verdict, read(certificate.clone()).chain_ends), (None, None));
    for (word, verdict) in [("no_intermediate", Verdict::NoIntermediate), ("cursed", Verdict::Other)] {
        let judged = json!({"chain_ends": 8, "verdict": word});
        let whole: serde_json::Map<_, _> =
            [&certificate, &judged].into_iter().flat_map(|part| part.as_object().unwrap().clone()).collect();
        assert_eq!(read(Value::Object(whole)).verdict, Some(verdict));
    }
}
