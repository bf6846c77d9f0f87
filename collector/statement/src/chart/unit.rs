//! Units of measured values, and how an axis says them.

use beforehand_core::series::Metric;

/// What a value is counted in. Values come as measured: bytes, per cent, milliseconds …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Shown in kB, MB, GB or TB (powers of 1000).
    Bytes,
    /// Values in GB, as the ledger keeps them; shown in the same units as bytes.
    Gigabytes,
    Percent,
    Millis,
    Minutes,
    Days,
    Hours,
    Celsius,
    Count,
}

/// A unit and power of ten that fit the values at hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// Multiplies a measured value.
    pub(crate) factor: f64,
    /// ` GB`; empty for plain counts.
    pub(crate) suffix: &'static str,
}

const BYTE_SCALES: [Scale; 4] = [
    Scale { factor: 1e-12, suffix: " TB" },
    Scale { factor: 1e-9, suffix: " GB" },
    Scale { factor: 1e-6, suffix: " MB" },
    Scale { factor: 1e-3, suffix: " kB" },
];

impl Unit {
    /// The unit of a metric.
    #[expect(clippy::too_many_lines, reason = "one line for each metric")]
    pub const fn of(metric: &Metric) -> Self {
        match metric {
            Metric::FreeBytes | Metric::TotalBytes => Self::Bytes,
            Metric::LossPct
            | Metric::SupplyPct(_)
            | Metric::WearPct
            | Metric::SparePct
            | Metric::RebuiltPct
            | Metric::BusyPct => Self::Percent,
            Metric::RttMs | Metric::JitterMs | Metric::AnswerMs | Metric::AwaitMs | Metric::WorstAwaitMs => {
                Self::Millis
            }
            Metric::OldestJobMinutes => Self::Minutes,
            Metric::CertificateDays => Self::Days,
            Metric::PowerOnHours => Self::Hours,
            Metric::TemperatureC => Self::Celsius,
            Metric::Present
            | Metric::InodesFree
            | Metric::InodesTotal
            | Metric::Failed
            | Metric::PrinterState
            | Metric::Pages
            | Metric::Troubled
            | Metric::Jobs
            | Metric::MediaErrors
            | Metric::ReallocatedSectors
            | Metric::PendingSectors
            | Metric::UncorrectableSectors
            | Metric::CrcErrors
            | Metric::ReallocationEvents
            | Metric::CommandTimeouts
            | Metric::SpinRetries
            | Metric::EndToEndErrors
            | Metric::ProgramFailures
            | Metric::EraseFailures
            | Metric::PowerCycles
            | Metric::ErrorLogEntries
            | Metric::SelfTestFailed
            | Metric::Requests
            | Metric::Timeouts
            | Metric::FsErrors
            | Metric::MembersMissing
            | Metric::ArrayErrors => Self::Count,
        }
    }

    /// The unit that a ledger chart's title names in brackets, as in `Free space: C: (GB)`.
    pub fn of_title(title: &str) -> Self {
        let named = title.rsplit_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')').trim());
        match named {
            "GB" => Self::Gigabytes,
            "bytes" => Self::Bytes,
            "%" | "per cent" => Self::Percent,
            "ms" => Self::Millis,
            "min" | "minutes" => Self::Minutes,
            "d" | "days" => Self::Days,
            "h" | "hours" => Self::Hours,
            "°C" => Self::Celsius,
            _ => Self::Count,
        }
    }

    /// The scale for values up to `largest`.
    pub(crate) fn scale(self, largest: f64) -> Scale {
        let plain = |suffix| Scale { factor: 1.0, suffix };
        match self {
            Self::Bytes => BYTE_SCALES.into_iter().find(|scale| largest * scale.factor >= 1.0).unwrap_or(plain(" B")),
            Self::Gigabytes => {
                let bytes = Self::Bytes.scale(largest * 1e9);
                Scale { factor: bytes.factor * 1e9, suffix: bytes.suffix }
            }
            Self::Percent => plain("\u{a0}%"),
            Self::Millis => plain(" ms"),
            Self::Minutes => plain(" min"),
            Self::Days => plain(" d"),
            Self::Hours => plain(" h"),
            Self::Celsius => plain("\u{a0}°C"),
            Self::Count => plain(""),
        }
    }

    /// One value with its unit, such as `41 GB` or `0.4 %`.
    pub fn say(self, value: f64) -> String {
        let scale = self.scale(value.abs());
        let scaled = value * scale.factor;
        let text = if scaled.abs() >= 100.0 { scaled.round() } else { scaled };
        format!("{}{}", crate::words::decimal(text), scale.suffix)
    }
}

/// The title without the unit in brackets.
pub(crate) fn bare_title(title: &str) -> &str {
    match title.rsplit_once('(') {
        Some((bare, _)) if Unit::of_title(title) != Unit::Count => bare.trim_end(),
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_the_unit_that_fits() {
        assert_eq!(Unit::Bytes.say(41.2e9), "41.2 GB");
        assert_eq!(Unit::Bytes.say(512.4e9), "512 GB");
        assert_eq!(Unit::Bytes.say(2.0e12), "2 TB");
        assert_eq!(Unit::Bytes.say(0.0), "0 B");
    }

    #[test]
    fn the_unit_is_read_from_the_title() {
        assert_eq!(Unit::of_title("Free space of C: (GB)"), Unit::Gigabytes);
        assert_eq!(Unit::Gigabytes.say(0.2), "200 MB");
        assert_eq!(Unit::of_title("Packets lost to the router (%)"), Unit::Percent);
        assert_eq!(Unit::of_title("Jobs waiting"), Unit::Count);
        assert_eq!(bare_title("Free space of C: (GB)"), "Free space of C:");
        assert_eq!(bare_title("Queue (front office)"), "Queue (front office)");
    }
}
