//! The listening socket: HTTPS or plain HTTP, with limits on how long a caller may take, until it
//! is told to stop.

use crate::{
    app::App,
    tls::{self, Tls},
};
use axum_server::{
    Handle, Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

const LOOK_AT_CERTIFICATE: Duration = Duration::from_secs(6 * 3_600);

/// Serves on a socket that listens already, until `stop` is ready and what is under way has been
/// answered.
///
/// # Errors
/// When the socket cannot be used.
pub async fn serve_on(
    app: &App,
    listener: TcpListener,
    tls: Option<Tls>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let handle = Handle::new();
    let watch = handle.clone();
    let grace = Duration::from_secs(u64::from(app.config.server.shutdown_seconds));
    tokio::spawn(async move {
        stop.await;
        watch.graceful_shutdown(Some(grace));
    });
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    limit(&mut server, app);
    let router = super::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let Some(tls) = tls else { return server.serve(router).await };
    let config = RustlsConfig::from_config(tls.config);
    let renewal = tokio::spawn(renew(app.clone(), config.clone(), tls.renew_at));
    let served = server.acceptor(RustlsAcceptor::new(config)).serve(router).await;
    renewal.abort();
    served
}

/// Closes connections whose request does not come.
fn limit(server: &mut Server<SocketAddr>, app: &App) {
    let head = Duration::from_secs(u64::from(app.config.limits.header_seconds));
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .keep_alive_interval(Some(Duration::from_secs(60)));
}

/// Replaces the certificate before it ends, without a restart.
async fn renew(app: App, config: RustlsConfig, mut renew_at: beforehand_shared::time::Timestamp) {
    loop {
        tokio::time::sleep(LOOK_AT_CERTIFICATE).await;
        let now = app.clock.now();
        if now < renew_at {
            continue;
        }
        let server = &app.config.server;
        match tls::open(&server.state.join("tls"), &server.names, now) {
            Ok(tls) => {
                config.reload_from_config(tls.config);
                renew_at = tls.renew_at;
                tracing::info!("the server's certificate was replaced");
            }
            Err(error) => tracing::error!("the server's certificate cannot be replaced: {error}"),
        }
    }
}
