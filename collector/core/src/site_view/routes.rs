//! The way router by router, as machines traced it last: while all was well, and in the latest fault.

use super::Scene;
use beforehand_shared::{
    ids::HostId,
    observation::Observation,
    route::{Occasion, Route},
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    pub host: HostId,
    pub at: Timestamp,
    pub route: Route,
}

/// By machine, the usual way first; occasions of a later build say nothing here.
pub fn routes(scene: &Scene) -> Vec<Traced> {
    let traced = scene.assets.iter().filter_map(|(asset, view)| match &view.facts {
        Observation::Route(route) if route.occasion != Occasion::Other => {
            Some(Traced { host: asset.host()?, at: view.seen_at, route: route.clone() })
        }
        _ => None,
    });
    let mut traced: Vec<Traced> = traced.collect();
    traced.sort_by_key(|it| (it.host, it.route.occasion));
    traced
}

/// Of a disturbance: what was traced in it, each with the usual way of its machine.
pub(super) fn around(scene: &Scene, (from, to): (Timestamp, Timestamp)) -> Vec<Traced> {
    let all = routes(scene);
    let during = |it: &Traced| it.route.occasion == Occasion::Fault && (from..=to).contains(&it.at);
    let machines: Vec<HostId> = all.iter().filter(|it| during(it)).map(|it| it.host).collect();
    let mut told = all;
    told.retain(|it| machines.contains(&it.host) && (during(it) || it.route.occasion == Occasion::Usual));
    told
}
