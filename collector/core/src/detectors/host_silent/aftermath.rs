//! What the machines of a site saw while nothing of it arrived: they tell once they are back.

use super::watched::Watched;
use crate::{
    input::{AssetView, Input, RECENT},
    place::Place,
    series::Metric,
};
use beforehand_shared::{
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};

/// Before a silence was noticed it had lasted for so long: what was measured then was measured in it.
const SURELY: Millis = Millis::minutes(4);
/// Per cent of packets lost by which a part was dead.
const DEAD: f64 = 50.0;

/// What it was, if that can be told, and where, if it was on the way.
pub(super) fn told(input: &Input, lost: &[&Watched], noticed: Timestamp) -> Option<(&'static str, Option<Place>)> {
    let back: Vec<&&Watched> = lost.iter().filter(|host| host.last_report > noticed).collect();
    let loss = |role: LinkRole| {
        let losses: Vec<f64> = back.iter().flat_map(|host| losses(input, host, role, noticed)).collect();
        (!losses.is_empty()).then(|| losses.iter().sum::<f64>() / losses.len() as f64)
    };
    let ran = back.iter().filter(|host| host.reported_within(surely_from(host, noticed), noticed)).count();
    // What was measured longer ago is known by the hour only.
    if back.is_empty() || input.now.since(surely_from(back[0], noticed)) > RECENT {
        return None;
    }
    if 2 * ran < back.len() {
        return Some(("They did not run meanwhile, so it was the power, or they were switched off.", None));
    }
    let is_dead = |role: LinkRole| loss(role).map(|pct| pct >= DEAD);
    let (words, place) = match (is_dead(LinkRole::Gateway), is_dead(LinkRole::Access), is_dead(LinkRole::Anchor)) {
        (_, _, None) => return None,
        (_, _, Some(false)) => {
            ("They ran and reached the internet meanwhile, so it was the way to the collector.", Place::Collector)
        }
        (Some(true), ..) => {
            ("They ran meanwhile and did not reach the gateway: it was that, or its cable.", Place::Gateway)
        }
        (_, Some(false), _) => (
            "They ran meanwhile and reached the provider, and nothing behind it: it was the provider.",
            Place::Provider,
        ),
        (Some(false), hop, _) => (
            "They ran meanwhile and reached the gateway, and nothing behind it: it was the internet line.",
            if hop.is_some() { Place::AccessLine } else { Place::Line },
        ),
        (None, ..) => ("They ran meanwhile and reached nothing behind their own network.", Place::Unknown),
    };
    Some((words, Some(place)))
}

/// Whoever reports seldom was missed later.
fn surely_from(host: &Watched, noticed: Timestamp) -> Timestamp {
    noticed.minus(SURELY.max(host.interval))
}

/// Per cent lost in each round before it was noticed.
fn losses(input: &Input, host: &Watched, role: LinkRole, noticed: Timestamp) -> Vec<f64> {
    let is_it = |view: &AssetView| matches!(&view.facts, Observation::Link(link) if link.role == role);
    let own = input.assets.iter().filter(|(asset, view)| asset.host() == Some(host.id) && is_it(view));
    let series = own.filter_map(|(_, view)| view.series.get(&Metric::LossPct));
    let rounds = series.flat_map(|loss| loss.since(surely_from(host, noticed)));
    rounds.filter(|round| round.at < noticed).map(|round| round.value).collect()
}
