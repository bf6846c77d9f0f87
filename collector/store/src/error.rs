//! What can go wrong in the store, in words a caller can act on. No database type is part of it.

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Something with that key exists already, or changed meanwhile.
    #[error("{0} exists already")]
    Conflict(&'static str),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The database cannot be reached, is locked, read-only or full: try again later. Nothing of
    /// the attempt was kept.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What was read cannot have been written by this program.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    #[error("{0}")]
    Other(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;
