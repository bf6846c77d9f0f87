//! When the collector itself could not see: it did not run, or machines of several sites fell silent at once, which is
//! rather its own connection than theirs.

use beforehand_shared::{
    ids::SiteId,
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A machine that reported within so much of the time in which it would have been heard was talking.
const TALKED: Millis = Millis::minutes(30);
/// A machine that has not been heard of for so long, and for two of its intervals, is late.
const LATE: Millis = Millis::minutes(3);
/// Machines that fall silent within this fell silent at once.
const AT_ONCE: Millis = Millis::minutes(3);
/// Share of the machines that talked.
const SHARE: f64 = 0.3;
/// Fewer machines, or those of one site alone, are no sign.
const LEAST_MACHINES: usize = 3;
const LEAST_SITES: usize = 2;
/// For so long a collector that still hears others suspects itself; then it judges the silent by themselves.
const SUSPECTS: Millis = Millis::minutes(30);
/// Whoever was heard within this is heard: some agents report every quarter of an hour.
const LATELY: Millis = Millis::minutes(16);
/// So long it does not believe the machines of one site alone that it hears.
const OWN_OFFICE: Millis = Millis::HOUR;
/// Agents that could not reach it try again within five minutes.
const COME_BACK: Millis = Millis::minutes(6);
/// A collector that runs says so more often than this.
const RUNS: Millis = Millis::minutes(3);

/// A time in which the collector could not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blind {
    pub from: Timestamp,
    /// When anybody was first heard in it.
    pub heard: Option<Timestamp>,
    /// None while it lasts.
    pub to: Option<Timestamp>,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It did not run.
    Stopped,
    /// So many machines fell silent at once, of so many that talked, at so many sites.
    Silent { machines: usize, of: usize, sites: usize },
    /// It reached nothing outside when so many machines fell silent, of so many that talked.
    CutOff { machines: usize, of: usize },
}

/// Whether the collector gets out: the dead man's switch answered, or it did not. Nothing where there is none.
pub type Outside = Option<bool>;

/// A machine that did not say goodbye, and when it was last heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub site: SiteId,
    pub last_report: Timestamp,
    /// Usual time between two reports.
    pub interval: Millis,
    /// Of the line of its site, as a number of the caller's; nothing where it is not known.
    pub operator: Option<usize>,
}

impl Blind {
    /// What happened, for people.
    pub fn sentence(&self, since: &str) -> String {
        match self.why {
            Why::Stopped => format!(
                "The collector did not run from {since} on. It lets agents come back before it speaks of silent machines."
            ),
            Why::Silent { machines, of, sites } => format!(
                "{machines} of {of} machines at {sites} sites fell silent at once at {since}. The collector suspects its own \
                 connection, and opens no tickets for silent machines meanwhile."
            ),
            Why::CutOff { machines, of } => format!(
                "{machines} of {of} machines fell silent at {since}, when the collector did not reach its dead man's switch \
                 either. It is its own connection, and no tickets are opened for silent machines meanwhile."
            ),
        }
    }
}

/// How much of the half-open span lies in any of `blind`: a collector that suspects itself may be stopped, too.
pub fn unseen<'a>(blind: impl Iterator<Item = &'a Blind>, (from, to): (Timestamp, Timestamp)) -> Millis {
    let mut spans: Vec<(Timestamp, Timestamp)> =
        blind.map(|one| (one.from.max(from), one.to.unwrap_or(to).min(to))).filter(|(from, to)| from < to).collect();
    spans.sort_unstable();
    let (mut seen_to, mut length) = (from, 0);
    for (from, to) in spans {
        length += to.since(from.max(seen_to)).0.max(0);
        seen_to = seen_to.max(to);
    }
    Millis(length)
}

/// How long a machine has been silent while it would have been heard.
pub fn silence(last_report: Timestamp, now: Timestamp, blind: &[Blind]) -> Millis {
    Millis(now.since(last_report).0.saturating_sub(unseen(blind.iter(), (last_report, now)).0).max(0))
}

/// The time in which it did not run, if it ran last at `alive`, and until agents have had time to come back.
pub fn stopped(alive: Timestamp, now: Timestamp) -> Option<Blind> {
    (now.since(alive) > RUNS).then_some(Blind {
        from: alive,
        heard: None,
        to: Some(now.plus(COME_BACK)),
        why: Why::Stopped,
    })
}

/// What makes the collector suspect itself, by all machines that did not say goodbye. What it has suspected itself for once
/// does not count again. A collector that does not get out needs no second office to know.
pub fn suspicion(heard: &[Heard], now: Timestamp, blind: &[Blind], outside: Outside) -> Option<Blind> {
    let suspected = blind.iter().filter(|blind| blind.why != Why::Stopped).map(|blind| blind.from).max();
    let ran_from = blind.iter().filter_map(|blind| blind.to).max();
    let quiet = |one: &Heard| silence(one.last_report, now, blind);
    let talked: Vec<&Heard> = heard.iter().filter(|one| quiet(one) < TALKED).collect();
    let is_late = |one: &Heard| quiet(one) > LATE.max(Millis(one.interval.0.saturating_mul(2)));
    let late: Vec<&Heard> = talked
        .iter()
        .copied()
        .filter(|one| is_late(one) && suspected.is_none_or(|suspected| one.last_report > suspected))
        .collect();
    let group = |last: &&Heard| {
        let from = last.last_report.minus(AT_ONCE.max(last.interval));
        late.iter().copied().filter(|one| (from..=last.last_report).contains(&one.last_report)).collect::<Vec<_>>()
    };
    let group = late.iter().map(group).max_by_key(Vec::len)?;
    let sites = group.iter().map(|one| one.site).collect::<BTreeSet<_>>().len();
    let last = group.iter().map(|one| one.last_report).max()?;
    let (machines, of) = (group.len(), talked.len());
    let is_sign = machines >= LEAST_MACHINES && sites >= LEAST_SITES && !is_of_operator(&group, &talked, is_late);
    let why = match outside {
        Some(false) => Why::CutOff { machines, of },
        _ if is_sign => Why::Silent { machines, of, sites },
        _ => return None,
    };
    let from = ran_from.map_or(last, |ran_from| ran_from.max(last));
    (machines as f64 > SHARE * of as f64).then_some(Blind { from, heard: None, to: None, why })
}

/// Whether all that fell silent have the same operator, while those of others are heard: then it is that operator.
fn is_of_operator(group: &[&Heard], talked: &[&Heard], is_late: impl Fn(&Heard) -> bool) -> bool {
    let Some(operator) = group.first().and_then(|one| one.operator) else { return false };
    let is_of = |one: &&Heard| one.operator == Some(operator);
    group.iter().all(is_of) && talked.iter().any(|one| !is_of(one) && !is_late(one))
}

/// Whether it certainly hears: machines have been heard since `from` and lately, and those of one site only count after an
/// hour. They may be the collector's own office, whose machines it hears without any line.
pub fn hears(heard: &[Heard], from: Timestamp, now: Timestamp) -> bool {
    let lately = |one: &&Heard| one.last_report > from && now.since(one.last_report) <= LATELY;
    let sites = heard.iter().filter(lately).map(|one| one.site).collect::<BTreeSet<_>>().len();
    sites >= LEAST_SITES || (sites > 0 && now.since(from) >= OWN_OFFICE)
}

/// What a suspicion has become. `blind` is what there was before.
pub fn goes_on(open: &Blind, heard: &[Heard], now: Timestamp, (blind, outside): (&[Blind], Outside)) -> Blind {
    let is_cut_off = matches!(open.why, Why::CutOff { .. });
    let sees = if is_cut_off { outside != Some(false) } else { hears(heard, open.from, now) };
    // What it hears now and then is no sight.
    let next = Blind { heard: sees.then(|| open.heard.unwrap_or(now)), ..open.clone() };
    let is_over = is_over(&next, heard, now, blind);
    Blind { to: is_over.then_some(now), ..next }
}

/// Most are heard again, or it has heard others for long; whoever could not get out waits for agents to come back alone.
fn is_over(suspicion: &Blind, heard: &[Heard], now: Timestamp, blind: &[Blind]) -> bool {
    let since = suspicion.from;
    let back = heard.iter().filter(|one| one.last_report > since).count() as f64;
    let talked = |one: &&Heard| one.last_report <= since && silence(one.last_report, since, blind) < TALKED;
    let missing = heard.iter().filter(talked).count() as f64;
    let enough = if matches!(suspicion.why, Why::CutOff { .. }) { COME_BACK } else { SUSPECTS };
    let long = suspicion.heard.is_some_and(|heard| now.since(heard) >= enough);
    long || (back > 0.0 && missing <= SHARE * (missing + back))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    /// Machines of sites that were last heard so many minutes before now.
    fn heard(machines: &[(u128, i64)]) -> Vec<Heard> {
        let one = |(site, minutes): &(u128, i64)| Heard {
            site: SiteId(Uuid::from_u128(*site)),
            last_report: NOW.minus(Millis::minutes(*minutes)),
            interval: Millis::MINUTE,
            operator: None,
        };
        machines.iter().map(one).collect()
    }

    fn past(from: i64, to: Option<i64>, why: Why) -> Blind {
        let before = |minutes| NOW.minus(Millis::minutes(minutes));
        Blind { from: before(from), heard: None, to: to.map(before), why }
    }

    const SILENT: Why = Why::Silent { machines: 3, of: 4, sites: 2 };

    #[test]
    fn machines_of_several_sites_that_fall_silent_at_once_make_it_suspect_itself() {
        let told = suspicion(&heard(&[(1, 4), (1, 5), (2, 4), (3, 0), (3, 0)]), NOW, &[], None).unwrap();
        assert_eq!(told, Blind { why: Why::Silent { machines: 3, of: 5, sites: 2 }, ..past(4, None, SILENT) });
        let none: [(&str, &[(u128, i64)]); 5] = [
            ("one site alone is that site", &[(1, 4), (1, 4), (1, 4), (2, 0)]),
            ("a few of many", &[(1, 4), (1, 4), (2, 4), (3, 0), (3, 0), (3, 0), (4, 0), (4, 0), (4, 0), (4, 0)]),
            ("one after another", &[(1, 5), (2, 12), (3, 20), (4, 0)]),
            ("not late yet", &[(1, 2), (1, 2), (2, 2), (3, 0)]),
            ("silent since yesterday", &[(1, 1500), (1, 1500), (2, 1500), (3, 0)]),
        ];
        for (about, machines) in none {
            assert_eq!(suspicion(&heard(machines), NOW, &[], None), None, "{about}");
        }
    }

    #[test]
    fn sites_of_one_operator_that_fall_silent_while_others_are_heard_are_the_operators() {
        let of = |operators: [Option<usize>; 5]| -> Vec<Heard> {
            let machines = heard(&[(1, 4), (1, 5), (2, 4), (3, 0), (3, 0)]).into_iter();
            machines.zip(operators).map(|(one, operator)| Heard { operator, ..one }).collect()
        };
        assert_eq!(suspicion(&of([Some(1), Some(1), Some(1), Some(2), None]), NOW, &[], None), None);
        assert!(suspicion(&of([Some(1), Some(1), Some(2), Some(2), Some(2)]), NOW, &[], None).is_some());
        assert!(suspicion(&of([Some(1); 5]), NOW, &[], None).is_some(), "others of it are heard");
        assert!(suspicion(&of([None; 5]), NOW, &[], None).is_some(), "nobody knows whose lines they are");
    }

    #[test]
    fn machines_that_report_seldom_are_not_late_between_two_reports() {
        let seldom = heard(&[(1, 10), (1, 11), (2, 10), (3, 9)]).into_iter();
        let seldom: Vec<Heard> = seldom.map(|one| Heard { interval: Millis::minutes(15), ..one }).collect();
        assert_eq!(suspicion(&seldom, NOW, &[], None), None);
    }

    #[test]
    fn after_a_stop_the_time_counts_from_its_end() {
        let stop = past(200, Some(1), Why::Stopped);
        assert_eq!(stopped(stop.from, stop.to.unwrap().minus(COME_BACK)), Some(stop.clone()));
        assert_eq!(stopped(NOW.minus(Millis::minutes(2)), NOW), None);
        let all = [(1, 201), (1, 201), (2, 201)];
        let last = NOW.minus(Millis::minutes(201));
        assert_eq!(silence(last, NOW, std::slice::from_ref(&stop)), Millis::minutes(2));
        let inside = [past(300, Some(50), SILENT), past(200, Some(100), Why::Stopped), past(60, Some(40), SILENT)];
        assert_eq!(silence(last, NOW, &inside), Millis::minutes(40), "no minute counts twice");
        assert_eq!(suspicion(&heard(&all), NOW, &[stop], None), None, "they have not had time to come back");
        let longer = past(200, Some(5), Why::Stopped);
        let told = suspicion(&heard(&all), NOW, std::slice::from_ref(&longer), None).unwrap();
        assert_eq!(told.from, longer.to.unwrap());
        assert!(!is_over(&told, &heard(&all), NOW, std::slice::from_ref(&longer)));
        assert!(is_over(&told, &heard(&[(1, 0), (1, 1), (2, 1)]), NOW, &[longer]));
    }

    #[test]
    fn it_is_over_when_most_are_back_or_others_were_heard_for_half_an_hour() {
        let open = past(20, None, SILENT);
        let still = heard(&[(1, 21), (1, 22), (2, 21), (3, 0), (4, 0)]);
        assert!(hears(&still, open.from, NOW) && !is_over(&open, &still, NOW, &[]));
        assert!(is_over(&open, &heard(&[(1, 0), (1, 0), (2, 0), (3, 0), (3, 0)]), NOW, &[]));
        let seldom = [still[3], still[4]].map(|one| Heard { last_report: NOW.minus(Millis::minutes(15)), ..one });
        assert!(
            hears(&seldom, open.from, NOW),
            "agents that report every quarter of an hour are heard between two reports"
        );
        assert!(!hears(&seldom, open.from, NOW.plus(Millis::minutes(2))), "one report and then nothing is no hearing");
        let long = Blind { heard: Some(NOW.minus(Millis::minutes(30))), ..past(30, None, SILENT) };
        let gone = heard(&[(1, 31), (1, 32), (2, 31), (3, 0), (3, 0)]);
        assert!(is_over(&long, &gone, NOW, &[]));
        let ended = Blind { to: Some(NOW), ..long };
        assert_eq!(
            suspicion(&gone, NOW.plus(Millis::minutes(10)), &[ended], None),
            None,
            "it does not suspect itself twice"
        );
        let own_office = heard(&[(1, 21), (1, 22), (2, 21), (3, 0), (3, 0)]);
        assert!(!hears(&own_office, open.from, NOW), "one office may be its own");
        assert!(hears(&own_office, NOW.minus(Millis::HOUR), NOW), "but for how long");
        let deaf = heard(&[(1, 600), (1, 600), (2, 600)]);
        assert!(!is_over(&past(600, None, SILENT), &deaf, NOW, &[]), "nobody is heard");
    }

    #[test]
    fn a_collector_that_does_not_get_out_needs_no_second_office_to_suspect_itself() {
        let one_office = heard(&[(1, 4), (1, 4), (1, 4)]);
        assert_eq!(suspicion(&one_office, NOW, &[], None), None);
        assert_eq!(suspicion(&one_office, NOW, &[], Some(true)), None, "it gets out: it is that office");
        let open = suspicion(&one_office, NOW, &[], Some(false)).unwrap();
        assert_eq!(open.why, Why::CutOff { machines: 3, of: 3 });
        let later = NOW.plus(Millis::HOUR);
        let still = goes_on(&open, &one_office, later, (&[], Some(false)));
        assert_eq!(still, open, "while it does not get out it knows nothing of anybody");
        let out = goes_on(&open, &one_office, later, (&[], Some(true)));
        assert_eq!((out.heard, out.to), (Some(later), None));
        assert_eq!(
            goes_on(&out, &one_office, later.plus(COME_BACK), (&[], Some(true))).to,
            Some(later.plus(COME_BACK))
        );
        let few = heard(&[(1, 4), (2, 0), (2, 0), (3, 0)]);
        assert_eq!(suspicion(&few, NOW, &[], Some(false)), None, "most are heard: the switch itself is out");
    }
}
