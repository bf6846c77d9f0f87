//! Printers that are asked over the network, and which agent asks each.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    hosts::HostKey,
    sql::statements,
    value::{Value, args, parse_json},
};
use beforehand_core::polling::Turn;
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    settings::HandedNetwork,
    time::Timestamp,
};
use std::net::IpAddr;

/// A printer that a person adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedPrinter {
    pub client: ClientId,
    pub site: SiteId,
    pub address: IpAddr,
    pub name: String,
    pub credential: Option<String>,
    pub adopted_at: Timestamp,
    pub adopted_by: String,
    pub asked_by: Option<HostId>,
    pub asked_since: Option<Timestamp>,
    pub turns: u32,
    pub wish: u64,
    pub wished_at: Option<Timestamp>,
}

/// Everything that one host is handed, with what is secret still sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handout {
    pub revision: u64,
    /// In the order of their addresses, each with its credential and what is sealed of it.
    pub printers: Vec<(AdoptedPrinter, Option<Vec<u8>>)>,
    /// Its share of the work of watching the connection.
    pub network: HandedNetwork,
}

statements! {
    ADOPT = "INSERT INTO printers (client_id, site_id, address, name, credential_id, adopted_at, adopted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_CLIENT = "SELECT client_id, site_id, address, name, credential_id, adopted_at, adopted_by, asked_by,
        asked_since, turns, wish, wished_at FROM printers WHERE client_id = $1 ORDER BY site_id, name, address";
    ONE = "SELECT client_id, site_id, address, name, credential_id, adopted_at, adopted_by, asked_by,
        asked_since, turns, wish, wished_at FROM printers WHERE client_id = $1 AND site_id = $2 AND address = $3";
    SITES = "SELECT DISTINCT client_id, site_id FROM printers ORDER BY client_id, site_id";
    CHANGE = "UPDATE printers SET name = $4, credential_id = $5
        WHERE client_id = $1 AND site_id = $2 AND address = $3";
    FORGET = "DELETE FROM printers WHERE client_id = $1 AND site_id = $2 AND address = $3";
    WISH = "UPDATE printers SET wish = wish + 1, wished_at = $4
        WHERE client_id = $1 AND site_id = $2 AND address = $3";
    GIVE = "UPDATE printers SET asked_by = $4, asked_since = $5, turns = $6
        WHERE client_id = $1 AND site_id = $2 AND address = $3";
    HAND_ANEW = "UPDATE hosts SET handed = handed + 1 WHERE client_id = $1 AND host_id = $2";
    REVISION = "SELECT handed, network FROM hosts WHERE client_id = $1 AND host_id = $2";
    HANDED = "SELECT p.client_id, p.site_id, p.address, p.name, p.credential_id, p.adopted_at, p.adopted_by,
        p.asked_by, p.asked_since, p.turns, p.wish, p.wished_at, c.sealed
        FROM printers AS p LEFT JOIN credentials AS c
        ON c.client_id = p.client_id AND c.credential_id = p.credential_id
        WHERE p.client_id = $1 AND p.asked_by = $2 ORDER BY p.address";
}

impl Store {
    /// # Errors
    /// `Conflict` when the site has a printer at this address.
    pub async fn adopt_printer(&self, printer: &AdoptedPrinter) -> Result<()> {
        let AdoptedPrinter { client, site, address, name, credential, adopted_at, adopted_by, .. } = printer;
        let address = address.to_string();
        let values = args![*client, *site, address, name, credential.clone(), *adopted_at, adopted_by];
        self.add(&ADOPT, values, "printer").await
    }

    /// By site and name.
    pub async fn adopted_printers(&self, client: ClientId) -> Result<Vec<AdoptedPrinter>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    pub async fn adopted_printer(
        &self,
        client: ClientId,
        site: SiteId,
        address: IpAddr,
    ) -> Result<Option<AdoptedPrinter>> {
        self.find(&ONE, key(client, site, address), read).await
    }

    /// Sites of all clients at which printers are asked over the network.
    pub async fn sites_with_printers(&self) -> Result<Vec<(ClientId, SiteId)>> {
        self.list(&SITES, vec![], |row| Ok((row.get(0)?, row.get(1)?))).await
    }

    /// Name and credential of a printer; who asks it is handed them anew.
    pub async fn change_printer(&self, printer: &AdoptedPrinter) -> Result<()> {
        let mut values = key(printer.client, printer.site, printer.address);
        values.extend(args![&printer.name, printer.credential.clone()]);
        self.change_and_hand(printer, &CHANGE, values).await
    }

    /// Ends that a printer is asked. What was measured of it stays.
    pub async fn forget_printer(&self, printer: &AdoptedPrinter) -> Result<()> {
        self.change_and_hand(printer, &FORGET, key(printer.client, printer.site, printer.address)).await
    }

    /// Has a printer asked now.
    pub async fn wish_for_printer(&self, printer: &AdoptedPrinter, now: Timestamp) -> Result<()> {
        let mut values = key(printer.client, printer.site, printer.address);
        values.extend(args![now]);
        self.change_and_hand(printer, &WISH, values).await
    }

    /// Whose turn it is to ask a printer; both agents are handed what changed for them.
    pub async fn give_printer(&self, printer: &AdoptedPrinter, turn: &Turn, now: Timestamp) -> Result<()> {
        let mut values = key(printer.client, printer.site, printer.address);
        values.extend(args![turn.by, turn.by.map(|_| now), turn.turns]);
        let mut tx = self.begin().await?;
        tx.execute(&GIVE, values).await?;
        hand_anew(&mut tx, printer.client, printer.asked_by).await?;
        hand_anew(&mut tx, printer.client, turn.by).await?;
        tx.commit().await
    }

    /// What the host is handed.
    pub async fn handout(&self, key: HostKey) -> Result<Handout> {
        let mut tx = self.begin().await?;
        let revision = tx.one(&REVISION, args![key.client, key.host]).await?;
        let (revision, network) = match revision {
            Some(row) => (row.get(0)?, parse_json(&row.get::<String>(1)?)?),
            None => (0, HandedNetwork::default()),
        };
        let printers = tx.list(&HANDED, args![key.client, key.host], |row| Ok((read(row)?, row.get(12)?))).await?;
        tx.commit().await?;
        Ok(Handout { revision, printers, network })
    }

    async fn change_and_hand(&self, printer: &AdoptedPrinter, sql: &crate::sql::Sql, values: Vec<Value>) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql, values).await? == 0 {
            return Err(StoreError::NotFound("printer"));
        }
        hand_anew(&mut tx, printer.client, printer.asked_by).await?;
        tx.commit().await
    }
}

async fn hand_anew(tx: &mut Tx, client: ClientId, host: Option<HostId>) -> Result<()> {
    match host {
        Some(host) => tx.execute(&HAND_ANEW, args![client, host]).await.map(drop),
        None => Ok(()),
    }
}

fn key(client: ClientId, site: SiteId, address: IpAddr) -> Vec<Value> {
    args![client, site, address.to_string()]
}

fn read(row: &Row) -> Result<AdoptedPrinter> {
    let address: String = row.get(2)?;
    Ok(AdoptedPrinter {
        client: row.get(0)?,
        site: row.get(1)?,
        address: address.parse().map_err(|_| StoreError::Corrupt(format!("{address:?} is not an address")))?,
        name: row.get(3)?,
        credential: row.get(4)?,
        adopted_at: row.get(5)?,
        adopted_by: row.get(6)?,
        asked_by: row.get(7)?,
        asked_since: row.get(8)?,
        turns: row.get(9)?,
        wish: row.get(10)?,
        wished_at: row.get(11)?,
    })
}
