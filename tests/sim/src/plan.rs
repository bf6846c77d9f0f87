//! What world to make.

use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};

#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub client: ClientId,
    pub site: SiteId,
    pub start: Timestamp,
    pub days: u32,
    /// One report per host, with one run of each probe, this often.
    pub cadence: Millis,
    /// Office computers, beside the server.
    pub computers: u32,
    /// IANA name.
    pub time_zone: String,
    /// Host part of the names and addresses, such as `dental`.
    pub name: String,
    /// How often things go wrong, relative to an ordinary office.
    pub trouble: f64,
}

impl Plan {
    /// An ordinary office of five computers and a server, reporting every minute.
    pub fn ordinary(start: Timestamp, days: u32) -> Self {
        Self {
            client: ClientId(uuid::Uuid::from_u128(1)),
            site: SiteId(uuid::Uuid::from_u128(2)),
            start,
            days,
            cadence: Millis::MINUTE,
            computers: 5,
            time_zone: "Europe/Berlin".to_owned(),
            name: "office".to_owned(),
            trouble: 1.0,
        }
    }

    pub const fn end(&self) -> Timestamp {
        self.start.plus(Millis::days(self.days as i64))
    }
}
