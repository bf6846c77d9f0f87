//! Queues that name their printer by a service (RFC 6763) instead of a host, as CUPS does for printers that it found by
//! itself: `dnssd://Front%20desk._ipp._tcp.local/`. Where that service is changes with the printer's address. Pure.

use super::found::{self, Announced, SERVICES};
use beforehand_shared::{limits, printer::Queue, settings::is_local};
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, BTreeSet};

/// An address may change; one that was not found may have been asleep.
const ASK_EVERY_MS: u64 = 60 * 60 * 1_000;
const ASK_MISSING_EVERY_MS: u64 = 10 * 60 * 1_000;

/// The instance's own name, without case, and the kind of service, such as `_ipp._tcp.local.`
type Service = (String, &'static str);

/// Where services were found, and when they were last asked for.
#[derive(Debug, Default)]
pub struct Located {
    places: BTreeMap<Service, String>,
    asked_ms: Option<u64>,
}

impl Located {
    /// Whether it is time to ask the network where the services of `queues` are.
    pub fn is_due(&self, queues: &[Queue], now_ms: u64) -> bool {
        let mut wanted = queues.iter().filter_map(of_queue).peekable();
        if wanted.peek().is_none() {
            return false;
        }
        let every = if wanted.all(|it| self.places.contains_key(&it)) { ASK_EVERY_MS } else { ASK_MISSING_EVERY_MS };
        self.asked_ms.is_none_or(|asked| now_ms.saturating_sub(asked) >= every)
    }

    /// Keeps what was announced of the services that `queues` name, at addresses of local networks. One that said nothing
    /// this time is believed where it was.
    pub fn keep(&mut self, announced: &[Announced], queues: &[Queue], now_ms: u64) {
        self.asked_ms = Some(now_ms);
        let wanted: BTreeSet<Service> = queues.iter().filter_map(of_queue).collect();
        self.places.retain(|service, _| wanted.contains(service));
        let places =
            announced.iter().filter(|one| is_near(one)).filter_map(|one| Some((of_announced(one)?, found::uri(one)?)));
        self.places.extend(places.filter(|(service, _)| wanted.contains(service)));
    }

    /// Gives each queue the address of its printer in place of the service's name, where it is known.
    pub fn give_to(&self, queues: &mut [Queue]) {
        for queue in queues {
            if let Some(place) = of_queue(queue).and_then(|service| self.places.get(&service)) {
                queue.device_uri = Some(place.clone());
            }
        }
    }
}

fn of_queue(queue: &Queue) -> Option<Service> {
    let (scheme, rest) = queue.device_uri.as_deref()?.split_once("://")?;
    let authority = rest.split(['/', '?']).next().filter(|_| ["dnssd", "ipp", "ipps"].contains(&scheme))?;
    let name = percent_decode_str(authority).decode_utf8().ok()?.to_lowercase();
    let name = name.trim_end_matches('.');
    SERVICES.into_iter().find_map(|service| {
        let instance = name.strip_suffix(service.trim_end_matches('.'))?.strip_suffix('.')?;
        (!instance.is_empty()).then(|| (instance.to_owned(), service))
    })
}

/// Anybody in the office can announce anything; nobody far away is asked for it.
fn is_near(announced: &Announced) -> bool {
    announced.addresses.first().and_then(|address| address.parse().ok()).is_some_and(is_local)
}

fn of_announced(announced: &Announced) -> Option<Service> {
    let service = SERVICES.into_iter().find(|service| *service == announced.service)?;
    let is_name = !announced.instance.is_empty() && announced.instance.len() <= limits::TEXT_CHARS;
    is_name.then(|| (announced.instance.to_lowercase(), service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::printer::PrinterState;

    fn queue(device: &str) -> Queue {
        Queue {
            name: "front".into(),
            device_uri: Some(device.into()),
            state: PrinterState::Idle,
            reasons: Vec::new(),
            message: None,
            accepting: true,
            jobs: 0,
            oldest: None,
        }
    }

    fn announced(instance: &str, service: &str, address: &str) -> Announced {
        Announced {
            instance: instance.into(),
            service: service.into(),
            addresses: vec![address.into()],
            port: 631,
            properties: [("rp".to_owned(), "ipp/print".to_owned())].into(),
        }
    }

    #[test]
    fn a_queue_that_names_a_service_leads_to_where_it_is_announced() {
        let told = [
            announced("Front desk.2", "_ipp._tcp.local.", "192.168.7.9"),
            announced("Front desk.2", "_printer._tcp.local.", "192.168.7.9"),
            announced("Böro", "_ipps._tcp.local.", "fd00::9"),
            announced("Plotter", "_pdl-datastream._tcp.local.", "192.168.7.8"),
        ];
        let far = announced("Far", "_ipp._tcp.local.", "203.0.113.9");
        let told = [&told[..], &[far]].concat();
        for (device, place) in [
            ("dnssd://Front%20desk.2._ipp._tcp.local/?uuid=1", "ipp://192.168.7.9:631/ipp/print"),
            ("ipp://FRONT%20desk.2._ipp._tcp.local/", "ipp://192.168.7.9:631/ipp/print"),
            ("dnssd://Front%20desk.2._printer._tcp.local./", "lpd://192.168.7.9:631/ipp/print"),
            ("ipps://B%c3%b6ro._ipps._tcp.local/", "ipps://[fd00::9]:631/ipp/print"),
            ("dnssd://Plotter._pdl-datastream._tcp.local/", "socket://192.168.7.8:631"),
            ("dnssd://Other._ipp._tcp.local/", "dnssd://Other._ipp._tcp.local/"),
            ("dnssd://Far._ipp._tcp.local/", "dnssd://Far._ipp._tcp.local/"),
            ("dnssd://%FF._ipp._tcp.local/", "dnssd://%FF._ipp._tcp.local/"),
            ("ipp://_ipp._tcp.local/", "ipp://_ipp._tcp.local/"),
            ("usb://HP/X", "usb://HP/X"),
        ] {
            let mut queues = [queue(device)];
            let mut located = Located::default();
            located.keep(&told, &queues, 0);
            assert!(located.places.len() <= 1, "only what the queue names is kept");
            located.give_to(&mut queues);
            assert_eq!(queues[0].device_uri.as_deref(), Some(place));
        }
    }

    #[test]
    fn the_network_is_asked_seldom_and_only_where_a_queue_needs_it() {
        let (plain, by_service) = ([queue("ipp://192.168.7.9/ipp")], [queue("dnssd://A._ipp._tcp.local/")]);
        let mut located = Located::default();
        assert!(!located.is_due(&plain, 0) && located.is_due(&by_service, 0));
        located.keep(&[], &by_service, 0);
        assert!(!located.is_due(&by_service, ASK_MISSING_EVERY_MS - 1));
        assert!(located.is_due(&by_service, ASK_MISSING_EVERY_MS));
        located.keep(&[announced("a", "_ipp._tcp.local.", "192.168.7.9")], &by_service, 0);
        assert!(!located.is_due(&by_service, ASK_EVERY_MS - 1) && located.is_due(&by_service, ASK_EVERY_MS));
    }
}
