//! The pages for people: one list of routes, each with who may see it. The file of a page follows
//! from its address: `/tickets/{client}/{number}` is `tickets/get.rs`, the form posted to
//! `…/acknowledge` is `tickets/acknowledge.rs`.
//!
//! Every page is made the same way: query the store, fill a view of plain text, render a template.
//! Escaping happens in the templates; what may pass unescaped is a type in [`show`].

mod account;
mod assets;
mod chart;
mod clients;
mod credentials;
mod csv;
mod directory;
mod enrol;
mod filter;
mod form;
mod form_page;
mod hosts;
mod ledger;
mod lines;
mod login;
mod logout;
mod mails;
mod maintenance;
mod page;
mod printers;
mod provider;
mod reports;
mod search;
mod setup;
mod show;
mod sites;
mod statements;
mod static_files;
mod tasks;
#[cfg(test)]
mod tests;
mod tickets;
mod today;
mod users;

use super::{
    error::Shown,
    routes::{Access, Routes},
};

pub fn routes() -> Routes {
    Routes::new()
        .get("/static/{version}/{*path}", Access::Public, static_files::get)
        .get("/setup/{token}", Access::Public, setup::get)
        .post("/setup/{token}", Access::Public, setup::post)
        .get("/login", Access::Public, login::get)
        .post("/login", Access::Public, login::post)
        .merge(work())
        .merge(records())
        .merge(administration())
}

/// What is watched, and what a person has to do about it.
fn work() -> Routes {
    Routes::new()
        .get("/", Access::Viewer, today::get)
        .get("/search", Access::Viewer, search::get)
        .get("/tickets", Access::Viewer, tickets::list::get)
        .get("/tickets/{client}/{number}", Access::Viewer, tickets::get::get)
        .post("/tickets/{client}/{number}/acknowledge", Access::Technician, tickets::acknowledge::post)
        .post("/tickets/{client}/{number}/work", Access::Technician, tickets::work::post)
        .post("/tickets/{client}/{number}/resolve", Access::Technician, tickets::resolve::post)
        .get("/hosts", Access::Viewer, hosts::list::get)
        .get("/hosts/{client}/{host}", Access::Viewer, hosts::get::get)
        .post("/hosts/{client}/{host}/always-on", Access::Technician, hosts::always_on::post)
        .post("/hosts/{client}/{host}/retire", Access::Technician, hosts::retire::post)
        .get("/assets/{client}/{asset}", Access::Viewer, assets::get::get)
        .post("/assets/{client}/{asset}", Access::Technician, assets::post::post)
        .post("/assets/{client}/{asset}/retire", Access::Technician, assets::retire::post)
        .get("/reports", Access::Viewer, reports::list::get)
        .get("/reports/new", Access::Technician, reports::new::get)
        .post("/reports/new", Access::Technician, reports::new::post)
        .get("/maintenance", Access::Viewer, maintenance::list::get)
        .get("/maintenance/new", Access::Technician, maintenance::new::get)
        .post("/maintenance/new", Access::Technician, maintenance::new::post)
}

/// What it came to: clients, the ledger, statements and mails.
fn records() -> Routes {
    Routes::new()
        .get("/provider", Access::Viewer, provider::get)
        .get("/clients", Access::Viewer, clients::list::get)
        .get("/clients/new", Access::Technician, clients::new::get)
        .post("/clients/new", Access::Technician, clients::new::post)
        .get("/clients/{client}", Access::Viewer, clients::get::get)
        .get("/clients/{client}/edit", Access::Technician, clients::edit::get)
        .post("/clients/{client}/edit", Access::Technician, clients::edit::post)
        .get("/clients/{client}/closed-days", Access::Technician, clients::closed_days::get)
        .post("/clients/{client}/closed-days", Access::Technician, clients::closed_days::post)
        .post("/clients/{client}/sites", Access::Technician, clients::sites::post)
        .get("/clients/{client}/sites/{site}", Access::Viewer, sites::get::get)
        .get("/clients/{client}/sites/{site}/evidence", Access::Viewer, sites::evidence::get)
        .get("/clients/{client}/sites/{site}/line", Access::Technician, sites::line::get)
        .post("/clients/{client}/sites/{site}/line", Access::Technician, sites::line::post)
        .get("/clients/{client}/printers", Access::Viewer, printers::list::get)
        .get("/clients/{client}/orders", Access::Viewer, printers::orders::get)
        .get("/clients/{client}/printers/new", Access::Technician, printers::adopt::get)
        .post("/clients/{client}/printers/new", Access::Technician, printers::adopt::post)
        .post("/clients/{client}/printers/{site}/{address}/ask", Access::Technician, printers::change::ask)
        .get("/clients/{client}/printers/{site}/{address}/change", Access::Technician, printers::change::get)
        .post("/clients/{client}/printers/{site}/{address}/change", Access::Technician, printers::change::change)
        .post("/clients/{client}/printers/{site}/{address}/forget", Access::Technician, printers::change::forget)
        .get("/clients/{client}/credentials", Access::Technician, credentials::list::get)
        .post("/clients/{client}/credentials", Access::Technician, credentials::post::post)
        .post("/clients/{client}/credentials/{id}/delete", Access::Technician, credentials::delete::post)
        .get("/clients/{client}/ledger", Access::Viewer, ledger::list::get)
        .get("/ledger/{client}/{seq}", Access::Viewer, ledger::get::get)
        .post("/ledger/{client}/{seq}", Access::Technician, ledger::post::post)
        .get("/statements", Access::Viewer, statements::list::get)
        .get("/statements/{client}/{month}", Access::Viewer, statements::get::get)
        .get("/statements/{client}/{month}/mail", Access::Viewer, statements::mail::get)
        .get("/statements/{client}/{month}/pdf", Access::Viewer, statements::pdf::get)
        .post("/statements/{client}/{month}/make", Access::Technician, statements::make::post)
        .post("/statements/{client}/{month}/send", Access::Technician, statements::send::post)
        .post("/statements/{client}/{month}/resend", Access::Technician, statements::send::again)
        .get("/mails", Access::Viewer, mails::list::get)
        .get("/mails/{client}/{key}", Access::Viewer, mails::get::get)
        .get("/mails/{client}/{key}/html", Access::Viewer, mails::html::get)
}

/// The collector itself and who may use it.
fn administration() -> Routes {
    Routes::new()
        .post("/logout", Access::Viewer, logout::post)
        .get("/account", Access::Viewer, account::get)
        .post("/account", Access::Viewer, account::post)
        .get("/enrol", Access::Technician, enrol::get)
        .post("/enrol", Access::Technician, enrol::post)
        .get("/users", Access::Owner, users::list::get)
        .post("/users", Access::Owner, users::post::post)
        .get("/tasks", Access::Viewer, tasks::get)
}

/// What a browser shows for an error.
pub fn error_page(shown: &Shown) -> String {
    page::error(shown)
}
