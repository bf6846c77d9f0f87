//! Every value of the public recordings reads as the truth says, where they are kept beside the repository.

use beforehand_foresight::{
    data::Data,
    tasks::{Task, readings::Readings},
};
use std::path::{Path, PathBuf};

#[test]
fn every_value_of_every_recorded_device_reads_as_its_truth_says() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BEFOREHAND_DATA").map_or(beside, PathBuf::from);
    let Ok(data) = Data::open(&folder) else { return };
    let report = Readings.run(&data).unwrap();
    let otherwise: Vec<&String> = report.remarks.iter().filter(|it| it.starts_with("Read otherwise")).collect();
    assert!(otherwise.is_empty(), "{otherwise:#?}");
    let values = report.tables[0].rows[0].values[1];
    assert!(values >= Some(1_000.0), "only {values:?} were compared");
}
