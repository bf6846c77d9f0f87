//! Asks smartctl about drives behind RAID controllers that it does not list: one question at a time, until the
//! numbers end or the time is over.

use super::{
    ask::{self, Asking, LIMITS},
    controllers::{Controller, Walk},
    parse::Candidate,
    place::{self, Place},
};
use crate::{time::Stopwatch, tool::Tool};
use beforehand_shared::drive::Drive;
use std::time::Duration;

/// For all controllers together: the probe has a deadline, and what hangs must not cost the drives that answer.
const TIME: Duration = Duration::from_secs(80);

/// What lies behind `controllers`; `direct` is what smartctl lists itself.
pub(super) async fn all(asking: &Asking, controllers: &[Controller], direct: &[Drive]) -> Vec<Drive> {
    let (watch, mut drives) = (Stopwatch::start(), Vec::new());
    for controller in controllers {
        let mut walk = Walk::new(controller);
        while let Some(candidate) = walk.next() {
            if watch.elapsed() > TIME {
                walk.stop("the drives before took too long to answer".to_owned());
                break;
            }
            walk.saw(asked(asking, candidate).await);
        }
        drives.extend(walk.end(direct));
    }
    drives
}

async fn asked(asking: &Asking, candidate: Candidate) -> Place {
    let device = candidate.device();
    let silent = |why: &str| Place::Taken(Box::new(Drive::blind(&device, why)));
    let question = candidate.clone();
    let answer =
        asking.0.ask(&device, async move { Tool::Smartctl.ask(&ask::question(&question), LIMITS).await }).await;
    match answer {
        Ok(Ok(answer)) => place::place(&answer.stdout, &candidate).unwrap_or_else(|error| silent(&error.to_string())),
        Ok(Err(error)) => silent(&format!("smartctl: {error}")),
        Err(why) => silent(&why),
    }
}
