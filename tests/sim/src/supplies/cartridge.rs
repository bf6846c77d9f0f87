//! A cartridge, or a waste box, and how fast it is used up.

use crate::random::Random;

/// Standard deviation of what is on the pages from day to day, as a logarithm.
const SPREAD: f64 = 0.25;

/// What lies in a place of a printer.
#[derive(Debug, Clone)]
pub struct Cartridge {
    /// Per cent that are really left.
    pub left: f64,
    /// Per cent that a page takes, when it has what is usual on it.
    per_page: f64,
}

/// The sort of cartridge that a place takes, the same for all that come.
#[derive(Debug, Clone)]
pub struct Sort {
    pub name: String,
    /// `marker-types` keyword.
    pub kind: &'static str,
    /// Pages from a full one.
    pub pages: f64,
    /// Share of the pages that use it.
    pub share: f64,
    /// What is on the pages lately, as a logarithm.
    coverage: f64,
}

impl Sort {
    pub fn new(name: &str, kind: &'static str, pages: f64, share: f64) -> Self {
        Self { name: name.to_owned(), kind, pages, share, coverage: 0.0 }
    }

    /// A new one, to within what makers vary.
    pub fn fresh(&self, random: &mut Random) -> Cartridge {
        let off = (0.07 * random.normal()).exp();
        Cartridge { left: 100.0, per_page: 100.0 / (self.pages * off) }
    }

    /// Filled again: not always full, and its chip guesses.
    pub fn refilled(&self, random: &mut Random) -> Cartridge {
        let off = (0.2 * random.normal()).exp();
        Cartridge { left: random.between(60.0, 100.0), per_page: 100.0 / (self.pages * off) }
    }

    /// One that was used before.
    pub fn used(&self, random: &mut Random) -> Cartridge {
        Cartridge { left: random.between(20.0, 75.0), ..self.fresh(random) }
    }

    /// What is on the pages today, as a factor: some months have more pictures than others.
    pub fn coverage_of_day(&mut self, random: &mut Random) -> f64 {
        self.coverage = 0.97 * self.coverage + 0.03 * random.normal();
        (self.coverage + SPREAD * random.normal()).exp()
    }

    /// What is on the pages lately, of many days.
    pub fn usual_coverage(&self) -> f64 {
        (self.coverage + SPREAD * SPREAD / 2.0).exp()
    }
}

impl Cartridge {
    /// Pages until it is empty.
    pub fn pages_left(&self, share: f64, coverage: f64) -> f64 {
        self.left / (share * coverage * self.per_page)
    }

    /// Takes what the pages take; more than is left stays owed, so that it is known when it was empty.
    pub fn print(&mut self, pages: f64, share: f64, coverage: f64) {
        self.left -= pages * share * coverage * self.per_page;
    }
}
