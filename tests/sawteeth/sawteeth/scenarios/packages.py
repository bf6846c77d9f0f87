"""A small Debian that upgrades itself."""

from ..volume import run

#: Upgrades that come on some night: reinstalling unpacks a package beside its old self as an upgrade does.
SMALL = ["libssl3", "bash", "tzdata", "libc6", "coreutils", "perl-base", "dpkg", "gpgv", "login", "util-linux"]
#: What somebody tries and throws away a few days later.
LARGE = ["gcc", "python3-numpy", "git", "vim-nox", "gdb"]


class Upgrades:
    """Unattended upgrades at six; the cache is cleaned on Sundays, as APT::Periodic::CleanInterval does."""

    NAME, CLOCK, SIZE_MIB, LIMIT_S = "apt-upgrades", "pretended", 710, 1500

    @staticmethod
    def run(recording):
        volume, luck = recording.volume, recording.random
        root = volume.folder("debian")
        mirror, release = source()
        # Whatever the machine uses to reach its mirror, the small Debian uses as well.
        run("debootstrap", "--variant=minbase", release, root, mirror)
        for folder in ("proc", "dev"):
            run("mount", "--bind", f"/{folder}", root / folder)
            volume.at_end(run, "umount", root / folder)
        (root / "etc/apt/apt.conf.d/99recorded").write_text(run("apt-config", "dump", "Acquire::http::Proxy"))
        # Kept until it is cleaned, as without this file of minimal images.
        keep = ["-o", "Binary::apt-get::APT::Keep-Downloaded-Packages=true", "-o", "APT::Sandbox::User=root"]
        apt = ["chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", "-qq", "-y", *keep]

        def do(*words):
            recording.job(*apt, *words, scale=60)

        def upgrade(day):
            do("update")
            do("install", "--reinstall", *luck.sample(SMALL, luck.randrange(1, 5)))
            if day % 9 == 4:
                do("install", "--no-install-recommends", LARGE[day // 9 % len(LARGE)])
            if day % 9 == 7:
                do("autoremove", "--purge", LARGE[day // 9 % len(LARGE)])

        recording.live(28, 900, lambda *_: None, [(6, None, upgrade), (7, ["sunday"], lambda _: do("clean"))])


def source():
    """Mirror and release of the machine itself."""
    lines = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages")
    candidates = [line.split() for line in lines.splitlines()]
    mirror, release = next((uri, name) for uri, name in candidates if "-" not in name and "debian" in uri)
    return mirror, release


SCENARIOS = [Upgrades]
