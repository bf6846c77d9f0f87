//! The filters above a list. They live in the address, so that a list can be sent to somebody.

use super::form::{Choice, Field};
use askama::{Template, filters::HtmlSafe};
use serde::{Deserialize, Deserializer, de::IntoDeserializer};

#[derive(Debug, Template)]
#[template(path = "parts/filters.html")]
pub(crate) struct Filters {
    pub(crate) fields: Vec<Field>,
    /// Where the same rows come as CSV.
    pub(crate) csv: Option<String>,
}

impl HtmlSafe for Filters {}

/// Everything, then the choices.
pub(crate) fn any_or(any: &str, choices: impl IntoIterator<Item = Choice>) -> Vec<Choice> {
    [Choice::new("", any)].into_iter().chain(choices).collect()
}

/// `path?a=b&…` from pairs; those without a value are left out.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", super::show::encode(value)))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Reads a filter that a form sends empty when nothing is chosen.
pub(crate) fn empty_is_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.trim().is_empty());
    text.map(|text| T::deserialize(text.trim().into_deserializer())).transpose()
}

/// Whether any of `texts` contains `wanted`, in any case.
pub(crate) fn matches(wanted: &str, texts: &[&str]) -> bool {
    let wanted = wanted.trim().to_lowercase();
    texts.iter().any(|text| text.to_lowercase().contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_only_what_is_filtered() {
        assert_eq!(
            address("/tickets", &[("client", ""), ("state", "new"), ("text", "a b&c")]),
            "/tickets?state=new&text=a%20b%26c"
        );
        assert_eq!(address("/tickets", &[("client", "")]), "/tickets");
    }

    #[test]
    fn text_is_found_in_any_case() {
        assert!(matches("frontDESK", &["Drive C: on FRONTDESK"]));
        assert!(!matches("x", &["", "abc"]));
    }
}
