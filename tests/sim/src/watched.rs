//! A world that a collector in memory watches.

use crate::{
    foresight::Ticketed,
    world::{Event, World},
};
use beforehand_core::{case::TicketAction, memory::Memory, site::Site};
use beforehand_shared::time::Millis;

/// Lets the world go on to its end, judged every `every`, and nobody act. The tickets come back in the order in which
/// they were opened; one that was reopened comes twice.
pub fn watch(world: &mut World, every: Millis) -> (Memory, Vec<Ticketed>) {
    let (plan, mut tickets) = (world.plan.clone(), Vec::new());
    let site = Site { client: plan.client, id: plan.site, name: plan.name.clone() };
    let mut memory = Memory::new(site, &plan.time_zone);
    while world.now() < plan.end() {
        let until = world.now().plus(every);
        for event in world.step(until) {
            if let Event::Report(sent) = event {
                memory.take(&sent.report);
            }
        }
        let opened = memory.judge(until).into_iter().filter(|change| change.ticket == TicketAction::Open);
        tickets.extend(opened.map(|change| Ticketed { asset: change.case.asset, kind: change.case.kind, at: until }));
    }
    (memory, tickets)
}
