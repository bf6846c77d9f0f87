"""A small ext4 file system in a file, mounted through a loop device for as long as it is needed."""

import contextlib
import os
import subprocess
import time

MIB = 1024 * 1024


def run(*command, **options):
    """Runs a program to its end; silent unless it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
    return done.stdout


class Volume:
    """Mounted at `path`; `work` beside it is for what must not lie on the volume."""

    def __init__(self, work, size_mib):
        self.work, self.path, self.size_mib = work, work / "volume", size_mib
        self._ending = contextlib.ExitStack()

    def __enter__(self):
        image = self.work / "image"
        with open(image, "wb") as file:
            file.truncate(self.size_mib * MIB)
        run("mkfs.ext4", "-q", "-F", image)
        self.path.mkdir()
        # The loop device goes by itself with the mount.
        run("mount", "-o", "loop,noatime", image, self.path)
        self._ending.callback(self._unmount)
        return self

    def __exit__(self, *_):
        self._ending.close()

    def at_end(self, function, *arguments):
        """Called before the volume is unmounted, the last named first."""
        self._ending.callback(function, *arguments)

    def start(self, *command, **options):
        """Starts a program that is ended with the volume, if it has not ended by then."""
        process = subprocess.Popen([str(word) for word in command], **options)
        self.at_end(stop, process)
        return process

    def ballast(self, mib):
        """What else lies there: allocated, never written."""
        with open(self.path / "rest", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, mib * MIB)

    def folder(self, name, owner=None):
        folder = self.path / name
        folder.mkdir(parents=True)
        if owner:
            run("chown", owner, folder)
        return folder

    def measure(self):
        """Used bytes and size, as the agent's probe disk_space understands them."""
        stat = os.statvfs(self.path)
        used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize
        return used, used + stat.f_bavail * stat.f_frsize

    def _unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.path], capture_output=True).returncode == 0:
                return
            time.sleep(0.2)
        run("umount", "--lazy", self.path)


def stop(process):
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
