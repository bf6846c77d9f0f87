//! Every route with every role, from the list that the router is made of.

use crate::common::TestApp;
use axum::http::{Method, StatusCode, header};
use beforehand_collector::web::{
    self,
    routes::{Access, Route},
};
use beforehand_shared::ids::ClientId;
use beforehand_store::Role;
use uuid::Uuid;

/// The route's address with something in place of its parameters.
fn address(route: &Route) -> String {
    let parts = route
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { "00000000-0000-0000-0000-000000000001" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn may(role: Option<Role>, access: Access) -> bool {
    match access {
        Access::Public => true,
        Access::Agent | Access::Local => false,
        Access::Viewer => matches!(role, Some(Role::Viewer | Role::Technician | Role::Owner)),
        Access::Technician => matches!(role, Some(Role::Technician | Role::Owner)),
        Access::Owner => matches!(role, Some(Role::Owner)),
    }
}

#[tokio::test]
async fn no_role_reaches_what_is_not_its_own() {
    let app = TestApp::new().await;
    let client_owner = Role::ClientOwner(ClientId(Uuid::from_u128(1)));
    let roles = [None, Some(Role::Viewer), Some(Role::Technician), Some(Role::Owner), Some(client_owner)];
    let routes = web::routes();
    assert!(routes.len() > 5);
    for route in &routes {
        for role in roles {
            let cookie = match role {
                Some(role) => Some(app.person(role).await),
                None => None,
            };
            let method: Method = route.method.parse().unwrap();
            let reply = app.page(method, &address(route), cookie.as_deref()).await;
            let status = reply.status;
            let to_sign_in = reply.headers.get(header::LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/login"));
            let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
                || (role.is_none() && to_sign_in)
                || (route.access == Access::Local && status == StatusCode::NOT_FOUND);
            let public = route.access == Access::Public;
            assert!(
                public || refused != may(role, route.access),
                "{} {} as {role:?}: {status}",
                route.method,
                route.path
            );
        }
    }
}

#[test]
fn only_what_must_be_is_open_to_everybody() {
    let open: Vec<&str> =
        web::routes().into_iter().filter(|route| route.access == Access::Public).map(|route| route.path).collect();
    for path in &open {
        let known = ["/api/v1/enrol", "/healthz", "/install/{name}", "/login", "/setup/{token}"].contains(path)
            || path.starts_with("/static/");
        assert!(known, "{path} is open to everybody");
    }
}
