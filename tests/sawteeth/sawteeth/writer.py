"""A program that writes a log: lines of a web server, as many bytes as each line on its input says.

Opens the file anew on SIGHUP, as daemons do after a rotation. Says what it wrote after each order, so
that whoever measures then measures what is there.
"""

import os
import random
import signal
import sys

WORDS = "index cart login search api/v1/orders static/app.js img/logo.png admin report export".split()


def pool(luck, lines=20_000):
    def line():
        address = ".".join(str(luck.randrange(256)) for _ in range(4))
        moment = f"{luck.randrange(24):02}:{luck.randrange(60):02}:{luck.randrange(60):02}"
        what = f"/{luck.choice(WORDS)}?id={luck.randrange(10**8)}"
        return f'{address} - - [{moment}] "GET {what} HTTP/1.1" 200 {luck.randrange(90_000)} "-" "Mozilla/5.0"\n'

    return [line().encode() for _ in range(lines)]


def main(path):
    luck = random.Random(path.rsplit("/", 1)[-1])
    lines = pool(luck)
    log = open(path, "ab", buffering=0)

    def reopen(*_):
        nonlocal log
        log.close()
        log = open(path, "ab", buffering=0)

    signal.signal(signal.SIGHUP, reopen)
    print(os.getpid(), flush=True)
    for order in sys.stdin:
        left, written = int(order), 0
        while left > 0:
            chunk = b"".join(luck.choices(lines, k=min(3_000, left // 100 + 1)))
            try:
                written += log.write(chunk)
            except OSError:
                break
            left -= len(chunk)
        print(written, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
