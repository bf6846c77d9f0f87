//! Clients: the tenants.

use crate::{
    Store,
    engine::Row,
    error::Result,
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::site::Client;
use beforehand_shared::ids::ClientId;

statements! {
    INSERT = "INSERT INTO clients (client_id, name, doc) VALUES ($1, $2, $3)";
    UPDATE = "UPDATE clients SET name = $2, doc = $3 WHERE client_id = $1";
    ONE = "SELECT doc FROM clients WHERE client_id = $1";
    ALL = "SELECT doc FROM clients ORDER BY name, client_id";
}

impl Store {
    /// # Errors
    /// `Conflict` when the identifier is taken.
    pub async fn insert_client(&self, client: &Client) -> Result<()> {
        self.add(&INSERT, args![client.id, &client.name, json(client)?], "client").await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn update_client(&self, client: &Client) -> Result<()> {
        self.change(&UPDATE, args![client.id, &client.name, json(client)?], "client").await
    }

    pub async fn client(&self, client: ClientId) -> Result<Option<Client>> {
        self.find(&ONE, args![client], read).await
    }

    /// By name.
    pub async fn clients(&self) -> Result<Vec<Client>> {
        self.list(&ALL, vec![], read).await
    }
}

fn read(row: &Row) -> Result<Client> {
    parse_json(&row.get::<String>(0)?)
}
