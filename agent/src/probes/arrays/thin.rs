//! Thin pools of LVM: `lvs` with the fields of [`super::lvm::FIELDS`], each pool as two volumes that fill.

use super::lvm::{rows, text};
use beforehand_shared::volume::{ThinPool, Volume};
use serde_json::Value;

/// The data and the metadata of every thin pool.
///
/// # Errors
/// When the answer is no JSON.
pub fn pools(answer: &[u8]) -> Result<Vec<Volume>, serde_json::Error> {
    let json: Value = serde_json::from_slice(answer)?;
    let rows = rows(&json);
    Ok(rows.into_iter().filter(|row| is_pool(row)).flat_map(parts).collect())
}

fn is_pool(row: &Value) -> bool {
    let words: Vec<&str> = text(row, "lv_layout").split(',').collect();
    words.contains(&"thin") && words.contains(&"pool")
}

fn parts(row: &Value) -> impl Iterator<Item = Volume> {
    let name = format!("{}/{}", text(row, "vg_name"), text(row, "lv_name"));
    // Told once, though both stop together.
    let stopped = matches!(text(row, "lv_health_status"), "failed" | "metadata_read_only");
    let of = |mount: String, part, size, percent| {
        let total: u64 = text(row, size).parse().ok().filter(|total| *total > 0)?;
        Some(Volume {
            mount,
            device: text(row, "lv_dm_path").to_owned(),
            fs: "LVM thin pool".to_owned(),
            total_bytes: total,
            free_bytes: free(total, text(row, percent))?,
            turned_read_only: stopped && part == ThinPool::Data,
            thin_pool: Some(part),
            ..Volume::default()
        })
    };
    let data = of(name.clone(), ThinPool::Data, "lv_size", "data_percent");
    let metadata = of(format!("{name} metadata"), ThinPool::Metadata, "lv_metadata_size", "metadata_percent");
    [data, metadata].into_iter().flatten()
}

/// Of a pool that is not active nobody says how full it is.
fn free(total: u64, percent: &str) -> Option<u64> {
    let used: f64 = percent.parse().ok().filter(|used| (0.0..=100.0).contains(used))?;
    Some(total - (total as f64 * used / 100.0) as u64)
}
