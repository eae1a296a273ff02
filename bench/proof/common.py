"""What the measurements of this folder share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def tell(result: dict[str, Any], file: Path | None) -> None:
    """Print a result as JSON, and write it to a file if one is named."""
    text = json.dumps(result, indent=2)
    print(text)
    if file:
        file.write_text(text + "\n")
