//! What every case gets: a migrated database of its own.

use crate::postgres::Cluster;
use beforehand_store::Store;
use sqlx::{Connection, Executor, PgConnection};
use std::{cell::Cell, future::Future, path::PathBuf, pin::Pin};
use tempfile::TempDir;

/// One case of the suite.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) run: fn(Db) -> Pin<Box<dyn Future<Output = ()>>>,
}

/// Lists the cases of a file.
macro_rules! cases {
    ($($name:ident,)*) => {
        pub(crate) const CASES: &[$crate::support::Case] =
            &[$($crate::support::Case { name: stringify!($name), run: |db| Box::pin($name(db)) }),*];
    };
}
pub(crate) use cases;

/// The database of one case.
pub(crate) struct Db {
    pub(crate) store: Store,
    pub(crate) url: String,
    /// A directory for files of the case.
    pub(crate) dir: TempDir,
}

impl Db {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What another process, or the next one, sees.
    pub(crate) async fn reopened(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }
}

/// Where databases come from.
pub(crate) struct Databases {
    cluster: Option<Cluster>,
    made: Cell<u32>,
}

impl Databases {
    pub(crate) async fn start(engine: &str) -> Self {
        let cluster = match engine {
            "postgres" => Some(Cluster::start().await),
            _ => None,
        };
        Self { cluster, made: Cell::new(0) }
    }

    pub(crate) async fn fresh(&self) -> Db {
        self.made.set(self.made.get() + 1);
        let dir = tempfile::tempdir().unwrap();
        let url = match &self.cluster {
            Some(cluster) => create(cluster, &format!("case_{}", self.made.get())).await,
            None => format!("sqlite://{}", dir.path().join("store.db").display()),
        };
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        Db { store, url, dir }
    }
}

/// Makes a database; returns its URL.
async fn create(cluster: &Cluster, name: &str) -> String {
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    cluster.url(name)
}
