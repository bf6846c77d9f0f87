//! One's own password.

use super::{
    form::{Fields, Kind, Typed},
    form_page::FormPage,
    page::{Answer, Page, Section, done, html, refused},
};
use crate::{
    app::App,
    web::auth::{
        Session,
        password::{self, ChangeError},
    },
};
use axum::{Form, extract::State};

pub(crate) async fn get(session: Session) -> Answer {
    html(&view(&session, Typed::default()))
}

pub(crate) async fn post(State(app): State<App>, session: Session, Form(fields): Form<Fields>) -> Answer {
    let mut typed = Typed::new(fields);
    let (present, new) = (typed.raw("present").to_owned(), typed.raw("new").to_owned());
    typed.forget("present");
    typed.forget("new");
    match password::change(&app, &session, &present, &new).await {
        Ok(()) => done("/login", "sign-in-again"),
        Err(ChangeError::Web(error)) => Err(error),
        Err(error @ ChangeError::WrongPassword) => {
            typed.refuse("present", error.to_string());
            refused(&view(&session, typed))
        }
        Err(error @ ChangeError::Weak(_)) => {
            typed.refuse("new", error.to_string());
            refused(&view(&session, typed))
        }
    }
}

fn view(session: &Session, form: Typed) -> FormPage {
    FormPage {
        page: Page::new(Section::Elsewhere, "Change your password", session),
        intro: "All your sessions end, this one too.",
        fields: vec![
            form.field("present", "Present password", Kind::Input("password")),
            form.field("new", "New password", Kind::NewPassword)
                .hint("At least 12 characters. Three or four words that are yours are better than signs."),
        ],
        hidden: Vec::new(),
        form,
        method: "post",
        action: "/account".to_owned(),
        submit: "Change it",
        back: "/".to_owned(),
    }
}
