//! Style sheets, script, font and icon, held in the binary. Their address carries a hash of them
//! all, so that browsers may keep them for good.

use crate::{random, web::error::WebError};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use std::sync::LazyLock;

/// In the order in which pages load them.
pub(crate) const SHEETS: [&str; 7] =
    ["tokens.css", "base.css", "layout.css", "parts.css", "way.css", "chart.css", "print.css"];

const CSS: &str = "text/css; charset=utf-8";

/// Path, type and content.
const FILES: [(&str, &str, &[u8]); 11] = [
    ("tokens.css", CSS, include_bytes!("../../../assets/tokens.css")),
    ("base.css", CSS, include_bytes!("../../../assets/base.css")),
    ("layout.css", CSS, include_bytes!("../../../assets/layout.css")),
    ("parts.css", CSS, include_bytes!("../../../assets/parts.css")),
    ("way.css", CSS, include_bytes!("../../../assets/way.css")),
    ("chart.css", CSS, beforehand_statement::chart::CSS.as_bytes()),
    ("print.css", CSS, include_bytes!("../../../assets/print.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("../../../assets/app.js")),
    ("mark.svg", "image/svg+xml", include_bytes!("../../../assets/mark.svg")),
    ("font/inter-latin.woff2", "font/woff2", include_bytes!("../../../assets/font/inter-latin.woff2")),
    ("font/inter-latin-ext.woff2", "font/woff2", include_bytes!("../../../assets/font/inter-latin-ext.woff2")),
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<u8> = FILES.iter().flat_map(|(_, _, bytes)| bytes.iter().copied()).collect();
    random::sha256(&all).chars().take(12).collect()
});

pub(crate) fn version() -> &'static str {
    &VERSION
}

/// Another version's address gives the present file too: a page opened before an update goes on
/// working.
pub(crate) async fn get(Path((_, path)): Path<(String, String)>) -> Result<Response, WebError> {
    let (_, kind, bytes) = FILES.iter().find(|(name, ..)| *name == path).ok_or_else(WebError::not_found)?;
    let headers = [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, *bytes).into_response())
}
