//! What the service says: all of it to a file a day, warnings and errors to the event log too.

use super::NAME;
use crate::platform::{self, event_log::EventLog};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::{Layer, filter::LevelFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// Days of log that are kept; a day's is some kilobytes, and a megabyte while the collector cannot be
/// reached.
const DAYS: usize = 14;

/// From here on, what is said is kept.
pub(super) fn start() -> Result<(), InitError> {
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("agent")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(platform::log_dir());
    let events = EventLog::new(NAME).with_filter(LevelFilter::WARN);
    let (file, trouble) = match file {
        Ok(file) => (Some(file), None),
        Err(error) => (None, Some(error)),
    };
    let file = file.map(|file| {
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_target(false);
        layer.with_writer(std::sync::Mutex::new(file)).with_filter(LevelFilter::INFO)
    });
    tracing_subscriber::registry().with(file).with(events).init();
    trouble.map_or(Ok(()), Err)
}

/// From here on, warnings and errors are in the event log, and nothing is anywhere else.
pub(super) fn events() {
    tracing_subscriber::registry().with(EventLog::new(NAME).with_filter(LevelFilter::WARN)).init();
}
