//! REMEMBERS. The only SQL, for SQLite and PostgreSQL alike; no database type leaves this crate.
//!
//! Reading order: [`Store`] is the handle; `engine` is the one file that names an engine; every
//! other file holds one aggregate: its rows, its statements and the methods on [`Store`].

mod analysis;
mod assets;
mod audit;
mod cases;
mod clients;
mod digest;
mod enrolment;
mod error;
mod forecasts;
mod frames;
mod hosts;
mod ledger;
mod maintenance;
mod outbox;
mod provider;
mod retention;
mod samples;
mod sessions;
mod sites;
mod statements;
mod store;
mod tickets;
mod user_reports;
mod users;

pub use analysis::{Applied, DueSite};
pub use assets::AssetRow;
pub use audit::AuditRow;
pub use digest::{Digest, Digested, GapRow, HostUpdate};
pub use enrolment::{EnrolToken, EnrolTokenRow, NewHost, Redeemed};
pub use error::{Result, StoreError};
pub use forecasts::OpenForecast;
pub use frames::{Committed, FrameOutcome, FrameRow, NewFrame};
pub use hosts::{HostKey, HostRow};
pub use maintenance::MaintenanceRow;
pub use outbox::{Attachment, OutboxFilter, OutboxId, OutboxItem, OutboxKind, OutboxRow, OutboxState};
pub use retention::{Removed, Retention, Sealed, StorageFigures};
pub use sessions::SessionRow;
pub use statements::{SentMail, StatementRow, StatementState};
pub use store::{Engine, Store};
pub use tickets::{TicketFilter, TicketRow};
pub use users::{NewUser, Role, UserRow};

/// Stands where a body is still to come.
async fn later<T>() -> Result<T> {
    Err(StoreError::Other("this part of the store does not work yet".to_owned()))
}
