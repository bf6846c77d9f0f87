//! The first administrator, through the one-time link that the server prints.

use super::{
    form::{Fields, Kind, Typed},
    form_page::FormPage,
    page::{Answer, Page, html, refused},
};
use crate::{
    app::App,
    web::auth::setup::{FirstOwner, SetupError, create_owner, is_valid, must_be_open},
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};

pub(crate) async fn get(State(app): State<App>, Path(token): Path<String>) -> Answer {
    must_be_open(&app).await?;
    let mut typed = Typed::default();
    if !is_valid(&app, &token).await? {
        typed.refuse_whole(SetupError::Link);
        return refused(&view(&token, typed));
    }
    html(&view(&token, typed))
}

pub(crate) async fn post(State(app): State<App>, Path(token): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let mut typed = Typed::new(fields);
    let name = typed.text("name", 100, "Enter your name.");
    let owner = FirstOwner { name, email: typed.raw("email").to_owned(), password: typed.raw("password").to_owned() };
    typed.forget("password");
    if !typed.is_right() {
        return refused(&view(&token, typed));
    }
    match create_owner(&app, &token, &owner).await {
        Ok(cookie) => return Ok((cookie, Redirect::to("/")).into_response()),
        Err(SetupError::Web(error)) => return Err(error),
        Err(error @ SetupError::Link) => typed.refuse_whole(error),
        Err(error @ SetupError::Email) => typed.refuse("email", error.to_string()),
        Err(error @ SetupError::Weak(_)) => typed.refuse("password", error.to_string()),
    }
    refused(&view(&token, typed))
}

fn view(token: &str, form: Typed) -> FormPage {
    FormPage {
        page: Page::signed_out("The first administrator"),
        intro: "You will own this collector: you add people, clients and machines.",
        fields: vec![
            form.field("name", "Your name", Kind::Input("text")).hint("It stands under tickets and decisions."),
            form.field("email", "E-mail", Kind::Input("email")),
            form.field("password", "Password", Kind::NewPassword).hint("At least 12 characters."),
        ],
        hidden: Vec::new(),
        form,
        method: "post",
        action: format!("/setup/{}", super::show::encode(token)),
        submit: "Begin",
        back: String::new(),
    }
}
