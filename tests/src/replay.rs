//! Drives a collector through the history of simulated offices: real reports through the real
//! store and tasks, a technician who works on the tickets, users who call.

use anyhow::{Result, bail};
use beforehand_collector::{
    app::App,
    history::{Arrival, History},
};
use beforehand_core::{
    site::{Client, Site},
    unpack::Receipt,
};
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
use beforehand_sim::{
    machine::Machine,
    technician::{OpenTicket, Step, Technician},
    world::{Event, Sent, World},
};
use beforehand_store::{EnrolToken, NewHost, Redeemed, TicketFilter, TicketRow};
use sha2::{Digest, Sha256};

/// One client with one site.
#[derive(Debug, Clone)]
pub struct Office {
    pub client: Client,
    pub site: Site,
    pub world: World,
    pub technician: Technician,
}

impl Office {
    /// Stores the client, its site, and its machines as hosts.
    ///
    /// # Errors
    /// When the store refuses, as it does for a second time.
    pub async fn enrol(&self, app: &App) -> Result<()> {
        app.store.insert_client(&self.client).await?;
        app.store.insert_site(&self.site).await?;
        for machine in &self.world.machines {
            self.enrol_machine(app, machine).await?;
            let always_on = machine.always_on.then_some(true);
            app.store.set_always_on(self.client.id, machine.id, always_on).await?;
        }
        Ok(())
    }

    async fn enrol_machine(&self, app: &App, machine: &Machine) -> Result<()> {
        let now = self.world.now();
        let token_sha256 = hash(&format!("token of {}", machine.id));
        let token = EnrolToken {
            client: self.client.id,
            site: self.site.id,
            token_sha256: token_sha256.clone(),
            made_at: now,
            expires_at: now.plus(Millis::HOUR),
            made_by: "simulation".to_owned(),
        };
        app.store.insert_enrol_token(&token).await?;
        let host = NewHost {
            id: machine.id,
            name: machine.name.clone(),
            os: machine.os.clone(),
            agent: env!("CARGO_PKG_VERSION").to_owned(),
            secret_sha256: hash(&format!("secret of {}", machine.id)),
            machine: hash(&format!("machine {}", machine.id)),
            incarnation: machine.incarnation,
        };
        match app.store.redeem(&token_sha256, now, &host).await? {
            Redeemed::Done { .. } => Ok(()),
            other => bail!("a token just made is {other:?}"),
        }
    }

    /// Lets the world go on until `until` and the collector learn what happened.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn live(&mut self, app: &App, history: &mut History, until: Timestamp) -> Result<()> {
        let events = self.world.step(until);
        self.learn(app, history, events).await
    }

    /// Ends the simulation in order, so that nobody takes its silence for trouble.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn end(&mut self, app: &App, history: &mut History) -> Result<()> {
        let events = self.world.switch_off();
        self.learn(app, history, events).await
    }

    async fn learn(&self, app: &App, history: &mut History, events: Vec<Event>) -> Result<()> {
        for event in events {
            match event {
                Event::Report(sent) => history.arrive(arrival(self.client.id, &sent)).await?,
                Event::Noticed(report) => {
                    app.store.insert_user_report(&report).await?;
                }
            }
        }
        Ok(())
    }

    /// The technician goes through the open tickets.
    ///
    /// # Errors
    /// When the store does not take what he enters.
    pub async fn work(&mut self, app: &App) -> Result<()> {
        let filter = TicketFilter { client: Some(self.client.id), unresolved: true, ..TicketFilter::default() };
        let mut open = Vec::new();
        for row in app.store.tickets(&filter).await? {
            open.push(self.open_ticket(app, row).await?);
        }
        open.sort_by_key(|ticket| ticket.number);
        for step in self.technician.work(&open, &mut self.world) {
            self.enter(app, step).await?;
        }
        Ok(())
    }

    async fn open_ticket(&self, app: &App, row: TicketRow) -> Result<OpenTicket> {
        let is_over = match &row.ticket.case {
            Some(case) => app.store.case(self.client.id, case).await?.is_none_or(|case| case.is_closed()),
            None => row.ticket.asset.as_ref().is_none_or(|asset| !self.world.is_broken(asset)),
        };
        let ticket = row.ticket;
        Ok(OpenTicket { number: ticket.number, asset: ticket.asset, opened_at: ticket.opened_at, is_over })
    }

    async fn enter(&self, app: &App, step: Step) -> Result<()> {
        let (client, who, now) = (self.client.id, self.technician.name.as_str(), self.world.now());
        match step {
            Step::Acknowledge { ticket } => app.store.acknowledge(client, ticket, who, now).await?,
            Step::LogWork { ticket, work } => app.store.log_work(client, ticket, &work).await?,
            Step::Resolve { ticket, verdict } => app.store.resolve(client, ticket, verdict, (who, now)).await?,
        }
        Ok(())
    }
}

/// UTC hours at which the collector judges and the technician looks in a replay: through the
/// working day, and once a day at the weekend.
const WORKDAY: &[i64] = &[8, 13];
const WEEKEND: &[i64] = &[12];

/// The next instant to stop at after `now`.
pub fn next_stop(now: Timestamp) -> Timestamp {
    let today = now.day_start();
    let days = (0..2).map(|n| today.plus(Millis::days(n)));
    let mut stops = days.flat_map(|day| hours(day).iter().map(move |hour| day.plus(Millis::hours(*hour))));
    stops.find(|stop| *stop > now).unwrap_or_else(|| today.plus(Millis::days(2)))
}

const fn hours(day: Timestamp) -> &'static [i64] {
    // 1970-01-01 was a Thursday.
    match (day.0 / Millis::DAY.0 + 3) % 7 {
        5 | 6 => WEEKEND,
        _ => WORKDAY,
    }
}

fn arrival(client: ClientId, sent: &Sent) -> Arrival<'_> {
    let receipt = Receipt {
        received_at: sent.received_at,
        sent_at: sent.sent_wall,
        sent_mono_ms: sent.sent_mono_ms,
        sent_boot: sent.sent_boot,
    };
    Arrival { client, host: sent.report.host, receipt, report: &sent.report }
}

/// One stop: all worlds go on until `until`, the collector does what is due, people work.
///
/// # Errors
/// When the store or a task fails.
pub async fn advance(app: &App, history: &mut History, offices: &mut [Office], until: Timestamp) -> Result<()> {
    for office in offices.iter_mut() {
        office.live(app, history, until).await?;
    }
    let then = history.advance(until).await?;
    for office in offices {
        office.work(&then).await?;
    }
    Ok(())
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
