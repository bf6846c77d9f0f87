"""Writers that do not stop: ordinary days, then the volume fills to the last byte that a user may write."""

import subprocess
import time

from ..recording import DAY, HOUR, Office
from ..volume import MIB, run
from .logs import Log

DAYS = 21


class Copy:
    """A share of an office on which a copy goes on and on."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "runaway-dd", "pretended", 420, 900
    BEGINS_S = DAYS * DAY + 14 * HOUR

    @staticmethod
    def run(recording):
        volume, office, luck = recording.volume, Office(recording.random), recording.random
        share = volume.folder("share", "nobody:nogroup")
        volume.ballast(150)

        def work(day, hour):
            if luck.random() < 0.5 * office(day, hour):
                (share / f"{luck.randrange(250)}").write_bytes(bytes(luck.randrange(1, 500_000)))

        recording.live(DAYS, 300, work, before=7)
        while recording.now < Copy.BEGINS_S:
            work(DAYS, (recording.now - DAYS * DAY) / HOUR)
            recording.now += 300
            recording.sample()
        used, size = volume.measure()
        Copy.fill(recording, (size - used) / 50)
        stay(recording)

    @staticmethod
    def fill(recording, rate):
        """dd takes what comes through a pipe until nothing fits any more; a real second counts as a minute."""
        target = recording.volume.path / "share" / "copy.img"
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "dd", "bs=64k", "iflag=fullblock"]
        process = recording.volume.start(*command, f"of={target}", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        begun, real, fed = recording.now, time.monotonic(), 0
        next_sample = begun + 60
        while process.poll() is None:
            elapsed = (time.monotonic() - real) * 60
            try:
                missing = int(rate / 60 * elapsed) - fed
                fed += process.stdin.write(bytes(max(0, missing)))
                process.stdin.flush()
            except BrokenPipeError:
                process.wait()
            time.sleep(0.05)
            recording.now = begun + elapsed
            if recording.now >= next_sample:
                recording.sample()
                next_sample += 60


class Flood:
    """A log that repeats an error many times a second, on a volume where logs are rotated each night."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "runaway-log", "pretended", 312, 900
    BEGINS_S = DAYS * DAY + 10 * HOUR

    @staticmethod
    def run(recording):
        office = Office(recording.random)
        rules = ["daily", "rotate 7", "compress", "delaycompress"]
        log = Log(recording, rules, user="nobody", group="nogroup")
        work = lambda day, hour: log.write(0.6 * MIB * office(day, hour))
        recording.live(DAYS, 600, work, [(0, None, lambda _: log.rotate(300, "--force"))], before=9)
        log.rotate(300, "--force")
        recording.now = DAYS * DAY
        while recording.now < Flood.BEGINS_S:
            recording.now += 600
            work(DAYS, (recording.now - DAYS * DAY) / HOUR)
            recording.sample()
        used, size = recording.volume.measure()
        fits = True
        while fits:
            recording.now += 60
            wanted = round((size - used) / 150 * recording.random.uniform(0.8, 1.2))
            fits = log.write(wanted) >= wanted
            recording.sample()
        stay(recording)


def stay(recording, hours=3):
    """Nobody clears it."""
    end = recording.now + hours * HOUR
    while recording.now < end:
        recording.now += 60
        recording.sample()


SCENARIOS = [Copy, Flood]
