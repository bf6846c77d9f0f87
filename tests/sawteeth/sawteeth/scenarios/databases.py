"""PostgreSQL with its write-ahead log, an archive of it and base backups on one volume."""

import subprocess
from pathlib import Path

from ..recording import Office
from ..volume import run

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
shared_buffers = 16MB
fsync = off
synchronous_commit = off
min_wal_size = 16MB
max_wal_size = {max_wal}MB
checkpoint_timeout = {checkpoint}s
archive_mode = on
archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'
log_checkpoints = off
"""


class Server:
    """Started with the volume's user postgres, ended with the volume."""

    def __init__(self, recording, scale_factor, max_wal, checkpoint):
        self.recording, volume = recording, recording.volume
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.archive, self.backups = volume.folder("archive", "postgres:"), volume.folder("backups", "postgres:")
        cluster, self.socket = volume.folder("cluster", "postgres:"), volume.work / "socket"
        self.socket.mkdir()
        run("chown", "postgres:", self.socket)
        self.run("initdb", "--pgdata", cluster, "--wal-segsize=4", "--locale=C", "--encoding=UTF8", "--no-sync")
        settings = SETTINGS.format(socket=self.socket, archive=self.archive, max_wal=max_wal, checkpoint=checkpoint)
        with open(cluster / "postgresql.conf", "a") as file:
            file.write(settings)
        log = volume.work / "socket" / "log"
        self.run("pg_ctl", "--pgdata", cluster, "--log", log, "--wait", "start")
        volume.at_end(self.run, "pg_ctl", "--pgdata", cluster, "--wait", "--mode=immediate", "stop")
        self.run("pgbench", "--initialize", "--quiet", f"--scale={scale_factor}", "postgres")

    def command(self, program, *words):
        return ["runuser", "-u", "postgres", "--", "env", f"PGHOST={self.socket}", self.bin / program, *words]

    def run(self, program, *words):
        # Files, not pipes: what the server inherits must not keep anyone waiting.
        done = subprocess.run(
            [str(word) for word in self.command(program, *words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        if done.returncode != 0:
            raise SystemExit(f"{program} failed ({done.returncode})")

    def work(self, transactions):
        self.run("pgbench", "--no-vacuum", f"--transactions={transactions}", "postgres")

    def base_backup(self, scale):
        """A new one, then the old goes, and the archive before the new one."""
        old, new = self.backups / "base", self.backups / "new"
        command = self.command("pg_basebackup", "--format=tar", "--gzip", "--wal-method=none", "--checkpoint=fast")
        self.recording.job(*command, "--no-sync", "--pgdata", new, scale=scale, cwd="/")
        if old.exists():
            run("rm", "-r", old)
        new.rename(old)
        first = max(path.name for path in self.archive.glob("*.backup"))
        self.run("pg_archivecleanup", self.archive, first)
        self.recording.now += 60
        self.recording.sample()


class Archive:
    """The archive grows all day until the nightly base backup makes it superfluous."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "postgres-archive", "pretended", 500, 900

    @staticmethod
    def run(recording):
        server, office = Server(recording, 3, 48, 3600), Office(recording.random)
        work = lambda day, hour: server.work(max(1, round(140 * office(day, hour))))
        night = lambda _: server.base_backup(300)
        recording.live(24, 900, work, [(2.5, None, night)], before=2)


class Wal:
    """The write-ahead log recycles itself, and the archive is cleaned every minute."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "postgres-wal-true-time", "true", 210, 1300

    @staticmethod
    def run(recording):
        server = Server(recording, 3, 32, 60)
        bench = server.command("pgbench", "--no-vacuum", "--rate=90", "--time=930", "postgres")
        recording.volume.start(*bench, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

        def each(second):
            segments = sorted(path.name for path in server.archive.iterdir() if len(path.name) == 24)
            if second % 60 == 0 and len(segments) > 2:
                server.run("pg_archivecleanup", server.archive, segments[-2])

        recording.watch(900, 5, each)


SCENARIOS = [Archive, Wal]
