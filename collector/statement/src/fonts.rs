//! The one font family of the console, the PDF and the charts: Inter, under the SIL Open Font
//! License (`fonts/OFL.txt`), unmodified.

/// Family name, for style sheets and charts.
pub const FAMILY: &str = "Inter";

/// OpenType, weight 400.
pub const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.otf");

/// OpenType, weight 600.
pub const SEMIBOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.otf");
