//! What the sheet says in sentences.

use super::{LineSheet, tables::lost_words};
use crate::words::{Zone, count, decimal, duration, name};
use beforehand_core::site_view::{
    Part,
    evidence::{Evidence, Reading},
};
use beforehand_shared::time::Millis;

/// Machines that are named as having measured nothing.
const NAMED: usize = 10;
/// Per cent up to which a part counts as having answered.
const ANSWERED: f64 = 2.0;
/// Per cent from which a router counts as one that answers no pings.
const MUTE: f64 = 99.0;

pub(super) const fn short(part: Part) -> &'static str {
    match part {
        Part::Gateway => "Router on site",
        Part::Line => "First public router",
        _ => "Internet",
    }
}

pub(super) fn heading(evidence: &Evidence, zone: &Zone) -> [String; 2] {
    let lost = |part| evidence.reading(part, true).map_or(0.0, |reading| reading.loss_pct);
    let router = if is_mute(evidence) { 0.0 } else { lost(Part::Gateway) };
    let beyond = lost(Part::Internet).max(lost(Part::Line));
    let what = match (router, beyond) {
        (router, _) if router >= 50.0 => "The router on site did not answer",
        (_, beyond) if beyond >= 90.0 => "No connection behind the router on site",
        (_, beyond) if beyond >= ANSWERED => "Packets lost behind the router on site",
        _ => "Measurements of the connection",
    };
    [what.to_owned(), span(evidence, zone)]
}

/// Whether the router answers no pings when all is well, either: then its silence tells nothing.
fn is_mute(evidence: &Evidence) -> bool {
    evidence.reading(Part::Gateway, false).is_some_and(|before| before.loss_pct >= MUTE)
}

fn span(evidence: &Evidence, zone: &Zone) -> String {
    let (from, to) = (evidence.from, evidence.to);
    let day = zone.day_year(from);
    let end = if zone.day_year(to) == day { zone.clock(to) } else { zone.minute(to) };
    let end = if evidence.lasts { format!("{end} and longer") } else { end };
    format!("{day}, {} to {end}", zone.clock(from))
}

fn minutes(length: Millis) -> String {
    duration(u32::try_from(length.0 / Millis::MINUTE.0).unwrap_or(0))
}

pub(super) fn summary(evidence: &Evidence, zone: &Zone) -> Vec<String> {
    let machines = count(evidence.machines().len() as u64, "machine", "machines");
    let length = minutes(evidence.to.since(evidence.from));
    let mut said = Vec::new();
    if let Some(internet) = evidence.reading(Part::Internet, true) {
        let addresses = addresses(evidence, Part::Internet);
        said.push(format!(
            "From {} to {} ({length}), {machines} sent {} of echo requests to {}. {}",
            zone.minute(evidence.from),
            zone.minute(evidence.to),
            count(internet.rounds as u64, "round", "rounds"),
            count(addresses.len() as u64, "address on the internet", "addresses on the internet"),
            lost_sentence(internet),
        ));
    }
    said.extend(Some(evidence).and_then(|it| it.reading(Part::Line, true)).map(|line| {
        let hop = listed(evidence, Part::Line);
        format!("The first public router behind the line ({hop}): {} lost.", lost_words(line))
    }));
    said.push(router_sentence(evidence));
    if let Some(before) = evidence.reading(Part::Internet, false) {
        let trip = before.rtt_ms.map_or_else(String::new, |ms| format!(", and a round trip took {} ms", decimal(ms)));
        said.push(format!(
            "In the hours before, {} of the requests to the internet were lost{trip}.",
            lost_words(before)
        ));
    }
    if evidence.lasts {
        said.push("It was not over when this sheet was made.".to_owned());
    }
    said
}

fn lost_sentence(reading: Reading) -> String {
    match reading.loss_pct {
        pct if pct >= 100.0 => "Not one answer came back.".to_owned(),
        pct if pct <= 0.0 => "All of them were answered.".to_owned(),
        _ => format!("{} of them were lost.", lost_words(reading)),
    }
}

fn router_sentence(evidence: &Evidence) -> String {
    let Some(router) = evidence.reading(Part::Gateway, true) else {
        return "The router on site was not asked: this sheet does not tell a fault on site from one behind it."
            .to_owned();
    };
    let address = listed(evidence, Part::Gateway);
    match router.loss_pct {
        _ if is_mute(evidence) => format!(
            "The router on site ({address}) answers no pings when all is well, either: this sheet does not tell a fault on site from one behind it."
        ),
        pct if pct <= ANSWERED => {
            format!("The router on site ({address}) answered all that time: the machines and their own network worked.")
        }
        pct if pct >= 50.0 => {
            format!(
                "The router on site ({address}) did not answer either ({} lost): the fault is there or before it.",
                lost_words(router)
            )
        }
        _ => format!("The router on site ({address}): {} lost.", lost_words(router)),
    }
}

/// At most four.
fn listed(evidence: &Evidence, part: Part) -> String {
    addresses(evidence, part).into_iter().take(4).collect::<Vec<_>>().join(", ")
}

/// Each once.
fn addresses(evidence: &Evidence, part: Part) -> Vec<String> {
    let of_part = evidence.targets.iter().filter(|target| target.part == part && target.during.is_some());
    let mut all: Vec<String> = of_part.map(|target| name(&target.address)).collect();
    all.sort();
    all.dedup();
    all
}

pub(super) fn facts(sheet: &LineSheet<'_>, zone: &Zone) -> Vec<[String; 2]> {
    let (evidence, line) = (sheet.evidence, sheet.line);
    let end = if evidence.lasts { "not over yet".to_owned() } else { zone.minute(evidence.to) };
    let all = [
        ("Customer", name(sheet.client)),
        ("Site", name(sheet.site)),
        ("Line run by", name(&line.operator)),
        ("Contract or line", name(&line.reference)),
        ("Speed agreed", speed(line.down_kbps, line.up_kbps)),
        ("Began", zone.minute(evidence.from)),
        ("Ended", end),
        ("Lasted", minutes(evidence.to.since(evidence.from))),
        ("Known to within", minutes(evidence.step)),
        ("Times are those of", format!("{}, {}", name(sheet.time_zone), zone.offset(evidence.from))),
        ("Our ticket", sheet.ticket.map(|number| number.to_string()).unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| [label.to_owned(), value]).collect()
}

fn speed(down_kbps: Option<u32>, up_kbps: Option<u32>) -> String {
    let mbit = |kbps: u32| decimal(f64::from(kbps) / 1e3);
    match (down_kbps, up_kbps) {
        (Some(down), Some(up)) => format!("{} Mbit/s down, {} Mbit/s up", mbit(down), mbit(up)),
        (Some(down), None) => format!("{} Mbit/s down", mbit(down)),
        (None, Some(up)) => format!("{} Mbit/s up", mbit(up)),
        (None, None) => String::new(),
    }
}

pub(super) fn how(evidence: &Evidence) -> Vec<String> {
    let pings = evidence.targets.iter().map(|target| target.pings).max().unwrap_or_default();
    vec![
        format!(
            "A program on each machine sends {pings} ICMP echo requests (RFC 792, RFC 4443) to each address in every round, a round about every {}. A request without an answer in time is lost. A round trip is the median of its round; in a table, the median of the rounds.",
            minutes(evidence.step)
        ),
        "While the connection is down the machines keep their measurements and send them later. Each is dated by the clock of the server that collects them and by the machine's own counter, which does not jump.".to_owned(),
    ]
}

pub(super) fn missing(sheet: &LineSheet<'_>) -> Vec<String> {
    let evidence = sheet.evidence;
    let has = |part: Part| evidence.targets.iter().any(|target| target.part == part);
    let v6 = evidence.targets.iter().any(|target| target.address.contains(':'));
    let mut said = Vec::new();
    if !has(Part::Line) {
        said.push("No router between the one on site and the addresses on the internet was asked.".to_owned());
    }
    said.push("The modem and the signal on the line were not asked, and no throughput was measured.".to_owned());
    if !v6 {
        said.push("IPv6 was not asked.".to_owned());
    }
    if evidence.machines().len() == 1 {
        said.push("Only one machine measured.".to_owned());
    }
    if evidence.gaps > 0 {
        said.push(format!(
            "Of {} rows of the table by time, {} have no measurement at all: nothing is known of them.",
            evidence.rows.len(),
            evidence.gaps
        ));
    }
    if !evidence.silent.is_empty() {
        let names: Vec<String> =
            evidence.silent.iter().filter_map(|host| sheet.machines.get(host)).map(|it| name(it)).collect();
        let more = names.len().saturating_sub(NAMED);
        let named = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        said.push(format!("Switched off, or without measurements of that time: {named}{more}."));
    }
    said
}
