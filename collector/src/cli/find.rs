//! Clients and sites as people name them: by name or by identifier.

use anyhow::{anyhow, bail};
use beforehand_core::site::{Client, Site};
use beforehand_store::Store;

/// # Errors
/// When none, or more than one, is meant; the text lists what there is.
pub(super) async fn client(store: &Store, named: &str) -> anyhow::Result<Client> {
    let clients = store.clients().await?;
    let names = clients.iter().map(|client| client.name.clone()).collect();
    one(clients, |client| client.id.to_string() == named || same(&client.name, named))
        .map_err(|problem| explain("client", named, problem, names))
}

/// # Errors
/// As [`client`].
pub(super) async fn site(store: &Store, client: &Client, named: &str) -> anyhow::Result<Site> {
    let sites = store.sites(client.id).await?;
    let names = sites.iter().map(|site| site.name.clone()).collect();
    one(sites, |site| site.id.to_string() == named || same(&site.name, named))
        .map_err(|problem| explain("site", named, problem, names))
}

enum Problem {
    Nothing,
    Several,
}

fn one<T>(all: Vec<T>, is_meant: impl Fn(&T) -> bool) -> Result<T, Problem> {
    let mut meant = all.into_iter().filter(is_meant);
    let first = meant.next().ok_or(Problem::Nothing)?;
    if meant.next().is_some() { Err(Problem::Several) } else { Ok(first) }
}

fn same(name: &str, named: &str) -> bool {
    name.trim().to_lowercase() == named.trim().to_lowercase()
}

fn explain(what: &str, named: &str, problem: Problem, names: Vec<String>) -> anyhow::Error {
    match problem {
        Problem::Several => anyhow!("more than one {what} is called {named:?}; use the identifier"),
        Problem::Nothing if names.is_empty() => anyhow!("there is no {what} yet"),
        Problem::Nothing => anyhow!("no {what} is called {named:?}; there is {}", names.join(", ")),
    }
}

/// `text` in minor units of a currency: `12.50` is 1250.
///
/// # Errors
/// When it is not an amount.
pub(super) fn amount(text: &str) -> anyhow::Result<i64> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    let cents = format!("{cents:0<2}");
    if cents.len() != 2 || !cents.bytes().all(|b| b.is_ascii_digit()) || whole.starts_with('-') {
        bail!("{text:?} is not an amount like 450 or 12.50");
    }
    let whole: i64 = whole.parse()?;
    Ok(whole.saturating_mul(100).saturating_add(cents.parse()?))
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_kept_in_minor_units() {
        assert_eq!(amount("450").unwrap(), 45_000);
        assert_eq!(amount("12.5").unwrap(), 1_250);
        assert!(amount("12.345").is_err() && amount("-1").is_err() && amount("a").is_err());
    }
}
