"""What isolation costs: CPU a file of the sandbox beside the same readers in one process without it.

Usage: python bench/ingest/isolation.py [FOLDER]

FOLDER is any folder of documents; by default the shared ones beside the repository. No OCR, nothing stored. The
sandbox's CPU seconds are those of this process, of the one that forks and of the workers; its start is reported apart.
One JSON object out.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

from onrecord.ingest.readers import read
from onrecord.ingest.sandbox import Sandbox
from onrecord.ingest.source import Options, Source, Spool

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[2] / "../shared")) / "data/documents"
ROUNDS = 3


def cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def bare(paths: list[Path]) -> float:
    """CPU seconds of reading the files in this process."""
    options, before = Options(), cpu()
    for path in paths:
        with path.open("rb") as file, tempfile.TemporaryFile() as spool:
            read(Source(file, path.name, Spool(spool, options), options))
    return cpu() - before


def confined(paths: list[Path]) -> float:
    """CPU seconds of reading them in a sandbox, its start and end included."""
    before = cpu()
    with Sandbox(Options(), workers=1) as sandbox:
        for path in paths:
            with path.open("rb") as file:
                sandbox.submit(file, path.name, None)
            sandbox.next().spool.close()
    return cpu() - before


def main() -> None:
    """Run both by turns and print the comparison; the best of three rounds counts for each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not paths:
        sys.exit(f"There is no file in {folder}. Name a folder of documents.")
    bare(paths[:5])  # libraries that load when first used are loaded now
    start = min(confined([]) for _ in range(ROUNDS))
    pairs = [(bare(paths), confined(paths)) for _ in range(ROUNDS)]
    inside, outside = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(
        json.dumps(
            {
                "files": len(paths),
                "bare_ms_a_file": round(1000 * inside / len(paths), 2),
                "confined_ms_a_file": round(1000 * outside / len(paths), 2),
                "start_of_the_sandbox_ms": round(1000 * start, 1),
                "isolation_ms_a_file": round(1000 * (outside - start - inside) / len(paths), 2),
                "isolation_ms_a_file_with_start": round(1000 * (outside - inside) / len(paths), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
