"""Logs under logrotate, and a journal under journalctl."""

import subprocess
import sys
import uuid

from .. import writer
from ..recording import Office
from ..volume import MIB, run

ROTATION = """
{log} {{
    {rules}
    missingok
    notifempty
    create 0644 {user} {group}
    su root root
    postrotate
        kill -HUP {pid}
    endscript
}}
"""


class Log:
    """A log with its writer and its rotation."""

    def __init__(self, recording, rules, user="root", group="root"):
        self.recording, volume = recording, recording.volume
        self.path = volume.folder("log", f"{user}:{group}") / "access.log"
        command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", sys.executable, writer.__file__]
        self.writer = volume.start(*command, self.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        pid = int(self.writer.stdout.readline())
        self.rules, self.state = volume.work / "logrotate.conf", volume.work / "logrotate.state"
        text = ROTATION.format(log=self.path, rules="\n    ".join(rules), user=user, group=group, pid=pid)
        self.rules.write_text(text)
        self.rules.chmod(0o644)

    def write(self, amount):
        """Returns the bytes that could be written."""
        print(round(amount), file=self.writer.stdin, flush=True)
        return int(self.writer.stdout.readline())

    def rotate(self, scale, *options):
        self.recording.job("logrotate", *options, "--state", self.state, self.rules, scale=scale)


class Nightly:
    NAME, CLOCK, SIZE_MIB, LIMIT_S = "logs-nightly", "pretended", 330, 900

    @staticmethod
    def run(recording):
        office = Office(recording.random)
        log = Log(recording, ["daily", "rotate 7", "compress", "delaycompress"])
        work = lambda day, hour: log.write(1.0 * MIB * office(day, hour))
        night = lambda day: log.rotate(300, "--force")
        recording.live(28, 600, work, [(0, None, night)], before=9)


class BySize:
    """From the first line on, so the number of generations is reached while it is watched."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "logs-by-size", "pretended", 200, 900

    @staticmethod
    def run(recording):
        office = Office(recording.random)
        log = Log(recording, ["size 10M", "rotate 12", "compress"])
        recording.volume.ballast(30)

        def work(day, hour):
            log.write(0.7 * MIB * office(day, hour))
            if hour == int(hour):
                log.rotate(600)

        recording.live(24, 600, work)


class True_:
    """A log that floods on purpose and is rotated twice a minute."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "logs-true-time", "true", 160, 900

    @staticmethod
    def run(recording):
        log = Log(recording, ["size 12M", "rotate 3", "compress", "delaycompress"])
        recording.volume.ballast(60)

        def each(second):
            log.write(recording.random.uniform(1.5, 3.5) * MIB)
            if second % 30 == 0:
                run("logrotate", "--state", log.state, log.rules)

        recording.watch(600, 5, each)


class Journal:
    NAME, CLOCK, SIZE_MIB, LIMIT_S = "journal-vacuum", "pretended", 400, 900

    @staticmethod
    def run(recording):
        office, volume = Office(recording.random), recording.volume
        folder = volume.folder("journal")
        volume.ballast(100)
        remote = "/usr/lib/systemd/systemd-journal-remote"
        command = [remote, f"--output={folder}/remote.journal", "--split-mode=none", "-"]
        process = volume.start(*command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        boot, moment = uuid.UUID(int=recording.random.getrandbits(128)).hex, 1_767_571_200_000_000

        def work(day, hour):
            nonlocal moment
            for _ in range(round(500 * office(day, hour))):
                moment += 1_000
                message = f"session {recording.random.getrandbits(64):x} of user {recording.random.randrange(500)}"
                entry = f"__REALTIME_TIMESTAMP={moment}\n__MONOTONIC_TIMESTAMP={moment}\n_BOOT_ID={boot}\n"
                entry += f"MESSAGE={message}\nPRIORITY=6\nSYSLOG_IDENTIFIER=sshd\n_PID={recording.random.randrange(9999)}\n\n"
                process.stdin.write(entry.encode())
            process.stdin.flush()

        def vacuum(day):
            recording.job("journalctl", f"--directory={folder}", "--vacuum-size=24M", scale=300)

        recording.live(28, 300, work, [(4, ["sunday"], vacuum)], before=3)


SCENARIOS = [Nightly, BySize, True_, Journal]
