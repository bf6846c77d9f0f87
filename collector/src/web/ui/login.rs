//! Signing in.

use super::{
    form::{Fields, Kind, Typed},
    form_page::FormPage,
    page::{Answer, Page, html, refused},
    show::Fact,
};
use crate::{
    app::App,
    web::{
        auth::login::{LoginError, login},
        pages::local_address,
    },
};
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    next: String,
    done: Option<String>,
}

pub(crate) async fn get(Query(asked): Query<Asked>) -> Answer {
    let typed = Typed::filled([("next", asked.next)]);
    let view = view(typed);
    html(&FormPage { page: view.page.said(asked.done.as_deref()), ..view })
}

pub(crate) async fn post(State(app): State<App>, Form(fields): Form<Fields>) -> Answer {
    let mut typed = Typed::new(fields);
    match login(&app, typed.raw("email"), typed.raw("password")).await {
        Ok(cookie) => Ok((cookie, Redirect::to(local_address(typed.raw("next")))).into_response()),
        Err(LoginError::Web(error)) => Err(error),
        Err(error) => {
            typed.forget("password");
            typed.refuse_whole(error);
            refused(&view(typed))
        }
    }
}

fn view(form: Typed) -> FormPage {
    FormPage {
        page: Page::signed_out("Sign in"),
        intro: "",
        fields: vec![
            form.field("email", "E-mail", Kind::Input("email")),
            form.field("password", "Password", Kind::Input("password")),
        ],
        hidden: vec![Fact { label: "next".to_owned(), value: form.raw("next").to_owned() }],
        form,
        method: "post",
        action: "/login".to_owned(),
        submit: "Sign in",
        back: String::new(),
    }
}
