//! DECIDES. Pure: no clock, file, socket, database or randomness; the present is a field of the
//! input, and the same input gives the same bytes.
//!
//! Reading order: [`unpack`] turns a report into facts and samples; [`input`] is all that is known
//! of a site; [`detectors`] judge assets; [`analyze`] turns their findings into changes of
//! [`case`]s; [`outcome`] says what a closed case turned out to be; [`ledger`] chains the outcomes;
//! [`month`] counts them for the statement. [`path`] watches one path or service sample by sample;
//! [`place`] names where the fault of a connection is, and [`site_view`] tells people how a site is
//! connected. [`sight`] is when the collector itself could not see. [`rollout`] says which hosts are
//! offered a new version of the agent.

pub mod analyze;
pub mod asset;
pub mod busy;
pub mod calendar;
pub mod case;
pub mod closed;
pub mod correlate;
pub mod detectors;
pub mod elsewhere;
mod expected;
pub mod finding;
pub mod forecast;
pub mod input;
pub mod ledger;
pub mod math;
pub mod memory;
pub mod month;
pub mod network;
pub mod onset;
pub mod outcome;
pub mod path;
pub mod place;
pub mod polling;
pub mod provider_page;
pub mod record;
pub mod reliability;
pub mod rollout;
pub mod series;
pub mod sight;
pub mod site;
pub mod site_view;
pub mod suppress;
pub mod ticket;
pub mod unpack;
mod unrest;
pub mod worth;
