//! A list of routes that knows who may call each: there is no way to mount a page without saying
//! so, and the test of every role against every route reads the same list.

use super::{auth::Session, error::WebError};
use crate::app::App;
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    handler::Handler,
    middleware::{self, Next},
    response::Response,
    routing::{self, MethodRouter},
};
use beforehand_store::Role;
use std::net::SocketAddr;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Anybody who reaches the server.
    Public,
    /// An agent with its secret; the handler asks [`crate::ingest::identity::authenticate`].
    Agent,
    /// Programs on this machine, without a proxy between.
    Local,
    /// Every person who is signed in.
    Viewer,
    /// Technicians and owners.
    Technician,
    Owner,
}

/// One mounted route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
}

/// Collects routes; see [`super::router`] for where they are mounted.
#[derive(Default)]
pub struct Routes {
    pub(super) router: Router<App>,
    pub(super) list: Vec<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.mount(Route { method: "GET", path, access }, routing::get(handler))
    }

    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.mount(Route { method: "POST", path, access }, routing::post(handler))
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        Self { router: self.router.merge(other.router), list: self.list }
    }

    fn mount(mut self, route: Route, handler: MethodRouter<App>) -> Self {
        let access = route.access;
        let guarded = handler.layer(middleware::from_fn(move |request, next| guard(access, request, next)));
        self.list.push(route);
        Self { router: self.router.route(route.path, guarded), list: self.list }
    }
}

async fn guard(access: Access, request: Request, next: Next) -> Result<Response, WebError> {
    match access {
        Access::Public | Access::Agent => {}
        Access::Local => from_here(&request)?,
        Access::Viewer => permit(&request, &[Role::Viewer, Role::Technician, Role::Owner])?,
        Access::Technician => permit(&request, &[Role::Technician, Role::Owner])?,
        Access::Owner => permit(&request, &[Role::Owner])?,
    }
    Ok(next.run(request).await)
}

fn permit(request: &Request, roles: &[Role]) -> Result<(), WebError> {
    let session = request.extensions().get::<Session>().ok_or_else(WebError::sign_in)?;
    if roles.contains(&session.user.role) { Ok(()) } else { Err(WebError::forbidden()) }
}

fn from_here(request: &Request) -> Result<(), WebError> {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|connected| connected.0.ip());
    let forwarded =
        request.headers().keys().any(|name| name == "forwarded" || name.as_str().starts_with("x-forwarded"));
    if address.is_some_and(|address| address.is_loopback()) && !forwarded { Ok(()) } else { Err(WebError::not_found()) }
}
