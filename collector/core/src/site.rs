//! Clients and their sites, as the analysis and the statement need them.

use crate::{calendar::Calendar, closed::ClosedDays, month::Month};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

/// A business that pays the fixed fee. Amounts are in minor units (cents) of `currency`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    pub id: ClientId,
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    pub created_at: Timestamp,
    /// Made up for a demonstration; marked wherever it is shown.
    pub simulated: bool,
    pub contract: Contract,
    pub delivery: Delivery,
    /// Whether signed updates of the agent may reach its machines.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub updates: bool,
    #[serde(default, skip_serializing_if = "Orders::is_usual")]
    pub orders: Orders,
    /// When nobody is there, as known.
    #[serde(default, skip_serializing_if = "ClosedDays::is_empty")]
    pub closed_days: ClosedDays,
}

/// How supplies are ordered, so that they lie ready when they are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Orders {
    /// Working days from the order until the supply is there.
    pub delivery_days: u8,
    /// Working days between the ticket and the last day to order.
    pub margin_days: u8,
    /// What must be ordered within so many days is ordered together; 0 orders each by itself.
    pub together_days: u8,
}

impl Orders {
    /// Whether nothing else was agreed.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Orders {
    fn default() -> Self {
        Self { delivery_days: 3, margin_days: 2, together_days: 0 }
    }
}

/// What was agreed, and the client's own figures from which worth is computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    pub fee_per_month: i64,
    /// What an hour of the provider costs without a contract.
    pub list_rate_per_hour: i64,
    /// Support hours that the fee includes.
    pub included_hours: f64,
    /// Loaded wage of one person and hour.
    pub wage_per_hour: i64,
    /// Upper bound of what an interruption of the whole business can cost in an hour.
    pub revenue_per_hour: i64,
    /// What one visit costs without a contract.
    pub call_out: i64,
    /// People who work there.
    pub people: u32,
}

/// How the statement reaches the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub emails: Vec<String>,
    /// Day of the following month, 1 to 28, and hour in the client's time zone.
    pub day: u8,
    pub hour: u8,
    /// Wait for a person to look before it goes.
    pub hold_for_review: bool,
}

impl Client {
    /// The month before the present one, once its statement's day and hour have come in the
    /// client's time zone. None for a month in which it was not a client yet.
    pub fn statement_due(&self, now: Timestamp) -> Option<Month> {
        let calendar = Calendar::new(&self.time_zone);
        let today = calendar.local(now).date();
        let day = i8::try_from(self.delivery.day.clamp(1, 28)).unwrap_or(1);
        let hour = i8::try_from(self.delivery.hour.min(23)).unwrap_or(0);
        let due = jiff::civil::Date::new(today.year(), today.month(), day).ok()?.at(hour, 0, 0, 0);
        let last = today.first_of_month().checked_sub(1.day()).ok()?;
        let month = Month { year: last.year(), month: last.month() };
        let client_by_then = self.created_at < calendar.month_bounds(month).1;
        (now >= calendar.instant(due) && client_by_then).then_some(month)
    }
}

/// One location: one LAN behind one internet line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub client: ClientId,
    pub id: SiteId,
    pub name: String,
}

/// What was agreed with whoever runs a site's internet line; all of it optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineContract {
    /// Who runs it, and by what number they know it.
    pub operator: String,
    pub reference: String,
    /// Kilobits (1000 bits) a second.
    pub down_kbps: Option<u32>,
    pub up_kbps: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn client(created_at: &str) -> Client {
        Client {
            id: ClientId(Uuid::from_u128(1)),
            name: "Harbour Dental".into(),
            time_zone: "Europe/Zurich".into(),
            currency: "CHF".into(),
            created_at: at(created_at),
            simulated: true,
            contract: Contract {
                fee_per_month: 0,
                list_rate_per_hour: 0,
                included_hours: 0.0,
                wage_per_hour: 0,
                revenue_per_hour: 0,
                call_out: 0,
                people: 1,
            },
            delivery: Delivery { emails: vec![], day: 3, hour: 8, hold_for_review: false },
            updates: false,
            orders: Orders::default(),
            closed_days: ClosedDays::default(),
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_statement_is_due_at_the_day_and_hour_of_the_clients_own_clock() {
        let client = client("2026-01-10T00:00:00Z");
        let november = Month { year: 2026, month: 11 };
        assert_eq!(client.statement_due(at("2026-12-03T06:59:59Z")), None);
        assert_eq!(client.statement_due(at("2026-12-03T07:00:00Z")), Some(november));
        assert_eq!(client.statement_due(at("2026-12-31T22:59:59Z")), Some(november));
        assert_eq!(client.statement_due(at("2027-01-03T07:00:00Z")), Some(Month { year: 2026, month: 12 }));
    }

    #[test]
    fn a_client_of_a_time_before_closed_days_is_read_as_open_every_day() {
        let document = serde_json::to_string(&client("2026-01-10T00:00:00Z")).unwrap();
        assert!(!document.contains("closed_days"), "{document}");
        assert!(serde_json::from_str::<Client>(&document).unwrap().closed_days.is_empty());
    }

    #[test]
    fn nobody_gets_a_statement_for_a_month_before_he_was_a_client() {
        let client = client("2026-11-30T23:30:00Z");
        assert_eq!(client.statement_due(at("2026-12-05T12:00:00Z")), None);
        assert_eq!(client.statement_due(at("2027-01-05T12:00:00Z")), Some(Month { year: 2026, month: 12 }));
    }
}
