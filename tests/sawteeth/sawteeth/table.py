"""What the recordings are like, as a table beside them."""

import csv
import gzip

from .scenarios import ALL

HEAD = ["name", "clock", "samples", "length_s", "size_bytes", "lowest_pct", "highest_pct", "begins_s", "full_s"]

#: What ext4 keeps for its own tables when a user's write fails.
SPARE = 128 * 1024


def write(path, data):
    rows = [row(name, data / f"{name}.csv.gz") for name in ALL if (data / f"{name}.csv.gz").exists()]
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *rows])


def row(name, path):
    with gzip.open(path, "rt") as file:
        points = [[int(word) for word in line.split(",")] for line in file.readlines()[1:]]
    shares = [100 * used / size for _, used, size in points]
    begins = getattr(ALL[name], "BEGINS_S", None)
    full = next((at for at, used, size in points if size - used < SPARE), None)
    head = [name, ALL[name].CLOCK, len(points), points[-1][0] - points[0][0], points[-1][2]]
    return [*head, f"{min(shares):.1f}", f"{max(shares):.1f}", begins, full]
