//! What is measured: one folder and one line in [`ALL`] each.

pub mod drive_failure;
pub mod line_loss;
pub mod line_slower;
pub mod off_or_broken;
pub mod readings;
pub mod series_score;
pub mod service_latency;
pub mod supplies;
pub mod volume_full;
pub mod wearing;
pub mod where_is_the_fault;

use crate::{data::Data, report::TaskReport};
use anyhow::Result;

pub trait Task: Sync {
    /// As given to `--task`.
    fn name(&self) -> &'static str;

    /// Measures ours and every opponent; progress goes to standard error.
    ///
    /// # Errors
    /// When the data it cannot do without is not there or cannot be read.
    fn run(&self, data: &Data) -> Result<TaskReport>;
}

pub const ALL: &[&dyn Task] = &[
    &volume_full::VolumeFull,
    &drive_failure::DriveFailure,
    &supplies::Supplies,
    &wearing::Wearing,
    &readings::Readings,
    &line_slower::LineSlower,
    &line_loss::LineLoss,
    &service_latency::ServiceLatency,
    &where_is_the_fault::WhereIsTheFault,
    &off_or_broken::OffOrBroken,
    &series_score::SeriesScore,
];
