//! Name servers and addresses that people use, with their certificates.

use super::{gather::Known, way::pct};
use crate::web::ui::show::{Mark, Present, asset_href};
use beforehand_core::{
    calendar::duration_words,
    finding::Severity,
    site_view::{self, Service},
};
use beforehand_shared::asset::AssetKind;
use beforehand_statement::words::{count, decimal};

/// Services that the page lists, the worst first; a machine may claim thousands.
const SHOWN: usize = 100;

pub(super) struct ServiceLine {
    pub(super) mark: Mark,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) says: String,
    pub(super) answer: String,
    pub(super) failed: String,
    pub(super) certificate: String,
    pub(super) asked_by: String,
}

pub(super) fn lines(known: &Known, present: &Present) -> Vec<ServiceLine> {
    site_view::services(&known.scene).iter().take(SHOWN).map(|service| line(known, service, present)).collect()
}

fn line(known: &Known, service: &Service, present: &Present) -> ServiceLine {
    let ms = |ms: f64| format!("{} ms", decimal(ms));
    ServiceLine {
        mark: match service.severity {
            Severity::Quiet if service.error.is_some() => Mark::named(Severity::Watch, "no answer"),
            Severity::Quiet => Mark::named(Severity::Quiet, "answers"),
            Severity::Blind => Mark::named(Severity::Blind, "not measured"),
            severity => Mark::of(severity),
        },
        name: service.key.clone(),
        href: asset_href(known.scene.site.client, &service.asset),
        kind: if service.kind == AssetKind::Resolver { "name server" } else { "address" },
        says: service.sentence.clone().or_else(|| service.error.clone()).unwrap_or_else(|| last(service, present)),
        answer: match (service.answer_ms, service.usual_ms) {
            (Some(now), Some(usual)) => format!("{}, usually {}", ms(now), ms(usual)),
            (Some(now), None) => ms(now),
            (None, Some(usual)) => format!("usually {}", ms(usual)),
            (None, None) => String::new(),
        },
        failed: service.day_failed_pct.map(pct).unwrap_or_default(),
        certificate: certificate(service, present),
        asked_by: count(service.asked_by.len() as u64, "machine", "machines"),
    }
}

fn last(service: &Service, present: &Present) -> String {
    if service.severity == Severity::Blind {
        format!("last asked {}", present.ago(service.seen_at))
    } else {
        String::new()
    }
}

fn certificate(service: &Service, present: &Present) -> String {
    let Some(certificate) = &service.certificate else { return String::new() };
    let left = certificate.not_after.since(present.now);
    if left.0 <= 0 {
        return format!("expired {}", present.day(certificate.not_after));
    }
    format!("{}, in {}", present.day(certificate.not_after), duration_words(left))
}
