//! Asks the tools of ZFS, LVM and RAID controllers, those that are there and have something to tell. What a tool
//! may not tell is told as not known.

use super::{arcconf, lvm, megacli, parse::Drive, ssacli, storcli, thin, zfs};
use crate::{
    questions::Questions,
    tool::{Answer, Limits, Tool},
};
use beforehand_shared::{
    array::{Array, ArrayKind},
    volume::Volume,
};
use std::{collections::BTreeMap, time::Duration};

/// An answer about a hundred drives is under 1 MiB.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), bytes: 4 * 1024 * 1024 };
pub(super) const PATIENCE: Duration = Duration::from_secs(32);
const SSACLI: &[&str] = &["ctrl", "all", "show", "config", "detail"];
const STORCLI: &[&str] = &["/call", "show", "all", "J"];
const MEGACLI: &[&str] = &["-LDPDInfo", "-aAll", "-NoLog"];
/// One question for each controller; `nologs` keeps it from writing of them.
const ARCCONF: [&[&str]; 4] = [
    &["GETCONFIG", "1", "AL", "nologs"],
    &["GETCONFIG", "2", "AL", "nologs"],
    &["GETCONFIG", "3", "AL", "nologs"],
    &["GETCONFIG", "4", "AL", "nologs"],
];
const ZPOOLS: &[&str] = &["list", "-Hp", "-o", "name,guid,size"];
const ZPOOL: &[&str] = &["status", "-PLp"];
const LVS: &[&str] = &["-a", "--reportformat", "json", "--units", "b", "--nosuffix", "-o", lvm::FIELDS];
/// What a tool says that finds no controller, in small letters.
const NOTHING_THERE: [&str; 4] = ["no controller", "no adapter", "controller not found", "controllers found: 0"];

/// What thin pools are called together where none can be seen.
const THIN: &str = "LVM thin pools";
/// What every reader takes for no arrays.
const NOTHING: &[u8] = b"{}";

/// Which of the tools have something to tell here.
#[derive(Debug, Clone, Default)]
pub(super) struct Present {
    pub(super) zfs: bool,
    /// RAID of LVM.
    pub(super) lvm: bool,
    /// Thin pools of LVM.
    pub(super) thin: bool,
    /// What lies behind the members of both, by their paths.
    pub(super) drives: BTreeMap<String, Drive>,
}

/// Arrays and thin pools: one question to LVM tells of both.
pub(super) async fn all(questions: &Questions, present: &Present) -> (Vec<Array>, Vec<Volume>) {
    let (zfs, (lvm, pools), smart, mega, old, adaptec) = tokio::join!(
        of_zfs(questions, present),
        of_lvm(questions, present),
        of_controller(questions, Tool::Ssacli, SSACLI),
        of_controller(questions, Tool::Storcli, STORCLI),
        of_controller(questions, Tool::Megacli, MEGACLI),
        of_adaptec(questions),
    );
    // Both tools know the same controllers.
    let mega = if mega.is_empty() { old } else { mega };
    ([zfs, lvm, smart, mega, adaptec].concat(), pools)
}

async fn of_zfs(questions: &Questions, present: &Present) -> Vec<Array> {
    if !present.zfs || Tool::Zpool.path().is_none() {
        return Vec::new();
    }
    let blind = |why: String| vec![Array::blind(ArrayKind::Zfs, "ZFS pools", &why)];
    let list = match ask(questions, Tool::Zpool, ZPOOLS).await {
        Ok(list) => list,
        Err(why) => return blind(why),
    };
    match ask(questions, Tool::Zpool, ZPOOL).await {
        Ok(status) => zfs::arrays(&lossy(&status), &lossy(&list), &present.drives),
        Err(why) => blind(why),
    }
}

async fn of_lvm(questions: &Questions, present: &Present) -> (Vec<Array>, Vec<Volume>) {
    if !present.lvm && !present.thin {
        return (Vec::new(), Vec::new());
    }
    let answer = match Tool::Lvs.path() {
        Some(_) => ask(questions, Tool::Lvs, LVS).await,
        None => Err("lvs is not installed".to_owned()),
    };
    answer.and_then(|answer| of_lvs(&answer, present).map_err(|error| error.to_string())).unwrap_or_else(|why| {
        let blind = [(present.lvm, "LVM RAID"), (present.thin, THIN)];
        let blind = blind.into_iter().filter(|(is_there, _)| *is_there);
        (blind.map(|(_, name)| Array::blind(ArrayKind::Lvm, name, &why)).collect(), Vec::new())
    })
}

fn of_lvs(answer: &[u8], present: &Present) -> Result<(Vec<Array>, Vec<Volume>), serde_json::Error> {
    let (mut arrays, pools) = (lvm::arrays(answer, &present.drives)?, thin::pools(answer)?);
    // Without the right to ask the kernel, lvs lists a pool and leaves out how full it is.
    if present.thin && pools.is_empty() {
        let why = "lvs does not say how full they are; it may have to run as root, with CAP_SYS_ADMIN";
        arrays.push(Array::blind(ArrayKind::Lvm, THIN, why));
    }
    Ok((arrays, pools))
}

async fn of_controller(questions: &Questions, tool: Tool, args: &'static [&'static str]) -> Vec<Array> {
    if tool.path().is_none() {
        return Vec::new();
    }
    let read = |answer: Vec<u8>| match tool {
        Tool::Storcli => storcli::arrays(&answer).map_err(|error| error.to_string()),
        Tool::Ssacli => Ok(ssacli::arrays(&lossy(&answer))),
        _ => Ok(megacli::arrays(&lossy(&answer))),
    };
    let name = format!("RAID controllers of {}", tool.name());
    let arrays = ask(questions, tool, args).await.and_then(read);
    arrays.unwrap_or_else(|why| vec![Array::blind(ArrayKind::Hardware, &name, &why)])
}

/// The first answer says how many controllers there are.
async fn of_adaptec(questions: &Questions) -> Vec<Array> {
    let (mut arrays, mut there) = (Vec::new(), usize::from(Tool::Arcconf.path().is_some()));
    for (args, number) in ARCCONF.into_iter().zip(1..) {
        if number > there {
            break;
        }
        match ask(questions, Tool::Arcconf, args).await {
            Ok(answer) => {
                there = arcconf::controllers(&lossy(&answer));
                arrays.extend(arcconf::arrays(&lossy(&answer), number));
            }
            Err(why) => {
                arrays.push(Array::blind(ArrayKind::Hardware, "RAID controllers of arcconf", &why));
                break;
            }
        }
    }
    arrays
}

/// What it says.
///
/// # Errors
/// Says why it says nothing.
async fn ask(questions: &Questions, tool: Tool, args: &'static [&'static str]) -> Result<Vec<u8>, String> {
    let what = format!("{} {}", tool.name(), args.join(" "));
    let answer = questions.ask(&what, async move { tool.ask(args, LIMITS).await }).await?;
    judged(tool, answer.map_err(|error| format!("{}: {error}", tool.name()))?)
}

fn judged(tool: Tool, answer: Answer) -> Result<Vec<u8>, String> {
    let said = lossy(&answer.stdout).to_lowercase();
    let status = answer.status.unwrap_or(-1);
    if status == 0 || NOTHING_THERE.iter().any(|words| said.contains(words)) {
        return Ok(if status == 0 { answer.stdout } else { NOTHING.to_vec() });
    }
    Err(format!(
        "{} gives no data (status {status}); it may have to run as root, or as LocalSystem on Windows",
        tool.name()
    ))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::array::ArrayState;

    fn said(status: i32, text: &str) -> Answer {
        Answer { status: Some(status), stdout: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_pool_that_the_kernel_maps_and_lvs_does_not_tell_of_is_blind() {
        let answer = include_bytes!("testdata/thin_pools_untold/input.thin.json");
        let present = Present { thin: true, ..Present::default() };
        let (arrays, pools) = of_lvs(answer, &present).unwrap();
        assert!(pools.is_empty());
        assert!(
            matches!(&arrays[..], [Array { state: ArrayState::Unknown { why }, .. }] if why.contains("CAP_SYS_ADMIN")),
            "{arrays:?}"
        );
        assert!(of_lvs(answer, &Present::default()).unwrap().0.is_empty(), "no pool is active");
    }

    #[test]
    fn a_tool_that_may_not_ask_is_told_and_one_without_a_controller_is_nothing() {
        assert_eq!(judged(Tool::Ssacli, said(0, "fine")), Ok(b"fine".to_vec()));
        let nothing = judged(Tool::Storcli, said(1, "{\"Description\": \"No Controller found\"}")).unwrap();
        assert_eq!(storcli::arrays(&nothing).unwrap(), []);
        let why = judged(Tool::Zpool, said(1, "")).unwrap_err();
        assert!(why.contains("zpool") && why.contains("root"), "{why}");
    }
}
