//! The provider's own particulars, and small settings.

use crate::{Store, error::Result};
use beforehand_core::month::Provider;

impl Store {
    /// The default while nothing was set.
    pub async fn provider(&self) -> Result<Provider> {
        crate::later().await
    }

    pub async fn set_provider(&self, provider: &Provider) -> Result<()> {
        crate::later().await
    }

    /// A small setting of the program itself, such as when a task last ran.
    pub async fn flag(&self, key: &str) -> Result<Option<String>> {
        crate::later().await
    }

    pub async fn set_flag(&self, key: &str, value: &str) -> Result<()> {
        crate::later().await
    }
}
