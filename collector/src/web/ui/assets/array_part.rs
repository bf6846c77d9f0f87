//! The members of an array, and what is at stake.

use super::{
    array_words,
    part::{Part, sentence},
};
use crate::{
    app::App,
    web::{error::WebError, ui::show::asset_href},
};
use beforehand_core::{
    calendar::duration_words,
    detectors::{array_stake, drive_failure::is_on},
};
use beforehand_shared::{
    array::{Array, ArrayState, Member},
    drive::Drive,
    observation::Observation,
    time::Millis,
};
use beforehand_statement::words::count;
use beforehand_store::AssetRow;

pub(super) async fn parts(app: &App, asset: &AssetRow, array: &Array) -> Result<Vec<Part>, WebError> {
    let there = app.store.assets_of_host(asset.client, asset.host).await?;
    let drives: Vec<(&AssetRow, &Drive)> = there
        .iter()
        .filter(|row| row.retired_at.is_none())
        .filter_map(|row| if let Observation::Drive(drive) = &row.facts { Some((row, &**drive)) } else { None })
        .collect();
    let mut members = Part::new("members", "Members");
    if array.members.is_empty() {
        members.lines.push("What it consists of is not told.".to_owned());
    }
    members.table(
        ["Drive", "Place", "State", "Errors"],
        array.members.iter().map(|member| row(member, drives.iter().find(|(_, drive)| is_on(member, drive)))),
    );
    members.below.push(match array.spares {
        0 => "No spare waits to take the place of a member.".to_owned(),
        spares => format!("{} to take the place of a member.", count(spares.into(), "spare waits", "spares wait")),
    });
    Ok(vec![stake(array), members])
}

fn stake(array: &Array) -> Part {
    let mut part = Part::new("stake", "What is at stake");
    part.lines.push(sentence(&array_words::state(array)));
    if let ArrayState::Rebuilding { minutes_left: Some(minutes), .. } = array.state {
        let left = duration_words(Millis::minutes(i64::from(minutes)));
        part.lines.push(format!("Ready in {left}, by its own estimate."));
    }
    part.lines.push(match array.state {
        ArrayState::Failed => "What is on it cannot be read.".to_owned(),
        ArrayState::Unknown { .. } | ArrayState::Other => {
            "Whether the next failed drive loses what is on it is not known.".to_owned()
        }
        _ => sentence(&array_stake(array)),
    });
    part
}

fn row(member: &Member, on: Option<&(&AssetRow, &Drive)>) -> ([String; 4], String) {
    let serial = member.serial.as_ref().map(|serial| format!("serial {serial}"));
    let (drive, href) = match on {
        Some((row, _)) => (row.name.clone(), asset_href(row.client, &row.id)),
        None => (serial.unwrap_or_else(|| "not known".to_owned()), String::new()),
    };
    let errors = member.errors.map(|errors| if errors == 0 { "none".to_owned() } else { errors.to_string() });
    let place = if member.name.is_empty() { "none".to_owned() } else { member.name.clone() };
    ([drive, place, array_words::member_state(member.state).to_owned(), errors.unwrap_or_default()], href)
}
