//! The figures of a part: round trip now and usually, loss, jitter, and how speech over it is rated.

use super::{Merged, Part, Scene, part_of};
use crate::{
    math::{mos::mos, quantile::median},
    series::{Hour, Metric},
};
use beforehand_shared::{link::Link, time::Millis};

/// The usual is taken from a week of hours, the newest left out, as the rule about connections does.
const WEEK: Millis = Millis::days(7);
const NEWEST: Millis = Millis::hours(2);
const LEAST_HOURS: usize = 12;

/// Milliseconds and per cent; nothing where it was not measured.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Median of the latest rounds of all machines.
    pub rtt_ms: Option<f64>,
    pub usual_ms: Option<f64>,
    pub jitter_ms: Option<f64>,
    /// Over the last hour and over 30 days, in this part alone.
    pub loss_pct: Option<f64>,
    pub month_loss_pct: Option<f64>,
    /// Mean opinion score of speech over it, 1 to 4.5 (ITU-T G.107); of the internet alone.
    pub mos: Option<f64>,
}

/// How people find speech of that score (G.107, annex B).
pub const fn voice_words(mos: f64) -> &'static str {
    match mos {
        mos if mos >= 4.34 => "very good",
        mos if mos >= 4.03 => "good",
        mos if mos >= 3.6 => "some complain",
        mos if mos >= 3.1 => "many complain",
        mos if mos >= 2.58 => "nearly all complain",
        _ => "not usable",
    }
}

pub(super) fn of(scene: &Scene, part: Part, month_loss_pct: Option<f64>) -> Figures {
    let fresh = scene
        .links()
        .filter(|(_, view, link)| part_of(link.role) == Some(part) && scene.is_fresh(view, &Metric::LossPct));
    let links: Vec<_> = fresh.collect();
    let middle = |value: fn(&Link) -> Option<u32>| {
        let mut values: Vec<f64> =
            links.iter().filter_map(|(_, _, link)| value(link)).map(|us| f64::from(us) / 1e3).collect();
        median(&mut values)
    };
    let mut usual: Vec<f64> = links
        .iter()
        .filter_map(|(_, view, _)| {
            let hours = view.series.get(&Metric::RttMs)?.hours_since(scene.now.minus(WEEK));
            let hours = hours.iter().take_while(|hour| hour.at < scene.now.minus(NEWEST));
            let mut means: Vec<f64> = hours.map(|hour| hour.mean).collect();
            if means.len() < LEAST_HOURS { None } else { median(&mut means) }
        })
        .collect();
    let (rtt_ms, jitter_ms) = (middle(|link| link.median_us), middle(|link| link.jitter_us));
    let loss_pct = last_hour(scene, |round| round.own(part));
    // Speech suffers from all that is lost on the way.
    let speech = rtt_ms.zip(last_hour(scene, Merged::whole)).filter(|_| part == Part::Internet);
    Figures {
        rtt_ms,
        usual_ms: median(&mut usual),
        jitter_ms,
        loss_pct,
        month_loss_pct,
        mos: speech.map(|(rtt, loss)| mos(rtt, jitter_ms.unwrap_or(0.0), loss)),
    }
}

/// Per cent lost over the last hour, or in the latest round where rounds are further apart.
fn last_hour(scene: &Scene, lost: impl Fn(&Merged) -> Option<f64>) -> Option<f64> {
    let step = scene.step();
    let reach = Millis::HOUR.max(step);
    let rounds = scene.merged_rounds(step, (scene.now.minus(reach), scene.now.plus(Millis(1))));
    let lost: Vec<f64> = rounds.iter().filter_map(lost).collect();
    (!lost.is_empty()).then(|| lost.iter().sum::<f64>() / lost.len() as f64)
}

/// The mean over hours, each by its samples.
pub(super) fn mean(hours: &[Hour]) -> Option<f64> {
    let count: f64 = hours.iter().map(|hour| f64::from(hour.count)).sum();
    (count > 0.0).then(|| hours.iter().map(|hour| hour.mean * f64::from(hour.count)).sum::<f64>() / count)
}
