//! `POST /api/v1/reports`: keeps a report and acknowledges it once it is durable.

use crate::{
    app::App,
    ingest::{frame, gate::Closed, identity, writer::WriteError},
    random, tasks,
    web::{api::body, error::WebError, peer::Peer},
};
use axum::{Json, body::Body, extract::State, http::HeaderMap};
use beforehand_shared::{ack::Ack, ids::Incarnation, limits, time::Timestamp};
use beforehand_store::{Committed, FrameOutcome, NewFrame};

pub(in crate::web::api) async fn report(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Ack>, WebError> {
    let now = app.clock.now();
    let _entered = app.gate.enter(address, now)?;
    app.writer.ready(now)?;
    let host = identity::authenticate(&app, &headers).await?;
    frame::check_media_type(&headers)?;
    let body = body::read(&app, &headers, body, limits::BODY_BYTES).await?;
    let frame = frame::frame((host.key, address), &headers, body, now)?;
    let committed = app.writer.commit(frame.clone()).await?;
    app.tasks.poke(tasks::DIGEST);
    let ack = acknowledge(&app, &frame, committed, now).await?;
    Ok(Json(Ack { settings: Some(host.handed), ..ack }))
}

/// What the agent is told. A report that another one stands in the place of continues under a
/// new incarnation: the machine was rolled back or cloned.
async fn acknowledge(app: &App, frame: &NewFrame, committed: Committed, now: Timestamp) -> Result<Ack, WebError> {
    let continue_as = match committed.outcome {
        FrameOutcome::New | FrameOutcome::Same => None,
        FrameOutcome::Differs => {
            let incarnation = Incarnation(random::uuid(now).map_err(WebError::internal)?);
            app.store.new_incarnation(frame.client, frame.host, incarnation, now).await?;
            tracing::warn!(host = %frame.host, seq = frame.seq, "two different reports have one number; continuing apart");
            Some(incarnation)
        }
    };
    Ok(Ack {
        incarnation: frame.incarnation,
        seq: frame.seq,
        high_water: committed.high_water,
        collector_time: now,
        continue_as,
        settings: None,
    })
}

impl From<Closed> for WebError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Address { retry_after_s } => {
                Self::too_many("Too many requests come from this address.", retry_after_s)
            }
            Closed::Full => Self::too_many("The collector is busy.", 2),
        }
    }
}

impl From<WriteError> for WebError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Full => Self::too_many("The collector is busy.", 2),
            WriteError::Unavailable(why) => Self::unavailable(why),
            WriteError::Other(why) => Self::internal(why),
        }
    }
}
