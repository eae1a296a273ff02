"""Tesseract, the one program that a reader may call: bytes in over a pipe, text out over a pipe, nothing on disk.

A confined reader cannot start programs. Its worker has a companion process that was forked before, is confined
like itself but for the right to start programs, and does nothing but run Tesseract on the pixels it is sent.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from functools import cache

import msgspec

from onrecord.ingest import wire
from onrecord.ingest.confine import allow_cpu, confine
from onrecord.ingest.limits import Damaged, Limits

_MOST = 1 << 30
_companion: socket.socket | None = None


class _Run(msgspec.Struct, frozen=True):
    arguments: list[str]
    picture: bytes


class _Ran(msgspec.Struct, frozen=True):
    status: int
    out: bytes
    complaint: str


@cache
def tesseract() -> str | None:
    """Where Tesseract is, or None where it is not installed."""
    return shutil.which("tesseract")


def run(arguments: list[str], picture: bytes = b"") -> bytes:
    """What Tesseract writes of a picture, or without one when it is called with these arguments.

    Raises:
        Damaged: it failed; the message has its exit status and last line.
    """
    asked = _Run(arguments, picture)
    ran = _ran(asked) if _companion is None else _by_companion(_companion, asked)
    if ran.status != 0:
        raise Damaged(f"Tesseract ended with status {ran.status}: {ran.complaint or 'no message'}")
    return ran.out


def start_companion(limits: Limits, kept_from_it: socket.socket) -> None:
    """From now on Tesseract is run by a process of its own, so that this one can give up the right to.

    ``kept_from_it`` is the worker's own socket, which only the worker may hold: its end must be seen when it dies.
    """
    global _companion  # noqa: PLW0603 - one for a worker's whole life
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        kept_from_it.close()
        try:
            _serve(theirs, limits)
        finally:
            os._exit(0)
    theirs.close()
    _companion = ours


def _serve(sock: socket.socket, limits: Limits) -> None:
    picture = os.memfd_create("picture")  # a file in memory: over a pipe Tesseract reads byte by byte
    confine(limits, programs=True)
    while True:
        try:
            asked = msgspec.msgpack.decode(wire.receive(sock, _MOST), type=_Run)
        except wire.Gone:
            return
        allow_cpu(limits.cpu_seconds)
        wire.send(sock, msgspec.msgpack.encode(_ran(asked, picture)))


def _by_companion(sock: socket.socket, asked: _Run) -> _Ran:
    try:
        wire.send(sock, msgspec.msgpack.encode(asked))
        return msgspec.msgpack.decode(wire.receive(sock, _MOST), type=_Ran)
    except wire.Gone as cause:
        raise Damaged("the process that runs Tesseract is gone") from cause


def _ran(asked: _Run, file: int | None = None) -> _Ran:
    """Run it; the picture goes through the file if there is one, else through a pipe."""
    command, piped = [tesseract() or "tesseract"], asked.picture
    if asked.picture and file is not None:
        os.ftruncate(file, 0)
        with os.fdopen(file, "wb", closefd=False) as whole:
            whole.seek(0)
            whole.write(asked.picture)
        command, piped = [*command, f"/proc/self/fd/{file}", "-"], b""
    elif asked.picture:
        command += ["-", "-"]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, *asked.arguments],
            input=piped,
            capture_output=True,
            check=False,
            pass_fds=[file] if file else [],
        )
    except OSError as cause:
        return _Ran(-1, b"", f"it cannot be started: {cause.strerror}")
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return _Ran(done.returncode, done.stdout, " ".join(last))
