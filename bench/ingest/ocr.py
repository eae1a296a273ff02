"""OCR: pages a CPU-second and characters wrong, onrecord's confined reader beside bare Tesseract on the same pages.

Usage: python bench/ingest/ocr.py [FOLDER]

FOLDER holds scans named LANGUAGE-NUMBER-scan.jpg and their true text LANGUAGE-NUMBER.txt; by default the shared ones
beside the repository, drawn pages of the Universal Declaration made to look like poor scans. Both sides are told the
language; a third line lets onrecord find the script by itself. CPU seconds are those of all processes, the start of the
sandbox among them. Errors are edits over true characters, spaces left aside. One JSON object out.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options

SHARED = (
    Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared")) / "data/documents/scan"
)
MODELS = {"arb": "ara", "chi": "chi_sim", "eng": "eng", "kaz": "kaz", "uig": "uig"}


def cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def cpu_of(group: int, *, but: int) -> float:
    """CPU seconds of a group of running processes and of their ended children, without those of one process."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text().partition(" ")
        except OSError:
            continue  # it ended between the two looks
        fields = rest.rpartition(")")[2].split()
        if int(fields[2]) == group and int(number) != but:
            total += sum(int(field) for field in fields[11:15])
    return total / os.sysconf("SC_CLK_TCK")


def bare(pages: list[Path], languages: list[str]) -> tuple[list[str], float]:
    """What Tesseract says of the pages, and the CPU seconds that took."""
    before = cpu()
    said = [
        subprocess.run(
            ["tesseract", str(page), "-", "-l", language, "--dpi", "300"],
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        ).stdout
        for page, language in zip(pages, languages, strict=True)
    ]
    return said, cpu() - before


def confined(pages: list[Path], languages: list[str]) -> tuple[list[str], float]:
    """What onrecord says of the pages, a sandbox a language, and the CPU seconds of everything."""
    before, unseen, said = cpu(), 0.0, []
    for language in dict.fromkeys(languages):
        with Sandbox(Options(ocr=language, wall_seconds=600), workers=1) as sandbox:
            (worker,) = sandbox._idle
            for page in (p for p, wanted in zip(pages, languages, strict=True) if wanted == language):
                with page.open("rb") as file:
                    sandbox.submit(file, page.name, None)
                with (answer := sandbox.next()).spool:
                    said.append("\n".join(piece.text for piece in answer.pieces()))
            unseen += cpu_of(worker.pid, but=worker.pid)  # nobody waits for what runs Tesseract
    return said, cpu() - before + unseen


def start_of_a_sandbox() -> float:
    """CPU seconds that a sandbox costs without a page: paid once a run, and here once a language."""
    before = cpu()
    with Sandbox(Options(ocr="eng"), workers=1) as sandbox:
        (worker,) = sandbox._idle
        unseen = cpu_of(worker.pid, but=worker.pid)
    return cpu() - before + unseen


def error_rate(said: list[str], true: list[str]) -> float:
    """Edits over true characters, spaces left aside."""
    pairs = [("".join(a.split()), "".join(b.split())) for a, b in zip(said, true, strict=True)]
    return sum(Levenshtein.distance(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)


def main() -> None:
    """Run all three and print the comparison."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    pages = sorted(folder.glob("*-scan.jpg"))
    if not pages:
        sys.exit(
            f"There are no scans (*-scan.jpg beside their *.txt) in {folder}. Name the folder that has some."
        )
    languages = [MODELS[page.name.split("-")[0]] for page in pages]
    true = [page.with_name(page.name.replace("-scan.jpg", ".txt")).read_text() for page in pages]
    report: dict[str, dict[str, float]] = {}
    for name, side, wanted in (
        ("tesseract", bare, languages),
        ("onrecord", confined, languages),
        ("onrecord, script found by itself", confined, ["auto"] * len(pages)),
    ):
        said, spent = side(pages, wanted)
        report[name] = {
            "cpu_seconds": round(spent, 2),
            "pages_per_cpu_second": round(len(pages) / spent, 3),
            "character_error_rate": round(error_rate(said, true), 4),
        }
    spent, ours = report["tesseract"]["cpu_seconds"], report["onrecord"]["cpu_seconds"]
    starts = start_of_a_sandbox() * len(set(languages))
    ratios = {"ratio": round(spent / ours, 3), "ratio_without_starts": round(spent / (ours - starts), 3)}
    print(json.dumps({"pages": len(pages), **report, "starts_cpu_seconds": round(starts, 2), **ratios}))


if __name__ == "__main__":
    main()
