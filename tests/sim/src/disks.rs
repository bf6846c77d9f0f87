//! The drives of an office: which there are, how its agents see them, and how a mirror hangs on its drives.

use crate::{
    machine::{Machine, Seen},
    plan::Plan,
    random::Random,
    things::{Thing, Tick, archive::Archive, drive::Hdd, flash::Flash, mirror::Mirror, slow::Slow},
};
use beforehand_shared::{observation::Observation, time::Millis};

const MIRRORED: [&str; 2] = ["/dev/sdb", "/dev/sdc"];
/// Drives and arrays are asked this often, however often the rest is.
const ASKED_EVERY: Millis = Millis::minutes(30);
/// Share of the computers with a second, turning disk.
const SECOND_DISK: f64 = 0.5;
/// Chance that much is written to the flash of the server, and to that of a computer.
const HEAVY: (f64, f64) = (0.3, 0.05);

pub(crate) fn things(seed: u64, plan: &Plan, machines: &[Machine]) -> Vec<Thing> {
    let Some(server) = machines.first().map(|machine| machine.id) else { return Vec::new() };
    let named = |name: &str| Random::named(seed, &format!("{}/disks/{name}", plan.name));
    let (start, trouble) = (plan.start, plan.trouble.max(0.01));
    let hdd = |device: &str| Hdd::new(server, device, trouble, start, named(device));
    let mut things = vec![
        Thing::Flash(Flash::new(server, "/dev/sda", (HEAVY.0 * trouble).min(1.0), named("server"))),
        Thing::Hdd(hdd(MIRRORED[0]).member()),
        Thing::Hdd(hdd(MIRRORED[1]).member()),
        Thing::Hdd(hdd("/dev/sdd")),
        Thing::Mirror(Mirror::new(server, MIRRORED, trouble, start, named("md0"))),
        Thing::Archive(Archive::new(server, 500.0 / trouble, start, named("archive"))),
        Thing::Slow(Slow::new(server, "/dev/sdd", 600.0 / trouble, start, named("slow"))),
    ];
    for machine in machines.iter().skip(1) {
        let mut random = named(&machine.name);
        let second = random.chance(SECOND_DISK);
        things.push(Thing::Flash(Flash::new(machine.id, "/dev/sda", (HEAVY.1 * trouble).min(1.0), random)));
        if second {
            let random = named(&format!("{}/second", machine.name));
            things.push(Thing::Hdd(Hdd::new(machine.id, "/dev/sdb", trouble, start, random)));
        }
    }
    things
}

/// One run of each probe that looks at drives.
pub(crate) fn look(machine: &Machine, things: &mut [Thing], tick: &Tick) -> Vec<Seen> {
    let asked = tick.at.0.rem_euclid(ASKED_EVERY.0) < tick.step.0;
    let (mut drives, mut arrays, mut devices) = (Vec::new(), Vec::new(), Vec::new());
    for thing in things {
        match thing {
            Thing::Hdd(it) if asked && it.host() == machine.id => drives.extend(it.observe(tick.at)),
            Thing::Flash(it) if asked && it.host() == machine.id => drives.push(it.observe()),
            Thing::Mirror(it) if asked && it.host() == machine.id => arrays.push(Observation::Array(it.observe())),
            Thing::Slow(it) if it.host() == machine.id => devices.push(Observation::BlockDevice(it.observe())),
            _ => {}
        }
    }
    let drives = drives.into_iter().map(|drive| Observation::Drive(Box::new(drive))).collect();
    let seen = [("drives", drives), ("arrays", arrays), ("disk_io", devices)];
    seen.into_iter().filter(|(_, observations): &Seen| !observations.is_empty()).collect()
}

/// Lets every mirror see how its drives are.
pub(crate) fn show_mirrors(things: &mut [Thing]) {
    let drives: Vec<_> = things.iter().filter_map(of_drive).collect();
    for thing in things {
        if let Thing::Mirror(mirror) = thing {
            let host = mirror.host();
            for (_, device, serial, lives) in drives.iter().filter(|(on, ..)| *on == host) {
                mirror.see((device.as_str(), serial.as_str(), *lives));
            }
        }
    }
}

fn of_drive(thing: &Thing) -> Option<(beforehand_shared::ids::HostId, String, String, bool)> {
    let Thing::Hdd(drive) = thing else { return None };
    let (device, serial, lives) = drive.slot();
    Some((drive.host(), device.to_owned(), serial.to_owned(), lives))
}

/// The drives that whoever mends the mirror `n` replaces with it.
pub(crate) fn of_mirror(things: &[Thing], n: usize) -> Vec<usize> {
    let Some(Thing::Mirror(mirror)) = things.get(n) else { return Vec::new() };
    let dead = mirror.dead();
    let is_one = |thing: &Thing| match thing {
        Thing::Hdd(drive) => drive.host() == mirror.host() && dead.iter().any(|device| device == drive.slot().0),
        _ => false,
    };
    things.iter().enumerate().filter(|(_, thing)| is_one(thing)).map(|(at, _)| at).collect()
}
