"""How taking in grows with the number of files: CPU, memory, and what a record of that size costs afterwards.

Usage: python bench/ingest/growth.py [--sizes 1000 10000 100000]

The files are made here, each other than all others: four in ten text, then CSV, e-mail, HTML, JSON and spreadsheets
of one sheet, in folders of 500. For each size a new process takes them in with one worker and indexes them; then nothing new is
added, one file is added, the outcomes are listed and all is verified, by the commands that a person uses. CPU
seconds are those of the process and of all it started, memory is the largest of the process that holds the record.
The exponent is that of the CPU seconds between the smallest and the largest size. One JSON object out.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

COMMAND = [sys.executable, "-m", "onrecord"]
MEASURED = """
import json, sys
from contextlib import closing
from pathlib import Path
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record
from onrecord.search.collection import Collection
record = Record.create(Path(sys.argv[1]), title="bench")
take_in(record, [Path(sys.argv[2])], workers=1)
with closing(Collection(record)) as collection:
    collection.search("Kashgar")
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
WORDS = [
    "Kashgar",
    "county",
    "detained",
    "released",
    "sentenced",
    "police",
    "list",
    "name",
    "father",
    "year",
    "camp",
    "letter",
    "喀什",
    "名单",
    "拘押",
    "قەشقەر",
]
SHEET = "<row r='{0}'><c r='A{0}' t='inlineStr'><is><t>{1}</t></is></c><c r='B{0}'><v>{0}</v></c></row>"


def words(chance: random.Random, count: int) -> str:
    """Words in a row, parted by spaces, a number now and then."""
    return " ".join(chance.choice(WORDS) + str(chance.randrange(100)) for _ in range(count))


def book(text: str) -> bytes:
    """A spreadsheet of ten rows."""
    rows = "".join(SHEET.format(row, f"{text} {row}") for row in range(1, 11))
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{spreadsheet}" xmlns:r="{kinds}"><sheets><sheet name="List" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        file.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{spreadsheet}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return made.getvalue()


MAKERS: tuple[tuple[str, Callable[[random.Random], str | bytes]], ...] = (
    *((("txt", lambda chance: words(chance, 150)),) * 4),
    ("csv", lambda chance: "name,county,year\n" + "".join(f"{words(chance, 2)},{words(chance, 1)},19{row}\n" for row in range(10, 30))),
    ("eml", lambda chance: f"From: a@example.org\nTo: b@example.org\nSubject: {words(chance, 5)}\nDate: Mon, 5 Feb 2018 10:00:00 +0800\n\n{words(chance, 100)}\n"),
    ("html", lambda chance: f"<!DOCTYPE html><html><title>{words(chance, 4)}</title><p>{words(chance, 120)}</p></html>"),
    ("json", lambda chance: json.dumps([{"name": words(chance, 2), "year": row} for row in range(20)], ensure_ascii=False)),
    ("xlsx", lambda chance: book(words(chance, 3))),
    ("csv", lambda chance: "".join(f"{words(chance, 3)};{words(chance, 1)}\n" for _ in range(20))),
)  # fmt: skip


def leak(folder: Path, count: int) -> None:
    """A folder of so many files."""
    chance = random.Random(count)
    for number in range(count):
        ending, made = MAKERS[number % len(MAKERS)]
        content = made(chance)
        file = folder / f"{number // 500:04}" / f"{number}.{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


def spent(command: list[str]) -> tuple[float, str]:
    """CPU seconds of a command and of all it started, and what it printed.

    Raises:
        CalledProcessError: it failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ran.stdout


def measured(count: int) -> dict[str, float]:
    """What it costs to take in so many files, and to use the record afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder, record = Path(place) / "leak", str(Path(place) / "record")
        leak(folder, count)
        taken, peak = spent([sys.executable, "-c", MEASURED, record, str(folder)])
        again, _ = spent([*COMMAND, "-r", record, "add", str(folder)])
        (folder / "one more.txt").write_text("one more")
        one, _ = spent([*COMMAND, "-r", record, "add", str(folder / "one more.txt")])
        listed, _ = spent([*COMMAND, "-r", record, "outcomes", "--json"])
        searched, _ = spent([*COMMAND, "-r", record, "search", "Kashgar7", "--json"])
        verified, _ = spent([*COMMAND, "-r", record, "verify"])
    return {
        "files": count,
        "taken_in_cpu_s": taken,
        "files_per_cpu_s": count / taken,
        "peak_mb": float(peak) / 1000,
        "nothing_new_cpu_s": again,
        "one_more_cpu_s": one,
        "outcomes_cpu_s": listed,
        "search_after_one_more_cpu_s": searched,
        "verify_cpu_s": verified,
    }


def main() -> None:
    """Measure each size; print them and the exponents."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    sizes = [measured(count) for count in parser.parse_args().sizes]
    first, last = sizes[0], sizes[-1]
    steps = math.log(last["files"] / first["files"]) if len(sizes) > 1 else math.nan
    exponents = {
        name: math.log(last[name] / first[name]) / steps
        for name in first
        if name.endswith(("cpu_s", "_mb")) and "per" not in name
    }
    sys.stdout.write(json.dumps({"sizes": sizes, "exponents": exponents}, indent=1) + "\n")


if __name__ == "__main__":
    main()
