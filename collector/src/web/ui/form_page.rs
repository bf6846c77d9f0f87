//! A page that is one form.

use super::{
    form::{Field, Typed},
    page::Page,
    show::Fact,
};
use askama::Template;

#[derive(Template)]
#[template(path = "form_page.html")]
pub(crate) struct FormPage {
    pub(crate) page: Page,
    /// Why it is asked; may be empty.
    pub(crate) intro: &'static str,
    pub(crate) form: Typed,
    pub(crate) fields: Vec<Field>,
    pub(crate) hidden: Vec<Fact>,
    pub(crate) method: &'static str,
    pub(crate) action: String,
    pub(crate) submit: &'static str,
    /// Where *cancel* leads; empty for no such link.
    pub(crate) back: String,
}
