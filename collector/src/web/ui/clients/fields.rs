//! The form of a client: what was agreed, and the client's own figures.

use crate::web::ui::{
    form::{Field, Kind, Typed},
    show::{Fact, facts},
};
use beforehand_core::worth::money;
use beforehand_core::{
    calendar,
    site::{Client, Contract, Delivery, Orders},
};
use beforehand_statement::words::decimal;

/// Fields that belong together.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) fields: Vec<Field>,
}

/// What was typed, checked. `base` gives what the form does not ask for.
pub(crate) fn read(typed: &mut Typed, base: Client) -> Client {
    let name = typed.text("name", 120, "Enter the client's name.");
    let currency = typed.raw("currency").trim().to_uppercase();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        typed.refuse("currency", "Enter three letters, such as EUR.");
    }
    Client {
        name,
        currency,
        time_zone: time_zone(typed),
        contract: contract(typed),
        delivery: delivery(typed),
        orders: orders(typed),
        updates: typed.checked("updates"),
        ..base
    }
}

fn time_zone(typed: &mut Typed) -> String {
    let zone = typed.raw("time_zone").trim().to_owned();
    if jiff::tz::TimeZone::get(&zone).is_err() {
        typed.refuse("time_zone", "Enter a name such as Europe/Berlin.");
    }
    zone
}

fn contract(typed: &mut Typed) -> Contract {
    Contract {
        fee_per_month: typed.money("fee_per_month"),
        list_rate_per_hour: typed.money("list_rate_per_hour"),
        included_hours: typed.number("included_hours", 0.0..=1000.0),
        wage_per_hour: typed.money("wage_per_hour"),
        revenue_per_hour: typed.money("revenue_per_hour"),
        call_out: typed.money("call_out"),
        people: typed.number("people", 0..=100_000),
    }
}

fn delivery(typed: &mut Typed) -> Delivery {
    let emails: Vec<String> = typed
        .raw("emails")
        .split([',', ';', '\n', ' '])
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect();
    if emails.iter().any(|email| email.parse::<lettre::Address>().is_err()) {
        typed.refuse("emails", "Write each address as name@example.net, with commas between them.");
    }
    Delivery {
        emails,
        day: typed.number("day", 1..=28),
        hour: typed.number("hour", 0..=23),
        hold_for_review: typed.checked("hold"),
    }
}

fn orders(typed: &mut Typed) -> Orders {
    Orders {
        delivery_days: typed.number("delivery_days", 0..=60),
        margin_days: typed.number("margin_days", 0..=60),
        together_days: typed.number("together_days", 0..=90),
    }
}

/// The form as it would be typed for `client`.
pub(crate) fn typed(client: &Client) -> Typed {
    let (contract, delivery) = (&client.contract, &client.delivery);
    let amount = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    Typed::filled([
        ("name", client.name.clone()),
        ("time_zone", client.time_zone.clone()),
        ("currency", client.currency.clone()),
        ("fee_per_month", amount(contract.fee_per_month)),
        ("list_rate_per_hour", amount(contract.list_rate_per_hour)),
        ("included_hours", contract.included_hours.to_string()),
        ("wage_per_hour", amount(contract.wage_per_hour)),
        ("revenue_per_hour", amount(contract.revenue_per_hour)),
        ("call_out", amount(contract.call_out)),
        ("people", contract.people.to_string()),
        ("emails", delivery.emails.join(", ")),
        ("day", delivery.day.to_string()),
        ("hour", delivery.hour.to_string()),
        ("delivery_days", client.orders.delivery_days.to_string()),
        ("margin_days", client.orders.margin_days.to_string()),
        ("together_days", client.orders.together_days.to_string()),
        ("updates", if client.updates { "yes".to_owned() } else { String::new() }),
        ("hold", if delivery.hold_for_review { "yes".to_owned() } else { String::new() }),
    ])
}

pub(crate) fn groups(typed: &Typed) -> Vec<Group> {
    let text = |name, label| typed.field(name, label, Kind::Input("text"));
    vec![
        Group {
            title: "The client",
            fields: vec![
                text("name", "Name"),
                text("people", "People who work there"),
                text("time_zone", "Time zone").hint("Such as Europe/Berlin"),
                text("currency", "Currency").hint("Such as EUR"),
            ],
        },
        Group {
            title: "What was agreed",
            fields: vec![
                text("fee_per_month", "Fee a month"),
                text("included_hours", "Support hours included"),
                text("list_rate_per_hour", "List price of an hour").hint("What an hour costs without a contract"),
                text("call_out", "Price of a visit").hint("What one visit costs without a contract"),
            ],
        },
        Group {
            title: "What an interruption costs the client",
            fields: vec![
                text("wage_per_hour", "Wage of one person and hour").hint("With everything on top of it"),
                text("revenue_per_hour", "Most that an hour can cost").hint("When the whole business stands still"),
            ],
        },
        Group {
            title: "Statement",
            fields: vec![
                text("emails", "Goes to").hint("Addresses with commas between them"),
                text("day", "On day of the month").hint("1 to 28"),
                text("hour", "At hour").hint("0 to 23, in the client's time zone"),
                typed.field("hold", "Wait until a person has looked at it", Kind::Check),
            ],
        },
        supplies(typed),
        agents(typed),
    ]
}

fn supplies(typed: &Typed) -> Group {
    let days = |name, label| typed.field(name, label, Kind::Input("text"));
    Group {
        title: "Printer supplies",
        fields: vec![
            days("delivery_days", "Days until an order is there").hint("Working days"),
            days("margin_days", "Days between the ticket and the last day to order").hint("Working days"),
            days("together_days", "Order together what is due within so many days").hint("0: each by itself"),
        ],
    }
}

fn agents(typed: &Typed) -> Group {
    Group {
        title: "Agents",
        fields: vec![
            typed
                .field("updates", "Bring new versions of the agent to this client's machines", Kind::Check)
                .hint("Only packages that its maker signed; a machine's own settings may forbid it"),
        ],
    }
}

pub(crate) fn contract_facts(client: &Client) -> Vec<Fact> {
    let (contract, delivery) = (&client.contract, &client.delivery);
    let amount = |minor| money(minor, &client.currency);
    let held = if delivery.hold_for_review { ", after review" } else { "" };
    facts([
        ("Fee a month", amount(contract.fee_per_month)),
        ("Support hours included", decimal(contract.included_hours)),
        ("List price of an hour", amount(contract.list_rate_per_hour)),
        ("Price of a visit", amount(contract.call_out)),
        ("People", contract.people.to_string()),
        ("Wage of an hour", amount(contract.wage_per_hour)),
        ("Most that an hour can cost", amount(contract.revenue_per_hour)),
        (
            "Statement goes to",
            if delivery.emails.is_empty() { "nobody yet".to_owned() } else { delivery.emails.join(", ") },
        ),
        ("On", format!("day {} at {}:00{held}", delivery.day, delivery.hour)),
        ("Supplies arrive", format!("{} working days after the order", client.orders.delivery_days)),
        ("Time zone", calendar_name(&client.time_zone)),
        (
            "New versions of the agent",
            if client.updates { "brought by themselves" } else { "installed by hand" }.to_owned(),
        ),
    ])
}

/// The zone as it is used: an unknown name means UTC.
fn calendar_name(zone: &str) -> String {
    let used = calendar::zone(zone);
    used.iana_name().map_or_else(|| zone.to_owned(), str::to_owned)
}
