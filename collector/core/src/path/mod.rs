//! How one path or service does over time: detectors that are fed sample by sample and remember
//! little. Time comes with each sample; nothing later than it is looked at.
//!
//! [`slow`] compares round trips with what is [`usual`]; [`lost`] counts lost pings; [`trend`] finds
//! what changes over days and [`worsening`] whether that matters; [`strange`] says of any series how unusual its latest value is, and
//! [`unusual`] when that is worth an alarm.

pub mod instant;
pub mod lost;
pub mod slow;
pub mod strange;
pub mod trend;
pub mod unusual;
pub mod usual;
pub mod worsening;
