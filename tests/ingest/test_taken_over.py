"""A reader that a hostile file has taken over: whatever it does, its file has a named outcome and the next one is read.

Readers are found by kind in the worker's process. Here the reader of plain text runs the text as Python, once the worker
has given up its rights, so that each file is a program by an attacker who has the worker wholly in hand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from onrecord.errors import OnrecordError
from onrecord.ingest.answer import Answer
from onrecord.ingest.catalogue import open_catalogue
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options
from onrecord.ingest.stream import Malformed
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record, verify
from onrecord.search.collection import Collection

TAKEN_OVER = """
import onrecord.ingest.drawing as drawing
import onrecord.ingest.readers as readers
from onrecord.ingest.readers.base import Reader
from onrecord.ingest.reading import Finding, Piece

def run(source):
    import ctypes, os, signal, socket, stat, struct, sys, threading, time
    from onrecord.ingest import reading, stream, tasks
    from onrecord.ingest.reading import Child, Table
    source.file.seek(0)
    text = source.file.read().decode()
    sock = next(fd for fd in range(3, 64) if is_socket(fd))
    said = dict(globals(), **vars())
    exec(text, said)
    return said

def found(source):
    said = run(source)
    return said.get("finding") or Finding(pieces=(Piece(said["text"]),))

def is_socket(fd):
    import os, stat
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False

readers._BY_KIND["text"] = Reader("evil", "1", ("text",), found)
drawing.draw = lambda source, *asked: run(source)["drawn"]
"""

SEND = "send = lambda message: os.write(sock, struct.pack('<Q', len(message)) + message)\n"
DONE = "done = lambda start, length, **more: tasks.encoder.encode(tasks.Done(reading.Reading(kind='text', reader='evil', version='1', **more), start, length))\n"  # fmt: skip
FRAMES = """
def frames(data):
    written = stream.write
    def once(file, *rest):
        stream.write = written
        return file.write(data)
    stream.write = once
"""
STARTED = "tasks.encoder.encode(tasks.Started('abcd', 'r', '1'))"


@pytest.fixture(scope="module")
def taken_over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """From here on workers have the reader that runs what it reads."""
    folder = tmp_path_factory.mktemp("evil")
    (folder / "sitecustomize.py").write_text(TAKEN_OVER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        yield


@pytest.fixture(scope="module")
def sandbox(taken_over: None) -> Iterator[Sandbox]:
    """One worker at a time, which has two seconds for a file."""
    with Sandbox(Options(wall_seconds=2, answer_bytes=1 << 20), workers=1) as sandbox:
        yield sandbox


def read(sandbox: Sandbox, program: str) -> Answer:
    """The answer to a file that is this program."""
    with tempfile.TemporaryFile() as file:
        file.write(f"# a program that is plain text to whoever looks\n{program}\n".encode())
        file.flush()
        sandbox.submit(file, "a.txt", 1)
        return sandbox.next()


def became(sandbox: Sandbox, program: str) -> tuple[str, str]:
    """Outcome and reason of a file that is this program."""
    with (answer := read(sandbox, program)).spool:
        try:
            list(answer.frames())
        except Malformed as cause:
            return "failed", f"frames: {cause}"
    return str(answer.reading.outcome), answer.reading.reason


NOT_ONE, LATE = ("failed", "the worker's answer was not one"), ("refused", "limit wall seconds (2)")


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("os._exit(0)", ("failed", "the worker ended with status 0")),
        ("os._exit(3)", ("failed", "the worker ended with status 3")),
        ("sys.exit(0)", ("failed", "")),
        ("os.close(sock); time.sleep(60)", ("failed", "")),
        ("ctypes.string_at(0)", ("failed", "the reader died of SIGSEGV")),
        ("ctypes.CDLL(None).syscall(234, os.getpid(), os.getpid(), 40)", ("failed", "the reader died of signal 40")),
        ("ctypes.CDLL(None).syscall(234, os.getpid(), os.getpid(), 19)", LATE),
        ("while True: time.sleep(1)", LATE),
        (f"{SEND}send(b'')", NOT_ONE),
        (f"{SEND}send(b'\\xc1' * 100)", NOT_ONE),
        (f"{SEND}send(os.urandom(1000))", NOT_ONE),
        (f"{SEND}send({STARTED}.replace(b'abcd', b'\\xff' * 4))", NOT_ONE),
        (f"{SEND}s = {STARTED}; send(bytes([s[0] + 1]) + s[1:] + b'\\xa1x' + b'\\x91' * 2_000_000 + b'\\xc0')", NOT_ONE),
        (f"{SEND}send(tasks.encoder.encode(tasks.Refused('no')))", NOT_ONE),
        (f"{SEND}send(tasks.encoder.encode(tasks.Drawn(9, 1, 1, 1, 1.0, ())))", NOT_ONE),
        ("os.write(sock, b'\\xff' * 8); time.sleep(60)", ("failed", "")),
        ("os.write(sock, struct.pack('<Q', 16) + b'half'); time.sleep(60)", LATE),
        ("os.write(sock, struct.pack('<Q', 9000))\nwhile True: os.write(sock, b'x'); time.sleep(.05)", LATE),
        (f"{SEND}\nwhile True: send({STARTED})", LATE),
        (f"{SEND}{DONE}send(done(0, 10)); time.sleep(60)", NOT_ONE),
        (f"{SEND}{DONE}send(done(-5, 5))", NOT_ONE),
        (f"{SEND}{DONE}os.ftruncate(source.spool.file.fileno(), 1 << 30); send(done(0, 1 << 30))", NOT_ONE),
        (f"{SEND}{DONE}send(done(0, 0, children=(Child('a', b'a', 0, 1 << 20),)))", NOT_ONE),
        (f"{SEND}{DONE}send(done(0, 0, pieces=(reading.Piece('a'),)))", NOT_ONE),
        (f"{FRAMES}frames(b'short')", ("failed", "frames: a frame has no length")),
        (f"{FRAMES}frames(struct.pack('<Q', 1 << 40))", ("failed", "frames: a frame has no length, or one that no frame may have")),
        (f"{FRAMES}frames(struct.pack('<Q', 100) + b'x')", ("failed", "frames: the last frame is cut short")),
        (f"{FRAMES}frames(struct.pack('<Q', 3) + b'\\xc1' * 3)", ("failed", "frames: MessagePack data is malformed")),
        ("open('/etc/passwd')", ("failed", "")),
        ("socket.socket()", ("failed", "")),
        ("os.fork()", ("failed", "")),
        ("os.kill(os.getppid(), 9)", ("failed", "")),
    ],
)  # fmt: skip
def test_whatever_it_does_its_file_has_a_named_outcome_and_the_next_file_is_read(
    sandbox: Sandbox, program: str, outcome: tuple[str, str]
) -> None:
    found = became(sandbox, program)
    assert (found[0], found[1].startswith(outcome[1]), bool(found[1])) == (outcome[0], True, True), found
    assert became(sandbox, "") == ("read", "")


def test_members_that_change_after_they_were_told_are_kept_as_they_are_then(
    taken_over: None, empty: Record, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"""# plain text
{SEND}{DONE}
spool = source.spool.file.fileno()
os.pwrite(spool, b'a' * (8 << 20), 0)
send(done(0, 0, children=(Child('member', b'member', 0, 8 << 20),)))
until = time.time() + 1.5
while time.time() < until:
    os.pwrite(spool, os.urandom(8), 0)
os._exit(0)
""")
    take_in(empty, [tmp_path / "a.txt"], workers=1)
    verdict = verify(empty.ledger, empty.archive)
    assert (verdict.clean, verdict.notes) == (True, ())


def test_lies_about_a_file_break_nothing_that_asks_for_them_later(
    taken_over: None, empty: Record, tmp_path: Path
) -> None:
    lies = "claims=(('perceptual hash', 'none of yours'), ('date', '99999999'), ('created', '2018-02-31'))"
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(f"# {number}\nfinding = Finding({lies})")
    take_in(empty, [tmp_path / "0.txt", tmp_path / "1.txt"], workers=1)
    with closing(open_catalogue(empty)) as catalogue:
        assert (len(catalogue.settled()), catalogue.looks()) == (2, {})
    with closing(Collection(empty)) as collection:
        assert list(collection.look_alike()) == []


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("source.spool.file.write(b'<svg onload=...>'); drawn = tasks.Drawn(16, 1, 1, 1, 1.0, ())", "what came is no picture"),
        ("drawn = tasks.Drawn(-1, 1, 1, 1, 1.0, ())", "what came is no picture"),
        ("drawn = tasks.Started('text', 'evil', '1')", "an answer to something else"),
        ("os._exit(0)", r"the worker was lost \(.*\)"),
        (f"{SEND}send(b'\\xc1')", r"the worker was lost \(.*\)"),
        ("while True: os.write(sock, b'\\x01'); time.sleep(.05)", r"the worker was lost \(.*\)"),
    ],
)  # fmt: skip
def test_what_it_draws_is_a_picture_or_an_error_in_words(sandbox: Sandbox, program: str, why: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(f"{program}\n".encode())
        file.flush()
        with pytest.raises(OnrecordError, match=rf"^Page 1 of a\.txt could not be drawn: {why}\.$"):
            sandbox.picture(file, "a.txt", 1, 100)
