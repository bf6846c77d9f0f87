//! What other sites of the provider see of what they share with this one. They may be other clients', so it holds
//! instants and no names.

use beforehand_shared::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr};

/// What began so far apart has not one cause.
const AT_ONCE: Millis = Millis::minutes(30);
/// Ends of names that mean another machine in each office.
const OF_THE_OFFICE: [&str; 7] = [".local", ".lan", ".localdomain", ".internal", ".home.arpa", ".corp", ".intranet"];

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// When the lines of other sites that have the same operator, and are bad now, went bad, or all fell silent there.
    pub lines: Vec<Timestamp>,
    /// How web addresses that gave this site no answer last did at each other site that asks them, too.
    pub services: BTreeMap<String, Vec<Asked>>,
}

/// The latest question of one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asked {
    pub at: Timestamp,
    pub answered: bool,
}

/// What other sites say of a service that this one gets no answer from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// So many get none either.
    Neither(usize),
    /// So many get theirs, and nobody else is without.
    TheyDo(usize),
    Nothing,
}

impl Elsewhere {
    /// How many lines went bad at about that time.
    pub(crate) fn lines_at(&self, began: Timestamp) -> usize {
        self.lines.iter().filter(|at| at.since(began).0.abs() <= AT_ONCE.0).count()
    }

    /// Of a service that has given this site no answer since then; what was seen before says nothing.
    pub(crate) fn of_service(&self, url: &str, since: Timestamp) -> Word {
        let asked = self.services.get(url).into_iter().flatten().filter(|asked| asked.at > since);
        let (answered, none): (Vec<&Asked>, Vec<&Asked>) = asked.partition(|asked| asked.answered);
        match (answered.len(), none.len()) {
            (answered, none) if none > 0 && none >= answered => Word::Neither(none),
            (answered, 0) if answered > 0 => Word::TheyDo(answered),
            _ => Word::Nothing,
        }
    }
}

/// For people.
pub(crate) fn other_sites(n: usize) -> String {
    if n == 1 { "another site".to_owned() } else { format!("{n} other sites") }
}

/// Whether an address means the same in every office.
pub fn is_same_everywhere(url: &str) -> bool {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match host.parse::<IpAddr>() {
        Ok(address) => !beforehand_shared::settings::is_local(address),
        Err(_) => host.contains('.') && !OF_THE_OFFICE.iter().any(|end| host.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_office_is_another_one_in_each() {
        let same = [
            "https://mail.example.net/owa",
            "tcp://198.51.100.7:443",
            "https://[2001:db8::1]:8443/",
            "smtp://mx.example.org",
        ];
        let other = [
            "http://192.168.1.20/",
            "https://nas/",
            "https://nas.local:5001",
            "tcp://[fd00::1]:22",
            "imaps://mail.firm.lan",
        ];
        assert!(same.iter().all(|url| is_same_everywhere(url)));
        assert!(other.iter().all(|url| !is_same_everywhere(url)));
    }

    #[test]
    fn others_speak_of_what_they_saw_since_it_began() {
        let began = Timestamp(1_000_000);
        let asked = |after: i64, answered| Asked { at: began.plus(Millis::minutes(after)), answered };
        let word = |others: &[Asked]| {
            let services = BTreeMap::from([("https://example.net/".to_owned(), others.to_vec())]);
            Elsewhere { services, ..Elsewhere::default() }.of_service("https://example.net/", began)
        };
        assert_eq!(word(&[]), Word::Nothing);
        assert_eq!(word(&[asked(-1, true)]), Word::Nothing, "it may be out there by now");
        assert_eq!(word(&[asked(1, true), asked(2, true)]), Word::TheyDo(2));
        assert_eq!(word(&[asked(1, true), asked(2, false)]), Word::Neither(1));
        assert_eq!(word(&[asked(1, true), asked(2, true), asked(2, false)]), Word::Nothing, "they do not agree");
    }
}
