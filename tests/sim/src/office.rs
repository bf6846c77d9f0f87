//! Which machines and things an office has, and when they begin to go wrong.

use crate::{
    disks,
    machine::Machine,
    plan::Plan,
    random::Random,
    things::{
        Thing,
        endpoint::Service,
        line::Line,
        power::Power,
        printer::Device,
        queue::Spooler,
        volume::{Disk, Pace},
    },
};
use beforehand_shared::time::{Millis, Timestamp};

/// Names of the office computers, in the order they were bought.
const NAMES: [&str; 8] = ["FRONTDESK", "OFFICE-1", "OFFICE-2", "BACKROOM", "BOSS", "LAPTOP-1", "LAPTOP-2", "WORKSHOP"];
/// Days before anything goes wrong, so that the rules have learned what is usual.
const QUIET_DAYS: f64 = 12.0;

pub(crate) fn machines(seed: u64, plan: &Plan) -> Vec<Machine> {
    let mut random = Random::named(seed, "machines");
    let named = |name: &str| Random::named(seed, &format!("{}/{name}", plan.name));
    let mut server =
        Machine::new(format!("{}-server", plan.name), "Debian GNU/Linux 13", true, plan.start, named("server"));
    server.loses_at = Some(some_day(&mut random, plan));
    let mut machines = vec![server];
    for (n, name) in NAMES.iter().cycle().take(plan.computers as usize).enumerate() {
        let name = if n < NAMES.len() { (*name).to_owned() } else { format!("{name}-{n}") };
        let stream = named(&name);
        machines.push(Machine::new(name, "Windows 11 Pro", false, plan.start, stream));
    }
    if let Some(last) = machines.last_mut() {
        let from = some_day(&mut random, plan);
        last.agent_away = Some((from, from.plus(Millis::days(2))));
    }
    machines
}

pub(crate) fn things(seed: u64, plan: &Plan, machines: &[Machine]) -> Vec<Thing> {
    let Some(server) = machines.first().map(|machine| machine.id) else { return Vec::new() };
    let named = |name: &str| Random::named(seed, &format!("{}/{name}", plan.name));
    let (start, trouble) = (plan.start, plan.trouble.max(0.01));
    let url = format!("https://mail.{}.example/", plan.name);
    let mut things = vec![
        Thing::Power(Power::new(server, 250.0 / trouble, start, named("power"))),
        Thing::Line(Line::new(server, trouble, start, named("line"))),
        Thing::Printer(Device::new(server, "Brother upstairs", trouble, named("printer"))),
        Thing::Queue(Spooler::new(server, "upstairs", 45.0 / trouble, start, named("queue"))),
        Thing::Endpoint(Service::new(server, url, start, named("endpoint"))),
        Thing::Volume(Disk::new(server, "/srv/backup", 2_000.0, named("backup")).sawtooth()),
    ];
    let mut volumes = vec![
        (server, "/", 60.0, Habit { ways: &[Pace::Runaway, Pace::Steady], every: 150.0 }, named("root")),
        (server, "/srv/files", 500.0, Habit { ways: &[Pace::Steady, Pace::Accelerating], every: 75.0 }, named("files")),
    ];
    for machine in machines.iter().skip(1) {
        let habit = Habit { ways: &[Pace::Steady, Pace::Accelerating, Pace::Runaway], every: 260.0 };
        volumes.push((machine.id, "C:", 237.0, habit, named(&format!("{}/C", machine.name))));
    }
    things.extend(volumes.into_iter().map(|(host, mount, gib, habit, mut random)| {
        let due = habit.dates(plan, &mut random);
        Thing::Volume(Disk::new(host, mount, gib, random).filling(due))
    }));
    things.extend(disks::things(seed, plan, machines));
    things
}

/// In which ways a volume begins to fill, and how many days apart on average.
struct Habit {
    ways: &'static [Pace],
    every: f64,
}

impl Habit {
    fn dates(&self, plan: &Plan, random: &mut Random) -> Vec<(Timestamp, Pace)> {
        let mean_days = self.every / plan.trouble.max(0.01);
        let mut due = Vec::new();
        let mut day = QUIET_DAYS + random.exponential(mean_days);
        while day < f64::from(plan.days) {
            let way = self.ways[random.whole(0, self.ways.len() as u64 - 1) as usize];
            due.push((plan.start.plus(Millis((day * Millis::DAY.0 as f64) as i64)), way));
            // The last filling must be over before the next begins.
            day += 50.0 + random.exponential(mean_days);
        }
        due
    }
}

fn some_day(random: &mut Random, plan: &Plan) -> Timestamp {
    let days = random.between(0.2, 0.9) * f64::from(plan.days);
    plan.start.plus(Millis((days * Millis::DAY.0 as f64) as i64))
}
