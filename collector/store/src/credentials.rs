//! How devices let themselves be asked. What is secret comes sealed and is never listed.

use crate::{
    Store,
    engine::Row,
    error::{Result, StoreError},
    sql::statements,
    value::args,
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub client: ClientId,
    /// Made by the caller.
    pub id: String,
    /// What a person calls it; one of each per client.
    pub name: String,
    /// What may be shown of it, such as "SNMPv3, user monitor".
    pub shown: String,
    pub made_at: Timestamp,
    pub made_by: String,
}

statements! {
    INSERT = "INSERT INTO credentials (client_id, credential_id, name, shown, sealed, made_at, made_by)
        SELECT $1, $2, $3, $4, $5, $6, $7
        WHERE NOT EXISTS (SELECT 1 FROM credentials WHERE client_id = $1 AND name = $3)";
    OF_CLIENT = "SELECT client_id, credential_id, name, shown, made_at, made_by FROM credentials
        WHERE client_id = $1 ORDER BY name, credential_id";
    DELETE = "DELETE FROM credentials WHERE client_id = $1 AND credential_id = $2
        AND NOT EXISTS (SELECT 1 FROM printers WHERE client_id = $1 AND credential_id = $2)";
}

impl Store {
    /// # Errors
    /// `Conflict` when the client has one of this name.
    pub async fn insert_credential(&self, credential: &Credential, sealed: Vec<u8>) -> Result<()> {
        let Credential { client, id, name, shown, made_at, made_by } = credential;
        let values = args![*client, id, name, shown, sealed, *made_at, made_by];
        match self.db.execute(&INSERT, values).await? {
            0 => Err(StoreError::Conflict("credential")),
            _ => Ok(()),
        }
    }

    /// By name, without what is sealed.
    pub async fn credentials(&self, client: ClientId) -> Result<Vec<Credential>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    /// # Errors
    /// `NotFound` when there is none, or a printer is still asked with it.
    pub async fn delete_credential(&self, client: ClientId, id: &str) -> Result<()> {
        self.change(&DELETE, args![client, id], "credential that no printer uses").await
    }
}

fn read(row: &Row) -> Result<Credential> {
    Ok(Credential {
        client: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        shown: row.get(3)?,
        made_at: row.get(4)?,
        made_by: row.get(5)?,
    })
}
