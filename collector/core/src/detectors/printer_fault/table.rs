//! What a printer's words mean: `printer-state-reasons` (RFC 8011, PWG 5100.9) and the alert codes
//! of the Printer MIB (IANA-PRINTER-MIB, RFC 3805), by what becomes of the next job.

/// What becomes of the next job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It prints; something will stop it later.
    Precursor,
    /// Some jobs or trays stop, or quality falls.
    Failing,
    /// Nothing prints until someone acts.
    Failed,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    None,
    Order,
    Replace,
    Waste,
    Jam,
    Close,
    Paper,
    Output,
    Part,
    Online,
    Resume,
    Service,
}

impl Remedy {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::None => "Look at the printer's own display.",
            Self::Order => "Order the supply now, so that it lies ready.",
            Self::Replace => "Replace the supply.",
            Self::Waste => "Replace or empty the waste box.",
            Self::Jam => {
                "Open the printer where its display says, and pull the paper out in the direction of its travel."
            }
            Self::Close => "Close all covers and doors.",
            Self::Paper => "Add paper of the right size.",
            Self::Output => "Empty the output tray.",
            Self::Part => "Put the missing part in place.",
            Self::Online => "Check its power and its network cable, and wake it.",
            Self::Resume => "Find out who paused it, then resume it.",
            Self::Service => "Call the printer's service and name the reported fault.",
        }
    }

    /// Whether whoever stands at the printer sees and mends it without us.
    pub(super) const fn is_for_anyone(self) -> bool {
        matches!(self, Self::Close | Self::Paper | Self::Output | Self::Online | Self::Resume)
    }
}

/// A row: the keyword without its suffix, its class, words that follow the printer's name, remedy.
pub(super) type Row = (&'static str, Class, &'static str, Remedy);

use Class::{Failed, Failing, Precursor};

pub(super) const REASONS: &[Row] = &[
    ("media-jam", Failed, "has a paper jam", Remedy::Jam),
    ("toner-empty", Failed, "is out of toner", Remedy::Replace),
    ("marker-supply-empty", Failed, "is out of toner or ink", Remedy::Replace),
    ("marker-ink-empty", Failed, "is out of ink", Remedy::Replace),
    ("marker-supply-missing", Failed, "lacks a cartridge", Remedy::Part),
    ("marker-waste-full", Failed, "has a full waste box", Remedy::Waste),
    ("waste-toner-full", Failed, "has a full waste box", Remedy::Waste),
    ("developer-empty", Failed, "is out of developer", Remedy::Replace),
    ("door-open", Failed, "has an open door", Remedy::Close),
    ("cover-open", Failed, "has an open cover", Remedy::Close),
    ("interlock-open", Failed, "has an open cover", Remedy::Close),
    ("media-empty", Failed, "is out of paper", Remedy::Paper),
    ("media-needed", Failed, "waits for other paper", Remedy::Paper),
    ("output-area-full", Failed, "has a full output tray", Remedy::Output),
    ("offline", Failed, "is offline", Remedy::Online),
    ("timed-out", Failed, "does not answer", Remedy::Online),
    ("shutdown", Failed, "is switched off", Remedy::Online),
    ("paused", Failed, "was paused", Remedy::Resume),
    ("fuser-over-temp", Failed, "has an overheated fuser", Remedy::Service),
    ("fuser-under-temp", Failed, COLD, Remedy::Service),
    ("hold-new-jobs", Failed, "was told to hold its jobs", Remedy::Resume),
    ("input-manual-input-request", Failing, "waits for a sheet", Remedy::Paper),
    ("input-media-change-request", Failing, "waits for other paper", Remedy::Paper),
    ("input-cannot-feed-size-selected", Failing, "cannot feed the paper it was told to", Remedy::Paper),
    ("marker-toner-cartridge-missing", Failed, "lacks a toner cartridge", Remedy::Part),
    ("interpreter-resource-unavailable", Failing, "has run out of memory", Remedy::Service),
    ("input-tray-missing", Failing, "lacks an input tray", Remedy::Part),
    ("output-tray-missing", Failing, "lacks an output tray", Remedy::Part),
    ("opc-life-over", Failing, "has a worn-out drum", Remedy::Replace),
    ("spool-area-full", Failing, "has no room for further jobs", Remedy::Service),
    ("service-needed", Failing, "asks for service", Remedy::Service),
    ("toner-low", Precursor, "is low on toner", Remedy::Order),
    ("marker-supply-low", Precursor, "is low on toner or ink", Remedy::Order),
    ("marker-ink-low", Precursor, "is low on ink", Remedy::Order),
    ("marker-waste-almost-full", Precursor, "has an almost full waste box", Remedy::Order),
    ("developer-low", Precursor, "is low on developer", Remedy::Order),
    ("opc-near-eol", Precursor, "has a drum near its end", Remedy::Order),
    ("media-low", Precursor, "is low on paper", Remedy::Paper),
    ("output-area-almost-full", Precursor, "has an almost full output tray", Remedy::Output),
];

/// A fuser that is not warm.
pub(super) const COLD: &str = "has a cold fuser";

/// Reasons that are no fault; whatever begins with `cups-` is none either.
pub(super) const NO_FAULT: &[&str] = &[
    "none",
    "other",
    "unknown",
    "moving-to-paused",
    "stopping",
    "connecting-to-device",
    "deactivated",
    "hibernate",
    "power-down",
    "standby",
    "suspend",
    "warming-up",
    "identify-printer-requested",
    "wifi-not-configured",
];

pub(super) const ALERTS: &[Row] = &[
    ("jam", Failed, "has a paper jam", Remedy::Jam),
    ("coverOpen", Failed, "has an open cover", Remedy::Close),
    ("doorOpen", Failed, "has an open door", Remedy::Close),
    ("interlockOpen", Failed, "has an open cover", Remedy::Close),
    ("subunitMissing", Failing, "lacks a part", Remedy::Part),
    ("subunitLifeAlmostOver", Precursor, "has a part near its end", Remedy::Order),
    ("subunitLifeOver", Failing, "has a worn-out part", Remedy::Replace),
    ("subunitAlmostEmpty", Precursor, "has something almost empty", Remedy::None),
    ("subunitEmpty", Failed, "has something empty", Remedy::Service),
    ("subunitAlmostFull", Precursor, "has something almost full", Remedy::None),
    ("subunitFull", Failed, "has something full", Remedy::Service),
    ("subunitNearLimit", Precursor, "is near a limit", Remedy::None),
    ("subunitAtLimit", Failing, "is at a limit", Remedy::Service),
    ("subunitUnderTemperature", Failed, COLD, Remedy::Service),
    ("subunitOverTemperature", Failed, "has an overheated part", Remedy::Service),
    ("subunitTimingFailure", Failed, "reports a fault of a part", Remedy::Service),
    ("subunitThermistorFailure", Failed, "reports a fault of a part", Remedy::Service),
    ("markerFuserTimingFailure", Failed, "has a broken fuser", Remedy::Service),
    ("inputTrayPositionFailure", Failing, "has a tray that is not in place", Remedy::Service),
    ("inputTrayElevationFailure", Failing, "has a tray that does not lift", Remedy::Service),
    ("inputCannotFeedSizeSelected", Failing, "cannot feed the paper it was told to", Remedy::Paper),
    ("mediaPathMediaTrayMissing", Failing, "lacks a tray", Remedy::Part),
    ("mediaPathMediaTrayAlmostFull", Precursor, "has an almost full tray", Remedy::Output),
    ("mediaPathMediaTrayFull", Failed, "has a full tray", Remedy::Output),
    ("subunitOffline", Failed, "is offline", Remedy::Online),
    ("subunitRecoverableFailure", Failing, "reports a fault", Remedy::Service),
    ("subunitUnrecoverableFailure", Failed, "reports a fault of a part", Remedy::Service),
    ("subunitMotorFailure", Failed, "reports a broken motor", Remedy::Service),
    ("subunitMemoryExhausted", Failing, "has run out of memory", Remedy::Service),
    ("markerFuserUnderTemperature", Failed, COLD, Remedy::Service),
    ("markerFuserOverTemperature", Failed, "has an overheated fuser", Remedy::Service),
    ("markerFuserThermistorFailure", Failed, "has a broken fuser", Remedy::Service),
    ("inputMediaTrayMissing", Failing, "lacks an input tray", Remedy::Part),
    ("inputMediaSupplyLow", Precursor, "is low on paper", Remedy::Paper),
    ("inputMediaSupplyEmpty", Failing, "has an empty tray", Remedy::Paper),
    ("inputMediaChangeRequest", Failing, "waits for other paper", Remedy::Paper),
    ("inputManualInputRequest", Failing, "waits for a sheet", Remedy::Paper),
    ("outputMediaTrayMissing", Failing, "lacks an output tray", Remedy::Part),
    ("outputMediaTrayAlmostFull", Precursor, "has an almost full output tray", Remedy::Output),
    ("outputMediaTrayFull", Failed, "has a full output tray", Remedy::Output),
    ("markerTonerEmpty", Failed, "is out of toner", Remedy::Replace),
    ("markerInkEmpty", Failed, "is out of ink", Remedy::Replace),
    ("markerPrintRibbonEmpty", Failed, "is out of ribbon", Remedy::Replace),
    ("markerTonerAlmostEmpty", Precursor, "is low on toner", Remedy::Order),
    ("markerInkAlmostEmpty", Precursor, "is low on ink", Remedy::Order),
    ("markerPrintRibbonAlmostEmpty", Precursor, "is low on ribbon", Remedy::Order),
    ("markerWasteTonerReceptacleAlmostFull", Precursor, "has an almost full waste box", Remedy::Order),
    ("markerWasteInkReceptacleAlmostFull", Precursor, "has an almost full waste box", Remedy::Order),
    ("markerWasteTonerReceptacleFull", Failed, "has a full waste box", Remedy::Waste),
    ("markerWasteInkReceptacleFull", Failed, "has a full waste box", Remedy::Waste),
    ("markerOpcLifeAlmostOver", Precursor, "has a drum near its end", Remedy::Order),
    ("markerOpcLifeOver", Failing, "has a worn-out drum", Remedy::Replace),
    ("markerDeveloperAlmostEmpty", Precursor, "is low on developer", Remedy::Order),
    ("markerDeveloperEmpty", Failed, "is out of developer", Remedy::Replace),
    ("markerTonerCartridgeMissing", Failed, "lacks a toner cartridge", Remedy::Part),
];

/// General codes by what group they are of: `prtAlertGroup` 8 input, 9 output, 11 supplies.
pub(super) const SUBUNITS: &[(&str, &str, Row)] = &[
    ("subunitMissing", "input", ("input-tray-missing", Failing, "lacks an input tray", Remedy::Part)),
    ("subunitMissing", "output", ("output-tray-missing", Failing, "lacks an output tray", Remedy::Part)),
    ("subunitMissing", "marker", ("supply-missing", Failed, "lacks a cartridge", Remedy::Part)),
    ("subunitAlmostEmpty", "input", ("media-low", Precursor, "is low on paper", Remedy::Paper)),
    ("subunitAlmostEmpty", "marker", ("marker-supply-low", Precursor, "is low on toner or ink", Remedy::Order)),
    ("subunitEmpty", "input", ("media-empty", Failing, "has an empty tray", Remedy::Paper)),
    ("subunitEmpty", "marker", ("marker-supply-empty", Failed, "is out of toner or ink", Remedy::Replace)),
    (
        "subunitAlmostFull",
        "output",
        ("output-area-almost-full", Precursor, "has an almost full output tray", Remedy::Output),
    ),
    (
        "subunitAlmostFull",
        "marker",
        ("marker-waste-almost-full", Precursor, "has an almost full waste box", Remedy::Order),
    ),
    ("subunitFull", "output", ("output-area-full", Failed, "has a full output tray", Remedy::Output)),
    ("subunitFull", "marker", ("marker-waste-full", Failed, "has a full waste box", Remedy::Waste)),
];

/// Codes that tell of nothing wrong, spelled as reasons are.
pub(super) const SILENT: &[&str] = &[
    "printer-ready-to-print",
    "power-up",
    "power-down",
    "printer-manual-reset",
    "printer-nms-reset",
    "subunit-power-saver",
    "subunit-warming-up",
    "cover-closed",
    "door-closed",
    "interlock-closed",
    "alert-removal-of-binary-change-entry",
];
