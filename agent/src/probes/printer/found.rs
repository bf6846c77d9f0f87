//! Printers that were found, from what they announce or answer. Pure.

use super::{
    address, identity,
    snmp::{parse, table::Table},
};
use beforehand_shared::{
    limits,
    printer_details::{FoundPrinter, Way},
    printer_identity::Identity,
    text,
};
use std::collections::BTreeMap;

/// Printers of one report.
const MOST: usize = 200;

/// What a printer announces by DNS-SD (RFC 6763; keys of the Bonjour Printing Specification).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announced {
    /// The name of this one among all of its service.
    pub instance: String,
    /// Such as `_ipp._tcp.local.`
    pub service: String,
    /// IP addresses, those of version 4 first.
    pub addresses: Vec<String>,
    pub port: u16,
    pub properties: BTreeMap<String, String>,
}

/// Service types that printers announce.
pub const SERVICES: [&str; 4] =
    ["_ipp._tcp.local.", "_ipps._tcp.local.", "_pdl-datastream._tcp.local.", "_printer._tcp.local."];

/// Where it is asked or sent jobs; nothing without an address.
pub(super) fn uri(announced: &Announced) -> Option<String> {
    let address = announced.addresses.first()?;
    let host = if address.contains(':') { format!("[{address}]") } else { address.clone() };
    let scheme = match announced.service.split('.').next()? {
        "_ipp" => "ipp",
        "_ipps" => "ipps",
        "_printer" => "lpd",
        _ => return Some(format!("socket://{host}:{}", announced.port)),
    };
    let path = property(announced, "rp").unwrap_or_else(|| "ipp/print".to_owned());
    let uri = format!("{scheme}://{host}:{}/{}", announced.port, path.trim_start_matches('/'));
    Some(uri).filter(|uri| uri.chars().count() <= limits::TEXT_CHARS)
}

fn property(announced: &Announced, name: &str) -> Option<String> {
    let value = announced.properties.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    value.map(|value| text::clean(value, limits::TEXT_CHARS)).filter(|value| !value.is_empty())
}

/// The printer that announces itself; nothing without an address.
pub fn announced(announced: &Announced) -> Option<FoundPrinter> {
    let address = announced.addresses.first()?.clone();
    let property = |name: &str| property(announced, name);
    let product = property("product").map(|product| product.trim_matches(['(', ')']).to_owned());
    let made = property("usb_MFG").zip(property("usb_MDL")).map(|(maker, model)| format!("{maker} {model}"));
    let identity = Identity { uuid: property("UUID").and_then(|uuid| identity::uuid(&uuid)), ..Identity::default() };
    Some(FoundPrinter {
        key: identity.key().unwrap_or_else(|| address.clone()),
        address,
        found_by: Way::DnsSd,
        model: property("ty").or(product).or(made),
        uri: uri(announced).filter(|uri| uri.starts_with("ipp")),
    })
}

/// The printer that answered a scan at `address`; nothing for what is no printer.
pub fn answered(table: &Table, address: &str, now: beforehand_shared::time::Timestamp) -> Option<FoundPrinter> {
    parse::is_printer(table).then(|| {
        let printer = parse::printer(table, address, now);
        FoundPrinter {
            key: printer.key,
            address: address.to_owned(),
            found_by: Way::Scan,
            model: printer.model,
            uri: None,
        }
    })
}

/// Each printer once, without those at the `watched` hosts: one that announces itself in several ways is one, and
/// the way by which it can be asked counts most.
pub fn once(mut all: Vec<FoundPrinter>, watched: &[String]) -> Vec<FoundPrinter> {
    all.retain(|found| !watched.contains(&address::host(&found.address)) && !address::is_this_machine(&found.address));
    all.sort_by_key(|found| (found.uri.is_none(), found.found_by, found.address.clone(), found.uri.clone()));
    let mut kept: Vec<FoundPrinter> = Vec::new();
    for found in all {
        let same = kept.iter_mut().find(|other| other.key == found.key || other.address == found.address);
        match same {
            Some(other) => {
                other.model = other.model.take().or(found.model);
                // A key that is only an address says less than any other.
                if other.key == other.address {
                    other.key = found.key;
                }
            }
            None => kept.push(found),
        }
    }
    kept.sort_by(|a, b| a.key.cmp(&b.key));
    kept.truncate(MOST);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(service: &str, properties: &[(&str, &str)]) -> Announced {
        Announced {
            instance: "Office".into(),
            service: service.into(),
            addresses: vec!["192.0.2.9".into(), "fe80::1".into()],
            port: 631,
            properties: properties.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
        }
    }

    #[test]
    fn an_announcement_tells_the_model_and_where_to_ask() {
        let told =
            [("ty", "Brother HL-L2340DW"), ("UUID", "E3248000-80CE-11DB-8000-3C2AF4BFF51B"), ("rp", "ipp/print")];
        let found = announced(&office("_ipp._tcp.local.", &told)).unwrap();
        assert_eq!(found.key, "e3248000-80ce-11db-8000-3c2af4bff51b");
        assert_eq!(
            (found.model.as_deref(), found.uri.as_deref()),
            (Some("Brother HL-L2340DW"), Some("ipp://192.0.2.9:631/ipp/print"))
        );
    }

    #[test]
    fn a_printer_that_announces_itself_four_times_is_one() {
        let bare = |service: &str| announced(&office(service, &[("product", "(LaserJet)")])).unwrap();
        let named = announced(&office("_ipps._tcp.local.", &[("UUID", "aa-1")])).unwrap();
        let all =
            vec![bare("_printer._tcp.local."), bare("_pdl-datastream._tcp.local."), named, bare("_ipp._tcp.local.")];
        let kept = once(all.clone(), &[]);
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].key.as_str(), kept[0].model.as_deref()), ("aa-1", Some("LaserJet")));
        assert_eq!(once(all, &["192.0.2.9".into()]), [], "one that is watched is not found");
    }

    #[test]
    fn what_is_announced_is_hostile_text() {
        let found =
            announced(&office("_ipp._tcp.local.", &[("TY", "\u{202E}evil\u{1b}[0m"), ("rp", &"x".repeat(5_000))]));
        let found = found.unwrap();
        assert_eq!(found.model.as_deref(), Some("evil[0m"));
        assert_eq!(found.uri, None);
        assert_eq!(announced(&Announced::default()), None);
    }
}
