//! A cable of the lab: frames that enter one network device leave another, as the weather of the link allows.
//!
//! Both ends are TAP devices, which may be moved to other namespaces while this process holds them.

use crate::{
    shaper::{Shaper, Weather},
    time::Clock,
};
use anyhow::{Context, Result};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// Frames longer than an MTU of 1,500 bytes do not come.
const FRAME: usize = 2_048;
const IDLE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Relay {
    usual: Weather,
    weather: Arc<Mutex<Weather>>,
}

/// When it is due, its place among those that are due at once, and the frame.
type Due = Reverse<(u64, u64, Vec<u8>)>;

#[derive(Default)]
struct Queue {
    frames: Mutex<BinaryHeap<Due>>,
    news: Condvar,
}

impl Relay {
    /// Makes both devices, by name, and passes frames between them until the process ends.
    ///
    /// # Errors
    /// When the devices cannot be made; it needs root.
    pub fn start([left, right]: [&str; 2], usual: Weather, seed: u64) -> Result<Self> {
        let weather = Arc::new(Mutex::new(usual));
        let clock = Clock::start();
        let [left_end, right_end] = [end(left)?, end(right)?];
        for (name, from, to) in [(left, &left_end, &right_end), (right, &right_end, &left_end)] {
            let queue = Arc::new(Queue::default());
            let (shaper, weather) = (Shaper::new(seed, name), weather.clone());
            let (from, to, filled) = (from.clone(), to.clone(), queue.clone());
            thread::spawn(move || take(&from, &filled, shaper, &weather, clock));
            thread::spawn(move || give(&to, &queue, clock));
        }
        Ok(Self { usual, weather })
    }

    /// The weather without faults.
    pub const fn usual(&self) -> Weather {
        self.usual
    }

    pub fn set(&self, weather: Weather) {
        *locked(&self.weather) = weather;
    }
}

fn end(name: &str) -> Result<Arc<SyncDevice>> {
    let device = DeviceBuilder::new().name(name).layer(Layer::L2).build_sync();
    Ok(Arc::new(device.with_context(|| format!("the device {name} cannot be made"))?))
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Until the device is gone. While it is down, what is read fails, and waiting is all that can be done.
fn take(from: &SyncDevice, queue: &Queue, mut shaper: Shaper, weather: &Mutex<Weather>, clock: Clock) {
    let mut frame = [0; FRAME];
    let mut number = 0;
    loop {
        let Ok(len) = from.recv(&mut frame) else {
            clock.wait_until(Duration::from_micros(clock.micros()) + Duration::from_millis(5));
            continue;
        };
        let now = *locked(weather);
        let Some(due) = shaper.pass(clock.micros(), len, &now) else { continue };
        number += 1;
        locked(&queue.frames).push(Reverse((due, number, frame[..len].to_vec())));
        queue.news.notify_one();
    }
}

fn give(to: &SyncDevice, queue: &Queue, clock: Clock) {
    let mut frames = locked(&queue.frames);
    loop {
        let wait = frames.peek().map(|Reverse((due, ..))| due.saturating_sub(clock.micros()));
        if wait == Some(0) {
            if let Some(Reverse((.., frame))) = frames.pop() {
                drop(frames);
                // A device that is down takes nothing: that is a cable which is not plugged in.
                let _ = to.send(&frame);
                frames = locked(&queue.frames);
            }
            continue;
        }
        let wait = wait.map_or(IDLE, Duration::from_micros);
        frames = queue.news.wait_timeout(frames, wait).unwrap_or_else(PoisonError::into_inner).0;
    }
}
