//! Which targets a run asks, where the machines of an office share the work. What is asked seldom is asked in every run
//! while it looks bad, and for a while after. Pure.

use beforehand_shared::{
    link::{Link, LinkRole},
    route::Occasion,
    settings::HandedNetwork,
};
use std::collections::BTreeSet;

/// What is asked seldom is asked in one of so many runs.
pub const SELDOM: u64 = 5;
/// Runs after a heavy loss before it is asked seldom again: as many as it takes to believe that an outage is over.
const WATCHFUL: u32 = 10;
/// Runs in a row in which most public addresses lose packets, before the way there is traced.
const FAULT: u32 = 2;

#[derive(Debug, Default)]
pub struct Turns {
    run: u64,
    /// For so many runs more all are asked: since the gateway, or an anchor, lost something last.
    gateway: u32,
    anchors: u32,
    /// Runs in a row in which most public addresses lost much.
    bad: u32,
    /// Targets that have answered: what never did says nothing by its silence.
    voices: BTreeSet<(LinkRole, String)>,
}

/// A laptop meets many gateways.
const VOICES: usize = 256;

const fn loses_much(link: &Link) -> bool {
    5 * link.lost >= 2 * link.sent
}

/// For how many runs more all are asked after this. A radio loses single pings all day.
const fn watch(link: &Link) -> u32 {
    match link.lost {
        0 => 0,
        _ if loses_much(link) => WATCHFUL,
        _ => 1,
    }
}

fn voice(link: &Link) -> (LinkRole, String) {
    (link.role, link.target.clone())
}

impl Turns {
    /// Whether targets of a role are asked in this run.
    pub const fn asks(&self, role: LinkRole, network: &HandedNetwork) -> bool {
        let turn = self.run.is_multiple_of(SELDOM);
        match role {
            LinkRole::Anchor | LinkRole::Access => !network.seldom || self.anchors > 0 || self.gateway > 0 || turn,
            LinkRole::Neighbour => self.gateway > 0 || turn,
            LinkRole::Gateway | LinkRole::Other => true,
        }
    }

    /// Learns from what a run saw, and goes on to the next.
    pub fn seen<'a>(&mut self, links: impl Iterator<Item = &'a Link> + Clone) {
        self.run += 1;
        let of = |role: LinkRole| links.clone().filter(move |link| link.role == role);
        self.voices.extend(links.clone().filter(|link| link.lost < link.sent).map(voice));
        while self.voices.len() > VOICES {
            self.voices.pop_first();
        }
        let heard = |role: LinkRole| of(role).filter(|link| self.voices.contains(&voice(link)));
        let watch = |role: LinkRole| heard(role).map(watch).max().unwrap_or(0);
        // A machine that has lost its gateway is in trouble, too.
        let had_gateway = self.voices.iter().any(|(role, _)| *role == LinkRole::Gateway);
        let is_cut_off = had_gateway && of(LinkRole::Gateway).next().is_none();
        let gateway = if is_cut_off { WATCHFUL } else { watch(LinkRole::Gateway) };
        let anchors = watch(LinkRole::Anchor);
        self.gateway = gateway.max(self.gateway.saturating_sub(1));
        self.anchors = anchors.max(self.anchors.saturating_sub(1));
        let asked = of(LinkRole::Anchor).count();
        if asked > 0 {
            let bad = of(LinkRole::Anchor).filter(|link| loses_much(link)).count();
            self.bad = if 2 * bad > asked { self.bad + 1 } else { 0 };
        }
    }

    pub const fn occasion(&self) -> Occasion {
        if self.bad >= FAULT { Occasion::Fault } else { Occasion::Usual }
    }
}

/// In which runs name servers and web addresses are asked.
#[derive(Debug, Default)]
pub struct ServiceTurns {
    run: u64,
    /// For so many runs more they are asked: since one of them gave no usable answer last.
    watchful: u32,
    /// Those that have given one: what never did says nothing by its silence.
    voices: BTreeSet<String>,
}

impl ServiceTurns {
    pub const fn asks(&self, network: &HandedNetwork) -> bool {
        !network.seldom || self.watchful > 0 || self.run.is_multiple_of(SELDOM)
    }

    pub fn has_heard(&self, service: &str) -> bool {
        self.voices.contains(service)
    }

    /// Learns from a run, in which those that were asked worked or not, and goes on to the next.
    pub fn seen<'a>(&mut self, verdicts: impl Iterator<Item = (&'a str, bool)>) {
        self.run += 1;
        let mut failed = false;
        for (service, works) in verdicts {
            if works {
                self.voices.insert(service.to_owned());
            }
            failed |= !works && self.voices.contains(service);
        }
        self.watchful = if failed { WATCHFUL } else { self.watchful.saturating_sub(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(role: LinkRole, lost: u32) -> Link {
        Link { target: "192.0.2.1".to_owned(), role, sent: 5, lost, median_us: None, jitter_us: None }
    }

    /// In which of ten runs public addresses and neighbours are asked, when the way loses that many of five pings.
    fn asked(seldom: bool, lost: u32) -> (Vec<u64>, Vec<u64>) {
        let network = HandedNetwork { seldom, neighbours: Vec::new() };
        let (mut turns, mut anchors, mut neighbours) = (Turns::default(), Vec::new(), Vec::new());
        for run in 0..10 {
            let roles = [LinkRole::Gateway, LinkRole::Anchor, LinkRole::Neighbour];
            let links: Vec<Link> =
                roles.into_iter().filter(|role| turns.asks(*role, &network)).map(|role| link(role, lost)).collect();
            let is_asked = |role: LinkRole| links.iter().any(|link| link.role == role);
            anchors.extend(is_asked(LinkRole::Anchor).then_some(run));
            neighbours.extend(is_asked(LinkRole::Neighbour).then_some(run));
            turns.seen(links.iter());
        }
        (anchors, neighbours)
    }

    #[test]
    fn one_of_many_machines_asks_public_addresses_in_every_fifth_run_and_in_all_while_they_look_bad() {
        assert_eq!(asked(true, 0).0, [0, 5]);
        assert_eq!(asked(true, 1).0.len(), 10);
        assert_eq!(asked(true, 5).0, [0, 5], "what never answered is no reason to ask more often");
        assert_eq!(asked(false, 0).0.len(), 10);
    }

    #[test]
    fn one_of_many_machines_asks_services_in_every_fifth_run_and_in_all_for_ten_after_one_that_worked_fails() {
        let asked = |seldom: bool, works: &dyn Fn(u32) -> bool| -> Vec<u32> {
            let (network, mut turns) = (HandedNetwork { seldom, neighbours: Vec::new() }, ServiceTurns::default());
            let asks = |run: &u32| {
                let asks = turns.asks(&network);
                turns.seen(asks.then_some(("https://shop.example/", works(*run))).into_iter());
                asks
            };
            (0..30).filter(asks).collect()
        };
        assert_eq!(asked(true, &|_| true), [0, 5, 10, 15, 20, 25]);
        assert_eq!(asked(true, &|run| run != 5), [vec![0], (5..16).collect(), vec![20, 25]].concat());
        assert_eq!(asked(true, &|_| false), [0, 5, 10, 15, 20, 25], "what never worked is no reason to ask more often");
        assert_eq!(asked(false, &|_| true).len(), 30);
    }

    #[test]
    fn neighbours_are_asked_in_every_run_while_the_gateway_looks_bad() {
        assert_eq!(asked(false, 0).1, [0, 5]);
        assert_eq!(asked(false, 2).1.len(), 10);
    }

    #[test]
    fn a_fault_is_what_most_addresses_show_twice() {
        let mut turns = Turns::default();
        let run = |losses: [u32; 3]| losses.map(|lost| link(LinkRole::Anchor, lost));
        turns.seen(run([5, 5, 0]).iter());
        assert_eq!(turns.occasion(), Occasion::Usual);
        turns.seen(run([2, 0, 2]).iter());
        assert_eq!(turns.occasion(), Occasion::Fault);
        turns.seen([].iter());
        assert_eq!(turns.occasion(), Occasion::Fault, "a run that asks none knows nothing new");
        turns.seen(run([5, 1, 1]).iter());
        assert_eq!(turns.occasion(), Occasion::Usual, "one target alone");
    }
}
