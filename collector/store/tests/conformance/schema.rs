//! The two schemas are alike, and every statement is understood by both engines.

use crate::support::{Db, cases};
use beforehand_store::{Engine, Store, StoreError, sql};
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::BTreeSet;

cases! {
    every_statement_is_accepted,
    migrating_twice_changes_nothing,
    both_engines_have_the_same_tables_columns_and_indexes,
    a_newer_schema_is_refused,
    a_url_of_another_kind_is_refused,
}

async fn every_statement_is_accepted(db: Db) {
    let mut names = BTreeSet::new();
    for statement in sql::all() {
        assert!(names.insert(statement.name), "{} is listed twice", statement.name);
        db.store.prepare(statement).await.unwrap_or_else(|error| panic!("{}: {error}", statement.name));
    }
}

async fn migrating_twice_changes_nothing(db: Db) {
    let other = db.reopened().await;
    let (first, second) = tokio::join!(db.store.migrate(), other.migrate());
    first.unwrap();
    second.unwrap();
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    assert_eq!(db.store.schema_version().await.unwrap(), i64::try_from(migrations).unwrap());
    assert_eq!(Store::open("sqlite::memory:").await.unwrap().schema_version().await.unwrap(), 0);
}

async fn both_engines_have_the_same_tables_columns_and_indexes(db: Db) {
    let path = db.path("other.db");
    let url = format!("sqlite://{}", path.display());
    Store::open(&url).await.unwrap().migrate().await.unwrap();
    let mut sqlite = SqliteConnection::connect(&url).await.unwrap();
    let columns = sqlx::query(
        "SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'BLOB' THEN 'BYTEA' ELSE c.type END
             || CASE c.\"notnull\" WHEN 1 THEN '' ELSE ' NULL' END
             || CASE c.pk WHEN 0 THEN '' ELSE ' key ' || c.pk END
         FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'
         UNION ALL SELECT name || ' on ' || tbl_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    );
    let mut expected: BTreeSet<String> =
        columns.fetch_all(&mut sqlite).await.unwrap().iter().map(|row| row.get(0)).collect();
    expected.retain(|line| !line.starts_with("_sqlx") && !line.starts_with("sqlite_"));
    assert!(expected.len() > 150, "{}", expected.len());
    if db.store.engine() == Engine::Postgres {
        assert_eq!(postgres_schema(&db.url).await, expected);
    }
}

async fn postgres_schema(url: &str) -> BTreeSet<String> {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let columns = sqlx::query(
        "SELECT c.table_name || '.' || c.column_name || ' ' || upper(c.data_type)
             || CASE c.is_nullable WHEN 'NO' THEN '' ELSE ' NULL' END
             || COALESCE((SELECT ' key ' || k.ordinal_position FROM information_schema.key_column_usage k
                    JOIN information_schema.table_constraints p USING (constraint_name, table_name)
                    WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name
                        AND k.column_name = c.column_name), '')
         FROM information_schema.columns c WHERE c.table_schema = 'public'
         UNION ALL SELECT indexname || ' on ' || tablename FROM pg_indexes
         WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'",
    );
    let mut found: BTreeSet<String> =
        columns.fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect();
    found.retain(|line| !line.starts_with("_sqlx"));
    found
}

async fn a_newer_schema_is_refused(db: Db) {
    let add = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (999, 'later', true, 'x', 0)";
    let added = match db.store.engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
            sqlx::query(add).execute(&mut connection).await.unwrap().rows_affected()
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(&db.url).await.unwrap();
            sqlx::query(add).execute(&mut connection).await.unwrap().rows_affected()
        }
    };
    assert_eq!(added, 1);
    let error = db.store.migrate().await.unwrap_err();
    assert!(matches!(&error, StoreError::Other(text) if text.contains("newer")), "{error}");
}

async fn a_url_of_another_kind_is_refused(db: Db) {
    drop(db);
    assert!(matches!(Store::open("mysql://localhost/x").await, Err(StoreError::Other(_))));
}
