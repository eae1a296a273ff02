"""Files read a CPU-second: onrecord isolated, hashed, stored and indexed, beside kreuzberg and Tika only reading.

Usage: python bench/ingest/reading.py [FOLDER] [--times N] [--without-tika]

FOLDER is any folder of documents; by default the shared ones beside the repository. With --times each file is read N
times over, the copies told apart by line ends behind them, as in a leak that is larger than a start is long. Without
OCR in all; Tika is iscc-tika. One run, the same files, one JSON object out. CPU seconds are those of the process and
of all it started.

A file is *read* if it gave at least half of the words that the best of the three readers found in it, members included.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared")) / "data/documents"
PICTURES = {".jpg", ".png", ".tif", ".tiff", ".gif"}
TEXT = re.compile(r"\w+")


def cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def files(folder: Path) -> list[Path]:
    """Documents with text, no pictures: neither side runs OCR."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() not in PICTURES
    )


def multiplied(folder: Path, times: int, into: Path) -> Path:
    """The documents of a folder so many times, each copy with other bytes; the folder itself where once is asked."""
    if times == 1:
        return folder
    for path in files(folder):
        for number in range(times):
            copy = into / str(number) / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes() + b"\n" * number)
    return into


def with_onrecord(folder: str) -> dict[str, Any]:
    """Take the folder in, index it, search once; words a file afterwards, outside the clock."""
    from onrecord.ingest.catalogue import open_catalogue
    from onrecord.ingest.derived import Derived
    from onrecord.ingest.taking_in import take_in
    from onrecord.record import Record
    from onrecord.search.collection import Collection

    with tempfile.TemporaryDirectory() as place:
        record = Record.create(Path(place) / "record", title="bench")
        start, began = cpu(), time.monotonic()
        take_in(record, files(Path(folder)), workers=1)
        with closing(Collection(record)) as collection:
            collection.search("the")
        spent, wall = cpu() - start, time.monotonic() - began
        catalogue, derived = open_catalogue(record), Derived(record.folder / "derived")
        rows = [row for row in catalogue.files() if row.sha256]
        own = {row.sha256: words_in(derived.reading(str(row.sha256), row.key)) for row in rows}
        inside = {row.sha256: row.children for row in rows}

        def whole(digest: str) -> int:
            return own[digest] + sum(whole(child) for child in inside[digest])

        words = {row.path: whole(str(row.sha256)) for row in rows if row.member_of is None}
    return {"cpu_seconds": spent, "wall_seconds": wall, "words": words}


def words_in(reading: Any) -> int:
    """The words of one reading, without its members."""
    return sum(len(TEXT.findall(piece.text)) for piece in reading.pieces)


def with_kreuzberg(folder: str) -> dict[str, Any]:
    """Read each file in one process, with nothing kept."""
    import kreuzberg

    config = kreuzberg.ExtractionConfig()
    words: dict[str, int] = {}
    start, began = cpu(), time.monotonic()
    for path in files(Path(folder)):
        try:
            words[str(path)] = len(
                TEXT.findall(kreuzberg.extract_file_sync(str(path), config=config).content)
            )
        except Exception:  # noqa: BLE001 - whatever it raises, the file was not read
            words[str(path)] = 0
    return {"cpu_seconds": cpu() - start, "wall_seconds": time.monotonic() - began, "words": words}


def with_tika(folder: str) -> dict[str, Any]:
    """Read each file in one process, with nothing kept."""
    from iscc_tika import Extractor

    library = Extractor().set_extract_string_max_length(1 << 30)
    words: dict[str, int] = {}
    start, began = cpu(), time.monotonic()
    for path in files(Path(folder)):
        try:
            words[str(path)] = len(TEXT.findall(library.extract_file_to_string(str(path))[0]))
        except Exception:  # noqa: BLE001 - whatever it raises, the file was not read
            words[str(path)] = 0
    return {"cpu_seconds": cpu() - start, "wall_seconds": time.monotonic() - began, "words": words}


def _in_a_process(work: Any, folder: Path) -> dict[str, Any]:
    """Each side in a process of its own, so that neither pays for the other's libraries."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        result: dict[str, Any] = pool.apply(work, (str(folder),))
        return result


SIDES = {"onrecord": with_onrecord, "kreuzberg": with_kreuzberg, "tika": with_tika}


def main() -> None:
    """Run all and print the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--without-tika", action="store_true")
    asked = parser.parse_args()
    if not files(asked.folder):
        sys.exit(f"There is no document in {asked.folder}. Name a folder of documents.")
    with tempfile.TemporaryDirectory() as into:
        folder = multiplied(asked.folder.resolve(), asked.times, Path(into))
        print(
            json.dumps(compared(folder, [name for name in SIDES if name != "tika" or not asked.without_tika]))
        )


def compared(folder: Path, names: list[str]) -> dict[str, Any]:
    """What each side read of a folder's files and what that took."""
    paths = [str(path) for path in files(folder)]
    sides = {name: _in_a_process(SIDES[name], folder) for name in names}
    best = {path: max(side["words"].get(path, 0) for side in sides.values()) for path in paths}
    counted = [path for path, words in best.items() if words >= 10]
    report: dict[str, Any] = {"files": len(paths), "files_with_text": len(counted)}
    for name, side in sides.items():
        read = sum(side["words"].get(path, 0) * 2 >= best[path] for path in counted)
        report[name] = {
            "cpu_seconds": round(side["cpu_seconds"], 2),
            "wall_seconds": round(side["wall_seconds"], 2),
            "read": read,
            "read_share": round(read / max(len(counted), 1), 4),
            "read_files_per_cpu_second": round(read / side["cpu_seconds"], 1),
        }
    rates = [report[name]["read_files_per_cpu_second"] for name in ("onrecord", "kreuzberg")]
    return report | {"ratio": round(rates[0] / rates[1], 2)}


if __name__ == "__main__":
    main()
