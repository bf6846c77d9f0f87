"""Backups of a tree that changes, onto a volume of their own."""

import os
from datetime import datetime, timedelta

from ..recording import weekday
from ..volume import MIB, run


class Tree:
    """A share of an office, not on the volume: half text, half what cannot be compressed."""

    def __init__(self, recording, mib):
        self.random = recording.random
        self.path = recording.volume.work / "share"
        self.path.mkdir()
        for number in range(mib * 4):
            self._write(number)
        self.files = mib * 4

    def change(self, mib):
        """As much as people write in a day: new versions of old files, and a few new ones."""
        for _ in range(round(mib * 4)):
            number = self.random.randrange(self.files) if self.random.random() < 0.97 else self.files
            self.files = max(self.files, number + 1)
            self._write(number)

    def _write(self, number):
        size = round(self.random.uniform(0.5, 1.5) * MIB / 4)
        text = self.random.randbytes(size // 2).hex()[:size].encode()
        (self.path / f"{number}").write_bytes(text if number % 2 else self.random.randbytes(size))


class Restic:
    """Backed up each night; on Sundays what is older is forgotten and pruned."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "backup-restic", "pretended", 200, 900

    @staticmethod
    def run(recording):
        volume = recording.volume
        tree, repository = Tree(recording, 40), volume.folder("repository")
        own = {"RESTIC_REPOSITORY": str(repository), "RESTIC_PASSWORD": "recorded"}
        own |= {"RESTIC_CACHE_DIR": str(volume.work / "cache"), "GOMAXPROCS": "1"}
        environment = os.environ | own
        run("restic", "init", env=environment)

        def backup(day):
            tree.change(recording.random.uniform(1, 2) if weekday(day) in ("sunday", "monday") else recording.random.uniform(4, 9))
            moment = datetime(2026, 3, 5, 1) + timedelta(days=day)
            command = ["restic", "backup", "--quiet", "--time", f"{moment:%Y-%m-%d %H:%M:%S}", tree.path]
            recording.job(*command, scale=300, env=environment)

        def prune(_):
            command = ["restic", "forget", "--quiet", "--keep-daily", "7", "--keep-weekly", "3", "--prune"]
            recording.job(*command, "--max-unused", "5%", scale=600, env=environment)

        recording.live(35, 900, lambda *_: None, [(1, None, backup), (5, ["sunday"], prune)], before=24)


class Tar:
    """Five generations: the new one is written before the oldest goes."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "backup-tar", "pretended", 312, 900

    @staticmethod
    def run(recording):
        tree, folder = Tree(recording, 48), recording.volume.folder("backup")

        def backup(day):
            tree.change(recording.random.uniform(3, 6))
            path = folder / f"{day + 100:04}.tar.gz"
            recording.job("tar", "--use-compress-program=gzip -1", "-cf", path, "-C", tree.path, ".", scale=600)
            for old in sorted(folder.iterdir())[:-5]:
                old.unlink()
            recording.now += 60
            recording.sample()

        recording.live(24, 900, lambda *_: None, [(2, None, backup)], before=6)


SCENARIOS = [Restic, Tar]
