"""The command line: one sub-command per scenario."""

import argparse
import os
import signal
import tempfile
from pathlib import Path

from . import table
from .recording import Recording
from .scenarios import ALL
from .volume import Volume

HERE = Path(__file__).resolve().parent.parent


def main(words):
    parser = argparse.ArgumentParser(prog="record", description="See README.md.")
    parser.add_argument("what", choices=[*ALL, "all", "table"], nargs="+")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where recordings go")
    parser.add_argument("--work", type=Path, default="/var/tmp", help="where the images lie meanwhile")
    arguments = parser.parse_args(words)
    names = list(ALL) if "all" in arguments.what else [name for name in arguments.what if name != "table"]
    os.nice(10)
    # Whatever ends the recording unwinds it, so that nothing stays mounted or running.
    signal.signal(signal.SIGTERM, lambda *_: exit("ended by a signal"))
    signal.signal(signal.SIGALRM, lambda *_: exit("took longer than the scenario may"))
    for name in names:
        record(name, arguments)
    table.write(arguments.data.parent / "recordings.csv", arguments.data)


def record(name, arguments):
    scenario = ALL[name]
    signal.alarm(scenario.LIMIT_S)
    with tempfile.TemporaryDirectory(prefix="saw-", dir=arguments.work) as work:
        os.chmod(work, 0o755)
        with Volume(Path(work), scenario.SIZE_MIB) as volume:
            recording = Recording(volume, name)
            scenario.run(recording)
        recording.save(arguments.data / f"{name}.csv.gz")
    signal.alarm(0)
    print(f"{name}: {recording.summary()}", flush=True)
