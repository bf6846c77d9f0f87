//! What other sites see of what they share with one: of other clients, too, and therefore instants alone. What was made up
//! for a demonstration says nothing of real lines and services.

use crate::{
    assets::AssetRow,
    engine::Tx,
    error::Result,
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::{
    case::{Case, CaseState},
    elsewhere::{Asked, Elsewhere, is_same_everywhere},
    finding::Severity,
    place::Place,
    site::{Client, LineContract},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

/// What others saw longer ago is not asked for.
const LATELY: Millis = Millis::minutes(30);

statements! {
    OPERATOR = "SELECT line FROM sites WHERE client_id = $1 AND site_id = $2";
    BAD_LINES = "SELECT s.client_id, s.site_id, s.line, o.doc, c.doc FROM cases AS c
        JOIN sites AS s ON s.client_id = c.client_id AND s.site_id = c.site_id
        JOIN clients AS o ON o.client_id = c.client_id
        WHERE c.closed_at IS NULL AND s.line <> '{}'
            AND ((c.kind = 'link_fault' AND c.asset_id LIKE 'link::line/%')
                OR (c.kind = 'host_silent' AND c.asset_id LIKE 'host::site/%'))";
    SERVICE = "SELECT h.client_id, h.site_id, a.seen_at, a.facts, o.doc FROM hosts AS h
        JOIN assets AS a ON a.client_id = h.client_id AND a.asset_id = 'endpoint:' || h.host_id || ':' || $1
        JOIN clients AS o ON o.client_id = h.client_id
        WHERE a.retired_at IS NULL AND a.seen_at >= $2 AND a.seen_at <= $3";
}

pub(crate) async fn of(
    tx: &mut Tx,
    (client, site): (&Client, SiteId),
    assets: &[AssetRow],
    now: Timestamp,
) -> Result<Elsewhere> {
    let mut services = BTreeMap::new();
    for url in unanswered(assets) {
        services.insert(url.to_owned(), service(tx, (client, site), url, now).await?);
    }
    Ok(Elsewhere { lines: lines(tx, client, site).await?, services })
}

/// Web addresses that gave no usable answer last, as far as they are the same for everybody. What works is asked of nobody.
fn unanswered(assets: &[AssetRow]) -> impl Iterator<Item = &str> {
    assets.iter().filter_map(|row| match &row.facts {
        Observation::Endpoint(endpoint) if !endpoint.works() => {
            Some(endpoint.url.as_str()).filter(|url| is_same_everywhere(url))
        }
        _ => None,
    })
}

/// How each other site fared last: with an answer if any of its machines that asked lately has one.
async fn service(tx: &mut Tx, (client, site): (&Client, SiteId), url: &str, now: Timestamp) -> Result<Vec<Asked>> {
    let mut sites: BTreeMap<(ClientId, SiteId), Asked> = BTreeMap::new();
    for row in tx.all(&SERVICE, args![url, now.minus(LATELY), now]).await? {
        let other: (ClientId, SiteId) = (row.get(0)?, row.get(1)?);
        let owner: Client = parse_json(&row.get::<String>(4)?)?;
        let Observation::Endpoint(endpoint) = parse_json(&row.get::<String>(3)?)? else { continue };
        if other == (client.id, site) || owner.simulated != client.simulated {
            continue;
        }
        let asked = Asked { at: row.get(2)?, answered: endpoint.works() };
        let best = |known: Asked| if (known.answered, known.at) > (asked.answered, asked.at) { known } else { asked };
        let known = sites.get(&other).map_or(asked, |known| best(*known));
        sites.insert(other, known);
    }
    Ok(sites.into_values().collect())
}

/// Since when lines of other sites are bad that have the same operator, or all fell silent there. Of other clients, too, and therefore nothing but the
/// instants. What was made up for a demonstration says nothing of real lines.
async fn lines(tx: &mut Tx, client: &Client, site: SiteId) -> Result<Vec<Timestamp>> {
    let operator = |line: &str| parse_json::<LineContract>(line).map(|line| line.operator.trim().to_lowercase());
    let own = tx.one(&OPERATOR, args![client.id, site]).await?;
    let own = own.map_or(Ok(String::new()), |row| operator(&row.get::<String>(0)?))?;
    let mut bad = Vec::new();
    if own.is_empty() {
        return Ok(bad);
    }
    for row in tx.all(&BAD_LINES, vec![]).await? {
        let other: (ClientId, SiteId) = (row.get(0)?, row.get(1)?);
        if other == (client.id, site) || operator(&row.get::<String>(2)?)? != own {
            continue;
        }
        let (owner, case) =
            (parse_json::<Client>(&row.get::<String>(3)?)?, parse_json::<Case>(&row.get::<String>(4)?)?);
        if owner.simulated == client.simulated && is_operators(&case) {
            bad.push(case.opened_at);
        }
    }
    bad.sort_unstable();
    Ok(bad)
}

/// Whether a bad line, or the silence of a site, may be its operator's fault: a note and an announced maintenance are none,
/// nor is what has a place of another kind.
fn is_operators(case: &Case) -> bool {
    let may_be = Place::of(&case.latest.evidence).is_none_or(Place::may_be_operators);
    case.state == CaseState::Open && case.severity >= Severity::Soon && may_be
}
