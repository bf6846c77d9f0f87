//! Asks one printer by SNMP (RFC 1157, RFC 3416, RFC 3414) and reads its tables.

mod access;
mod alerts;
mod brother;
mod canon;
mod hp;
mod mib;
mod own;
pub mod parse;
mod parts;
mod ricoh;
mod session;
pub mod status;
pub mod supplies;
pub mod table;
pub mod walk;

pub use access::{access, handed};
pub use session::{Access, Session, SnmpError, User};

use mib::Id;
use std::time::Duration;
use table::Table;
use walk::Walk;

/// Rows asked for at a time. With eight columns, an answer stays below what fits into one packet.
const REPETITIONS: u32 = 4;

/// Without these, nothing can be said of a printer: what it is and how it is.
const STATE: [Id; 11] = [
    mib::SYS_DESCR,
    mib::SYS_OBJECT_ID,
    mib::SYS_UP_TIME,
    mib::HR_DEVICE_TYPE,
    mib::HR_DEVICE_DESCR,
    mib::HR_DEVICE_STATUS,
    mib::HR_PRINTER_STATUS,
    mib::HR_PRINTER_DETECTED_ERROR_STATE,
    mib::GENERAL_PRINTER_NAME,
    mib::GENERAL_SERIAL_NUMBER,
    mib::MARKER_LIFE_COUNT,
];
/// Asked for where the printer is not the first of the parts that it lists.
const DEVICES: [Id; 3] = [mib::HR_DEVICE_TYPE, mib::HR_DEVICE_DESCR, mib::HR_DEVICE_STATUS];
const ALERTS: [Id; 5] =
    [mib::ALERT_SEVERITY, mib::ALERT_GROUP, mib::ALERT_CODE, mib::ALERT_DESCRIPTION, mib::ALERT_TIME];
const SUPPLIES: [Id; 8] = [
    mib::SUPPLY_COLORANT_INDEX,
    mib::SUPPLY_CLASS,
    mib::SUPPLY_TYPE,
    mib::SUPPLY_DESCRIPTION,
    mib::SUPPLY_UNIT,
    mib::SUPPLY_MAX_CAPACITY,
    mib::SUPPLY_LEVEL,
    mib::COLORANT_VALUE,
];
const TRAYS: [Id; 6] = [
    mib::INPUT_NAME,
    mib::INPUT_MAX_CAPACITY,
    mib::INPUT_CURRENT_LEVEL,
    mib::OUTPUT_NAME,
    mib::OUTPUT_MAX_CAPACITY,
    mib::OUTPUT_REMAINING_CAPACITY,
];
const PARTS: [Id; 4] = [mib::COVER_DESCRIPTION, mib::COVER_STATUS, mib::CONSOLE_TEXT, mib::IF_PHYS_ADDRESS];
/// By maker.
const OWN: [(u32, &[Id]); 6] = [
    (mib::HP, &[mib::HP_SERIAL, mib::HP_DEVICE_ID]),
    (mib::RICOH, &[mib::RICOH_SERIAL, mib::RICOH_TONER_NAME, mib::RICOH_TONER_LEVEL]),
    (mib::KYOCERA, &[mib::KYOCERA_SERIAL]),
    (mib::CANON, &[mib::CANON_MODEL, mib::CANON_DEVICE_SERIAL, mib::CANON_SERIAL]),
    (mib::KONICA_MINOLTA, &[mib::KONICA_MODEL]),
    (
        mib::BROTHER,
        &[
            mib::BROTHER_DEVICE_ID,
            mib::BROTHER_DISPLAY,
            mib::BROTHER_SERIAL,
            mib::BROTHER_MAINTENANCE,
            mib::BROTHER_COUNTERS,
        ],
    ),
];
/// Asked for where the standard leaves a level open.
const OWN_LEVELS: [(u32, &[Id]); 2] = [
    (
        mib::HP,
        &[
            mib::HP_USAGE_UNITS,
            mib::HP_USAGE_COUNT,
            mib::HP_DEVELOPER_UNITS,
            mib::HP_DEVELOPER_LIFE,
            mib::HP_DRUM_UNITS,
            mib::HP_DRUM_LIFE,
        ],
    ),
    (mib::CANON, &[mib::CANON_STATUS_DOCUMENT]),
];

/// All that is read of the printer at `address`.
///
/// # Errors
/// [`SnmpError`] where state, alerts or supplies are not answered: half a printer would look healthy.
pub async fn ask(address: &str, access: &Access, timeout: Duration) -> Result<Table, SnmpError> {
    let session = Session::open(address, access, timeout).await?;
    let mut table = first_rows(&session, &STATE).await?;
    if !status::has_printer_row(&table) {
        table.extend(walked(&session, &DEVICES, REPETITIONS).await?);
    }
    table.extend(walked(&session, &ALERTS, REPETITIONS).await?);
    let mut supplies = walked(&session, &SUPPLIES, REPETITIONS).await?;
    // Colours alone are no supplies.
    if !supplies.has_below(mib::SUPPLY_LEVEL) && is_of(&table, mib::HP) {
        supplies.extend(jetdirect(address, access, timeout).await?);
    }
    table.extend(supplies);
    // What is nice to know may be missing.
    for columns in [&TRAYS[..], &PARTS] {
        table.extend(walked(&session, columns, REPETITIONS).await.unwrap_or_default());
    }
    for columns in own_columns(&table) {
        table.extend(walked(&session, columns, REPETITIONS).await.unwrap_or_default());
    }
    Ok(table)
}

/// What tells a printer from anything else, in one short question or two.
///
/// # Errors
/// [`SnmpError`].
pub async fn glance(address: &str, access: &Access, timeout: Duration) -> Result<Table, SnmpError> {
    let session = Session::open(address, access, timeout).await?;
    let columns = [mib::SYS_DESCR, mib::HR_DEVICE_DESCR, mib::HR_PRINTER_STATUS, mib::GENERAL_SERIAL_NUMBER];
    first_rows(&session, &columns).await
}

async fn first_rows(session: &Session, columns: &[Id]) -> Result<Table, SnmpError> {
    let mut walk = Walk::new(columns);
    while let Some(question) = walk.question() {
        match session.next(&question, 1).await {
            Ok(answers) => {
                walk.take(answers);
                return Ok(walk.into_table());
            }
            Err(SnmpError::Refused { place }) => walk.skip(place),
            Err(error) => return Err(error),
        }
    }
    Ok(walk.into_table())
}

async fn walked(session: &Session, columns: &[Id], repetitions: u32) -> Result<Table, SnmpError> {
    let mut walk = Walk::new(columns);
    while let Some(question) = walk.question() {
        match session.next(&question, repetitions).await {
            Ok(answers) => walk.take(answers),
            // Version 1 has no other way to say that there is nothing more.
            Err(SnmpError::Refused { place }) => walk.skip(place),
            Err(error) => return Err(error),
        }
    }
    Ok(walk.into_table())
}

/// Some of HP's network cards show the printer only in a context of its own.
async fn jetdirect(address: &str, access: &Access, timeout: Duration) -> Result<Table, SnmpError> {
    const CONTEXT: &str = "Jetdirect";
    let access = match access.clone() {
        Access::V1 { community } => Access::V1 { community: format!("{community}@{CONTEXT}") },
        Access::V2c { community } => Access::V2c { community: format!("{community}@{CONTEXT}") },
        Access::V3(user) => Access::V3(User { context: CONTEXT.to_owned(), ..user }),
    };
    let session = Session::open(address, &access, timeout).await?;
    match walked(&session, &SUPPLIES, REPETITIONS).await {
        // The context is not there, which is no answer in some versions and a refusal in others.
        Err(SnmpError::Silent | SnmpError::Denied(_) | SnmpError::Failed(_)) => Ok(Table::default()),
        other => other,
    }
}

fn is_of(table: &Table, maker: u32) -> bool {
    let id = table.oid(mib::SYS_OBJECT_ID, &[0]);
    id.and_then(|id| id.strip_prefix(mib::ENTERPRISES)).is_some_and(|rest| rest.first() == Some(&maker))
}

/// The makers' own columns that the standard leaves a need for, those that are walked together in one list.
fn own_columns(table: &Table) -> Vec<&'static [Id]> {
    let for_levels = OWN_LEVELS.into_iter().filter(|_| supplies::has_open(table));
    OWN.into_iter().chain(for_levels).filter(|(maker, _)| is_of(table, *maker)).map(|(_, columns)| columns).collect()
}
