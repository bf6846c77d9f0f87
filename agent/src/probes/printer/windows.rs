//! Windows: the queues of the print spooler.

use super::{spooler, winspool};
use crate::{
    config,
    probe::{Blocking, ProbeError},
    service,
};
use beforehand_shared::{printer::Queue, time::Timestamp};
use reqwest::Client;
use std::{fs::File, sync::LazyLock};

/// Windows has one spooler, and one call to it at a time is enough.
static SPOOLER: LazyLock<Blocking> = LazyLock::new(Blocking::default);

pub(super) async fn queues(_: &Client, _: &config::Printer, now: Timestamp) -> Result<Vec<Queue>, ProbeError> {
    SPOOLER
        .run(move || match winspool::queues() {
            Ok(raw) => Ok(spooler::queues(&raw, now)),
            Err(error) => Err(why(&error)),
        })
        .await
}

const ERROR_ACCESS_DENIED: i32 = 5;

/// Why the spooler tells nothing, and what to do about it.
fn why(error: &std::io::Error) -> ProbeError {
    match (error.raw_os_error(), service::spooler()) {
        (_, Some(service::Spooler::Disabled)) => {
            ProbeError::NoData("the print spooler of this machine is switched off on purpose".to_owned())
        }
        (_, Some(service::Spooler::Stopped)) => ProbeError::Failed(
            "the print spooler is stopped, so that nobody prints from this machine. Start the service \"Spooler\""
                .to_owned(),
        ),
        (Some(ERROR_ACCESS_DENIED), _) => ProbeError::Denied(
            "this account may not ask the print spooler; the packaged service's account may".to_owned(),
        ),
        _ => ProbeError::Failed(format!("the print spooler does not answer: {error}")),
    }
}

/// Settings lie in a folder that Windows keeps from other users.
pub(super) const fn is_open_to_others(_: &File) -> bool {
    false
}
