"""Run every measurement, one after the other on one thread, and put its figures in one place.

    python bench/run.py [--quick] [WORD…]        only scripts with one of the words in their path

Prints what each script prints, then a table; writes bench/results/run.json. What was measured beside a peer, and
how, stands at the head of each script. Without the shared data (a folder ../shared beside the repository, or
ONRECORD_SHARED) the scripts that need it are left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ONRECORD_SHARED", HERE.parents[1] / "shared"))


@dataclass(frozen=True)
class Measurement:
    """A script, whether it needs the shared data, and arguments with which it takes seconds instead of minutes."""

    script: str
    shared: bool
    quick: tuple[str, ...] = ()


MEASUREMENTS = (
    Measurement("proof/appending.py", shared=False, quick=("--entries", "5000")),
    Measurement("proof/verifying.py", shared=False, quick=("--megabytes", "20", "--leaves", "20000")),
    Measurement("proof/growing.py", shared=False, quick=("--sizes", "1000", "10000")),
    Measurement("pages/serving.py", shared=False, quick=("--pages", "10")),
    Measurement("ingest/index.py", shared=False, quick=("5000",)),
    Measurement("ingest/growth.py", shared=False, quick=("--sizes", "200", "1000")),
    Measurement("ingest/reading.py", shared=True),
    Measurement("ingest/isolation.py", shared=True),
    Measurement("ingest/ocr.py", shared=True),
    Measurement("names/recall.py", shared=True),
    Measurement("names/scale.py", shared=True, quick=("--most", "100000")),
    Measurement("names/pruning.py", shared=True, quick=("--per-group", "5")),
    Measurement("names/odd.py", shared=True, quick=("--names", "20000")),
    Measurement("votes/ideal_points.py", shared=True),
    Measurement("votes/interval_coverage.py", shared=True),
    Measurement("votes/sampler.py", shared=True),
    Measurement("votes/forecasts.py", shared=True),
)


@dataclass(frozen=True)
class Ran:
    """What became of a measurement; times in seconds, of the script and all it started."""

    script: str
    outcome: str
    cpu: float = 0.0
    wall: float = 0.0
    printed: str = ""


def run(measurement: Measurement, *, quick: bool) -> Ran:
    """Run one script with one thread, in this environment."""
    if measurement.shared and not SHARED.is_dir():
        return Ran(measurement.script, f"left out: {SHARED} is absent")
    arguments = measurement.quick if quick else ()
    one_thread = {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    spent, start = cpu(), time.monotonic()
    ran = subprocess.run(
        [sys.executable, HERE / measurement.script, *arguments],
        env={**os.environ, **one_thread},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    outcome = "done" if ran.returncode == 0 else f"failed with exit code {ran.returncode}"
    return Ran(measurement.script, outcome, cpu() - spent, time.monotonic() - start, ran.stdout)


def cpu() -> float:
    """CPU seconds of everything started from here that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Run, print, write; 1 if a script failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*")
    parser.add_argument("--quick", action="store_true", help="small inputs where a script offers them")
    asked = parser.parse_args()
    done = []
    for measurement in MEASUREMENTS:
        if not asked.words or any(word in measurement.script for word in asked.words):
            ran = run(measurement, quick=asked.quick)
            print(f"== {ran.script}\n{ran.printed}", flush=True)
            done.append(ran)
    for ran in done:
        print(f"{ran.script:24} {ran.cpu:9.1f} CPU s {ran.wall:9.1f} s  {ran.outcome}")
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    about = {
        "when": datetime.now(UTC).isoformat(),
        "machine": platform.platform(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "quick": asked.quick,
    }
    (results / "run.json").write_text(json.dumps({**about, "ran": [asdict(ran) for ran in done]}, indent=2))
    return int(any(ran.outcome.startswith("failed") for ran in done))


if __name__ == "__main__":
    sys.exit(main())
