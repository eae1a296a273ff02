"""Take the pictures of the documentation: the shipped record's pages in Chromium.

    python tools/make_screenshots.py

Writes docs/images/*.png, each in 64 colours so that it stays below 200 kB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

OUT = Path(__file__).parents[1] / "docs" / "images"
PORT = 8322
HOME = f"http://127.0.0.1:{PORT}/"
AS_OF = "2026-11-22"
WANTED = (
    ("front", "", 1000, 800),
    ("promises", "promises/", 1000, 800),
    ("somalia", "states/SOM/", 1000, 800),
)
"""Name of the picture, path of the page, width and height of the window."""


@contextmanager
def demo() -> Iterator[None]:
    """The demo at its address for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            Path(sys.executable).with_name("onrecord"),
            "-r",
            f"{folder}/record",
            "demo",
            "--no-browser",
        ]
        server = subprocess.Popen([*command, "--port", str(PORT)])
        try:
            while not answers():
                time.sleep(0.2)
            yield
        finally:
            server.terminate()
            server.wait()


def answers() -> bool:
    """True when the server gives out pages."""
    try:
        return bool(urlopen(HOME).status == 200)
    except URLError:
        return False


def main() -> None:
    """Take every picture."""
    OUT.mkdir(exist_ok=True)
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path, width, height in WANTED:
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
            page.goto(f"{HOME}{path}?as_of={AS_OF}")
            page.evaluate("document.fonts.ready")
            file = OUT / f"{name}.png"
            page.screenshot(path=file)
            Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)
            print(f"{file.name}: {file.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
