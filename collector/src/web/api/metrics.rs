//! `GET /metrics`: how the collector itself is doing, in the Prometheus text format 0.0.4.
//! Answered to this machine only.

use crate::{app::App, tasks::TaskStatus, web::error::WebError};
use axum::{
    extract::State,
    http::{HeaderName, header},
};
use std::fmt::Write;

pub(super) async fn get(State(app): State<App>) -> Result<([(HeaderName, &'static str); 1], String), WebError> {
    let storage = app.store.storage().await?;
    let mut text = String::new();
    for (name, value) in [
        ("beforehand_series", storage.series),
        ("beforehand_sealed_samples", storage.sealed_samples),
        ("beforehand_chunk_bytes", storage.chunk_bytes),
        ("beforehand_frames", storage.frames),
        ("beforehand_frame_bytes", storage.frame_bytes),
    ] {
        let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
    }
    tasks(&mut text, &app.tasks.statuses());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

fn tasks(text: &mut String, statuses: &[TaskStatus]) {
    let _ = writeln!(text, "# TYPE beforehand_task_runs_total counter");
    for status in statuses {
        let _ = writeln!(text, "beforehand_task_runs_total{{task=\"{}\"}} {}", status.name, status.runs);
    }
    let _ = writeln!(text, "# TYPE beforehand_task_failures_total counter");
    for status in statuses {
        let _ = writeln!(text, "beforehand_task_failures_total{{task=\"{}\"}} {}", status.name, status.failures);
    }
}
