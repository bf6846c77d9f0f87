//! `analyze`: every site with something new, and every site once a minute, is judged.

use super::{ACCOUNT, DELIVER, Done, Task, TaskError};
use crate::app::App;
use beforehand_core::analyze;
use beforehand_shared::time::Millis;
use beforehand_statement::words;
use beforehand_store::{DueSite, StoreError};
use futures::{FutureExt, future::BoxFuture};

/// Silence is only noticed by looking.
const AT_LEAST_EVERY: Millis = Millis::MINUTE;

pub(super) struct Analyze;

impl Task for Analyze {
    fn name(&self) -> &'static str {
        super::ANALYZE
    }

    fn every(&self) -> Millis {
        Millis::seconds(20)
    }

    /// The machines of a site report at different seconds of a minute.
    fn rest(&self) -> Millis {
        Millis::seconds(5)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let due = app.store.sites_due(app.clock.now(), AT_LEAST_EVERY).await?;
    let (mut changed, mut failed, mut first) = (0, 0, None);
    for site in &due {
        match judge(app, site).await {
            Ok(tickets) => changed += tickets,
            Err(error) => {
                tracing::error!(site = %site.site.id, "a site could not be judged: {error}");
                failed += 1;
                first.get_or_insert_with(|| format!("{}: {error}", site.site.name));
            }
        }
    }
    if let Some(first) = first {
        return Err(TaskError::Partly { failed, of: due.len(), first });
    }
    let said = match due.len() as u64 {
        0 => String::new(),
        sites => format!(
            "{}, {} changed",
            words::count(sites, "site", "sites"),
            words::count(changed as u64, "ticket", "tickets")
        ),
    };
    Ok(Done { said, more: false, pokes: if changed > 0 { &[ACCOUNT, DELIVER] } else { &[ACCOUNT] } })
}

/// How many tickets changed. One site that cannot be judged does not hold up the others.
async fn judge(app: &App, due: &DueSite) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let input = app.store.load_input(due.site.client, due.site.id, now).await?;
    let verdict = analyze::analyze(&input);
    let applied = app.store.apply(&due.site, &verdict, now).await?;
    app.store.mark_analyzed(due, now).await?;
    Ok(applied.tickets.len())
}
