//! Amounts as text: grouped thousands, two units at most, no false precision.

/// `1,234,567`.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1,204`, or `3.4`: one decimal where it says something.
pub fn decimal(value: f64) -> String {
    if !value.is_finite() {
        return "unknown".to_owned();
    }
    let rounded = (value * 10.0).round() / 10.0;
    let minus = if rounded < 0.0 { "−" } else { "" };
    let text = format!("{:.1}", rounded.abs());
    let (whole, tenth) = text.split_once('.').unwrap_or((&text, "0"));
    let tenth = if tenth == "0" { String::new() } else { format!(".{tenth}") };
    format!("{minus}{}{tenth}", grouped(whole))
}

/// A share of 1 as `80 %`. What is not certain is never said as 0 or 100.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 99.0 && percent < 100.0 {
        return "over 99 %".to_owned();
    }
    if percent > 0.0 && percent < 1.0 {
        return "under 1 %".to_owned();
    }
    format!("{percent:.0}\u{a0}%")
}

/// `no incidents`, `1 incident`, `3 incidents`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    match n {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        n => format!("{} {many}", grouped(&n.to_string())),
    }
}

/// `1 person`, `12 people`.
pub fn people(n: u32) -> String {
    count(u64::from(n), "person", "people")
}

/// Minutes as `40 min`, `2 h 15 min` or `3 d 4 h`: two units at most.
pub fn duration(minutes: u32) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest}\u{a0}min"),
        (0, hours, 0) => format!("{hours}\u{a0}h"),
        (0, hours, rest) => format!("{hours}\u{a0}h {rest}\u{a0}min"),
        (days, 0, _) => format!("{days}\u{a0}d"),
        (days, hours, _) => format!("{days}\u{a0}d {hours}\u{a0}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_say_no_more_than_they_know() {
        assert_eq!(decimal(3.44), "3.4");
        assert_eq!(decimal(2.96), "3");
        assert_eq!(decimal(-0.04), "0");
        assert_eq!(decimal(12_345.5), "12,345.5");
        assert_eq!(decimal(f64::NAN), "unknown");
    }

    #[test]
    fn nothing_uncertain_is_called_certain() {
        assert_eq!(percent(0.999), "over 99 %");
        assert_eq!(percent(0.001), "under 1 %");
        assert_eq!(percent(0.8), "80\u{a0}%");
    }

    #[test]
    fn durations_have_two_units_at_most() {
        assert_eq!(duration(40), "40\u{a0}min");
        assert_eq!(duration(135), "2\u{a0}h 15\u{a0}min");
        assert_eq!(duration(60 * 76 + 12), "3\u{a0}d 4\u{a0}h");
    }
}
