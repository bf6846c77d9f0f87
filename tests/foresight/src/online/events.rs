//! Alarms beside events: what was found, how late, and what was called for nothing.

use super::Series;

/// From its first index to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: usize,
    pub to: usize,
}

impl Span {
    const fn touches(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    const fn holds(self, index: usize) -> bool {
        self.from <= index && index <= self.to
    }
}

/// The unbroken runs of `on`. An alarm that ends at a sample reaches up to it.
pub fn spans(on: &[bool]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open = None;
    for (index, on) in on.iter().enumerate() {
        match (on, open) {
            (true, None) => open = Some(index),
            (false, Some(from)) => {
                spans.push(Span { from, to: index });
                open = None;
            }
            _ => {}
        }
    }
    spans.extend(open.map(|from| Span { from, to: on.len() - 1 }));
    spans
}

/// What the alarms of several series come to.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub events: u32,
    found: u32,
    delays: Vec<f64>,
    false_alarms: u32,
    weeks: f64,
    quiet_samples: u32,
    quiet_alarming: u32,
}

impl Tally {
    /// Counts one series. An event is found where an alarm is raised within it; an alarm that
    /// touches none of `known` is false.
    pub fn add(&mut self, series: &Series, on: &[bool], events: &[Span], known: &[Span]) {
        let alarms = spans(on);
        for event in events {
            self.events += 1;
            if let Some(alarm) = alarms.iter().find(|alarm| event.holds(alarm.from)) {
                self.found += 1;
                self.delays.push((alarm.from - event.from) as f64);
            }
        }
        let is_false = |alarm: &&Span| !known.iter().any(|event| event.touches(**alarm));
        self.false_alarms += alarms.iter().filter(is_false).count() as u32;
        self.weeks += series.weeks();
        for (index, on) in on.iter().enumerate() {
            if !known.iter().any(|event| event.holds(index)) {
                self.quiet_samples += 1;
                self.quiet_alarming += u32::from(*on);
            }
        }
    }

    pub fn recall(&self) -> Option<f64> {
        (self.events > 0).then(|| f64::from(self.found) / f64::from(self.events))
    }

    /// Samples from the beginning of an event to its alarm.
    pub fn median_delay(&self) -> Option<f64> {
        beforehand_core::math::quantile::median(&mut self.delays.clone())
    }

    pub fn false_a_week(&self) -> Option<f64> {
        (self.weeks > 0.0).then(|| f64::from(self.false_alarms) / self.weeks)
    }

    /// Per cent of the samples outside of events with an alarm on.
    pub fn on_pct(&self) -> Option<f64> {
        (self.quiet_samples > 0).then(|| 100.0 * f64::from(self.quiet_alarming) / f64::from(self.quiet_samples))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::time::Timestamp;

    #[test]
    fn an_event_is_found_by_an_alarm_raised_within_it_and_others_are_false() {
        let minutes = (0..10).map(|minute| (Timestamp(minute * 60_000), Some(1.0)));
        let series = Series { name: "a".to_owned(), samples: minutes.collect() };
        let on = [false, true, true, false, false, true, false, false, true, true].to_vec();
        let event = |from, to| Span { from, to };
        let mut tally = Tally::default();
        tally.add(&series, &on, &[event(2, 4), event(5, 6)], &[event(2, 4), event(5, 6)]);
        assert_eq!(tally.recall(), Some(0.5), "the first was alarming before it began");
        assert_eq!((tally.false_alarms, tally.median_delay()), (1, Some(0.0)));
    }
}
