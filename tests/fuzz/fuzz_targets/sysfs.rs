//! The files of a drive in sysfs.
#![no_main]

use beforehand_agent::probes::drives::native::{self, Sysfs};

libfuzzer_sys::fuzz_target!(|files: &str| {
    if let Ok(files) = toml::from_str::<Sysfs>(files) {
        let _ = native::drive(&files);
    }
});
