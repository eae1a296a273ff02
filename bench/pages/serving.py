"""Pages, as a static site and from the live server, beside generators that people know.

    python bench/pages/serving.py [--pages 5000] [--mkdocs COMMAND] [--json FILE]

The record is the shipped one with as many public events more as make the number of pages. Everything runs as its own
process, by its command:

- `onrecord publish site`: every page with its citations, proof and downloads.
- `hugo` and `mkdocs`: the words of the same pages as Markdown, one bare template or MkDocs' own theme without search,
  neither citing nor proving nor offering anything; left out where not installed.
- `onrecord serve`: pages drawn by chance asked for over HTTP, one after the other, after one that is not counted;
  then an entry is put on record from another process, and a page of it asked for at once.

CPU seconds of the process and what it started; MB at its largest. Of a live page also wall times at the client, which
a busy machine lengthens.
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import os
import platform
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from onrecord.model.citation import Citation
from onrecord.model.kinds import Event, Source
from onrecord.pages import addresses
from onrecord.pages.findings import findings_for
from onrecord.pages.routes import every_path
from onrecord.record import PUBLIC, Record
from onrecord.records import template

DAY = date(2026, 11, 1)
ASKED = 300
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PROGRAM = [sys.executable, "-m", "onrecord"]
_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title><main><h1>{{ .Title }}</h1>{{ .Content }}</main>\n"


def event(number: int) -> Event:
    return Event(
        id=f"bench/{number}",
        date="2018-05",
        event_kind="detention",
        title=f"Something happened at place {number % 1000}, day {number % 365}",
        citations=(Citation(source="bench"),),
        visibility="public",
    )


def filled(folder: Path, pages: int) -> Record:
    """The shipped record with as many events more as give that many pages."""
    record = Record.create(folder, template("xinjiang"))
    record.enter([Source(id="bench", title="A source", visibility="public")])
    missing = pages - len(paths(record))
    record.enter(map(event, range(max(missing, 0))))
    record.rebuild()
    return record


def paths(record: Record) -> list[str]:
    return list(every_path(findings_for(record, record.as_seen_by(PUBLIC), DAY)))


def ran(command: list[str], cwd: Path) -> dict[str, float]:
    """CPU seconds and the most memory (MB) of a command."""
    output = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=output)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return {"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def rated(found: dict[str, float], pages: int) -> dict[str, float]:
    return {**found, "pages": pages, "pages_per_cpu_s": pages / found["cpu_s"]}


def words_of(site: Path) -> dict[str, tuple[str, str]]:
    """Of each page of a site its title and its words, paragraph by paragraph."""
    found = {}
    for number, page in enumerate(sorted(site.rglob("index.html"))):
        text = _MAIN.search(page.read_text())
        lines = (
            html.unescape(_TAGS.sub(" ", line)).strip() for line in (text[0] if text else "").splitlines()
        )
        body = "\n\n".join(re.sub(r"[{}<>\[\]]", " ", line) for line in lines if line)
        found[f"page-{number:05d}"] = (f"Page {number}", body)
    return found


def hugo(folder: Path, words: dict[str, tuple[str, str]]) -> dict[str, float]:
    (folder / "content").mkdir(parents=True)
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "hugo.toml").write_text(
        'baseURL = "http://localhost/"\ndisableKinds = ["taxonomy", "term", "RSS"]\n'
    )
    (folder / "config.toml").write_text((folder / "hugo.toml").read_text())
    for layout in ("single", "list"):
        (folder / "layouts" / "_default" / f"{layout}.html").write_text(_HUGO_PAGE)
    for name, (title, body) in words.items():
        (folder / "content" / f"{name}.md").write_text(f'---\ntitle: "{title}"\n---\n{body}\n')
    found = ran(["hugo", "--quiet"], folder)
    return rated(found, len(list((folder / "public").rglob("index.html"))))


def mkdocs(command: str, folder: Path, words: dict[str, tuple[str, str]]) -> dict[str, float]:
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text("site_name: Bench\nplugins: []\nnav: [index.md]\n")
    (folder / "docs" / "index.md").write_text("# Bench\n")
    for name, (title, body) in words.items():
        (folder / "docs" / f"{name}.md").write_text(f"# {title}\n\n{body}\n")
    found = ran([command, "build", "-q"], folder)
    return rated(found, len(list((folder / "site").rglob("index.html"))))


class Server:
    """`onrecord serve` as a process, asked over one connection."""

    def __init__(self, record: Path) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [*PROGRAM, "-r", str(record), "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def _wait(self) -> None:
        for _ in range(600):
            with closing(socket.socket()) as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise SystemExit("the server did not come up")

    def get(self, path: str) -> dict[str, float]:
        """CPU and wall milliseconds of one page."""
        cpu, start = self.cpu_ms(), time.perf_counter()
        self.connection.request("GET", "/" + quote(path))
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status}")
        return {
            "wall_ms": (time.perf_counter() - start) * 1000,
            "cpu_ms": self.cpu_ms() - cpu,
            "bytes": len(body),
        }

    def cpu_ms(self) -> float:
        """CPU time used so far, to the microsecond: what the scheduler counted for all threads."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6

    def peak_mb(self) -> float:
        """The most memory so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def live(record: Record, asked: list[str]) -> dict[str, object]:
    server = Server(record.folder)
    try:
        first = server.get("")
        seen = [server.get(path) for path in asked]
        record.enter([event(10_000_000)])
        after = server.get(addresses.entry("bench/10000000"))
        return {
            "first page": first,
            "pages": len(seen),
            **{f"{kind} p50": statistics.median(s[kind] for s in seen) for kind in ("wall_ms", "cpu_ms")},
            **{f"{kind} p99": percentile([s[kind] for s in seen], 99) for kind in ("wall_ms", "cpu_ms")},
            "page after one entry": after,
            "peak_mb": server.peak_mb(),
        }
    finally:
        server.process.terminate()
        server.process.wait()


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--mkdocs", metavar="COMMAND", default=shutil.which("mkdocs"))
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    load = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = filled(folder / "record", given.pages)
        every = paths(record)
        site = [
            *PROGRAM,
            "-r",
            str(record.folder),
            "publish",
            "site",
            str(folder / "site"),
            "--as-of",
            str(DAY),
        ]
        static = {"onrecord": rated(ran(site, folder), len(every))}
        words = words_of(folder / "site")
        if shutil.which("hugo"):
            static["hugo"] = hugo(folder / "hugo", words)
        if given.mkdocs:
            static["mkdocs"] = mkdocs(given.mkdocs, folder / "mkdocs", words)
        drawn = random.Random(0).sample(every, min(ASKED, len(every)))
        served = live(record, drawn)
    result = {
        "task": "pages, static and live",
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "load when begun": load,
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("jinja2", "polars", "starlette", "uvicorn")},
        "peers": peers(given.mkdocs),
        "static": static,
        "live": served,
    }
    text = json.dumps(result, indent=2) + "\n"
    print(text, end="")
    if given.json:
        given.json.write_text(text)


def peers(mkdocs_command: str | None) -> dict[str, str]:
    commands = {"hugo": ["hugo", "version"], "mkdocs": [mkdocs_command or "mkdocs", "--version"]}
    return {
        name: subprocess.check_output(command, text=True).partition(" from ")[0].strip()
        for name, command in commands.items()
        if shutil.which(command[0])
    }


if __name__ == "__main__":
    main()
