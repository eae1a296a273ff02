"""A static site in pages a second beside MkDocs over the same texts, and the live server under real requests.

    python bench/proof/publishing.py [--events 4700] [--requests 500] [--mkdocs PYTHON] [--json FILE]

The record holds public events, half of them each citing one of ten sources. Its site has a page for each and some more;
--events 4700 gives about 5,000 pages. `publish_site` writes all of it with downloads and charts. MkDocs, run with the
PYTHON of an environment that has it, gets as many Markdown files, each with the text of one of those pages, and its own
default theme and search; the two sites are not the same work, they are the same pages to a reader.

The live server is `onrecord serve` with uvicorn, asked by one client over one connection: first page after its start,
then pages at random. Milliseconds of wall time at the client, and CPU milliseconds of the server a request. Memory is the
most that was resident, MB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import httpx
from selectolax.lexbor import LexborHTMLParser

from onrecord.model.citation import Citation
from onrecord.model.kinds import Event, Source
from onrecord.publish.site import publish_site
from onrecord.record import Record

TODAY = date(2026, 1, 1)
Figures = dict[str, float]


def filled(folder: Path, events: int) -> Record:
    record = Record.create(folder, title="Bench")
    record.enter([Source(id=f"source{n}", title=f"Source {n}", visibility="public") for n in range(10)])
    record.enter(
        Event(
            id=f"event/{n}",
            date=f"20{n % 20:02d}-05",
            event_kind="statement",
            title=f"Something was said at place {n % 1000}, number {n}",
            detail="What was said is told here in a sentence or two, as in most records. " * 3,
            citations=(Citation(source=f"source{n % 10}"),),
            visibility="public",
        )
        for n in range(events)
    )
    return record


def published(record: Record, out: Path) -> Figures:
    cpu, wall = time.process_time(), time.perf_counter()
    site = publish_site(record, out, when=TODAY)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "pages": site.pages,
        "files": site.files,
        "pages_per_cpu_s": site.pages / cpu,
        "pages_per_wall_s": site.pages / wall,
        "peak_mb": memory,
    }


def mkdocs(python: str, site: Path, folder: Path) -> Figures:
    """MkDocs over the texts of a site's pages."""
    pages = sorted(site.rglob("index.html"))
    for number, page in enumerate(pages):
        body = LexborHTMLParser(page.read_text()).css_first("main")
        target = folder / "docs" / f"{number:05d}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"# Page {number}\n\n{body.text(separator=' ', strip=True) if body else ''}\n")
    (folder / "docs" / "index.md").write_text("# Bench\n")
    (folder / "mkdocs.yml").write_text("site_name: Bench\n")
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([python, "-m", "mkdocs", "build", "-q"], cwd=folder, check=True, capture_output=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - wall
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "pages": len(pages) + 1,
        "pages_per_cpu_s": (len(pages) + 1) / cpu,
        "pages_per_wall_s": (len(pages) + 1) / wall,
        "peak_mb": after.ru_maxrss / 1024,
    }


def live(record: Record, paths: list[str], requests: int) -> Figures:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "onrecord.cli.main",
        "-r",
        str(record.folder),
        "serve",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=600) as client:
                _answering(port)
                first = _asked(client, "/")
                before, rng = _cpu(server.pid), random.Random(0)
                took = sorted(_asked(client, f"/{rng.choice(paths)}") for _ in range(requests))
                spent = _cpu(server.pid) - before
            return {
                "first_page_ms": first,
                "requests": requests,
                "p50_ms": statistics.median(took),
                "p99_ms": took[int(len(took) * 0.99)],
                "server_cpu_ms_per_request": spent / requests * 1000,
                "peak_mb": _peak(server.pid),
            }
        finally:
            server.terminate()


def _answering(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)


def _asked(client: httpx.Client, path: str) -> float:
    start = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=4700)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--mkdocs", metavar="PYTHON")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = filled(folder / "record", given.events)
        site = folder / "site"
        measured: dict[str, Figures | str] = {"onrecord site": published(record, site)}
        paths = [str(p.parent.relative_to(site)) + "/" for p in site.rglob("index.html") if p.parent != site]
        measured["live page"] = live(record, paths, given.requests)
        measured["mkdocs site"] = (
            mkdocs(given.mkdocs, site, folder / "mkdocs")
            if given.mkdocs
            else "not measured: give --mkdocs with a Python that has it installed"
        )
    result = {
        "task": "publish and serve",
        "events": given.events,
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
        "uvicorn": version("uvicorn"),
        "measured": measured,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
