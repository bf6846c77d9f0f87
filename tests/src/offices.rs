//! The three simulated clients of the demonstration.

use crate::replay::Office;
use anyhow::Result;
use beforehand_core::site::{Client, Contract, Delivery, Site};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use beforehand_sim::{plan::Plan, random::Random, technician::Technician, world::World};

struct Business {
    name: &'static str,
    /// Part of names and addresses.
    short: &'static str,
    town: &'static str,
    time_zone: &'static str,
    people: u32,
    fee_euros: i64,
    /// How often things go wrong, relative to an ordinary office.
    trouble: f64,
    diligence: f64,
}

const BUSINESSES: [Business; 3] = [
    Business {
        name: "Harbour Dental",
        short: "dental",
        town: "Galway",
        time_zone: "Europe/Dublin",
        people: 9,
        fee_euros: 420,
        trouble: 1.0,
        diligence: 0.92,
    },
    Business {
        name: "Mill Lane Architects",
        short: "architects",
        town: "Bremen",
        time_zone: "Europe/Berlin",
        people: 6,
        fee_euros: 340,
        trouble: 1.5,
        diligence: 0.9,
    },
    Business {
        name: "Northgate Joinery",
        short: "joinery",
        town: "Graz",
        time_zone: "Europe/Vienna",
        people: 12,
        fee_euros: 380,
        trouble: 0.6,
        diligence: 0.85,
    },
];

/// The same three from the same seed; their history begins at `start`.
///
/// # Errors
/// When a time zone is not known.
pub fn three(seed: u64, start: Timestamp, days: u32, cadence: Millis) -> Result<Vec<Office>> {
    BUSINESSES.iter().map(|business| office(seed, business, (start, days, cadence))).collect()
}

/// How closely the last of a history is told, and from when on.
const CLOSELY: Millis = Millis::minutes(5);
const LAST: Millis = Millis::hours(36);

/// What a technician of today looks at: every line was out some days before `end`, that of the second office also
/// within the last day.
pub fn cut_lines(offices: &mut [Office], end: Timestamp) {
    for (n, office) in offices.iter_mut().enumerate() {
        let days = 6 + 5 * n as i64;
        office.world.cut_line(end.minus(Millis::days(days)).hour_start(), Millis::minutes(150));
        if n % 2 == 1 {
            office.world.cut_line(end.minus(Millis::minutes(9 * 60 + 20)), Millis::minutes(55));
        }
    }
}

/// From here on a history that ends at `end` is worth its minutes.
pub const fn closely_from(end: Timestamp) -> Timestamp {
    end.minus(LAST).hour_start()
}

/// Lets the agents of all offices report every few minutes from now on.
pub fn tell_closely(offices: &mut [Office]) {
    for office in offices {
        office.world.plan.cadence = CLOSELY;
    }
}

fn office(seed: u64, business: &Business, (start, days, cadence): (Timestamp, u32, Millis)) -> Result<Office> {
    let mut random = Random::named(seed, business.short);
    let (client, site) = (ClientId(random.uuid()), SiteId(random.uuid()));
    let plan = Plan {
        client,
        site,
        start,
        days,
        cadence,
        computers: business.people.min(3),
        time_zone: business.time_zone.to_owned(),
        name: business.short.to_owned(),
        trouble: business.trouble,
    };
    let world = World::office(random.bits(), &plan)?;
    let technician = Technician::new("Kim Osei".to_owned(), Millis::hours(2), business.diligence, random.bits());
    let site = Site { client, id: site, name: business.town.to_owned() };
    Ok(Office { client: business.client(client, start), site, world, technician })
}

impl Business {
    fn client(&self, id: ClientId, created_at: Timestamp) -> Client {
        Client {
            id,
            name: self.name.to_owned(),
            time_zone: self.time_zone.to_owned(),
            currency: "EUR".to_owned(),
            created_at,
            simulated: true,
            updates: false,
            orders: beforehand_core::site::Orders::default(),
            closed_days: beforehand_core::closed::ClosedDays::default(),
            contract: Contract {
                fee_per_month: self.fee_euros * 100,
                list_rate_per_hour: 95_00,
                included_hours: 2.0,
                wage_per_hour: 38_00,
                revenue_per_hour: i64::from(self.people) * 70_00,
                call_out: 60_00,
                people: self.people,
            },
            delivery: Delivery {
                emails: vec![format!("owner@{}.example", self.short)],
                day: 1,
                hour: 7,
                hold_for_review: false,
            },
        }
    }
}
