//! Money and worth in words.

use crate::month::Worth;

/// `€1,234.50` or `CHF 80` from minor units; whole amounts without decimals.
pub fn money(minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, cents) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    let mut digits = whole.to_string();
    let mut place = digits.len();
    while place > 3 {
        place -= 3;
        digits.insert(place, ',');
    }
    let decimals = if cents == 0 { String::new() } else { format!(".{cents:02}") };
    match currency {
        "EUR" => format!("{sign}€{digits}{decimals}"),
        "GBP" => format!("{sign}£{digits}{decimals}"),
        "USD" => format!("{sign}${digits}{decimals}"),
        code => format!("{sign}{code} {digits}{decimals}"),
    }
}

/// `1 hour`, `2.5 hours`, `15 minutes`.
pub(super) fn hours_words(hours: f64) -> String {
    let minutes = (hours * 60.0).round();
    match minutes {
        60.0 => "1 hour".to_owned(),
        1.0 => "1 minute".to_owned(),
        0.0..60.0 => format!("{minutes:.0} minutes"),
        minutes if minutes % 60.0 == 0.0 => format!("{:.0} hours", minutes / 60.0),
        _ => format!("{hours:.1} hours"),
    }
}

/// Worth beside fee. Says so when a month does not pay for itself.
pub fn sentence(worth: &Worth, currency: &str) -> String {
    let whole = |minor: i64| money((minor + 50).div_euclid(100) * 100, currency);
    let both = worth.likely + worth.included_support;
    let fee = money(worth.fee, currency);
    let prevention = match worth.likely {
        0 => "Prevention saved you nothing that we can count this month".to_owned(),
        likely => format!(
            "Prevention was worth about {} to you this month (between {} and {})",
            whole(likely),
            whole(worth.low),
            whole(worth.high)
        ),
    };
    let beside = if worth.likely >= worth.fee {
        format!("{prevention}, beside a fee of {fee}.")
    } else if both >= worth.fee {
        format!(
            "{prevention}. That alone does not pay the fee of {fee}; with the help for users that it includes, {} at \
             list price, it does.",
            whole(worth.included_support)
        )
    } else {
        format!(
            "{prevention}. With the help for users that the fee includes, {} at list price, that is less than the fee \
             of {fee}: this month did not pay for itself.",
            whole(worth.included_support)
        )
    };
    format!(
        "{beside} Over twelve months: {} of prevention and {} of help, for {} of fees.",
        whole(worth.year_likely),
        whole(worth.year_support),
        whole(worth.year_fee)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_and_has_cents_only_when_there_are_any() {
        for (minor, currency, said) in [
            (0, "EUR", "€0"),
            (123_450, "EUR", "€1,234.50"),
            (100_000_000, "CHF", "CHF 1,000,000"),
            (-4_205, "GBP", "-£42.05"),
            (99_900, "USD", "$999"),
        ] {
            assert_eq!(money(minor, currency), said);
        }
    }

    #[test]
    fn a_quiet_month_says_that_it_did_not_pay_for_itself() {
        let quiet = Worth { fee: 45_000, included_support: 9_000, year_fee: 540_000, ..Worth::default() };
        let said = sentence(&quiet, "EUR");
        assert!(said.starts_with("Prevention saved you nothing that we can count this month."), "{said}");
        assert!(said.contains("this month did not pay for itself"), "{said}");
        assert!(said.ends_with("for €5,400 of fees."), "{said}");
    }

    #[test]
    fn a_month_that_pays_only_with_support_says_so() {
        let worth = Worth {
            likely: 20_000,
            low: 1_000,
            high: 90_000,
            fee: 45_000,
            included_support: 30_000,
            ..Worth::default()
        };
        assert!(sentence(&worth, "EUR").contains("That alone does not pay the fee of €450; with the help"));
    }
}
