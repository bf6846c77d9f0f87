//! What the collector does by itself, and how it last went.

use super::{
    page::{Answer, Page, Section, html},
    show::{Fact, Mark, Present, facts},
};
use crate::{app::App, tasks::TaskStatus, web::auth::Session};
use askama::Template;
use axum::extract::State;
use beforehand_core::{calendar::bytes_words, finding::Severity, rollout::Course};
use beforehand_statement::words::decimal;

struct Line {
    name: &'static str,
    mark: Mark,
    last: String,
    runs: u64,
    said: String,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct View {
    page: Page,
    tasks: Vec<Line>,
    storage: Vec<Fact>,
    /// How far each new agent has come.
    rollout: Vec<String>,
}

pub(crate) async fn get(State(app): State<App>, session: Session) -> Answer {
    let present = Present::new(app.clock.now(), "UTC");
    let view = View {
        page: Page::new(Section::Elsewhere, "Tasks", &session),
        tasks: app.tasks.statuses().into_iter().map(|status| line(status, &present)).collect(),
        storage: storage(&app).await?,
        rollout: rollout(&app).await?,
    };
    html(&view)
}

fn line(status: TaskStatus, present: &Present) -> Line {
    let mark = match (&status.error, status.last_run) {
        (Some(_), _) => Mark::named(Severity::Soon, "failed"),
        (None, Some(_)) => Mark::named(Severity::Quiet, "well"),
        (None, None) => Mark::named(Severity::Blind, "has not run"),
    };
    Line {
        name: status.name,
        mark,
        last: status.last_run.map(|at| present.ago(at)).unwrap_or_default(),
        runs: status.runs,
        said: status.error.unwrap_or(status.said),
    }
}

async fn rollout(app: &App) -> Result<Vec<String>, crate::web::error::WebError> {
    let told = app.rollouts.told(app).await?;
    let courses = told.current.iter().flat_map(|current| &current.plan.courses);
    Ok(courses.map(Course::words).chain(told.trouble).map(|words| format!("{words}.")).collect())
}

async fn storage(app: &App) -> Result<Vec<Fact>, crate::web::error::WebError> {
    let figures = app.store.storage().await?;
    let bytes = |n: u64| bytes_words(n as f64);
    let per_sample = match figures.sealed_samples {
        0 => String::new(),
        n => format!("{} bytes", decimal(figures.chunk_bytes as f64 / n as f64)),
    };
    Ok(facts([
        ("Series", figures.series.to_string()),
        ("Sealed measurements", format!("{} in {}", figures.sealed_samples, bytes(figures.chunk_bytes))),
        ("For each of them", per_sample),
        ("Hourly roll-ups", bytes(figures.hour_bytes)),
        ("Not sealed yet", bytes(figures.tail_bytes)),
        ("Frames kept as evidence", format!("{} in {}", figures.frames, bytes(figures.frame_bytes))),
    ]))
}
