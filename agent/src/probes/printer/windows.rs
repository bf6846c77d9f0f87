//! Windows: the spooler's queues are not read yet; printers are asked by IPP all the same.

use crate::{config, probe::ProbeError};
use beforehand_shared::{printer::Queue, time::Timestamp};
use reqwest::Client;

pub(super) async fn queues(_: &Client, _: &config::Printer, _: Timestamp) -> Result<Vec<Queue>, ProbeError> {
    std::future::ready(Err(ProbeError::Unsupported("queues of the Windows spooler are not read yet".to_owned()))).await
}
