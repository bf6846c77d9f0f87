//! How a printer measures what is left, and gets it wrong.

use crate::random::Random;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sensor {
    /// By points, up to the next.
    Fine,
    Steps {
        size: f64,
        rounding: Rounding,
    },
    /// 100, then 10, then 1.
    ThreeSteps,
    /// Always the same.
    Stuck(f64),
    /// By points, and off by several each time.
    Restless,
    /// By points, of what is used.
    UsedUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    Up,
    Nearest,
    Down,
}

impl Sensor {
    pub fn any(random: &mut Random) -> Self {
        let rounding = [Rounding::Up, Rounding::Nearest, Rounding::Down][random.whole(0, 2) as usize];
        match random.unit() {
            u if u < 0.42 => Self::Fine,
            u if u < 0.70 => Self::Steps { size: 10.0, rounding },
            u if u < 0.75 => Self::Steps { size: 5.0, rounding },
            u if u < 0.82 => Self::Steps { size: [20.0, 25.0][random.whole(0, 1) as usize], rounding },
            u if u < 0.92 => Self::ThreeSteps,
            u if u < 0.96 => Self::Stuck([100.0, 0.0, 50.0][random.whole(0, 2) as usize]),
            _ => Self::Restless,
        }
    }

    /// Whether a date can be made of it.
    pub const fn carries(self) -> bool {
        matches!(self, Self::Fine | Self::Steps { .. } | Self::UsedUp)
    }

    /// Whether it can say that little is left, at least.
    pub const fn says_low(self) -> bool {
        !matches!(self, Self::Stuck(_) | Self::Restless)
    }

    /// What it shows where so much is left.
    pub fn read(self, left: f64, random: &mut Random) -> f64 {
        let left = left.clamp(0.0, 100.0);
        match self {
            Self::Fine => left.ceil(),
            Self::UsedUp => (100.0 - left).floor(),
            Self::Steps { size, rounding } => {
                let steps = left / size;
                let steps = match rounding {
                    Rounding::Up => steps.ceil(),
                    Rounding::Nearest => steps.round(),
                    Rounding::Down => steps.floor(),
                };
                steps * size
            }
            Self::ThreeSteps if left > 10.0 => 100.0,
            Self::ThreeSteps if left > 1.0 => 10.0,
            Self::ThreeSteps => 1.0,
            Self::Stuck(at) => at,
            Self::Restless => (left + 9.0 * random.normal()).round().clamp(0.0, 100.0),
        }
    }
}
