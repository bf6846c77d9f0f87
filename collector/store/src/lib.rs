//! REMEMBERS. The only SQL, for SQLite and PostgreSQL alike; no database type leaves this crate.
//!
//! Reading order: [`Store`] is the handle; `engine` is the one file that names an engine; `sql`
//! lists every statement; `value` carries arguments and columns; `codec` packs measurements. Every
//! other file holds one aggregate: its rows, its statements and the methods on [`Store`].

mod analysis;
mod apply;
mod assets;
mod audit;
mod cases;
mod clients;
mod closed_case;
mod codec;
mod connections;
mod credentials;
mod digest;
mod elsewhere;
mod engine;
mod enrolment;
mod error;
mod forecasts;
mod found;
mod frames;
mod gaps;
mod hosts;
mod ledger;
mod maintenance;
mod network;
mod outbox;
mod printers;
mod provider;
mod retention;
mod rollout;
mod samples;
mod seal;
mod series;
mod sessions;
mod sight;
mod sites;
pub mod sql;
mod statements;
mod store;
mod tickets;
mod user_reports;
mod users;
mod value;

pub use analysis::DueSite;
pub use apply::Applied;
pub use assets::AssetRow;
pub use audit::AuditRow;
pub use connections::{ChangeRow, Office};
pub use credentials::Credential;
pub use digest::{Digest, Digested, GapRow, HostUpdate};
pub use engine::Engine;
pub use enrolment::{EnrolToken, EnrolTokenRow, NewHost, Redeemed};
pub use error::{Result, StoreError};
pub use forecasts::OpenForecast;
pub use found::FoundRow;
pub use frames::{Committed, FrameOutcome, FrameRow, NewFrame};
pub use hosts::{HostKey, HostRow, KnownHost};
pub use ledger::Judged;
pub use maintenance::MaintenanceRow;
pub use outbox::{Attachment, OutboxFilter, OutboxId, OutboxItem, OutboxKind, OutboxRow, OutboxState};
pub use printers::{AdoptedPrinter, Handout};
pub use retention::{Removed, Retention, StorageFigures};
pub use seal::Sealed;
pub use sessions::SessionRow;
pub use sight::HeardRow;
pub use statements::{SentMail, StatementRow, StatementState};
pub use store::Store;
pub use tickets::{TicketFilter, TicketRow};
pub use users::{NewUser, Role, UserRow};
