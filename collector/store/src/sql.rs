//! Statements: each has one text, and each is in one list that a test prepares on both engines.

/// A statement. Only [`statements!`] makes one, so none can be missing from the list.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// Lists the statements of a file: `NAME = "text";`.
///
/// SQLite has one writer at a time; PostgreSQL must be told which rows to lock. `NAME = "text",
/// for update;` waits for these rows, and `NAME = "text", skip locked, "rest";` leaves out those
/// that another process works on.
macro_rules! statements {
    ($($name:ident = $text:literal $(, for $lock:ident)? $(, skip locked, $rest:literal)?;)*) => {
        $(pub(crate) const $name: $crate::sql::Sql = $crate::sql::Sql {
            name: concat!(module_path!(), "::", stringify!($name)),
            sqlite: concat!($text $(, $rest)?),
            postgres: concat!(
                $text $(, statements!(@lock $lock))? $(, " FOR UPDATE SKIP LOCKED", $rest)?
            ),
        };)*
        pub(crate) const STATEMENTS: &[$crate::sql::Sql] = &[$($name),*];
    };
    (@lock update) => { " FOR UPDATE" };
}
pub(crate) use statements;

/// Every statement there is, for the test that prepares them.
pub fn all() -> impl Iterator<Item = Sql> {
    let lists = [
        crate::analysis::STATEMENTS,
        crate::elsewhere::STATEMENTS,
        crate::apply::STATEMENTS,
        crate::assets::STATEMENTS,
        crate::audit::STATEMENTS,
        crate::cases::STATEMENTS,
        crate::clients::STATEMENTS,
        crate::connections::STATEMENTS,
        crate::credentials::STATEMENTS,
        crate::digest::STATEMENTS,
        crate::enrolment::STATEMENTS,
        crate::forecasts::STATEMENTS,
        crate::found::STATEMENTS,
        crate::frames::STATEMENTS,
        crate::gaps::STATEMENTS,
        crate::hosts::STATEMENTS,
        crate::ledger::STATEMENTS,
        crate::maintenance::STATEMENTS,
        crate::network::STATEMENTS,
        crate::outbox::STATEMENTS,
        crate::printers::STATEMENTS,
        crate::provider::STATEMENTS,
        crate::retention::STATEMENTS,
        crate::rollout::STATEMENTS,
        crate::samples::STATEMENTS,
        crate::seal::STATEMENTS,
        crate::series::STATEMENTS,
        crate::sessions::STATEMENTS,
        crate::sight::STATEMENTS,
        crate::sites::STATEMENTS,
        crate::statements::STATEMENTS,
        crate::tickets::STATEMENTS,
        crate::user_reports::STATEMENTS,
        crate::users::STATEMENTS,
    ];
    lists.into_iter().flatten().copied()
}
