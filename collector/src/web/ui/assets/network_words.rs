//! A connection, a network interface or a web address in words.

use super::words::millis;
use beforehand_shared::{
    interface::{Interface, InterfaceState, Traffic},
    link::{Endpoint, Link, LinkRole},
    route::{Occasion, Route},
};
use beforehand_statement::words::decimal;

pub(super) type Pairs = Vec<(&'static str, String)>;

pub(super) fn interface(interface: &Interface) -> String {
    let state = match interface.state {
        InterfaceState::Up => "connected",
        InterfaceState::NoCarrier => "nothing at the other end",
        InterfaceState::Off => "off",
        InterfaceState::Unknown => "state not known",
    };
    let speed = interface.speed_mbit.map(|mbit| format!(", {mbit} Mbit/s")).unwrap_or_default();
    format!("{state}{speed}")
}

pub(super) fn of_interface(it: &Interface) -> Pairs {
    let traffic = |words: fn(&Traffic) -> String| it.traffic.as_ref().map(words).unwrap_or_default();
    let duplex = it.full_duplex.map(|full| if full { "both at once" } else { "one at a time" });
    let gateway = it.gateway_known.map(|known| if known { "answers" } else { "does not tell its hardware address" });
    vec![
        ("Connection", interface(it)),
        ("Sides may speak", duplex.unwrap_or_default().to_owned()),
        ("Own address", it.address.map(|address| address.to_string()).unwrap_or_default()),
        ("Gateway's address", it.gateway.map(|gateway| gateway.to_string()).unwrap_or_default()),
        ("Access point", it.access_point.clone().unwrap_or_default()),
        ("Radio signal", it.signal_dbm.map(|dbm| format!("{dbm} dBm")).unwrap_or_default()),
        ("Received", traffic(|it| rate(it.received_bytes, it.over_ms))),
        ("Sent", traffic(|it| rate(it.sent_bytes, it.over_ms))),
        ("Frames in error", traffic(|it| it.errors.to_string())),
        ("Frames dropped", traffic(|it| it.dropped.to_string())),
        ("Given up by the radio", traffic(|it| it.retries.map(|retries| retries.to_string()).unwrap_or_default())),
        ("Gateway", gateway.unwrap_or_default().to_owned()),
    ]
}

fn rate(bytes: u64, over_ms: u32) -> String {
    let kbit = bytes as f64 * 8.0 / f64::from(over_ms.max(1));
    if kbit < 1_000.0 { format!("{kbit:.0} kbit/s") } else { format!("{} Mbit/s", decimal(kbit / 1_000.0)) }
}

pub(super) fn of_link(it: &Link) -> Pairs {
    let role = match it.role {
        LinkRole::Gateway => "the office's own network",
        LinkRole::Access => "the line as far as the provider's first router",
        LinkRole::Anchor => "the line and the internet behind it",
        LinkRole::Neighbour => "what the machines of the office are plugged into",
        LinkRole::Other => "a part that this version does not know",
    };
    vec![("Stands for", role.to_owned()), ("Address", it.target.clone()), ("Last minute", link(it))]
}

pub(super) fn link(link: &Link) -> String {
    let lost = if link.lost == 0 { "none lost".to_owned() } else { format!("{} of {} lost", link.lost, link.sent) };
    link.median_us.map_or_else(|| "no answer".to_owned(), |us| format!("{}, {lost}", millis(us)))
}

pub(super) fn route(route: &Route) -> String {
    let end = if route.reached { "reached" } else { "not reached" };
    let hops = beforehand_statement::words::count(route.hops.len() as u64, "router", "routers");
    format!("{end} over {hops}")
}

pub(super) fn of_route(it: &Route) -> Pairs {
    let occasion = match it.occasion {
        Occasion::Usual => "while all was well",
        Occasion::Fault => "during a fault",
        Occasion::Other => "on an occasion that this version does not know",
    };
    let hops = it.hops.iter().map(|hop| hop.map_or_else(|| "no answer".to_owned(), |hop| hop.to_string()));
    vec![
        ("Traced", occasion.to_owned()),
        ("Target", format!("{}, {}", it.target, route(it))),
        ("Routers", hops.collect::<Vec<_>>().join(", ")),
        ("Largest packet in one piece", it.mtu.map(|mtu| format!("{mtu} bytes")).unwrap_or_default()),
    ]
}

pub(super) fn of_endpoint(it: &Endpoint) -> Pairs {
    let certificate = it.certificate.as_ref();
    vec![
        ("Address", it.url.clone()),
        ("Answer", endpoint(it)),
        ("Certificate for", certificate.map(|it| it.subject.clone()).unwrap_or_default()),
        ("Issued by", certificate.map(|it| it.issuer.clone()).unwrap_or_default()),
    ]
}

pub(super) fn endpoint(endpoint: &Endpoint) -> String {
    match (&endpoint.error, endpoint.status) {
        (Some(error), _) => error.clone(),
        (None, Some(status)) => format!("status {status} in {}", millis(endpoint.took_us)),
        (None, None) => format!("answers in {}", millis(endpoint.took_us)),
    }
}
