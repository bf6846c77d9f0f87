//! Whether measured values stayed inside the band of the forecast that was made of them.

use crate::{
    forecast::{FanPoint, Forecast},
    series::Sample,
};
use beforehand_shared::time::{Millis, Timestamp};

/// A forecast is tested by what came after it: at least for this long, with this many values.
pub(super) const TESTED_FOR: Millis = Millis::hours(6);
const TESTED_BY: usize = 6;

/// The forecast that stood when the test began, if every value since then lay inside its 80 %
/// band. Only this one is looked at: among many, some would fit by luck.
pub(super) fn tracking<'a>(forecasts: &'a [Forecast], measured: &[Sample], until: Timestamp) -> Option<Tracked<'a>> {
    let forecast = forecasts.iter().rev().find(|forecast| forecast.made_at <= until.minus(TESTED_FOR))?;
    let disproved = forecast.result.is_some_and(|result| !result.tracked && result.at <= until);
    let tested = measured.iter().filter(|sample| (forecast.made_at..until).contains(&sample.at));
    let bands: Vec<_> = tested.filter_map(|s| band(&forecast.outlook.fan, s.at).map(|band| (s, band))).collect();
    let inside = bands.iter().all(|(sample, (low, high))| (*low..=*high).contains(&sample.value));
    let long_enough = match (bands.first(), bands.last()) {
        (Some((first, _)), Some((last, _))) => last.at.since(first.at).0 * 2 >= TESTED_FOR.0,
        _ => false,
    };
    (!disproved && inside && long_enough && bands.len() >= TESTED_BY)
        .then_some(Tracked { forecast, values: bands.len() })
}

/// A forecast that held, and by how many values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tracked<'a> {
    pub forecast: &'a Forecast,
    pub values: usize,
}

/// The 10 and 90 % values at an instant, between the two points of the fan around it.
fn band(fan: &[FanPoint], at: Timestamp) -> Option<(f64, f64)> {
    let next = fan.partition_point(|point| point.at < at);
    let right = fan.get(next)?;
    if right.at == at {
        return Some((right.p10, right.p90));
    }
    let left = fan.get(next.checked_sub(1)?)?;
    let share = at.since(left.at).0 as f64 / right.at.since(left.at).0 as f64;
    Some((left.p10 + (right.p10 - left.p10) * share, left.p90 + (right.p90 - left.p90) * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: i64, p10: f64, p90: f64) -> FanPoint {
        FanPoint { at: Timestamp(at), p10, p25: p10, p50: p10, p75: p90, p90 }
    }

    #[test]
    fn the_band_is_interpolated_and_ends_with_the_fan() {
        let fan = [point(0, 10.0, 20.0), point(10, 0.0, 40.0)];
        assert_eq!(band(&fan, Timestamp(5)), Some((5.0, 30.0)));
        assert_eq!(band(&fan, Timestamp(10)), Some((0.0, 40.0)));
        assert_eq!(band(&fan, Timestamp(11)), None);
        assert_eq!(band(&fan, Timestamp(-1)), None);
    }
}
