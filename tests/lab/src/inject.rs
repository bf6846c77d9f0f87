//! Lets the events of a fault happen.

use crate::{
    answer::Mood,
    fault::{Event, How, Way, Which},
    network::{ANCHORS, GATEWAY, MUTE, Network, RESOLVER, SERVICE, address, configure, inside, machine, switch},
    tool::Service,
};
use anyhow::{Context, Result};
use std::{collections::BTreeMap, env::current_exe};

/// Those who answer, by their namespace and what they are; and who sends without being asked.
#[derive(Debug)]
pub struct Answerers(BTreeMap<(&'static str, &'static str), Service>);

impl Answerers {
    /// Starts all that an office needs.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn start() -> Result<Self> {
        let mut answerers = Self(BTreeMap::new());
        for (namespace, kind) in [("gateway", "dns"), ("resolver", "dns"), ("service", "http")] {
            answerers.put(namespace, kind, Mood::Well)?;
        }
        Ok(answerers)
    }

    fn put(&mut self, namespace: &'static str, kind: &'static str, mood: Mood) -> Result<()> {
        // The port must be free first.
        self.0.remove(&(namespace, kind));
        let address = match namespace {
            "gateway" => GATEWAY,
            "resolver" => RESOLVER,
            _ => SERVICE,
        };
        let mood = if mood == Mood::Well { "well" } else { "failing" };
        let mut run = inside(namespace, current_exe()?);
        run.args(["answer", kind, address, mood]);
        self.0.insert((namespace, kind), Service::start(&mut run)?);
        Ok(())
    }

    fn hurt(&mut self, namespace: &'static str, kind: &'static str, how: How) -> Result<()> {
        match how {
            How::Dead => drop(self.0.remove(&(namespace, kind))),
            How::Silent => self.0.get(&(namespace, kind)).context("nobody answers there")?.pause()?,
            How::Failing => self.put(namespace, kind, Mood::Failing)?,
        }
        Ok(())
    }

    fn flood(&mut self, number: u8, kbit: u32, way: Way) -> Result<()> {
        let own = address(number);
        let (from, to) = match way {
            Way::Up => (machine(number), SERVICE),
            Way::Down => ("service".to_owned(), own.as_str()),
        };
        let mut run = inside(&from, current_exe()?);
        run.args(["answer", "flood", to, &kbit.to_string()]);
        self.0.insert(("lab", "flood"), Service::start(&mut run)?);
        Ok(())
    }
}

/// Lets `event` happen now.
///
/// # Errors
/// When the kernel refuses.
pub fn happen(event: &Event, network: &Network, answerers: &mut Answerers) -> Result<()> {
    match event {
        Event::Link { link, .. } | Event::Mended { link } => {
            let relay = network.relays.get(link).context("no such link")?;
            relay.set(event.weather(relay.usual()).unwrap_or_else(|| relay.usual()));
        }
        Event::Unplugged { machine: number } => {
            configure("switch", &format!("link set port{number} down\n"))?;
            if *number == 1 {
                // Of the relay's device the other end alone does not take the carrier away, as a cable would.
                configure(&machine(1), "link set cable0 carrier off\n")?;
            }
        }
        Event::Interface { machine: number } => configure(&machine(*number), "link set cable0 down\n")?,
        Event::Branch => configure("switch", "link set branch0 down\n")?,
        Event::GatewayOff => configure("gateway", "link set lan down\nlink set wan down\n")?,
        Event::GatewayMute => switch("gateway", MUTE, 1)?,
        Event::Anchor { number } => {
            ANCHORS.get(usize::from(*number).wrapping_sub(1)).context("no such anchor")?;
            configure(&format!("anchor{number}"), "link set eth0 down\n")?;
        }
        Event::Resolver { which: Which::Gateway, how } => answerers.hurt("gateway", "dns", *how)?,
        Event::Resolver { which: Which::Public, how } => answerers.hurt("resolver", "dns", *how)?,
        Event::Service { how } => answerers.hurt("service", "http", *how)?,
        Event::CollectorOff => configure("collector", "link set eth0 down\n")?,
        Event::Traffic { machine, kbit, way } => answerers.flood(*machine, *kbit, *way)?,
    }
    Ok(())
}
