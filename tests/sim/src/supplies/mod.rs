//! Printers that use up their supplies, with a truth that only the world knows: when each cartridge would be
//! empty. Made before any forecast was judged by it, from what is commonly known of offices and printers:
//!
//! - Demand ([`office`]): people print about a dozen pages a working day each, some far more (lognormal); days
//!   differ (gamma), Fridays are quieter, the pace drifts by about a tenth a month, summers are a fifth
//!   quieter, offices close on public holidays and between the years, half of them have busy days at the end
//!   of the month, and now and then somebody prints hundreds of pages at once.
//! - Cartridges ([`cartridge`]): yields of 1,500 to 12,000 pages at five per cent of coverage (ISO/IEC 19752
//!   and 19798), less for colours; each differs from its label by some per cent, refills by more; what is on
//!   the pages differs from day to day and from month to month.
//! - Sensors ([`sensor`]): by points, in steps of 5, 10, 20 or 25 (rounded up, to the nearest or down, as
//!   printers do), three steps (100, 10, 1), stuck, restless, and counting what is used instead of what is
//!   left; readings gone wrong for an hour.
//! - People ([`device`]): replace at the printer's first word or when it stops, refill, put in a used one,
//!   switch the printer off at night; now and then firmware lists black and a colour the other way round.

pub mod cartridge;
pub mod device;
pub mod office;
pub mod sensor;

pub use device::{Device, Life};
pub use sensor::Sensor;
