//! `client add`, `client list`, `client closed-days`

use super::{closed_days::ClosedDays, find};
use crate::{config::Config, random, time::Clock};
use anyhow::{bail, ensure};
use beforehand_core::{
    closed,
    site::{self, Contract, Delivery, Site},
};
use beforehand_shared::ids::{ClientId, SiteId};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Add a client with its first site
    Add(Box<Add>),
    /// List the clients and their sites
    List,
    /// List the days on which nobody is at a client, with those of a calendar file added
    ClosedDays(ClosedDays),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Name of the business
    #[arg(long)]
    name: String,
    /// Name of its first site
    #[arg(long, default_value = "Main office")]
    site: String,
    /// IANA name of its time zone
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// ISO 4217 code
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// Fixed fee a month
    #[arg(long, value_name = "AMOUNT", value_parser = find::amount, default_value = "0")]
    fee: i64,
    /// What an hour costs without a contract
    #[arg(long, value_name = "AMOUNT", value_parser = find::amount, default_value = "0")]
    list_rate: i64,
    /// Loaded wage of one of its people for an hour
    #[arg(long, value_name = "AMOUNT", value_parser = find::amount, default_value = "0")]
    wage: i64,
    /// People who work there
    #[arg(long, default_value_t = 1)]
    people: u32,
    /// Address that gets the monthly statement; may be given several times
    #[arg(long = "email", value_name = "ADDRESS")]
    emails: Vec<String>,
    /// Day of the following month on which the statement goes
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=28))]
    day: u8,
    /// Hour at which it goes, in the client's time zone
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(0..=23))]
    hour: u8,
    /// Let a person look at each statement before it goes
    #[arg(long)]
    hold: bool,
}

impl Client {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        config.check()?;
        let store = super::open_store(&config).await?;
        match self {
            Self::List => {
                for client in store.clients().await? {
                    println!("{}  {}", client.id, client.name);
                    for site in store.sites(client.id).await? {
                        println!("  {}  {}", site.id, site.name);
                    }
                }
            }
            Self::ClosedDays(closed_days) => closed_days.run(&store).await?,
            Self::Add(add) => {
                let (client, site) = add.rows()?;
                if store.clients().await?.iter().any(|known| known.name == client.name) {
                    bail!("there is a client called {:?} already", client.name);
                }
                store.insert_client(&client).await?;
                store.insert_site(&site).await?;
                println!("{}  {}\n  {}  {}", client.id, client.name, site.id, site.name);
            }
        }
        Ok(())
    }
}

impl Add {
    fn rows(self) -> anyhow::Result<(site::Client, Site)> {
        let known_zone = self.time_zone == "UTC" || jiff::tz::TimeZone::get(&self.time_zone).is_ok();
        ensure!(known_zone, "{:?} is not a time zone like Europe/Zurich", self.time_zone);
        ensure!(
            self.currency.len() == 3 && self.currency.bytes().all(|b| b.is_ascii_uppercase()),
            "{:?} is not a currency like EUR",
            self.currency
        );
        for email in &self.emails {
            ensure!(email.parse::<lettre::message::Mailbox>().is_ok(), "{email:?} is not a mail address");
        }
        let now = Clock::system().now();
        let id = ClientId(random::uuid(now)?);
        let site = Site { client: id, id: SiteId(random::uuid(now)?), name: self.site.clone() };
        Ok((self.client(id, now), site))
    }

    fn client(self, id: ClientId, now: beforehand_shared::time::Timestamp) -> site::Client {
        site::Client {
            id,
            name: self.name,
            time_zone: self.time_zone,
            currency: self.currency,
            created_at: now,
            simulated: false,
            updates: false,
            orders: site::Orders::default(),
            closed_days: closed::ClosedDays::default(),
            contract: Contract {
                fee_per_month: self.fee,
                list_rate_per_hour: self.list_rate,
                included_hours: 0.0,
                wage_per_hour: self.wage,
                revenue_per_hour: 0,
                call_out: 0,
                people: self.people,
            },
            delivery: Delivery { emails: self.emails, day: self.day, hour: self.hour, hold_for_review: self.hold },
        }
    }
}
