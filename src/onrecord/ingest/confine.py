"""What a worker gives up before it sees the first foreign byte, and an honest list of what held.

Network: an empty network namespace, and a seccomp filter that refuses ``socket``. Files: Landlock leaves only
programs and libraries readable, nothing writable. Rights: no new privileges, no capabilities, and no call that
starts a program, signals another process, changes an original's mode or takes memory outside the limit
(:mod:`onrecord.ingest.seccomp`). Each of these needs a kernel that offers it; :class:`Confinement` says which did,
and nothing is claimed that did not.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from onrecord.ingest.limits import Limits
from onrecord.ingest.seccomp import refuse_calls

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWNS = 0x10000000, 0x40000000, 0x20000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
_SCRATCH, _SCRATCH_BYTES = "/tmp", 256 << 20  # noqa: S108 - the folder itself is replaced
_OWN_TABLES = ("/proc/self/maps", "/proc/self/statm", "/dev/random")
_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 38, 4
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_AND_RUN = 1 | 4 | 8  # execute, read file, read folder
_FILE_RIGHTS_BY_ABI = ((5, 0xFFFF), (3, 0x7FFF), (2, 0x3FFF), (1, 0x1FFF))
_libc = ctypes.CDLL(None, use_errno=True)


class Confinement(msgspec.Struct, frozen=True):
    """What holds for the workers of one sandbox."""

    namespace: bool
    seccomp: bool
    landlock: int
    capabilities_dropped: bool
    no_new_privileges: bool

    @property
    def network_closed(self) -> bool:
        """Whether a worker is kept from the network at all."""
        return self.namespace or self.seccomp

    def in_words(self) -> str:
        """One line for the run's report."""
        network = "own network namespace" if self.namespace else "no network namespace"
        files = (
            f"Landlock {self.landlock}" if self.landlock else "no Landlock: files of the user are readable"
        )
        return f"{network}; {'seccomp' if self.seccomp else 'no seccomp'}; {files}"


def confine(limits: Limits, *, programs: bool = False) -> Confinement:
    """Give up rights in this process, for good. Call it in a process with one thread.

    Args:
        programs: whether it may start other programs, which are confined as it is.
    """
    limit_resources(limits)
    return give_up_rights(programs=programs)


def give_up_rights(*, programs: bool = False, scratch: bool = False) -> Confinement:
    """The part of :func:`confine` that is not a matter of amounts.

    Args:
        programs: whether it may start other programs.
        scratch: give it a temporary folder in memory that only it sees, if the kernel allows, and let it read the
            table of its own memory.
    """
    namespace = _own_network()
    writable = [_SCRATCH] if scratch and _own_scratch() else []
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    no_new = _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    readable = [*_needed_folders(), *(_OWN_TABLES if scratch else ())]
    landlock = _landlock(readable, writable) if no_new else 0
    dropped = _drop_capabilities()
    return Confinement(namespace, no_new and refuse_calls(programs=programs), landlock, dropped, no_new)


def limit_resources(limits: Limits, *, addresses: bool = True) -> None:
    """Set the ceilings that last a worker's life; CPU time is set for each file by :func:`allow_cpu`.

    ``addresses`` is False where memory is limited later, by :func:`onrecord.ingest.second.start`.
    """
    if addresses:
        _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, limits.output_bytes + limits.answer_bytes)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, amount: int) -> None:
    """Set a ceiling, soft and hard; one that is lower already stays, since not everybody may raise it."""
    held = resource.getrlimit(what)[1]
    lowest = amount if held == resource.RLIM_INFINITY else min(amount, held)
    resource.setrlimit(what, (lowest, lowest))


def allow_cpu(seconds: int) -> None:
    """Let this process use so many more CPU seconds; the kernel ends it with SIGXCPU after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    held = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if held == resource.RLIM_INFINITY else min(soft, held), held)
    )


def _own_network() -> bool:
    if _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with suppress(OSError):
            Path("/proc/self", name).write_text(line)
    return True


def _own_scratch() -> bool:
    """A file system in memory in place of the folder for temporary files, seen by this process alone."""
    if _libc.unshare(_CLONE_NEWNS) != 0:
        return False
    if _libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        return False
    options = f"size={_SCRATCH_BYTES},mode=700".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    below = [place for place in _needed_folders() if Path(place).is_relative_to(_SCRATCH)]
    kept = {place: os.open(place, os.O_PATH) for place in below}
    if _libc.mount(b"scratch", _SCRATCH.encode(), b"tmpfs", flags, options) != 0:
        return False
    # The program itself may be installed below the folder that is now hidden.
    for place, folder in kept.items():
        os.makedirs(place, exist_ok=True)
        _libc.mount(f"/proc/self/fd/{folder}".encode(), place.encode(), None, _MS_BIND, None)
        os.close(folder)
    return True


def _needed_folders() -> list[str]:
    """Where programs and libraries lie: readable and runnable, never writable."""
    package = Path(__file__).resolve().parents[2]
    places = [
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/ld.so.cache",
        "/dev/null",
        "/dev/urandom",
        "/proc/meminfo",
    ]
    return [place for place in (*places, sys.prefix, sys.base_prefix, str(package)) if os.path.exists(place)]


def _landlock(readable: list[str], writable: list[str]) -> int:
    """The Landlock version now in force, or 0."""
    version = _libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return 0
    rights = next(rights for abi, rights in _FILE_RIGHTS_BY_ABI if version >= abi)
    attributes = struct.pack("<QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _libc.syscall(_LANDLOCK_CREATE, attributes, size, 0)
    if rules < 0:
        return 0
    for place in readable:
        _allow(rules, place, _READ_AND_RUN)
    for place in writable:
        _allow(rules, place, rights & ~1)
    held = _libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0
    os.close(rules)
    return int(version) if held else 0


def _allow(rules: int, place: str, rights: int) -> None:
    folder = os.open(place, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(place):
        rights &= ~8
    if place == "/dev/null":
        rights |= 2
    _libc.syscall(_LANDLOCK_ADD, rules, 1, struct.pack("<Qi", rights, folder), 0)
    os.close(folder)


def _drop_capabilities() -> bool:
    header, nothing = struct.pack("<Ii", 0x20080522, 0), bytes(24)
    return bool(_libc.capset(header, nothing) == 0)
