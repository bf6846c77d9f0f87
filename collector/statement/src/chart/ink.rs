//! What marks and texts mean, and the colours that follow from it.

use beforehand_core::finding::Severity;

/// What a mark means; its colour follows from the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// The measured line, names, figures.
    Strong,
    /// Labels.
    Soft,
    /// Lines of the grid.
    Faint,
    /// Bars of the months before this one, the fee.
    Past,
    Band80,
    Band50,
    Status(Severity),
}

impl Ink {
    /// Its class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Strong => "c-strong",
            Self::Soft => "c-soft",
            Self::Faint => "c-faint",
            Self::Past => "c-past",
            Self::Band80 => "c-band80",
            Self::Band50 => "c-band50",
            Self::Status(Severity::Act) => "c-act",
            Self::Status(Severity::Soon) => "c-soon",
            Self::Status(Severity::Watch) => "c-watch",
            Self::Status(Severity::Quiet) => "c-quiet",
            Self::Status(Severity::Blind) => "c-blind",
        }
    }

    /// On white; text colours have a contrast of 4.5 or more.
    pub(super) const fn printed(self) -> &'static str {
        match self {
            Self::Strong => "#16191d",
            Self::Soft | Self::Status(Severity::Blind) => "#5c636d",
            Self::Faint => "#dfe2e6",
            Self::Past => "#a9b0b9",
            Self::Band80 => "#dee3e9",
            Self::Band50 => "#bec7d1",
            Self::Status(Severity::Act) => "#b3261e",
            Self::Status(Severity::Soon) => "#955800",
            Self::Status(Severity::Watch) => "#6d4a9a",
            Self::Status(Severity::Quiet) => "#3c6e4a",
        }
    }
}

/// How a text sits at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    pub(super) ink: Ink,
    pub(super) anchor: Anchor,
    pub(super) bold: bool,
    /// Another class, for what the style sheet hides in narrow boxes.
    pub(super) class: &'static str,
}

impl Face {
    pub(super) const fn new(ink: Ink, anchor: Anchor) -> Self {
        Self { ink, anchor, bold: false, class: "" }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}
