//! Drives behind RAID controllers that smartctl's own list leaves out: where they may be (smartctl(8), `-d`), and
//! for how long to go on looking.

use super::{parse::Candidate, place::Place};
use beforehand_shared::drive::{Drive, Verdict};
use serde::{Deserialize, Serialize};

/// What sysfs tells of SCSI, as read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scsi {
    pub hosts: Vec<Host>,
    pub devices: Vec<Device>,
}

/// `/sys/class/scsi_host/host<number>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Host {
    pub number: u32,
    /// `proc_name`.
    pub driver: String,
}

/// `/sys/class/scsi_generic/<name>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Device {
    /// `sg2`.
    pub name: String,
    /// Host, channel, target and unit: `2:0:0:0`.
    pub address: String,
    /// Of peripheral (SPC-5, table 146): 0 disk, 3 processor, 12 controller of an array.
    pub kind: String,
    /// What the kernel calls it as a disk: `sda`.
    pub disk: String,
}

const DISK: &str = "0";
const PROCESSOR: &str = "3";
const ARRAY_CONTROLLER: &str = "12";

/// How smartctl reaches the drives of a kind of controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Family {
    /// Of the kernel.
    drivers: &'static [&'static str],
    way: Way,
    /// Numbers of places, as far as smartctl takes them.
    first: u32,
    last: u32,
    /// After so many places without a drive in a row there is none: some number their drives without holes,
    /// others their slots.
    gap: u32,
}

/// Which device is opened, and what stands behind `-d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Cciss,
    Megaraid,
    Areca,
    /// The name of its device without the controller's number.
    ThreeWare(&'static str),
    Aacraid,
}

const FAMILIES: [Family; 7] = [
    Family { drivers: &["hpsa", "smartpqi", "hpahcisr"], way: Way::Cciss, first: 0, last: 127, gap: 8 },
    Family { drivers: &["megaraid_sas"], way: Way::Megaraid, first: 0, last: 127, gap: 32 },
    Family { drivers: &["arcmsr"], way: Way::Areca, first: 1, last: 24, gap: 24 },
    Family { drivers: &["3w-9xxx"], way: Way::ThreeWare("twa"), first: 0, last: 127, gap: 16 },
    Family { drivers: &["3w-sas"], way: Way::ThreeWare("twl"), first: 0, last: 127, gap: 16 },
    Family { drivers: &["3w-xxxx"], way: Way::ThreeWare("twe"), first: 0, last: 15, gap: 16 },
    Family { drivers: &["aacraid"], way: Way::Aacraid, first: 0, last: 127, gap: 16 },
];
/// Controllers of one machine that are looked behind.
const CONTROLLERS: usize = 8;

/// A controller, and the numbers of the places behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Controller {
    /// What is opened: `/dev/sg2`.
    pub name: String,
    /// What stands behind `-d`, up to the number.
    pub kind: String,
    pub first: u32,
    pub last: u32,
    pub gap: u32,
    /// Disks that the kernel sees of it: volumes, or drives that it passes through.
    pub disks: Vec<String>,
}

/// Every controller whose drives are not in smartctl's own list.
pub fn unlisted(scsi: &Scsi, listed: &[Candidate]) -> Vec<Controller> {
    let families = FAMILIES.iter().flat_map(|family| {
        let mut own: Vec<&Host> =
            scsi.hosts.iter().filter(|host| family.drivers.contains(&host.driver.as_str())).collect();
        own.sort_by_key(|host| host.number);
        own.into_iter().zip(0..).filter_map(|(host, index)| controller(family, host, index, scsi))
    });
    families.filter(|it| !listed.iter().any(|candidate| it.holds(candidate))).take(CONTROLLERS).collect()
}

/// The `index` counts the hosts of a driver: some drivers name their devices so.
fn controller(family: &Family, host: &Host, index: u32, scsi: &Scsi) -> Option<Controller> {
    let own: Vec<&Device> = scsi.devices.iter().filter(|it| it.host() == Some(host.number)).collect();
    let generic = |kind: &str| own.iter().find(|it| it.kind == kind).map(|it| format!("/dev/{}", it.name));
    let (name, kind) = match family.way {
        Way::Cciss => (generic(ARRAY_CONTROLLER).or_else(|| generic(DISK))?, "cciss,".to_owned()),
        Way::Megaraid => (format!("/dev/bus/{}", host.number), "megaraid,".to_owned()),
        Way::Areca => (generic(PROCESSOR)?, "areca,".to_owned()),
        Way::ThreeWare(device) => (format!("/dev/{device}{index}"), "3ware,".to_owned()),
        // Any device of it will do: what is opened is /dev/aac and the index.
        Way::Aacraid => (generic(DISK)?, format!("aacraid,{index},0,")),
    };
    let disks = own.iter().filter(|it| !it.disk.is_empty()).map(|it| format!("/dev/{}", it.disk)).collect();
    Some(Controller { name, kind, first: family.first, last: family.last, gap: family.gap, disks })
}

impl Device {
    fn host(&self) -> Option<u32> {
        self.address.split(':').next()?.parse().ok()
    }
}

impl Controller {
    /// Whether smartctl listed `candidate` as a drive of it.
    fn holds(&self, candidate: &Candidate) -> bool {
        candidate.name == self.name && candidate.kind.contains(&self.kind)
    }

    fn place(&self, number: u32) -> Candidate {
        Candidate { name: self.name.clone(), kind: format!("{}{number}", self.kind), closed: None }
    }

    /// What is said where its drives stay unseen.
    fn blind(&self, why: &str) -> Drive {
        Drive::blind(&format!("{} {}", self.name, self.kind.trim_end_matches(',')), why)
    }
}

/// One look behind a controller, place by place.
#[derive(Debug)]
pub struct Walk<'a> {
    controller: &'a Controller,
    next: u32,
    absent: u32,
    over: Option<String>,
    drives: Vec<Drive>,
}

impl<'a> Walk<'a> {
    pub fn new(controller: &'a Controller) -> Self {
        Self { controller, next: controller.first, absent: 0, over: None, drives: Vec::new() }
    }

    /// The place to ask next; nothing when the walk is over.
    pub fn next(&self) -> Option<Candidate> {
        let goes_on = self.over.is_none() && self.next <= self.controller.last && self.absent < self.controller.gap;
        goes_on.then(|| self.controller.place(self.next))
    }

    /// What came of the place that was asked.
    pub fn saw(&mut self, place: Place) {
        self.next += 1;
        self.absent = if matches!(place, Place::Empty) { self.absent + 1 } else { 0 };
        match place {
            Place::Empty => {}
            Place::Taken(drive) => self.drives.push(*drive),
            Place::Shut { why } => self.stop(why),
        }
    }

    /// Ends it before its time.
    pub fn stop(&mut self, why: String) {
        self.over = Some(why);
    }

    /// What lies behind the controller, and that something cannot be seen where that is so. `direct` are the
    /// drives that smartctl lists: where they are those of the controller, nothing is lacking.
    pub fn end(mut self, direct: &[Drive]) -> Vec<Drive> {
        let said = |drive: &Drive| !matches!(drive.verdict, Verdict::Blind { .. } | Verdict::Unknown { .. });
        let disks = &self.controller.disks;
        let passes_through = direct.iter().any(|drive| disks.contains(&drive.device) && said(drive));
        match &self.over {
            Some(why) if !(passes_through && self.drives.is_empty()) => self.drives.push(self.controller.blind(why)),
            None if self.drives.is_empty() && !disks.is_empty() && !passes_through => {
                let why = "smartctl finds no drive behind this RAID controller; its own tool may know them";
                self.drives.push(self.controller.blind(why));
            }
            _ => {}
        }
        self.drives
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controller() -> Controller {
        Controller {
            name: "/dev/sg2".to_owned(),
            kind: "cciss,".to_owned(),
            first: 0,
            last: 9,
            gap: 3,
            disks: vec!["/dev/sda".to_owned()],
        }
    }

    fn taken(device: &str) -> Place {
        Place::Taken(Box::new(Drive { device: device.to_owned(), verdict: Verdict::Passed, ..Drive::default() }))
    }

    /// The places that were asked, and what came of them.
    fn walked(controller: &Controller, drives: &[u32], direct: &[Drive]) -> (Vec<String>, Vec<Drive>) {
        let (mut walk, mut asked) = (Walk::new(controller), Vec::new());
        while let Some(candidate) = walk.next() {
            let number = asked.len() as u32 + controller.first;
            walk.saw(if drives.contains(&number) { taken(&candidate.device()) } else { Place::Empty });
            asked.push(candidate.kind);
        }
        (asked, walk.end(direct))
    }

    #[test]
    fn a_walk_ends_after_its_gap_and_a_drive_begins_it_anew() {
        let (asked, drives) = walked(&controller(), &[0, 2], &[]);
        assert_eq!(asked, ["cciss,0", "cciss,1", "cciss,2", "cciss,3", "cciss,4", "cciss,5"]);
        assert_eq!(
            drives.iter().map(|it| it.device.as_str()).collect::<Vec<_>>(),
            ["/dev/sg2 cciss,0", "/dev/sg2 cciss,2"]
        );
    }

    #[test]
    fn a_walk_ends_with_the_last_number_that_smartctl_takes() {
        let full: Vec<u32> = (0..100).collect();
        assert_eq!(walked(&controller(), &full, &[]).0.len(), 10);
        let most = FAMILIES.iter().map(|family| family.last - family.first + 1).max();
        assert_eq!(most, Some(128), "what one controller can cost");
    }

    #[test]
    fn a_controller_with_volumes_and_no_drives_is_blind_and_one_with_nothing_is_none() {
        let (_, drives) = walked(&controller(), &[], &[]);
        assert!(
            matches!(&drives[..], [Drive { verdict: Verdict::Blind { why }, .. }] if why.contains("no drive")),
            "{drives:?}"
        );
        let bare = Controller { disks: Vec::new(), ..controller() };
        assert!(walked(&bare, &[], &[]).1.is_empty());
        let through = Drive { device: "/dev/sda".to_owned(), verdict: Verdict::Passed, ..Drive::default() };
        assert!(walked(&controller(), &[], &[through]).1.is_empty(), "it passes its drives through, and they are seen");
    }

    #[test]
    fn a_controller_that_may_not_be_asked_is_asked_once_and_told_with_the_reason() {
        let controller = controller();
        let mut walk = Walk::new(&controller);
        walk.saw(Place::Shut { why: "the agent may not open it".to_owned() });
        assert_eq!(walk.next(), None);
        let drives = walk.end(&[]);
        assert_eq!(drives, [Drive::blind("/dev/sg2 cciss", "the agent may not open it")]);
    }

    #[test]
    fn what_was_seen_before_the_time_was_over_is_kept() {
        let controller = controller();
        let mut walk = Walk::new(&controller);
        walk.saw(taken("/dev/sg2 cciss,0"));
        walk.stop("the time was over".to_owned());
        let drives = walk.end(&[]);
        assert!(drives.len() == 2 && matches!(drives[1].verdict, Verdict::Blind { .. }), "{drives:?}");
    }
}
