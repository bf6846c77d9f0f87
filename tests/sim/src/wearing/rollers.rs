//! How often a sheet jams, and how that grows while rollers wear.

use crate::random::Random;
use beforehand_shared::time::{Millis, Timestamp};

/// People complain when one page in two hundred jams (every fortieth job of five pages) …
const COMPLAINT: f64 = 0.005;
/// … and when it is once a week at least.
const A_WEEK: f64 = 1.0;
/// Worn rollers jam so many times as often as people bear, and no oftener: nobody prints on them.
const MOST: f64 = 4.0;

/// The life of rollers that wear.
#[derive(Debug, Clone, PartialEq)]
pub struct Wear {
    pub from: Timestamp,
    /// Weeks of usual printing from then until people complain.
    pub weeks: f64,
    /// When the rate was twice that of before, when people had enough, and when rollers were replaced.
    pub doubled: Option<Timestamp>,
    pub complaint: Option<Timestamp>,
    pub serviced: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Rollers {
    /// Jams a page while they are well, and at which people complain.
    well: f64,
    limit: f64,
    /// Logarithm of how much oftener they jam now, and by how much it grows with each page.
    grown: f64,
    growth: f64,
    service_at: Option<Timestamp>,
    wear: Option<Wear>,
}

impl Rollers {
    /// Of a printer with so many pages in a usual week; they wear from `from` on, if ever.
    pub fn new(week: f64, from: Option<Timestamp>, random: &mut Random) -> Self {
        let limit = COMPLAINT.max(A_WEEK / week);
        let usual = 0.000_5 * (0.7 * random.normal()).exp();
        let bad = random.chance(1.0 / 12.0).then(|| random.between(0.004, 0.010));
        let weeks = (4.0_f64.ln() + random.unit() * 7.5_f64.ln()).exp();
        // One that people complain of anyway cannot become one.
        let well = if from.is_some() { usual.min(limit / 3.0) } else { bad.unwrap_or(usual) };
        Self {
            well,
            limit,
            grown: 0.0,
            growth: (limit / well).ln() / (weeks * week),
            service_at: None,
            wear: from.map(|from| Wear { from, weeks, doubled: None, complaint: None, serviced: None }),
        }
    }

    pub const fn wear(&self) -> Option<&Wear> {
        self.wear.as_ref()
    }

    /// Jams a page.
    pub fn rate(&self) -> f64 {
        self.well * self.grown.exp()
    }

    pub fn feed(&mut self, pages: f64, at: Timestamp, random: &mut Random) {
        let rate = self.rate();
        let Some(wear) = &mut self.wear else { return };
        if at < wear.from || wear.serviced.is_some() {
            return;
        }
        self.grown = (self.grown + pages * self.growth).min((MOST * self.limit / self.well).ln());
        if self.grown >= 2.0_f64.ln() {
            wear.doubled.get_or_insert(at);
        }
        if rate >= self.limit && wear.complaint.is_none() {
            wear.complaint = Some(at);
            self.service_at = Some(at.plus(Millis::days(random.whole(7, 35) as i64)));
        }
        if self.service_at.is_some_and(|due| at >= due) {
            wear.serviced = Some(at);
            (self.grown, self.well) = (0.0, self.well * random.between(0.8, 1.1));
        }
    }
}
