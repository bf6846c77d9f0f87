//! Signing in, staying signed in, and what ends it.

use crate::common::{NOW, TestApp};
use axum::http::{Method, StatusCode, header};
use beforehand_collector::web::auth::{
    Session,
    login::{LoginError, login, logout},
    password,
};
use beforehand_shared::time::Millis;
use beforehand_store::{NewUser, Role, UserRow};

const PASSWORD: &str = "three blind mice and a cat";

async fn with_owner() -> (TestApp, UserRow) {
    let app = TestApp::new().await;
    let password_phc = app.app.passwords.hash(PASSWORD).await.unwrap();
    let email = "anna@provider.example".to_owned();
    let new = NewUser { email: email.clone(), name: "Anna".into(), role: Role::Owner, password_phc, made_at: NOW };
    app.app.store.insert_user(&new).await.unwrap();
    let user = app.app.store.user_by_email(&email).await.unwrap().unwrap();
    (app, user)
}

fn cookie_of(reply: &crate::common::Reply) -> String {
    reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned()
}

async fn sign_in(app: &TestApp) -> String {
    let fields = format!("email=ANNA%40provider.example&password={}", PASSWORD.replace(' ', "+"));
    let reply = app.form("/login", None, &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    cookie_of(&reply)
}

fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

async fn signed_in(app: &TestApp, cookie: &str) -> bool {
    app.page(Method::GET, "/tickets", Some(pair(cookie))).await.status == StatusCode::OK
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_not_for_scripts() {
    let (app, _) = with_owner().await;
    let cookie = sign_in(&app).await;
    assert!(cookie.starts_with("__Host-beforehand="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(signed_in(&app, &cookie).await);
    assert_ne!(pair(&cookie), pair(&sign_in(&app).await), "every session has its own token");
}

#[tokio::test]
async fn a_changed_cookie_is_nobodys() {
    let (app, _) = with_owner().await;
    let cookie = pair(&sign_in(&app).await).to_owned();
    let last = cookie.chars().last().unwrap();
    let other = if last == '0' { '1' } else { '0' };
    let flipped = format!("{}{other}", &cookie[..cookie.len() - 1]);
    for tampered in [
        flipped.as_str(),
        &cookie[..cookie.len() - 1],
        "__Host-beforehand=",
        "__Host-beforehand=1",
        "beforehand=1",
        &format!("{cookie}0"),
    ] {
        assert!(!signed_in(&app, tampered).await, "{tampered}");
    }
}

#[tokio::test]
async fn a_session_ends_by_signing_out() {
    let (app, _) = with_owner().await;
    let cookie = sign_in(&app).await;
    let reply = app.form("/logout", Some(pair(&cookie)), "").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(cookie_of(&reply).contains("Max-Age=0"));
    assert!(!signed_in(&app, &cookie).await);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_the_latest_after_a_week() {
    let (app, _) = with_owner().await;
    let unused = sign_in(&app).await;
    app.later(Millis::minutes(481));
    assert!(!signed_in(&app, &unused).await);
    let used = sign_in(&app).await;
    for _ in 0..27 {
        app.later(Millis::hours(6));
        assert!(signed_in(&app, &used).await);
    }
    app.later(Millis::hours(7));
    assert!(!signed_in(&app, &used).await, "168 hours are over");
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let (app, user) = with_owner().await;
    let (here, there) = (sign_in(&app).await, sign_in(&app).await);
    let session = Session { user, token_sha256: String::new() };
    assert!(password::change(&app.app, &session, "wrong", "a new and longer one").await.is_err());
    assert!(signed_in(&app, &here).await);
    password::change(&app.app, &session, PASSWORD, "a new and longer one").await.unwrap();
    assert!(!signed_in(&app, &here).await && !signed_in(&app, &there).await);
    assert!(matches!(login(&app.app, "anna@provider.example", PASSWORD).await, Err(LoginError::Wrong)));
    login(&app.app, "anna@provider.example", "a new and longer one").await.unwrap();
}

#[tokio::test]
async fn who_does_not_exist_is_answered_like_who_mistyped() {
    let (app, _) = with_owner().await;
    for email in ["anna@provider.example", "nobody@provider.example"] {
        for _ in 0..10 {
            assert!(matches!(login(&app.app, email, "not the password").await, Err(LoginError::Wrong)), "{email}");
        }
        assert!(matches!(login(&app.app, email, PASSWORD).await, Err(LoginError::TooMany)), "{email}");
    }
    app.later(Millis::minutes(16));
    login(&app.app, "anna@provider.example", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let (app, user) = with_owner().await;
    let cookie = app.session(user.id).await;
    let request = axum::http::Request::post("/logout")
        .header(header::COOKIE, &cookie)
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://evil.example")
        .body(axum::body::Body::empty());
    let reply = app.call(request.unwrap()).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"));
    assert!(signed_in(&app, &cookie).await);
}

#[tokio::test]
async fn signing_out_needs_no_page() {
    let (app, user) = with_owner().await;
    let cookie = app.session(user.id).await;
    let token_sha256 = beforehand_collector::random::sha256(cookie.split('=').nth(1).unwrap().as_bytes());
    logout(&app.app, &Session { user, token_sha256 }).await.unwrap();
    assert!(!signed_in(&app, &cookie).await);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_a_browser() {
    let app = TestApp::new().await;
    for path in ["/login", "/healthz", "/nothing", "/tickets"] {
        let reply = app.page(Method::GET, path, None).await;
        let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(reply.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}

#[tokio::test]
async fn a_browser_is_sent_to_sign_in_and_a_program_is_told() {
    let app = TestApp::new().await;
    let page = app.page(Method::GET, "/tickets?state=new", None).await;
    assert_eq!(
        (page.status, page.headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/login?next=/tickets%3Fstate%3Dnew")
    );
    let program = app.get("/tickets").await;
    assert_eq!((program.status, program.code().as_str()), (StatusCode::UNAUTHORIZED, "sign_in"));
}
