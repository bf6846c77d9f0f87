//! What to order for a client's printers: which supply, how many, by when.

use super::gather::{self, OnePrinter};
use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            csv,
            directory::Directory,
            filter::Filters,
            form::{Choice, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::{ClientRef, Link, Present, asset_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::detectors::supply_low::Overview;
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
use beforehand_statement::words::count;
use serde::Deserialize;

/// Days ahead that the list looks, if nothing else is asked for.
const AHEAD: u32 = 30;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    within: String,
    #[serde(default, rename = "as")]
    form: String,
}

/// One kind of supply for one model.
struct Order {
    supply: String,
    model: String,
    printers: Vec<Link>,
    by: Timestamp,
    empty: String,
}

struct Line {
    by: String,
    many: usize,
    supply: String,
    model: String,
    printers: Vec<Link>,
    empty: String,
}

#[derive(Template)]
#[template(path = "printers/orders.html")]
struct View {
    page: Page,
    client: ClientRef,
    sentence: String,
    filters: Filters,
    lines: Vec<Line>,
    printers_href: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path(client): Path<ClientId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    directory.client(client)?;
    let present = directory.present(client);
    let days = asked.within.trim().parse().unwrap_or(AHEAD).clamp(1, 365);
    let printers = gather::printers(&app, client).await?;
    let orders = orders(&printers, days, &present);
    if asked.form == "csv" {
        return download(&orders, &present);
    }
    let pieces: usize = orders.iter().map(|order| order.printers.len()).sum();
    let view = View {
        page: Page::new(Section::Clients, "What to order", &session),
        client: directory.client_ref(client),
        sentence: match pieces {
            0 => format!("Nothing to order within {days} days"),
            _ => format!("{} to order within {days} days", count(pieces as u64, "supply", "supplies")),
        },
        filters: filters(client, days),
        lines: orders.into_iter().map(|order| line(order, &present)).collect(),

        printers_href: super::list::href(client),
    };
    html(&view)
}

/// The most pressing first.
fn orders(printers: &[OnePrinter], days: u32, present: &Present) -> Vec<Order> {
    let until = present.now.plus(Millis::days(i64::from(days)));
    let mut orders: Vec<Order> = Vec::new();
    for one in printers {
        for supply in one.supplies.iter().filter(|supply| supply.order_by.is_some_and(|by| by <= until)) {
            let Some(by) = supply.order_by else { continue };
            let model = one.facts().and_then(|facts| facts.model.clone()).unwrap_or_else(|| gather::name(one));
            let link = one.asset.as_ref().map(|asset| asset_href(asset.client, &asset.id)).unwrap_or_default();
            let link = Link::new(link, gather::name(one));
            match orders.iter_mut().find(|order| order.supply == supply.name && order.model == model) {
                Some(order) => {
                    order.printers.push(link);
                    order.by = order.by.min(by);
                }
                None => {
                    let empty = empty(supply, present);
                    orders.push(Order { supply: supply.name.clone(), model, printers: vec![link], by, empty });
                }
            }
        }
    }
    orders.sort_by_key(|order| order.by);
    orders
}

/// When the first of them runs out, as far as that is known.
fn empty(supply: &Overview, present: &Present) -> String {
    match &supply.dates {
        Ok(dates) => present.by_when(dates.quantile(0.1), dates.quantile(0.9)),
        Err(why) => format!("not known: {}", why.words()),
    }
}

fn line(order: Order, present: &Present) -> Line {
    let late = order.by <= present.now;
    Line {
        by: if late { "now".to_owned() } else { present.calendar.date_words(order.by, present.now) },
        many: order.printers.len(),
        supply: order.supply,
        model: order.model,
        printers: order.printers,
        empty: order.empty,
    }
}

fn filters(client: ClientId, days: u32) -> Filters {
    let typed = Typed::filled([("within", days.to_string())]);
    let spans = [("14", "14 days"), ("30", "30 days"), ("60", "60 days"), ("90", "90 days")];
    let spans = spans.map(|(value, name)| Choice::new(value, name)).to_vec();
    Filters {
        fields: vec![typed.field("within", "To order within", Kind::Select(spans))],
        csv: Some(format!("/clients/{client}/orders?within={days}&as=csv")),
    }
}

fn download(orders: &[Order], present: &Present) -> Answer {
    let head = ["order by", "pieces", "supply", "printer model", "printers", "empty"];
    let cells = orders.iter().map(|order| {
        let printers: Vec<&str> = order.printers.iter().map(|link| link.name.as_str()).collect();
        vec![
            present.calendar.local(order.by.max(present.now)).strftime("%Y-%m-%d").to_string(),
            order.printers.len().to_string(),
            order.supply.clone(),
            order.model.clone(),
            printers.join("; "),
            order.empty.clone(),
        ]
    });
    csv::answer("orders", &head, &cells.collect::<Vec<_>>())
}
