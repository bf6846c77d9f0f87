//! What travels between agent and collector: types only, no I/O.
//!
//! Reading order: [`time`] and [`ids`] name things, [`observation`] is a fact about an asset,
//! [`run`] is one execution of a probe, [`report`] is what an agent sends, [`wire`] is how it is
//! encoded, [`ack`] and [`enrol`] are the collector's two answers, [`limits`] holds every number
//! both sides rely on. [`settings`] is what an agent can be told, [`update`] the one way in which a new
//! program reaches it.

pub mod ack;
pub mod array;
pub mod asset;
pub mod block_device;
pub mod drive;
pub mod enrol;
pub mod host;
pub mod ids;
pub mod interface;
pub mod limits;
pub mod link;
pub mod observation;
pub mod printer;
pub mod printer_details;
pub mod printer_identity;
pub mod report;
pub mod route;
pub mod run;
pub mod settings;
pub mod text;
pub mod time;
pub mod update;
pub mod volume;
pub mod wire;

/// For fields that are left out of a report where they say nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

/// Version of the wire format written by this build. Older versions stay readable for ever
/// (`shared/tests/golden`); a newer one is refused with [`wire::WireError::NewerProtocol`].
pub const PROTOCOL_VERSION: u32 = 1;
