//! One place behind a RAID controller: what smartctl's answer says is in it.

use super::{
    RIGHTS,
    parse::{self, Candidate, ParseError},
    values::number,
};
use beforehand_shared::drive::{Drive, Verdict};

#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Taken(Box<Drive>),
    /// No drive answers there, or what answers is none.
    Empty,
    /// The controller itself cannot be asked: no further place will answer either.
    Shut {
        why: String,
    },
}

/// Disks, those that write in large blocks or zones among them (SPC-5, table 146).
const DISKS: [u64; 3] = [0, 14, 20];

/// What smartctl says where the way to the controller is missing.
const NO_WAY: [&str; 4] = ["/proc/devices", "cannot open /dev/", "device nodes", "setup_3ware_nodes"];

/// The answer to `smartctl --json -x -d TYPE,N`.
///
/// # Errors
/// When it is no JSON.
pub fn place(answer: &[u8], candidate: &Candidate) -> Result<Place, ParseError> {
    let json = parse::json(answer)?;
    let is_disk = number(&json, "/device_type/scsi_value").is_none_or(|kind| DISKS.contains(&kind));
    let Some(drive) = parse::drive(answer, candidate)?.filter(|_| is_disk) else { return Ok(Place::Empty) };
    let named = drive.model.is_some() || drive.serial.is_some() || !drive.keyed_by_path;
    // The lowest bit of its status: it does not know this way to ask.
    let unknown = number(&json, "/smartctl/exit_status").is_some_and(|status| status & 1 != 0);
    Ok(match &drive.verdict {
        Verdict::Blind { .. } if unknown => {
            Place::Shut { why: "this smartctl does not know how to ask this RAID controller".to_owned() }
        }
        Verdict::Blind { why } if why.contains(RIGHTS) || NO_WAY.iter().any(|words| why.contains(words)) => {
            Place::Shut { why: why.clone() }
        }
        Verdict::Blind { .. } if !named => Place::Empty,
        _ => Place::Taken(Box::new(drive)),
    })
}
