//! The office's web mail, whose certificate is renewed by a program that sometimes fails.

use super::{Deed, Tick};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    link::{Certificate, Endpoint, Verdict},
    time::{Millis, Timestamp},
};

const LIFETIME: Millis = Millis::days(90);
/// The program renews this long before the end.
const RENEWED_BEFORE: Millis = Millis::days(30);

#[derive(Debug, Clone)]
pub struct Service {
    host: HostId,
    url: String,
    not_after: Timestamp,
    /// Which renewal of the world fails, counted from 0.
    fails_at: u32,
    renewals: u32,
    failing: bool,
    random: Random,
}

impl Service {
    pub(crate) fn new(host: HostId, url: String, start: Timestamp, mut random: Random) -> Self {
        let not_after = start.plus(Millis::hours(random.whole(31 * 24, 89 * 24) as i64));
        let fails_at = random.whole(0, 3) as u32;
        Self { host, url, not_after, fails_at, renewals: 0, failing: false, random }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Endpoint, self.host, &self.url)
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        let left = self.not_after.since(tick.at);
        if !self.failing && left < RENEWED_BEFORE {
            self.failing = self.renewals == self.fails_at;
            if !self.failing {
                self.renew(tick.at);
            }
        }
        if left < Millis(-Millis::days(2).0) {
            self.renew(tick.at);
        }
    }

    const fn renew(&mut self, at: Timestamp) {
        self.not_after = at.plus(LIFETIME);
        self.renewals += 1;
        self.failing = false;
    }

    pub(crate) fn is_broken(&self, at: Timestamp) -> bool {
        at > self.not_after
    }

    pub(crate) const fn needs_help(&self) -> bool {
        self.failing
    }

    pub(crate) fn act(&mut self, at: Timestamp) -> Deed {
        self.renew(at);
        Deed::did("Renewed the certificate by hand and repaired its renewal.", 25)
    }

    pub(crate) fn observe(&mut self, line_up: bool) -> Endpoint {
        Endpoint {
            url: self.url.clone(),
            status: line_up.then_some(200),
            took_us: if line_up { self.random.between(30_000.0, 80_000.0) as u32 } else { 10_000_000 },
            error: (!line_up).then(|| "connection timed out".to_owned()),
            certificate: line_up.then(|| Certificate {
                subject: "CN=mail.example".to_owned(),
                issuer: "CN=Example CA".to_owned(),
                not_before: self.not_after.minus(LIFETIME),
                not_after: self.not_after,
                chain_ends: None,
                verdict: Some(Verdict::Sound),
            }),
        }
    }
}
