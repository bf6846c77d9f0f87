"""Samples of a volume under a pretended clock, or under the true one."""

import gzip
import random
import subprocess
import tempfile
import time

from .volume import MIB

DAY = 86_400
HOUR = 3_600
WEEKDAYS = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"]


class Recording:
    """Seconds below 0 are lived through but not kept."""

    def __init__(self, volume, name):
        self.volume, self.rows, self.now = volume, [], 0
        self.random = random.Random(name)

    def sample(self):
        if self.now >= 0 and (not self.rows or self.now > self.rows[-1][0]):
            self.rows.append((round(self.now), *self.volume.measure()))

    def live(self, days, step, work, jobs=(), before=0):
        """Lives through days, after those `before` the first that is kept.

        `work(day, hour)` is done once every `step` seconds; `jobs` are (hour, weekdays or None, job) in the
        order of the day, and each `job(day)` is done once on each of its days.
        """
        for day in range(-before, days):
            self.now = day * DAY
            due = [job for job in jobs if job[1] is None or weekday(day) in job[1]]
            while self.now < (day + 1) * DAY:
                hour = (self.now - day * DAY) / HOUR
                while due and hour >= due[0][0]:
                    due.pop(0)[2](day)
                work(day, hour)
                self.now = (self.now // step + 1) * step
                self.sample()

    def job(self, *command, scale, every=60, **options):
        """A program runs; a real second of it counts as `scale`, and it is sampled every `every` of those."""
        said = tempfile.TemporaryFile("w+")
        process = self.volume.start(*command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **options)
        begun, real = self.now, time.monotonic()
        while process.poll() is None:
            time.sleep(every / scale)
            self.now = begun + (time.monotonic() - real) * scale
            self.sample()
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{command[0]} failed ({process.returncode}): {said.read()[-2000:]}")
        self.now += 1
        self.sample()

    def watch(self, seconds, every, each=lambda elapsed: None):
        """The true clock."""
        begun, next_at = time.monotonic() - self.now, self.now
        end = self.now + seconds
        while next_at <= end:
            time.sleep(max(0.0, begun + next_at - time.monotonic()))
            each(next_at)
            self.now = time.monotonic() - begun
            self.sample()
            next_at += every

    def save(self, path):
        path.parent.mkdir(exist_ok=True)
        text = "time_s,used_bytes,size_bytes\n" + "".join(f"{t},{used},{size}\n" for t, used, size in self.rows)
        # No time and no name inside: the same rows give the same file.
        path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))

    def summary(self):
        shares = [100 * used / size for _, used, size in self.rows]
        peak = max(used for _, used, _ in self.rows) / MIB
        return f"{len(shares)} samples, {min(shares):.1f} to {max(shares):.1f} %, {peak:.0f} MiB at most"


def weekday(day):
    """Of a pretended day: day 0 is a Thursday, as it is in Unix time."""
    return WEEKDAYS[day % 7]


def is_weekend(day):
    return weekday(day) in ("saturday", "sunday")


class Office:
    """How busy people are: mostly from 8 to 18, less at weekends, no two days the same."""

    def __init__(self, luck, spread=0.2):
        self.luck, self.spread, self.days = luck, spread, {}

    def __call__(self, day, hour):
        today = self.days.setdefault(day, self.luck.uniform(1 - self.spread, 1 + self.spread))
        if not 8 <= hour < 18:
            return 0.1 * today
        return (0.15 if is_weekend(day) else 1.0) * today * self.luck.uniform(0.6, 1.4)
