//! The one file that knows which database engine it talks to.
//!
//! What differs between the two, and why:
//! - pools: SQLite has one writer, so it waits in a pool of one instead of failing as locked;
//! - how a writing transaction begins: SQLite must take its write lock at once (`BEGIN IMMEDIATE`),
//!   a lock taken later fails without waiting;
//! - locking clauses (see [`Sql`]): SQLite has none and needs none;
//! - bulk inserts of BLOBs: `UNNEST` of arrays is PostgreSQL's fastest way by far; SQLite has no
//!   arrays and takes many rows of values. Everything without BLOBs is passed as JSON on both;
//! - migrations and backups.

use crate::{
    error::{Result, StoreError},
    sql::Sql,
    value::{FromCell, Value},
};
use sqlx::{
    AssertSqlSafe, Database, Encode, Executor, PgPool, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqlitePool,
    Transaction, Type,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{path::Path, str::FromStr, time::Duration};

/// Which database engine holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// How long to wait for a connection or a lock before the database counts as not available.
const PATIENCE: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
/// Rows of one bulk statement on SQLite; smaller ones finish the rest. Few different texts, so
/// that each stays prepared.
const BULK_ROWS: [usize; 3] = [64, 8, 1];
/// Any number; the same for every process that migrates.
const MIGRATION_LOCK: i64 = 0x6265_666f_7265;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// An open transaction; dropping it undoes it.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Many rows for one table. `columns` are arrays of the same length.
pub(crate) struct Bulk<'a> {
    pub(crate) table: &'static str,
    pub(crate) columns: &'a [(&'static str, Column)],
    /// What follows the values, such as `ON CONFLICT …`.
    pub(crate) then: &'static str,
}

pub(crate) enum Column {
    Ints(Vec<i64>),
    Texts(Vec<String>),
    Blobs(Vec<Vec<u8>>),
}

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?;
            let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(PATIENCE);
            return Ok(Self::Postgres(pool.connect_with(options).await?));
        }
        if !url.starts_with("sqlite:") {
            return Err(StoreError::Other("the database URL begins with neither sqlite: nor postgres:".to_owned()));
        }
        open_sqlite(SqliteConnectOptions::from_str(url)?, url.contains(":memory:")).await
    }

    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A transaction that may write.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that reads everything as of one instant.
    pub(crate) async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    pub(crate) async fn all(&self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                bound(sql.sqlite, args).fetch_all(readers).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                bound(sql.postgres, args).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs one statement by itself; says how many rows it changed.
    pub(crate) async fn execute(&self, sql: &Sql, args: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite { writer, .. } => bound(sql.sqlite, args).execute(writer).await?.rows_affected(),
            Self::Postgres(pool) => bound(sql.postgres, args).execute(pool).await?.rows_affected(),
        })
    }

    /// Applies what is missing in one transaction: an interrupted migration leaves nothing behind.
    pub(crate) async fn migrate(&self) -> Result<()> {
        match self.begin().await? {
            Tx::Sqlite(mut tx) => {
                SQLITE_MIGRATIONS.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
            Tx::Postgres(mut tx) => {
                // sqlx's own lock belongs to the session and stays behind when a migration fails.
                let mut migrations = unlocked(&POSTGRES_MIGRATIONS);
                migrations.set_locking(false);
                bound::<Postgres>("SELECT pg_advisory_xact_lock($1)", vec![MIGRATION_LOCK.into()])
                    .execute(&mut *tx)
                    .await?;
                migrations.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Copies the database to a new file.
    pub(crate) async fn backup(&self, to: &Path) -> Result<()> {
        let Self::Sqlite { readers, .. } = self else {
            return Err(StoreError::Other("a PostgreSQL database is backed up with pg_dump".to_owned()));
        };
        let Some(path) = to.to_str() else {
            return Err(StoreError::Other("the path of the backup is not UTF-8".to_owned()));
        };
        if to.exists() {
            return Err(StoreError::Conflict("a file of that name"));
        }
        bound::<Sqlite>("VACUUM INTO $1", vec![path.into()]).execute(readers).await?;
        Ok(())
    }

    /// Whether the engine accepts the text.
    pub(crate) async fn prepare(&self, sql: Sql) -> Result<()> {
        match self {
            Self::Sqlite { readers, .. } => readers.prepare(SqlStr::from_static(sql.sqlite)).await.map(drop)?,
            Self::Postgres(pool) => pool.prepare(SqlStr::from_static(sql.postgres)).await.map(drop)?,
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) async fn all(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(tx) => {
                bound(sql.sqlite, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                bound(sql.postgres, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn execute(&mut self, sql: &Sql, args: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => bound(sql.sqlite, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound(sql.postgres, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Inserts many rows with few statements.
    pub(crate) async fn insert(&mut self, bulk: Bulk<'_>) -> Result<()> {
        match self {
            Self::Sqlite(tx) => {
                let mut from = 0;
                while from < bulk.len() {
                    let left = bulk.len() - from;
                    let rows = BULK_ROWS.into_iter().find(|rows| *rows <= left).unwrap_or(1);
                    let query = bound(AssertSqlSafe(bulk.sqlite_text(rows)), bulk.values(from..from + rows));
                    query.execute(&mut **tx).await?;
                    from += rows;
                }
            }
            Self::Postgres(tx) => {
                let mut query = sqlx::query::<Postgres>(AssertSqlSafe(bulk.postgres_text()));
                for (_, column) in bulk.columns {
                    query = match column {
                        Column::Ints(values) => query.bind(values.clone()),
                        Column::Texts(values) => query.bind(values.clone()),
                        Column::Blobs(values) => query.bind(values.clone()),
                    };
                }
                query.execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl Row {
    pub(crate) fn get<T: FromCell>(&self, column: usize) -> Result<T> {
        let stored = match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        };
        T::from_cell(stored)
    }
}

impl Bulk<'_> {
    fn len(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| match column {
            Column::Ints(values) => values.len(),
            Column::Texts(values) => values.len(),
            Column::Blobs(values) => values.len(),
        })
    }

    fn head(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        format!("INSERT INTO {} ({})", self.table, names.join(", "))
    }

    fn sqlite_text(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |at: usize| (1..=width).map(|i| format!("${}", at * width + i)).collect::<Vec<_>>().join(", ");
        let values: Vec<String> = (0..rows).map(|at| format!("({})", row(at))).collect();
        format!("{} VALUES {} {}", self.head(), values.join(", "), self.then)
    }

    fn postgres_text(&self) -> String {
        let arrays = self.columns.iter().enumerate().map(|(i, (_, column))| match column {
            Column::Ints(_) => format!("${}::BIGINT[]", i + 1),
            Column::Texts(_) => format!("${}::TEXT[]", i + 1),
            Column::Blobs(_) => format!("${}::BYTEA[]", i + 1),
        });
        format!("{} SELECT * FROM UNNEST({}) {}", self.head(), arrays.collect::<Vec<_>>().join(", "), self.then)
    }

    fn values(&self, rows: std::ops::Range<usize>) -> Vec<Value> {
        rows.flat_map(|row| {
            self.columns.iter().map(move |(_, column)| match column {
                Column::Ints(values) => values[row].into(),
                Column::Texts(values) => (&values[row]).into(),
                Column::Blobs(values) => values[row].clone().into(),
            })
        })
        .collect()
    }
}

async fn open_sqlite(options: SqliteConnectOptions, in_memory: bool) -> Result<Db> {
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(400)
        // Rows come from sqlx's worker thread: the more at once, the fewer changes of thread.
        .row_buffer_size(1024)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
        .pragma("journal_size_limit", "67108864");
    let one = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
    let writer = one.clone().max_connections(1).connect_with(options.clone()).await?;
    // A database in memory belongs to its one connection.
    let readers = match in_memory {
        true => writer.clone(),
        false => one.max_connections(SQLITE_READERS).connect_with(options).await?,
    };
    Ok(Db::Sqlite { writer, readers })
}

fn unlocked(migrations: &Migrator) -> Migrator {
    Migrator::with_migrations(migrations.iter().cloned().collect())
}

fn bound<DB: Database>(sql: impl SqlSafeStr, args: Vec<Value>) -> Query<'static, DB, DB::Arguments>
where
    for<'q> Option<i64>: Encode<'q, DB> + Type<DB>,
    for<'q> Option<String>: Encode<'q, DB> + Type<DB>,
    for<'q> Vec<u8>: Encode<'q, DB> + Type<DB>,
{
    args.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Blob(value) => query.bind(value),
    })
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => error.into(),
            MigrateError::VersionMissing(version) => {
                Self::Other(format!("the database has schema {version}, which is newer than this program"))
            }
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(error) if error.is_unique_violation() => Self::Conflict("that"),
            E::Database(error) => {
                let code = error.code().unwrap_or_default();
                classify(&code)(format!("{} ({code})", error.message()))
            }
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => {
                Self::Unavailable(error.to_string())
            }
            E::ColumnDecode { .. } | E::Decode(_) | E::TypeNotFound { .. } => Self::Corrupt(error.to_string()),
            other => Self::Other(other.to_string()),
        }
    }
}

/// What an engine's error code means for the caller: SQLite's are numbers with the kind in the low
/// byte (<https://www.sqlite.org/rescode.html>), PostgreSQL's five characters with the class first
/// (its manual, appendix A).
fn classify(code: &str) -> fn(String) -> StoreError {
    match code.len() == 5 && !code.starts_with("0x") {
        true => match (&code[..2], code) {
            ("08" | "53" | "57" | "58", _) | (_, "25006" | "40001" | "40P01" | "55P03") => StoreError::Unavailable,
            ("XX", _) => StoreError::Corrupt,
            _ => StoreError::Other,
        },
        false => match code.parse::<u32>().map(|code| code & 0xff) {
            // Busy, locked, out of memory, read-only, interrupted, I/O, full, cannot open, protocol.
            Ok(5..=10 | 13..=15) => StoreError::Unavailable,
            Ok(11 | 26) => StoreError::Corrupt,
            _ => StoreError::Other,
        },
    }
}
