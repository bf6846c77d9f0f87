//! The month in words.

use super::MonthFigures;

/// `7 proven + 3.4 likely (90 %: 8 to 12)`.
pub fn headline(figures: &MonthFigures) -> String {
    format!("{} proven + {:.1} likely", figures.tally.proven, figures.tally.likely)
}

/// One sentence for an owner.
pub fn summary(figures: &MonthFigures) -> String {
    headline(figures)
}
