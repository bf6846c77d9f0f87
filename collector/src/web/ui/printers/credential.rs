//! The field in which a credential is chosen.

use crate::{
    app::App,
    web::{
        error::WebError,
        ui::form::{Choice, Field, Kind, Typed},
    },
};
use beforehand_shared::ids::ClientId;

pub(super) const NAME: &str = "credential";

pub(super) async fn field(form: &Typed, app: &App, client: ClientId) -> Result<Field, WebError> {
    let known = app.store.credentials(client).await?.into_iter();
    let known = known.map(|it| Choice::new(it.id, format!("{}: {}", it.name, it.shown)));
    let delivered = Choice::new("", "as it is delivered: SNMPv2c, community public");
    let choices = [delivered].into_iter().chain(known).collect();
    Ok(form.field(NAME, "How it lets itself be asked", Kind::Select(choices)))
}

/// Nothing for a printer as it is delivered.
pub(super) async fn chosen(typed: &mut Typed, app: &App, client: ClientId) -> Result<Option<String>, WebError> {
    let word = typed.raw(NAME).to_owned();
    if word.is_empty() {
        return Ok(None);
    }
    let known = app.store.credentials(client).await?;
    Ok(typed.choice(NAME, |word| known.iter().find(|it| it.id == word).map(|it| it.id.clone())))
}
