//! An owner lets a person sign in.

use super::list::view;
use crate::{
    app::App,
    web::{
        auth::{RequireOwner, password},
        ui::{
            form::{Fields, Typed},
            page::{Answer, done, refused},
        },
    },
};
use axum::{Form, extract::State};
use beforehand_store::{AuditRow, NewUser, Role, StoreError};

pub(crate) async fn post(
    RequireOwner(session): RequireOwner,
    State(app): State<App>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let password = typed.raw("password").to_owned();
    typed.forget("password");
    let name = typed.text("name", 100, "Enter a name.");
    let email = typed.raw("email").trim().to_lowercase();
    if email.parse::<lettre::Address>().is_err() {
        typed.refuse("email", "Write the address as name@example.net.");
    }
    let role = typed.choice("role", role);
    if let Err(weak) = password::check(&password) {
        typed.refuse("password", weak.to_string());
    }
    let (Some(role), true) = (role, typed.is_right()) else {
        return refused(&view(&app, &session, typed).await?);
    };
    let now = app.clock.now();
    let user = NewUser { email, name, role, password_phc: app.passwords.hash(&password).await?, made_at: now };
    match app.store.insert_user(&user).await {
        Ok(_) => {
            let what = format!("added {}", user.email);
            app.store.audit(&AuditRow { at: now, who: session.user.email, what, client: None }).await?;
            done("/users", "user")
        }
        Err(StoreError::Conflict(_)) => {
            typed.refuse("email", "Somebody with this address is there already.");
            refused(&view(&app, &session, typed).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn role(word: &str) -> Option<Role> {
    match word {
        "owner" => Some(Role::Owner),
        "technician" => Some(Role::Technician),
        "viewer" => Some(Role::Viewer),
        _ => None,
    }
}
