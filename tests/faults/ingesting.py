"""A run of taking in, to be killed or starved.

python -m tests.faults.ingesting RECORD FOLDER [RETRY]   take the folder in; print ``done``, or ``refused`` and why
"""

from __future__ import annotations

import sys
from pathlib import Path

from onrecord.errors import OnrecordError
from onrecord.ingest.taking_in import take_in
from onrecord.record import Record


def main() -> None:
    """Do as the arguments say."""
    record, folder, *retry = sys.argv[1:]
    print("ready", flush=True)
    try:
        take_in(Record(Path(record)), [Path(folder)], workers=2, retry=next(iter(retry), None))
    except OnrecordError as refused:
        print("refused", refused)
    else:
        print("done")


if __name__ == "__main__":
    main()
