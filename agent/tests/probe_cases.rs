//! Walks `src/probes/<probe>/testdata/<case>/`: what lies in `input.*` must read as `expected.json`
//! says, or be refused in the words of `expected.err`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/snmprec.rs"]
mod snmprec;

use beforehand_agent::{
    config,
    probes::{
        arrays,
        connectivity::{certificate, dns},
        disk_io, disk_space, drives, host, interfaces, printer,
    },
};
use beforehand_shared::time::Timestamp;
use ipp::prelude::{DelimiterTag, IppAttribute, IppRequestResponse, IppValue, IppVersion, StatusCode};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// One case: its folder and the inputs in it.
struct Case(PathBuf);

impl Case {
    fn text(&self, input: &str) -> Option<String> {
        fs::read_to_string(self.0.join(input)).ok()
    }

    fn hex(&self, input: &str) -> Option<Vec<u8>> {
        let digits: String = self.text(input)?.split_whitespace().collect();
        Some(hex::decode(digits).unwrap())
    }

    fn ipp(&self, input: &str) -> Option<Vec<u8>> {
        self.text(input).map(|text| message(&text))
    }
}

/// Builds an IPP answer from lines such as `keyword marker-types = toner | waste-toner`. `status 0x0403`
/// sets the status, `printer` and `job` begin a group.
fn message(text: &str) -> Vec<u8> {
    let mut answer = IppRequestResponse::new_response(IppVersion::v1_1(), StatusCode::SuccessfulOk, 1).unwrap();
    let mut group: Option<ipp::attribute::IppAttributeGroup> = None;
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "status" => {
                let status = u16::from_str_radix(rest.trim_start_matches("0x"), 16).unwrap();
                answer.header_mut().operation_or_status = status.cast_signed();
            }
            "printer" | "job" => {
                let tag = if word == "job" { DelimiterTag::JobAttributes } else { DelimiterTag::PrinterAttributes };
                answer.attributes_mut().groups_mut().extend(group.replace(ipp::attribute::IppAttributeGroup::new(tag)));
            }
            tag => {
                let (name, values) = rest.split_once(" = ").unwrap();
                let mut values: Vec<IppValue> = values.split(" | ").map(|raw| value(tag, raw)).collect();
                let value = if values.len() == 1 { values.remove(0) } else { IppValue::Array(values) };
                let attribute = IppAttribute::with_name(name, value).unwrap();
                group.as_mut().unwrap().attributes_mut().push(attribute);
            }
        }
    }
    answer.attributes_mut().groups_mut().extend(group);
    answer.to_bytes().to_vec()
}

fn value(tag: &str, raw: &str) -> IppValue {
    match tag {
        "int" => IppValue::new_integer(raw.parse().unwrap()),
        "enum" => IppValue::Enum(raw.parse().unwrap()),
        "bool" => IppValue::new_boolean(raw == "true"),
        "keyword" => IppValue::new_keyword(raw).unwrap(),
        "name" => IppValue::new_name_without_language(raw).unwrap(),
        "text" => IppValue::new_text_without_language(raw).unwrap(),
        "uri" => IppValue::new_uri(raw).unwrap(),
        "octets" => IppValue::new_octet_string(raw.as_bytes().to_vec().into()),
        // A text of bytes that are not UTF-8, in hexadecimal.
        "rawtext" => IppValue::parse(0x41, hex::decode(raw).unwrap().into()).unwrap(),
        other => panic!("unknown tag {other}"),
    }
}

fn read(probe: &str, case: &Case) -> Result<Value, String> {
    match probe {
        "host" => Ok(json!(host::parse::os_name(&case.text("input.os-release").unwrap()))),
        "disk_space" => Ok(disk_space(case)),
        "disk_io" => Ok(disk_io(case)),
        "connectivity" => connectivity(case),
        "interfaces" => Ok(interfaces(case)),
        "printer" => printer(case),
        "drives" => drives(case),
        "arrays" => arrays(case),
        other => panic!("tests/probe_cases.rs does not know how to read the cases of {other}"),
    }
}

fn disk_space(case: &Case) -> Value {
    let settings: config::DiskSpace = toml::from_str(&case.text("input.toml").unwrap_or_default()).unwrap();
    if let Some(told) = case.text("input.volumes.json") {
        let mut volumes = ["C:\\", "D:\\", "E:\\", "F:\\", "G:\\"]
            .map(|mount| beforehand_shared::volume::Volume { mount: mount.to_owned(), ..Default::default() });
        disk_space::health::apply(&mut volumes, &serde_json::from_str::<Vec<_>>(&told).unwrap());
        return json!(volumes.map(|volume| (volume.mount, volume.repair)));
    }
    if let Some(stats) = case.text("input.error_stats") {
        return json!(disk_space::parse::error_stats(&stats));
    }
    if let Some(projects) = case.text("input.projects") {
        return json!(disk_space::quota::projects(&projects));
    }
    if let Some(groups) = case.text("input.qgroups.toml") {
        return quotas(case, &groups);
    }
    let mut mounts = disk_space::parse::mounts(&case.text("input.mountinfo").unwrap());
    let written = case.text("input.written").unwrap_or_default().lines().map(str::to_owned).collect();
    disk_space::parse::mark_turned_read_only(&mut mounts, &case.text("input.fstab").unwrap_or_default(), &written);
    json!(disk_space::parse::selected(mounts, &settings, |mount| mount.device.contains("usb")))
}

/// The quota groups of the first file system in the list of mounts.
fn quotas(case: &Case, groups: &str) -> Value {
    let mounts = disk_space::parse::mounts(&case.text("input.mountinfo").unwrap());
    let watched = disk_space::parse::selected(mounts.clone(), &config::DiskSpace::default(), |_| false);
    let groups: BTreeMap<String, BTreeMap<String, u64>> = toml::from_str(groups).unwrap();
    let quota = |(name, files): (&String, &BTreeMap<String, u64>)| {
        let files = files.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        let place = disk_space::quota::place(disk_space::quota::subvolume(name)?, &watched[0], &mounts);
        Some((place, disk_space::quota::group(&files)?))
    };
    json!(groups.iter().filter_map(quota).collect::<Vec<_>>())
}

/// Readings of the counters, one after another, of every device in the first of them.
fn disk_io(case: &Case) -> Value {
    if let Some(answer) = case.hex("input.performance.hex") {
        let counters = disk_io::performance::counters(&answer);
        return json!(counters.map(|it| [it.requests, it.read_bytes, it.written_bytes, it.waited_us]));
    }
    let text = case.text("input.diskstats").unwrap();
    let readings: Vec<_> = text.split("\n\n").map(disk_io::parse::diskstats).collect();
    let of = |device: &String| {
        let counted: Vec<_> = readings.iter().filter_map(|reading| reading.get(device).copied()).collect();
        disk_io::parse::summary(device.clone(), &counted, 10_000)
    };
    json!(readings[0].keys().map(of).collect::<Vec<_>>())
}

fn connectivity(case: &Case) -> Result<Value, String> {
    if let Some(route) = case.text("input.route") {
        return Ok(json!(beforehand_agent::route::default(&route)));
    }
    if let Some(answer) = case.hex("input.dns.hex") {
        let question = dns::question(0x1234, "example.com").unwrap();
        return dns::judge(&question, &answer).map(|()| json!("resolved")).map_err(|error| error.to_string());
    }
    if let Some(pem) = case.text("input.pem") {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().unwrap();
        return Ok(json!(certificate::read(&chain, case.text("input.host").unwrap().trim())));
    }
    let der = case.hex("input.der.hex").unwrap();
    certificate::read(&[der], "shop.example").map(|certificate| json!(certificate)).ok_or("not a certificate".into())
}

fn interfaces(case: &Case) -> Value {
    if let Some(arp) = case.text("input.arp") {
        return json!(interfaces::parse::is_known(&arp, "192.0.2.1".parse().unwrap(), "eth1"));
    }
    let files = toml::from_str(&case.text("input.net.toml").unwrap()).unwrap();
    json!(interfaces::parse::state("eth1", &files, &case.text("input.wireless").unwrap_or_default()))
}

fn drives(case: &Case) -> Result<Value, String> {
    if let Some(files) = case.text("input.sysfs.toml") {
        return Ok(json!(drives::native::drive(&toml::from_str(&files).unwrap())));
    }
    if let Some(list) = case.text("input.scan.json") {
        return drives::parse::scan(list.as_bytes()).map(|list| json!(list)).map_err(|error| error.to_string());
    }
    if let Some(scsi) = case.text("input.scsi.toml") {
        let list = case.text("input.listed.json").unwrap_or("{}".to_owned());
        let listed = drives::parse::scan(list.as_bytes()).unwrap();
        return Ok(json!(drives::controllers::unlisted(&toml::from_str(&scsi).unwrap(), &listed)));
    }
    if let Some(answer) = case.text("input.place.json") {
        let candidate =
            drives::parse::Candidate { name: "/dev/sg2".to_owned(), kind: "cciss,3".to_owned(), closed: None };
        let place = drives::place::place(answer.as_bytes(), &candidate);
        return place.map(|place| place_words(&place)).map_err(|error| error.to_string());
    }
    let answer = case.text("input.smartctl.json").unwrap();
    let type_of = |answer: &Value| answer.pointer("/device/type").and_then(Value::as_str).unwrap_or("sat").to_owned();
    let kind = serde_json::from_str(&answer).map_or("sat".to_owned(), |answer| type_of(&answer));
    let candidate = drives::parse::Candidate { name: "/dev/sda".to_owned(), kind, closed: None };
    drives::parse::drive(answer.as_bytes(), &candidate).map(|drive| json!(drive)).map_err(|error| error.to_string())
}

fn place_words(place: &drives::place::Place) -> Value {
    match place {
        drives::place::Place::Taken(drive) => json!(drive),
        drives::place::Place::Empty => json!("empty"),
        drives::place::Place::Shut { why } => json!({ "shut": why }),
    }
}

fn arrays(case: &Case) -> Result<Value, String> {
    if let Some(answer) = case.text("input.storcli.json") {
        return arrays::storcli::arrays(answer.as_bytes()).map(|it| json!(it)).map_err(|error| error.to_string());
    }
    let drives =
        case.text("input.drives.json").map(|drives| serde_json::from_str(&drives).unwrap()).unwrap_or_default();
    if let Some(answer) = case.text("input.lvs.json") {
        return arrays::lvm::arrays(answer.as_bytes(), &drives).map(|it| json!(it)).map_err(|error| error.to_string());
    }
    if let Some(answer) = case.text("input.thin.json") {
        return arrays::thin::pools(answer.as_bytes()).map(|it| json!(it)).map_err(|error| error.to_string());
    }
    if let Some(answer) = case.text("input.arcconf") {
        return Ok(json!(arrays::arcconf::arrays(&answer, 1)));
    }
    if let Some(status) = case.text("input.zpool") {
        return Ok(json!(arrays::zfs::arrays(&status, &case.text("input.zpools").unwrap(), &drives)));
    }
    if let Some(files) = case.text("input.btrfs.json") {
        return Ok(json!(arrays::btrfs::array(&serde_json::from_str(&files).unwrap())));
    }
    if let Some(disks) = case.text("input.spaces.json") {
        return Ok(json!(arrays::spaces::arrays(&serde_json::from_str::<Vec<_>>(&disks).unwrap())));
    }
    if let Some(answer) = case.text("input.ssacli") {
        return Ok(json!(arrays::ssacli::arrays(&answer)));
    }
    if let Some(answer) = case.text("input.megacli") {
        return Ok(json!(arrays::megacli::arrays(&answer)));
    }
    let known = case.text("input.known.json").map(|known| serde_json::from_str(&known).unwrap()).unwrap_or_default();
    Ok(json!(arrays::parse::arrays(&case.text("input.mdstat").unwrap(), &known)))
}

/// Who saw a printer, and the queues of the machine.
#[derive(serde::Deserialize)]
struct Seen {
    sightings: Vec<beforehand_shared::printer::Printer>,
    queues: Vec<beforehand_shared::printer::Queue>,
}

fn printer(case: &Case) -> Result<Value, String> {
    if let Some(raw) = case.text("input.spooler.json") {
        let raw: Vec<printer::spooler::RawQueue> = serde_json::from_str(&raw).unwrap();
        return Ok(json!(printer::spooler::queues(&raw, Timestamp(1_790_000_000_000))));
    }
    if let Some(printers) = case.ipp("input.printers") {
        let jobs = case.ipp("input.jobs").unwrap();
        let queues = printer::queue::queues(&printers, &jobs, Timestamp(1_790_000_000_000));
        return queues.map(|queues| json!(queues)).map_err(|error| error.to_string());
    }
    if let Some(recording) = case.text("input.snmp") {
        let table = snmprec::bindings(&recording).into_iter().collect();
        return Ok(json!(printer::snmp::parse::printer(&table, "192.0.2.9", Timestamp(1_790_000_000_000))));
    }
    if let Some(seen) = case.text("input.seen.json") {
        let seen: Seen = serde_json::from_str(&seen).unwrap();
        return Ok(json!(printer::merge::printers(seen.sightings, &seen.queues)));
    }
    let answer = case.ipp("input.attributes").or_else(|| case.hex("input.hex")).unwrap();
    let printer = printer::parse::printer(&answer, "ipp://192.0.2.9/ipp/print");
    printer.map(|printer| json!(printer)).map_err(|error| error.to_string())
}

#[test]
fn every_recorded_case_reads_as_expected() {
    let mut cases = 0;
    for probe in folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/probes")) {
        for folder in folders(&probe.join("testdata")) {
            let case = Case(folder);
            let got = read(&name(&probe), &case);
            let expected = match case.text("expected.err") {
                Some(error) => Err(error.trim().to_owned()),
                None => Ok(serde_json::from_str(&case.text("expected.json").unwrap_or("null".into())).unwrap()),
            };
            let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            assert_eq!(got, expected, "{}\n{}", case.0.display(), got.as_ref().map_or_else(Clone::clone, pretty));
            cases += 1;
        }
    }
    assert!(cases >= 20, "only {cases} cases were found");
}
