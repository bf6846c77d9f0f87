//! How samples and hours lie in BLOBs. Every decoder checks lengths and counts before it trusts
//! them: a damaged BLOB is an error, never a panic or a huge allocation.

use crate::error::{Result, StoreError};
use beforehand_core::series::{Hour, Sample};
use beforehand_shared::time::{Millis, Timestamp};
use pco::{
    ChunkConfig,
    data_types::Number,
    standalone::{simple_compress, simple_decompress_into},
};

/// First byte of every BLOB written here.
const VERSION: u8 = 1;
/// More samples than this in one series and day were never written.
const MAX_SAMPLES: usize = 10_000_000;
/// One sample of the tail: instant and value.
const TAIL_BYTES: usize = 16;

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} is damaged"))
}

/// Samples as they are appended to the tail. BLOBs of this kind can be joined end to end.
pub(crate) fn tail(samples: &[Sample]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| [sample.at.0.to_le_bytes(), sample.value.to_bits().to_le_bytes()])
        .flatten()
        .collect()
}

/// The samples of joined tails: ascending, of each instant the one that came first.
pub(crate) fn from_tail(data: &[u8]) -> Result<Vec<Sample>> {
    let (entries, rest) = data.as_chunks::<TAIL_BYTES>();
    if !rest.is_empty() {
        return Err(corrupt("a piece of the tail"));
    }
    let mut samples: Vec<Sample> = entries.iter().map(tail_entry).collect();
    in_order(&mut samples);
    Ok(samples)
}

fn tail_entry(entry: &[u8; TAIL_BYTES]) -> Sample {
    let (halves, _) = entry.as_chunks::<8>();
    Sample { at: Timestamp(i64::from_le_bytes(halves[0])), value: f64::from_bits(u64::from_le_bytes(halves[1])) }
}

/// Sorts by instant and keeps the first of each.
pub(crate) fn in_order(samples: &mut Vec<Sample>) {
    if !samples.is_sorted_by(|a, b| a.at < b.at) {
        samples.sort_by_key(|sample| sample.at);
        samples.dedup_by_key(|sample| sample.at);
    }
}

/// The instants of a day's samples, which several series may share.
pub(crate) fn instants(samples: &[Sample]) -> Result<Vec<u8>> {
    packed(&samples.iter().map(|sample| sample.at.0).collect::<Vec<_>>())
}

pub(crate) fn values(samples: &[Sample]) -> Result<Vec<u8>> {
    packed(&samples.iter().map(|sample| sample.value).collect::<Vec<_>>())
}

/// The samples of a sealed day.
pub(crate) fn from_chunk(instants: &[u8], values: &[u8]) -> Result<Vec<Sample>> {
    let (instants, values): (Vec<i64>, Vec<f64>) = (unpacked(instants)?, unpacked(values)?);
    if instants.len() != values.len() {
        return Err(corrupt("a chunk"));
    }
    Ok(instants.into_iter().zip(values).map(|(at, value)| Sample { at: Timestamp(at), value }).collect())
}

/// Version, codec (1: pco), count, and the numbers.
fn packed<T: Number>(numbers: &[T]) -> Result<Vec<u8>> {
    let count = u32::try_from(numbers.len()).map_err(|_| StoreError::Other("too many samples for a day".to_owned()))?;
    let body = simple_compress(numbers, &ChunkConfig::default())
        .map_err(|error| StoreError::Other(format!("samples cannot be compressed: {error}")))?;
    let mut blob = vec![VERSION, 1];
    blob.extend(count.to_le_bytes());
    blob.extend(body);
    Ok(blob)
}

fn unpacked<T: Number + Default>(blob: &[u8]) -> Result<Vec<T>> {
    let Some((&[VERSION, 1, a, b, c, d], body)) = blob.split_first_chunk::<6>() else {
        return Err(corrupt("a chunk"));
    };
    let count = u32::from_le_bytes([a, b, c, d]) as usize;
    if count > MAX_SAMPLES {
        return Err(corrupt("a chunk"));
    }
    let mut numbers = vec![T::default(); count];
    let progress = simple_decompress_into(body, &mut numbers).map_err(|_| corrupt("a chunk"))?;
    if progress.n_processed == count && progress.finished { Ok(numbers) } else { Err(corrupt("a chunk")) }
}

/// The hour has one value throughout.
const FLAT: u8 = 0x20;
const HOUR_OF_DAY: u8 = 0x1f;

/// The hours of one day. BLOBs of this kind can be joined end to end.
///
/// Version, number of hours, day; then for each hour: its number and flag in a byte, the count of
/// samples, and minimum, maximum, last value and mean, or the one value of a flat hour. Values are
/// written as what differs from the one before (see [`put_value`]): they lie close together.
pub(crate) fn hours(day: Timestamp, hours: &[Hour]) -> Vec<u8> {
    let mut blob = vec![VERSION, u8::try_from(hours.len()).unwrap_or(24)];
    blob.extend(day.0.to_le_bytes());
    let mut before = 0;
    for hour in hours.iter().take(24) {
        let of_day = u8::try_from(hour.at.since(day).0 / Millis::HOUR.0).unwrap_or(0) & HOUR_OF_DAY;
        let last = hour.last.to_bits();
        let flat = [hour.min, hour.max, hour.mean].iter().all(|value| value.to_bits() == last);
        blob.push(of_day | if flat { FLAT } else { 0 });
        put_count(&mut blob, hour.count);
        if !flat {
            before = put_value(&mut blob, hour.min, before);
            before = put_value(&mut blob, hour.max, before);
        }
        before = put_value(&mut blob, hour.last, before);
        if !flat {
            put_value(&mut blob, hour.mean, before);
        }
    }
    blob
}

/// Seven bits a byte, the low ones first; the high bit says that more follow (LEB128).
fn put_count(blob: &mut Vec<u8>, mut count: u32) {
    while count >= 0x80 {
        blob.push(count as u8 | 0x80);
        count >>= 7;
    }
    blob.push(count as u8);
}

/// The bits that differ from `before`, without zero bytes at either end, whose numbers stand in
/// the two halves of the first byte. Returns the bits of the value.
fn put_value(blob: &mut Vec<u8>, value: f64, before: u64) -> u64 {
    let bits = value.to_bits();
    let bytes = (bits ^ before).to_be_bytes();
    let leading = bytes.iter().take_while(|byte| **byte == 0).count();
    let trailing = bytes[leading..].iter().rev().take_while(|byte| **byte == 0).count();
    blob.push((leading << 4 | trailing) as u8);
    blob.extend(&bytes[leading..8 - trailing]);
    bits
}

/// The hours of joined days, ascending.
pub(crate) fn from_hours(data: &[u8]) -> Result<Vec<Hour>> {
    let mut reader = Reader(data);
    let mut hours = Vec::with_capacity(data.len() / 8);
    while !reader.0.is_empty() {
        read_day(&mut reader, &mut hours).ok_or_else(|| corrupt("a row of hours"))?;
    }
    if !hours.is_sorted_by_key(|hour| hour.at) {
        hours.sort_by_key(|hour| hour.at);
    }
    Ok(hours)
}

fn read_day(reader: &mut Reader<'_>, hours: &mut Vec<Hour>) -> Option<()> {
    let [VERSION, count] = reader.take::<2>()? else { return None };
    let day = Timestamp(i64::from_le_bytes(reader.take()?));
    let mut before = 0;
    for _ in 0..count {
        let [head] = reader.take::<1>()?;
        let count = reader.count()?;
        let at = day.plus(Millis::hours(i64::from(head & HOUR_OF_DAY)));
        if head & FLAT != 0 {
            let value = reader.value(&mut before)?;
            hours.push(Hour { at, count, min: value, max: value, mean: value, last: value });
            continue;
        }
        let (min, max) = (reader.value(&mut before)?, reader.value(&mut before)?);
        let last = reader.value(&mut before)?;
        let mean = reader.value(&mut before.clone())?;
        hours.push(Hour { at, count, min, max, mean, last });
    }
    Some(())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn count(&mut self) -> Option<u32> {
        let mut count = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.take::<1>()?;
            count |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(count);
            }
        }
        None
    }

    fn value(&mut self, before: &mut u64) -> Option<f64> {
        let [zeros] = self.take::<1>()?;
        let (leading, trailing) = (usize::from(zeros >> 4), usize::from(zeros & 0x0f));
        let len = 8usize.checked_sub(leading + trailing)?;
        let (kept, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        let mut bytes = [0; 8];
        bytes.get_mut(leading..leading + len)?.copy_from_slice(kept);
        *before ^= u64::from_be_bytes(bytes);
        Some(f64::from_bits(*before))
    }
}

/// The hours that samples in ascending order sum up to.
pub(crate) fn summed(samples: &[Sample]) -> Vec<Hour> {
    let mut hours: Vec<Hour> = vec![];
    for sample in samples {
        match hours.last_mut() {
            Some(hour) if hour.at == sample.at.hour_start() => *hour = hour.with(sample.value),
            _ => hours.push(Hour::of(*sample)),
        }
    }
    hours
}

/// Hours of two sources, both ascending. An hour that both know is summed; what came late
/// (`second`) does not change its last value.
pub(crate) fn merged(first: Vec<Hour>, second: Vec<Hour>) -> Vec<Hour> {
    let mut all = first;
    if second.is_empty() {
        return all;
    }
    all.extend(second);
    all.sort_by_key(|hour| hour.at);
    all.dedup_by(|late, kept| {
        let same = late.at == kept.at;
        if same {
            let count = kept.count + late.count;
            kept.mean += (late.mean - kept.mean) * f64::from(late.count) / f64::from(count.max(1));
            (kept.min, kept.max, kept.count) = (kept.min.min(late.min), kept.max.max(late.max), count);
        }
        same
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: Timestamp = Timestamp(20_000 * 86_400_000);

    fn sample(at: i64, value: f64) -> Sample {
        Sample { at: DAY.plus(Millis(at)), value }
    }

    #[test]
    fn of_two_samples_of_one_instant_the_first_stays() {
        let samples = from_tail(&tail(&[sample(60, 2.0), sample(5, 1.0), sample(60, 3.0)])).unwrap();
        assert_eq!(samples, [sample(5, 1.0), sample(60, 2.0)]);
    }

    #[test]
    fn an_hour_known_from_two_sources_is_summed_up() {
        let (first, second) = (summed(&[sample(0, 1.0), sample(9, 3.0)]), summed(&[sample(5, 8.0)]));
        let both = merged(first, second);
        assert_eq!(both, [Hour { at: DAY, count: 3, min: 1.0, max: 8.0, mean: 4.0, last: 3.0 }]);
    }

    proptest! {
        #[test]
        fn chunks_give_back_what_was_sealed(values in prop::collection::vec((0i64..86_400_000, -1e12..1e12f64), 1..400)) {
            let mut samples: Vec<Sample> = values.into_iter().map(|(at, value)| sample(at, value)).collect();
            in_order(&mut samples);
            let read = from_chunk(&instants(&samples).unwrap(), &super::values(&samples).unwrap()).unwrap();
            prop_assert_eq!(&read, &samples);
            let hours = summed(&samples);
            prop_assert_eq!(from_hours(&super::hours(DAY, &hours)).unwrap(), hours);
        }

        #[test]
        fn damaged_blobs_are_errors_or_numbers_but_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..40) {
            let _ = from_tail(&bytes);
            let _ = from_hours(&bytes);
            let _ = unpacked::<f64>(&bytes);
            let mut chunk = packed(&[1.0, 2.0, 3.5]).unwrap();
            let index = at % chunk.len();
            chunk[index] ^= 0x55;
            let _ = unpacked::<f64>(&chunk);
        }
    }
}
