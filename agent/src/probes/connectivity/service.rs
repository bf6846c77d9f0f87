//! Asks name servers, and tries web addresses and other endpoints.

use super::{dns, endpoint, system, turns::ServiceTurns};
use crate::{
    config,
    handed::Handed,
    probe::{Looking, Probe, ProbeError},
    random,
    time::{Reading, Stopwatch},
};
use beforehand_shared::{limits, link::Resolver, observation::Observation, text};
use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::UdpSocket, task::JoinSet, time::timeout};

/// Name servers and endpoints.
pub struct Services {
    settings: config::Connectivity,
    handed: Option<Handed>,
    turns: Mutex<ServiceTurns>,
}

/// The public name server that is asked unless others are named: of Quad9, which keeps no addresses of those who ask.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(9, 9, 9, 9);
/// One try of a question; resolvers of most systems wait about as long.
const TRY: Duration = Duration::from_secs(3);
const TRIES: usize = 2;

impl Services {
    pub fn new(settings: &config::Connectivity) -> Self {
        Self { settings: settings.clone(), handed: None, turns: Mutex::default() }
    }

    /// Shares the work with others of its office, as the collector says.
    #[must_use]
    pub fn with(self, handed: &Handed) -> Self {
        Self { handed: Some(handed.clone()), ..self }
    }

    fn turns(&self) -> MutexGuard<'_, ServiceTurns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name servers of this run, and whether it is told when they give no answer. A gateway need not be one, and a
    /// public one need not be reached from here: those count from their first answer on.
    fn servers(&self) -> BTreeMap<String, bool> {
        let mut servers = BTreeMap::new();
        for name in &self.settings.resolvers {
            let (server, counts) = match name.as_str() {
                "gateway" => (system::gateway().map(|address| address.to_string()), false),
                "public" => (Some(PUBLIC.to_string()), false),
                other => (Some(other.to_owned()), true),
            };
            let Some(server) = server else { continue };
            let counts = counts || self.turns().has_heard(&server);
            *servers.entry(server).or_default() |= counts;
        }
        servers
    }

    async fn ask_all(&self) -> Vec<Observation> {
        // Dropped with the run at its deadline, which ends every task in it.
        let mut tasks = JoinSet::new();
        let servers = self.servers();
        for server in servers.keys().cloned() {
            let question = self.settings.question.clone();
            tasks.spawn(async move { Observation::Resolver(resolve(server, question).await) });
        }
        for url in self.settings.endpoints.clone() {
            tasks.spawn(async move { Observation::Endpoint(endpoint::look(url).await) });
        }
        let mut seen = tasks.join_all().await;
        let counts = |name: &str| servers.get(name).copied().unwrap_or(true);
        seen.retain(|seen| verdict(seen).is_none_or(|(name, works)| works || counts(name)));
        seen.sort_by(|a, b| a.asset().cmp(&b.asset()));
        seen
    }
}

/// A service by its name, and whether it gave a usable answer.
fn verdict(seen: &Observation) -> Option<(&str, bool)> {
    match seen {
        Observation::Resolver(resolver) => Some((&resolver.server, resolver.works())),
        Observation::Endpoint(endpoint) => Some((&endpoint.url, endpoint.works())),
        _ => None,
    }
}

impl Probe for Services {
    fn name(&self) -> &'static str {
        "service"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        endpoint::LIMIT + Duration::from_secs(5)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let (resolvers, endpoints) = (&self.settings.resolvers, &self.settings.endpoints);
            if resolvers.is_empty() && endpoints.is_empty() {
                let why = "[connectivity] resolvers and endpoints are empty";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            let network = self.handed.as_ref().map(Handed::network).unwrap_or_default();
            let is_turn = self.turns().asks(&network);
            let seen = if is_turn { self.ask_all().await } else { Vec::new() };
            self.turns().seen(seen.iter().filter_map(verdict));
            Ok(seen)
        })
    }
}

/// The time is that to the answer about the name that is asked for always.
async fn resolve(server: String, question: String) -> Resolver {
    let watch = Stopwatch::start();
    let address = server.parse::<IpAddr>().ok();
    let answer = match address {
        Some(address) => ask(address, &question).await.and_then(|answer| answer.map_err(|error| error.to_string())),
        None => ask_system(&question).await,
    };
    let took_us = watch.micros();
    let error = match (answer, address) {
        (Ok(()), Some(address)) => ask_anew(address, &question).await.err(),
        (answer, _) => answer.err(),
    };
    let error = error.map(|why| text::clean(&why, limits::TEXT_CHARS));
    Resolver { server, question, took_us, error }
}

/// Asks for a name that nobody has asked for, so that no memory answers. That there is none is an answer, too.
async fn ask_anew(server: IpAddr, below: &str) -> Result<(), String> {
    let name = format!("{:04x}{:04x}.{below}", random::question_id(), random::question_id());
    match ask(server, &name).await? {
        Ok(()) | Err(dns::DnsError::NoSuchName | dns::DnsError::Empty) => Ok(()),
        Err(error) => Err(format!("of what it does not remember: {error}")),
    }
}

async fn ask_system(question: &str) -> Result<(), String> {
    match timeout(TRY * 3, tokio::net::lookup_host((question, 0))).await {
        Ok(Ok(mut addresses)) => addresses.next().map(drop).ok_or_else(|| dns::DnsError::Empty.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer after {:?}", TRY * 3)),
    }
}

async fn ask(server: IpAddr, name: &str) -> Result<Result<(), dns::DnsError>, String> {
    let question = dns::question(random::question_id(), name).ok_or("the question is not a host name")?;
    for _ in 0..TRIES {
        match timeout(TRY, exchange(SocketAddr::new(server, 53), &question)).await {
            Ok(Ok(verdict)) => return Ok(verdict),
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => {}
        }
    }
    Err(format!("no answer after {TRIES} tries of {TRY:?}"))
}

async fn exchange(server: SocketAddr, question: &[u8]) -> io::Result<Result<(), dns::DnsError>> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut answer = [0; 1_500];
    loop {
        let len = socket.recv(&mut answer).await?;
        match dns::judge(question, &answer[..len]) {
            Err(dns::DnsError::Other) => {}
            verdict => return Ok(verdict),
        }
    }
}
