//! The first administrator: by a link that works once, and never again.

use crate::common::TestApp;
use axum::http::{Method, StatusCode};
use beforehand_collector::web::auth::setup::{FirstOwner, SetupError, create_owner, link};
use beforehand_shared::time::Millis;
use beforehand_store::Role;

fn owner() -> FirstOwner {
    FirstOwner {
        name: "Anna".to_owned(),
        email: "anna@provider.example".to_owned(),
        password: "three blind mice and a cat".to_owned(),
    }
}

async fn token(app: &TestApp) -> String {
    link(&app.app).await.unwrap().expect("a link").rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_link_makes_one_owner_and_is_then_used_up() {
    let app = TestApp::new().await;
    let first = token(&app).await;
    let second = token(&app).await;
    assert_eq!(app.page(Method::GET, &format!("/setup/{first}"), None).await.status, StatusCode::OK);
    create_owner(&app.app, &first, &owner()).await.unwrap();
    let users = app.app.store.users().await.unwrap();
    assert_eq!((users.len(), users[0].role), (1, Role::Owner));
    assert!(link(&app.app).await.unwrap().is_none(), "no link while there is a user");
    for used in [first, second] {
        let again = create_owner(&app.app, &used, &owner()).await;
        assert!(matches!(again, Err(SetupError::Web(_))), "{again:?}");
    }
    assert_eq!(app.app.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_wrong_form_does_not_use_the_link_up() {
    let app = TestApp::new().await;
    let token = token(&app).await;
    let weak = FirstOwner { password: "short".to_owned(), ..owner() };
    assert!(matches!(create_owner(&app.app, &token, &weak).await, Err(SetupError::Weak(_))));
    let nowhere = FirstOwner { email: "anna".to_owned(), ..owner() };
    assert!(matches!(create_owner(&app.app, &token, &nowhere).await, Err(SetupError::Email)));
    create_owner(&app.app, &token, &owner()).await.unwrap();
}

#[tokio::test]
async fn an_old_or_invented_link_makes_nobody() {
    let app = TestApp::new().await;
    let token = token(&app).await;
    app.later(Millis::minutes(16));
    for token in [token.as_str(), "invented", ""] {
        assert!(matches!(create_owner(&app.app, token, &owner()).await, Err(SetupError::Link)));
    }
    let page = app.page(Method::GET, &format!("/setup/{token}"), None).await;
    assert!(page.text().contains("not valid any more"), "who opens it is told before he fills the form");
    assert!(app.app.store.users().await.unwrap().is_empty());
}

#[tokio::test]
async fn after_the_first_user_there_is_no_setup_in_any_spelling() {
    let app = TestApp::new().await;
    let token = token(&app).await;
    create_owner(&app.app, &token, &owner()).await.unwrap();
    for path in [
        "/setup",
        "/setup/",
        "/setup/x",
        "//setup",
        "//setup/x",
        "/setup//x",
        "/Setup/x",
        "/SETUP/x",
        "/%73etup/x",
        "/setup%2fx",
        "/setup/x/",
        "/./setup/x",
        "/setup/../setup/x",
        "/setup;x/x",
        "/setup.aspx/x",
        &format!("/setup/{token}"),
    ] {
        for method in [Method::GET, Method::POST] {
            let reply = app.page(method.clone(), path, None).await;
            let gone = matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
                || (method == Method::POST && reply.status.is_client_error());
            assert!(gone, "{method} {path}: {}", reply.status);
        }
        let post = app.form(path, None, "name=Eve&email=eve%40evil.example&password=three+blind+mice").await;
        assert_eq!(post.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(app.app.store.users().await.unwrap().len(), 1);
}
