//! Whether what the card says comes true as often as it says, in all and by maker.

use super::fleet::{Drive, Fleet};
use crate::report::{Bin, Reliability};
use beforehand_core::detectors::drive_failure::card;

const EDGES: [f64; 8] = [0.0, 0.02, 0.05, 0.1, 0.25, 0.45, 0.65, 1.0];
/// Within a span the chance changes on these days at most; each stands for the days until the next.
const DAYS: [f64; 9] = [0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0];
const MAKERS: [&str; 4] = ["Seagate", "Hitachi", "HGST", "WDC"];

/// One day of one drive, or several of which the same was said.
struct Moment {
    maker: &'static str,
    days: f64,
    left: f64,
    failed: bool,
    p: [f64; 2],
}

pub(super) fn all(fleet: &Fleet) -> Vec<Reliability> {
    let moments: Vec<Moment> = fleet.drives.iter().flat_map(moments).collect();
    let mut tables = Vec::new();
    for (place, horizon) in [30.0, 90.0].into_iter().enumerate() {
        tables.push(table(&moments, place, horizon, None));
        tables.extend(MAKERS.map(|maker| table(&moments, place, horizon, Some(maker))));
    }
    tables.retain(|table| !table.bins.is_empty());
    tables
}

fn moments(drive: &Drive) -> Vec<Moment> {
    let of_span = |at: usize| {
        let span = &drive.spans[at];
        let days = DAYS.iter().enumerate().filter(move |(_, day)| span.from + **day <= span.to.max(span.from));
        days.map(move |(place, day)| {
            let until = DAYS.get(place + 1).copied().unwrap_or(f64::MAX);
            let judged = card::judge(&drive.model, &drive.history(at, span.from + day));
            Moment {
                maker: card::maker(&drive.model),
                days: until.min(span.to - span.from + 1.0) - day,
                left: drive.end() - span.from - day,
                failed: drive.failed,
                p: [judged.p30, judged.p90],
            }
        })
    };
    (0..drive.spans.len()).flat_map(of_span).collect()
}

fn table(moments: &[Moment], place: usize, horizon: f64, maker: Option<&str>) -> Reliability {
    let known = |moment: &&Moment| {
        moment.left >= 1.0
            && (moment.failed || moment.left >= horizon)
            && maker.is_none_or(|maker| moment.maker == maker)
    };
    let moments: Vec<&Moment> = moments.iter().filter(known).collect();
    let bin = |edges: &[f64]| {
        let inside = moments.iter().filter(|moment| (edges[0]..edges[1]).contains(&moment.p[place]));
        let (mut days, mut said, mut true_days) = (0.0, 0.0, 0.0);
        for moment in inside {
            days += moment.days;
            said += moment.days * moment.p[place];
            true_days += moment.days * f64::from(u8::from(moment.failed && moment.left <= horizon));
        }
        (days > 0.0).then(|| Bin {
            from: edges[0],
            to: edges[1],
            cases: days as usize,
            mean_p: said / days,
            share: true_days / days,
        })
    };
    let whose = maker.map_or_else(String::new, |maker| format!(", {maker}"));
    Reliability {
        question: format!("fails within {horizon} days{whose}; cases are drive-days"),
        bins: EDGES.windows(2).filter_map(bin).collect(),
    }
}
