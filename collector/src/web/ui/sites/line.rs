//! What was agreed with whoever runs the line of a site: shown beside what is measured, and printed on evidence.

use super::{gather::Known, href};
use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            form::{Fields, Kind, Typed},
            form_page::FormPage,
            page::{Answer, Page, Section, done, html, refused},
            show::{Fact, facts},
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_core::{
    series::Metric,
    site::{LineContract, Site},
    site_view::{SiteView, speed::Carried},
};
use beforehand_shared::ids::{ClientId, SiteId};
use beforehand_statement::words::decimal;
use beforehand_store::AuditRow;

/// Kilobits in a megabit, and the fastest line that can be entered.
const KBIT: f64 = 1000.0;
const FASTEST_MBIT: f64 = 400_000.0;

async fn find(app: &App, (client, site): (ClientId, SiteId)) -> Result<Site, WebError> {
    app.store.site(client, site).await?.ok_or_else(WebError::not_found)
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<(ClientId, SiteId)>,
) -> Answer {
    let site = find(&app, place).await?;
    let line = app.store.line_contract(place.0, place.1).await?;
    let mbit = |kbps: Option<u32>| kbps.map(|kbps| (f64::from(kbps) / KBIT).to_string()).unwrap_or_default();
    let typed = Typed::filled([
        ("operator", line.operator),
        ("reference", line.reference),
        ("down", mbit(line.down_kbps)),
        ("up", mbit(line.up_kbps)),
    ]);
    html(&form(&session, &site, typed))
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(place): Path<(ClientId, SiteId)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let site = find(&app, place).await?;
    let mut typed = Typed::new(fields);
    let line = LineContract {
        operator: typed.optional("operator", 80),
        reference: typed.optional("reference", 80),
        down_kbps: kbps(&mut typed, "down"),
        up_kbps: kbps(&mut typed, "up"),
    };
    if !typed.is_right() {
        return refused(&form(&session, &site, typed));
    }
    app.store.set_line_contract(site.client, site.id, &line).await?;
    let what = format!("changed what was agreed about the line of {}", site.name);
    let row = AuditRow { at: app.clock.now(), who: session.user.email.clone(), what, client: Some(site.client) };
    app.store.audit(&row).await?;
    done(&href(site.client, site.id), "saved")
}

/// Nothing where nothing was typed.
fn kbps(typed: &mut Typed, name: &'static str) -> Option<u32> {
    if typed.raw(name).trim().is_empty() {
        return None;
    }
    Some((typed.number::<f64>(name, 0.064..=FASTEST_MBIT) * KBIT).round() as u32)
}

fn form(session: &Session, site: &Site, form: Typed) -> FormPage {
    let fields = vec![
        form.field("down", "Down, Mbit/s", Kind::Input("text"))
            .hint("As the contract says; empty where you do not know."),
        form.field("up", "Up, Mbit/s", Kind::Input("text")),
        form.field("operator", "Who runs the line", Kind::Input("text")),
        form.field("reference", "Contract or line number", Kind::Input("text"))
            .hint("Printed on the evidence that you send to them."),
    ];
    FormPage {
        page: Page::new(Section::Clients, format!("The line of {}", site.name), session),
        intro: "All of it is optional.",
        fields,
        hidden: Vec::new(),
        form,
        method: "post",
        action: format!("{}/line", href(site.client, site.id)),
        submit: "Save",
        back: href(site.client, site.id),
    }
}

/// `100 down and 40 up Mbit/s`; empty where nothing was entered.
pub(super) fn speed(line: &LineContract) -> String {
    let mbit = |kbps: u32| decimal(f64::from(kbps) / KBIT);
    match (line.down_kbps, line.up_kbps) {
        (Some(down), Some(up)) => format!("{} down and {} up Mbit/s", mbit(down), mbit(up)),
        (Some(down), None) => format!("{} down Mbit/s", mbit(down)),
        (None, Some(up)) => format!("{} up Mbit/s", mbit(up)),
        (None, None) => String::new(),
    }
}

/// `at least 46 of 100 Mbit/s down`: against what was agreed, where that is known.
pub(super) fn carried_words(carried: Carried, agreed: &LineContract) -> String {
    let one_way = |(kbit, agreed, way): (Option<f64>, Option<u32>, &str)| {
        let of = agreed.map_or_else(String::new, |kbps| format!(" of {}", decimal(f64::from(kbps) / KBIT)));
        kbit.map(|kbit| format!("{}{of} Mbit/s {way}", decimal(kbit / KBIT)))
    };
    let ways = [(carried.down, agreed.down_kbps, "down"), (carried.up, agreed.up_kbps, "up")];
    let said: Vec<String> = ways.into_iter().filter_map(one_way).collect();
    if said.is_empty() { "not known yet".to_owned() } else { format!("at least {}", said.join(", ")) }
}

/// The most that one machine did in a run; its own network is part of it, so it is no speed of the line.
pub(super) fn busiest(known: &Known) -> Option<String> {
    let most = |metric| SiteView::busiest(&known.scene, &metric).map(|kbit| decimal(kbit / KBIT));
    let (down, up) = (most(Metric::ReceivedKbit)?, most(Metric::SentKbit)?);
    Some(format!("{down} down and {up} up Mbit/s by one machine, its own network included"))
}

pub(super) fn contract_facts(known: &Known) -> Vec<Fact> {
    let line = &known.line;
    facts([
        ("Agreed", speed(line)),
        ("Run by", line.operator.clone()),
        ("Contract or line", line.reference.clone()),
        ("Most in 30 days", busiest(known).unwrap_or_else(|| "no throughput measured yet".to_owned())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_line_carried_is_said_as_a_bound_against_what_was_agreed() {
        let agreed = LineContract { down_kbps: Some(100_000), ..LineContract::default() };
        let words = |down, up| carried_words(Carried { down, up }, &agreed);
        assert_eq!(words(Some(46_000.0), None), "at least 46 of 100 Mbit/s down");
        assert_eq!(words(Some(46_000.0), Some(9_540.0)), "at least 46 of 100 Mbit/s down, 9.5 Mbit/s up");
        assert_eq!(words(None, None), "not known yet");
    }
}
