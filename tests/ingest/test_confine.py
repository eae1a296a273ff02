"""What a reader cannot do even if a hostile file took it over, tried for real on this kernel."""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.ingest.confine import Confinement
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from onrecord.ingest.tools import tesseract
from tests.ingest.confined import confined, held
from tests.ingest.making import png

REFUSED = "PermissionError"


@pytest.fixture(scope="module")
def system() -> Confinement:
    """What this system offers."""
    return held()


@pytest.fixture
def _landlock(system: Confinement) -> None:
    if not system.landlock:
        pytest.skip("this kernel has no Landlock; the sandbox says so in its report")


@pytest.fixture
def _seccomp(system: Confinement) -> None:
    if not system.seccomp:
        pytest.skip("this kernel has no seccomp; the sandbox says so in its report")


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of the same user."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


@pytest.mark.usefixtures("_landlock")
def test_it_opens_no_file_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    assert confined(f"open({str(tmp_path / 'secret')!r}).read()") == REFUSED
    assert confined("open('/etc/passwd').read()") == REFUSED
    assert confined("open('/proc/self/environ').read()") == REFUSED
    assert confined("os.listdir('/root')") == REFUSED
    assert confined("os.listdir('/home')") == REFUSED


@pytest.mark.usefixtures("_landlock")
@pytest.mark.parametrize(
    "act",
    ["open('{}/new', 'w')", "os.mkdir('{}/new')", "os.symlink('/', '{}/new')", "os.mkfifo('{}/new')",
     "os.rename('{}/there', '{}/new')", "os.link('{}/there', '{}/new')", "os.unlink('{}/there')",
     "open('{}/there', 'a')", "open('/dev/shm/new', 'w')"],
)  # fmt: skip
def test_it_writes_makes_and_removes_nothing(tmp_path: Path, act: str) -> None:
    (tmp_path / "there").write_text("stays")
    assert confined(act.replace("{}", str(tmp_path))) in {REFUSED, "OSError"}
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("there", "stays")]


@pytest.mark.usefixtures("_seccomp")
@pytest.mark.parametrize(
    "act",
    ["os.fchmod(file, 0o777)", "os.utime(file, (0, 0))", "os.setxattr(file, 'user.a', b'b')", "os.fchown(file, 0, 0)",
     "os.chmod(path, 0o777)", "os.truncate(path, 0)"],
)  # fmt: skip
def test_it_cannot_change_an_original_through_its_read_only_handle(tmp_path: Path, act: str) -> None:
    original = tmp_path / "original"
    original.write_text("as it was")
    original.chmod(0o444)
    before = original.stat()
    assert confined(act, original=original) == REFUSED
    after = original.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_uid) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_uid,
    )
    assert original.read_text() == "as it was"


def test_it_reaches_no_network(system: Confinement) -> None:
    if not system.network_closed:
        pytest.skip(
            "this kernel offers neither network namespaces nor seccomp; the sandbox says so in its report"
        )
    assert confined("socket.socket()") == REFUSED
    assert confined("socket.create_connection(('127.0.0.1', 9))") == REFUSED
    assert confined("socket.socket(socket.AF_UNIX)") == REFUSED
    assert confined("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)") == REFUSED


@pytest.mark.usefixtures("_seccomp")
def test_it_starts_no_process_and_no_program() -> None:
    assert confined("os.fork()") == REFUSED
    assert confined("os.execv('/bin/true', ['true'])") == REFUSED
    assert confined("subprocess.run(['/bin/true'])") == REFUSED
    assert confined("os.posix_spawn('/bin/true', ['true'], {})") == REFUSED


@pytest.mark.usefixtures("_seccomp")
def test_it_may_start_threads_which_libraries_need() -> None:
    assert (
        confined("(lambda t: (t.start(), t.join(), t.is_alive()))(threading.Thread(target=int))")
        == "(None, None, False)"
    )


@pytest.mark.usefixtures("_seccomp")
def test_it_cannot_touch_another_process(bystander: subprocess.Popen[bytes]) -> None:
    pid = bystander.pid
    assert confined(f"os.kill({pid}, signal.SIGKILL)") == REFUSED
    assert confined(f"os.pidfd_open({pid})") == REFUSED
    assert confined(f"resource.prlimit({pid}, resource.RLIMIT_NOFILE, (1, 1))") == REFUSED
    assert confined(f"os.setpriority(os.PRIO_PROCESS, {pid}, 19)") == REFUSED
    assert bystander.poll() is None


@pytest.mark.usefixtures("_seccomp")
def test_it_cannot_get_rights_back() -> None:
    assert confined("os.setuid(0) if os.getuid() else os.chroot('/')") == REFUSED
    assert confined("os.setsid()") == REFUSED


@pytest.mark.usefixtures("_seccomp")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="system calls by number, those of x86-64")
@pytest.mark.parametrize(
    "number", [41, 56, 57, 101, 165, 272, 308, 319, 321, 323, 425, 0x40000000 + 41], ids=str
)
def test_calls_by_their_number_are_refused_as_well(number: int) -> None:
    assert confined(f"call({number}, 0, 0, 0, 0)") == repr(os.strerror(1))


def test_it_allocates_no_4_gib() -> None:
    assert confined("len(bytearray(4 << 30))") == "MemoryError"
    assert confined("mmap.mmap(-1, 4 << 30)") in {"OSError", "MemoryError"}
    assert confined("resource.setrlimit(resource.RLIMIT_AS, (-1, -1))") in {REFUSED, "ValueError"}


@pytest.mark.parametrize("what", [resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU])
def test_where_less_is_allowed_than_a_worker_may_have_it_has_less(what: int) -> None:
    allowed = {resource.RLIMIT_NOFILE: 32, resource.RLIMIT_AS: 1 << 30, resource.RLIMIT_CPU: 20}[what]
    program = (
        "import resource; from onrecord.ingest.confine import allow_cpu, limit_resources\n"
        "from onrecord.ingest.limits import Limits\n"
        f"resource.setrlimit({what}, ({allowed}, {allowed}))\n"
        "limit_resources(Limits()); allow_cpu(30)\n"
        f"print(*resource.getrlimit({what}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([str(allowed)] * 2, "")


@pytest.mark.usefixtures("_seccomp")
def test_what_runs_tesseract_may_start_programs_but_has_no_network_and_no_files() -> None:
    assert confined("subprocess.run(['/bin/true']).returncode", programs=True) == "0"
    assert (
        confined("subprocess.run(['/bin/cat', '/etc/passwd'], capture_output=True).stdout", programs=True)
        == "b''"
    )
    assert confined("socket.socket()", programs=True) == REFUSED


@pytest.mark.skipif(tesseract() is None, reason="Tesseract is not installed")
def test_a_worker_that_dies_while_tesseract_runs_leaves_no_process() -> None:
    with Sandbox(Options(ocr="eng", wall_seconds=60), workers=1) as sandbox, tempfile.TemporaryFile() as file:
        (worker,) = sandbox._idle
        file.write(png(3000, 3000))
        file.flush()
        sandbox.submit(file, "a.png", 1)
        time.sleep(0.3)
        os.kill(worker.pid, signal.SIGKILL)
        sandbox.next().spool.close()
        until = time.monotonic() + 10
        while (left := _living(worker.pid)) and time.monotonic() < until:
            time.sleep(0.05)
    assert left == []


def _living(group: int) -> list[str]:
    """The names of the processes of a group that run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = stat.read_text().rpartition(")")
            state, _, pgrp = rest.split()[:3]
            if int(pgrp) == group and state not in {"Z", "X"}:
                found.append(name)
    return found
