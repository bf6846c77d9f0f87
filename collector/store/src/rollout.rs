//! Hosts as the rollout of a new agent sees them.

use crate::{
    Store,
    engine::Row,
    error::Result,
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::{asset::AssetId, rollout::Candidate, site::Client};
use beforehand_shared::{
    host::Host,
    ids::{ClientId, HostId},
    observation::Observation,
    time::Timestamp,
};

statements! {
    HOSTS = "SELECT h.client_id, h.host_id, h.name, h.last_report, h.agent, a.facts, h.retired_at
        FROM hosts AS h LEFT JOIN assets AS a ON a.client_id = h.client_id AND a.host_id = h.host_id
            AND a.asset_id = 'host:' || h.host_id || ':'
        WHERE h.client_id = $1 ORDER BY h.host_id";
    FACTS = "SELECT facts FROM assets WHERE client_id = $1 AND asset_id = $2";
}

impl Store {
    /// The hosts of `client`, retired ones among them.
    pub async fn candidates(&self, client: &Client) -> Result<Vec<Candidate>> {
        let hosts = self.list(&HOSTS, args![client.id], read).await?;
        Ok(hosts.into_iter().map(|host| Candidate { switched_on: client.updates, ..host }).collect())
    }

    /// What a host said last about itself.
    pub async fn about_host(&self, client: ClientId, host: HostId) -> Result<Option<Host>> {
        let facts =
            self.find(&FACTS, args![client, AssetId::of_host(host).0], |row| parse(&row.get::<String>(0)?)).await?;
        Ok(facts.flatten())
    }
}

fn read(row: &Row) -> Result<Candidate> {
    let about = row.get::<Option<String>>(5)?.map(|facts| parse(&facts)).transpose()?.flatten();
    Ok(Candidate {
        client: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        in_service: row.get::<Option<Timestamp>>(6)?.is_none(),
        switched_on: false,
        last_report: row.get(3)?,
        running: row.get(4)?,
        updates: about.and_then(|about| about.updates),
    })
}

fn parse(facts: &str) -> Result<Option<Host>> {
    Ok(match parse_json(facts)? {
        Observation::Host(host) => Some(host),
        _ => None,
    })
}
