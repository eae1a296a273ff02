"""Servers that tests start for themselves and throw away: PostgreSQL on a socket, an S3 that lives in memory."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from moto.server import ThreadedMotoServer


class Cluster:
    """A PostgreSQL server of our own, reached through a socket in its folder."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self._binaries, self._folder, self._user = binaries, folder, user

    def control(self, *arguments: str) -> None:
        """Run pg_ctl."""
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", *arguments)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's own programs in its folder, never as root."""
        command = [str(self._binaries / program), *arguments]
        done = subprocess.run(
            command, cwd=self._folder, user=self._user, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start, or start again."""
        self.control("-o", f"-k {self._folder} -c listen_addresses=''", "start")

    def kill(self) -> None:
        """Stop at once, as when the power goes."""
        self.control("-m", "immediate", "stop")

    def kill_writing_backend(self) -> None:
        """Kill -9 the server's process that holds the right to write; the server then restarts itself."""
        witness = psycopg.connect(self.address("postgres"), autocommit=True)
        found = (
            "select distinct pid from pg_locks where mode = 'ShareRowExclusiveLock' and relation is not null"
        )
        (pid,) = (row[0] for row in witness.execute(found).fetchall())
        os.kill(pid, signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            while True:  # until the server has noticed and ended everybody
                witness.execute("select 1")
        witness.close()
        while not self._answers():
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def address(self, database: str) -> str:
        """How to reach a database."""
        return f"postgresql:///{database}?host={self._folder}&user=postgres"

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as db:
            db.execute(f"create database {name}")
        return self.address(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server; the test is skipped where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for path in [shutil.which("initdb")] if path
    ]
    if not found:
        pytest.skip("PostgreSQL's server programs are not installed")
    folder = Path(tempfile.mkdtemp(prefix="onrecord-postgres-", dir="/tmp"))  # a socket's path must be short
    user = None
    if os.getuid() == 0:
        user = "postgres"
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    server = Cluster(found[-1].parent, folder, user)
    try:
        server.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8")
        server.start()
        yield server
        server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import s3fs

    bucket = f"bucket-{uuid.uuid4().hex}"
    s3fs.S3FileSystem().mkdir(bucket)
    yield f"s3://{bucket}/originals"
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
