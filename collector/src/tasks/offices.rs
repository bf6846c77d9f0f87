//! `offices`: shares the work of watching an office's connection among its agents.

use super::{Done, Task, TaskError};
use crate::app::App;
use beforehand_core::network::sharing::share;
use beforehand_shared::time::Millis;
use futures::{FutureExt, future::BoxFuture};

pub(super) struct Offices;

impl Task for Offices {
    fn name(&self) -> &'static str {
        super::OFFICES
    }

    fn every(&self) -> Millis {
        Millis::minutes(2)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let now = app.clock.now();
    let mut changed = 0;
    for ((client, _), members) in app.store.offices().await? {
        let shares = share(&members, now);
        for member in &members {
            let Some(share) = shares.get(&member.host).filter(|share| **share != member.handed) else { continue };
            changed += usize::from(app.store.hand_network(client, member.host, share).await?);
        }
    }
    let said = if changed == 0 { String::new() } else { format!("{changed} agents got another share of the work") };
    Ok(Done { said, ..Done::default() })
}
