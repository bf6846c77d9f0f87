"""Jobs that need much room for a short while."""

import os
import sqlite3

from ..recording import Office
from ..volume import MIB


class Sort:
    """Sorts an export each night: temporary files as large as it, then the result in place of yesterday's."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "sort-nightly", "pretended", 420, 900

    @staticmethod
    def run(recording):
        volume = recording.volume
        export, temporary, result = volume.path / "export.csv", volume.folder("tmp"), volume.path / "sorted.csv"
        volume.ballast(60)
        lines = [recording.random.randbytes(40).hex().encode() + b"\n" for _ in range(60_000)]

        def night(_):
            with open(export, "wb") as file:
                for _ in range(round(recording.random.uniform(12, 16))):
                    file.write(b"".join(recording.random.sample(lines, len(lines))))
            recording.now += 120
            recording.sample()
            options = {"env": os.environ | {"LC_ALL": "C"}}
            command = ["sort", "--parallel=1", "-S", "6M", "-T", temporary, "-o", volume.path / "new.csv", export]
            recording.job(*command, scale=300, **options)
            (volume.path / "new.csv").rename(result)
            export.unlink()
            recording.now += 60
            recording.sample()

        recording.live(24, 300, lambda *_: None, [(3, None, night)], before=1)


class Vacuum:
    """Messages of two weeks; on Sundays older ones are deleted and the database is vacuumed."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "sqlite-vacuum", "pretended", 436, 900

    @staticmethod
    def run(recording):
        volume, office = recording.volume, Office(recording.random)
        path = volume.path / "messages.sqlite"
        database = sqlite3.connect(path)
        volume.at_end(database.close)
        database.execute("CREATE TABLE message (day INTEGER, body BLOB)")
        database.execute("CREATE INDEX by_day ON message (day)")

        def work(day, hour):
            count = round(60 * office(day, hour))
            bodies = [(day, recording.random.randbytes(recording.random.randrange(500, 4_000))) for _ in range(count)]
            database.executemany("INSERT INTO message VALUES (?, ?)", bodies)
            database.commit()

        def tidy(day):
            statements = f"PRAGMA journal_mode = DELETE; DELETE FROM message WHERE day < {day - 14}; VACUUM;"
            environment = os.environ | {"SQLITE_TMPDIR": str(volume.path)}
            recording.job("sqlite3", path, statements, scale=300, env=environment)

        recording.live(35, 900, work, [(1.5, ["sunday"], tidy)], before=24)


SCENARIOS = [Sort, Vacuum]
