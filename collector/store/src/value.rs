//! Values on their way into statements and out of rows, the same for both engines.

use crate::error::{Result, StoreError};
use beforehand_shared::{ids, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// One argument of a statement. Even nothing has a type, since PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Blob(Vec<u8>),
}

/// The arguments of a statement, in order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;

macro_rules! into_value {
    ($($from:ty, $value:ident => $into:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        })*
    };
}

into_value! {
    i64, v => Self::Int(Some(v));
    Option<i64>, v => Self::Int(v);
    u32, v => Self::Int(Some(i64::from(v)));
    Option<u32>, v => Self::Int(v.map(i64::from));
    bool, v => Self::Int(Some(i64::from(v)));
    Option<bool>, v => Self::Int(v.map(i64::from));
    Timestamp, v => Self::Int(Some(v.0));
    Option<Timestamp>, v => Self::Int(v.map(|at| at.0));
    &str, v => Self::Text(Some(v.to_owned()));
    &String, v => Self::Text(Some(v.clone()));
    String, v => Self::Text(Some(v));
    Option<String>, v => Self::Text(v);
    Option<&str>, v => Self::Text(v.map(str::to_owned));
    Vec<u8>, v => Self::Blob(v);
    ids::ClientId, v => Self::Text(Some(v.to_string()));
    Option<ids::ClientId>, v => Self::Text(v.map(|id| id.to_string()));
    ids::SiteId, v => Self::Text(Some(v.to_string()));
    ids::HostId, v => Self::Text(Some(v.to_string()));
    Option<ids::HostId>, v => Self::Text(v.map(|id| id.to_string()));
    ids::Incarnation, v => Self::Text(Some(v.to_string()));
}

/// A number that counts up, as the databases keep it.
pub(crate) fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// JSON for a column, or for a list that a statement reads with `json_each`.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(format!("cannot be written as JSON: {error}")))
}

pub(crate) fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// What a column can hold, as the rows of this crate have it.
pub(crate) trait FromCell: Sized {
    type Stored: Plain;
    fn from_cell(stored: Self::Stored) -> Result<Self>;
}

/// The types that both engines store alike.
pub(crate) trait Plain:
    for<'r> sqlx::Decode<'r, sqlx::Sqlite>
    + sqlx::Type<sqlx::Sqlite>
    + for<'r> sqlx::Decode<'r, sqlx::Postgres>
    + sqlx::Type<sqlx::Postgres>
{
}

impl<T> Plain for T where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite>
        + sqlx::Type<sqlx::Sqlite>
        + for<'r> sqlx::Decode<'r, sqlx::Postgres>
        + sqlx::Type<sqlx::Postgres>
{
}

macro_rules! from_cell {
    ($($into:ty: $stored:ty, $value:ident => $convert:expr;)*) => {
        $(impl FromCell for $into {
            type Stored = $stored;
            fn from_cell($value: $stored) -> Result<Self> {
                $convert
            }
        }
        impl FromCell for Option<$into> {
            type Stored = Option<$stored>;
            fn from_cell(stored: Option<$stored>) -> Result<Self> {
                stored.map(<$into as FromCell>::from_cell).transpose()
            }
        })*
    };
}

from_cell! {
    i64: i64, v => Ok(v);
    String: String, v => Ok(v);
    Vec<u8>: Vec<u8>, v => Ok(v);
    u64: i64, v => u64::try_from(v).map_err(|_| StoreError::Corrupt(format!("{v} is negative")));
    u32: i64, v => u32::try_from(v).map_err(|_| StoreError::Corrupt(format!("{v} is out of range")));
    bool: i64, v => Ok(v != 0);
    Timestamp: i64, v => Ok(Timestamp(v));
    ids::ClientId: String, v => uuid(&v).map(ids::ClientId);
    ids::SiteId: String, v => uuid(&v).map(ids::SiteId);
    ids::HostId: String, v => uuid(&v).map(ids::HostId);
    ids::Incarnation: String, v => uuid(&v).map(ids::Incarnation);
    ids::BootId: String, v => uuid(&v).map(ids::BootId);
    beforehand_core::asset::AssetId: String, v => Ok(beforehand_core::asset::AssetId(v));
    beforehand_core::case::CaseId: String, v => Ok(beforehand_core::case::CaseId(v));
    beforehand_core::series::Metric: String, v => {
        v.parse().map_err(|error: beforehand_core::series::UnknownMetric| StoreError::Corrupt(error.to_string()))
    };
}

fn uuid(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| StoreError::Corrupt(format!("{text:?} is not an identifier")))
}
