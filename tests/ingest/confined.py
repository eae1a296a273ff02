"""Acts of a confined process, as a reader that was taken over by a hostile file would try them."""

from __future__ import annotations

import ctypes
import io
import mmap
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from onrecord.ingest.confine import Confinement, confine
from onrecord.ingest.limits import Limits
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options

LIBC = ctypes.CDLL(None, use_errno=True)
HANDS = {
    module.__name__: module
    for module in (os, socket, io, subprocess, signal, resource, threading, mmap, ctypes)
}


_CLEAN = multiprocessing.get_context("forkserver")
"""Forks of a process of one thread: a fork of the tests' own process could wait for a lock that another thread held."""


def confined(act: str, *, programs: bool = False, original: Path | None = None) -> str:
    """What becomes of an act, a Python expression, in a confined process: its value or its error's name.

    The expression finds ``original`` open for reading as ``file`` and its name as ``path``.
    """
    ours, theirs = _CLEAN.Pipe(duplex=False)
    process = _CLEAN.Process(target=_try, args=(theirs, act, programs, original))
    process.start()
    theirs.close()
    try:
        return str(ours.recv())
    except EOFError:
        return "killed"
    finally:
        process.join()


def _try(told: Connection, act: str, programs: bool, original: Path | None) -> None:
    names = {**HANDS, "Path": Path, "call": call}
    if original is not None:
        names |= {"file": os.open(original, os.O_RDONLY), "path": str(original)}
    try:
        confine(Limits(), programs=programs)
        said = repr(eval(act, names))
    except BaseException as error:  # noqa: BLE001 - its name is the answer
        said = type(error).__name__
    told.send(said)
    os._exit(0)


def call(number: int, *arguments: int) -> str:
    """The name of the error that a system call ends with, or its result."""
    result = LIBC.syscall(number, *arguments)
    return os.strerror(ctypes.get_errno()) if result == -1 else str(result)


def held() -> Confinement:
    """What this system offers."""
    with Sandbox(Options(), workers=1) as sandbox:
        assert sandbox.confinement is not None
        return sandbox.confinement
