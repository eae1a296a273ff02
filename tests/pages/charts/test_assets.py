"""What pages load is here, small, licensed and asks no other host for anything."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

ASSETS = Path(str(files("onrecord.pages"))) / "assets"
FONTS = ASSETS / "fonts"


@pytest.mark.parametrize("name", ["style.css", "enhance.js", "fonts/fonts.css", "icon.svg"])
def test_no_asset_names_another_host(name: str) -> None:
    text = (ASSETS / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|url\(\s*['\"]?//|@import", text.replace("a[href^='http']", ""))


def test_scripts_and_style_stay_small() -> None:
    assert (ASSETS / "enhance.js").stat().st_size < 10_000
    assert (ASSETS / "style.css").stat().st_size < 16_000
    assert (ASSETS / "world.json").stat().st_size < 60_000


def test_the_script_runs_under_a_policy_that_forbids_inline_code() -> None:
    script = (ASSETS / "enhance.js").read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b|setAttribute\('on", script)


def test_every_font_is_named_in_the_sheet_and_every_named_font_is_here() -> None:
    named = set(re.findall(r"url\(([^)]+)\)", (FONTS / "fonts.css").read_text("utf-8")))
    assert named == {path.name for path in FONTS.glob("*.woff2")}


def test_every_family_has_its_licence_beside_it() -> None:
    licences = [path.read_text("utf-8") for path in FONTS.glob("LICENSE-*.txt")]
    assert len(licences) == 3
    assert all("SIL OPEN FONT LICENSE" in text.upper() for text in licences)


def reach(family: str) -> set[int]:
    """The code points that the faces of a family say they draw."""
    points: set[int] = set()
    for rule in (FONTS / "fonts.css").read_text("utf-8").splitlines():
        if f"'{family}'" in rule:
            for part in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule):
                points |= set(range(int(part[0], 16), int(part[1] or part[0], 16) + 1))
    return points


@pytest.mark.parametrize(
    ("family", "letters"),
    [
        ("Source Serif 4", "Türkiye Əli ŞahinЖүсіпҚызыłçğıñóãü–—“”…−"),
        ("Noto Naskh Arabic", "ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي"),
        ("Noto Serif SC", "伊力哈木土赫提新疆维吾尔自治区阿布都热合曼古丽"),
    ],
)
def test_the_letters_of_names_are_drawn_by_the_shipped_type(family: str, letters: str) -> None:
    missing = [letter for letter in letters if letter != " " and ord(letter) not in reach(family)]
    assert not missing


def test_the_map_holds_every_member_once_with_an_outline_or_a_dot() -> None:
    world = json.loads((ASSETS / "world.json").read_text("utf-8"))
    assert len(world["members"]) == len(set(world["members"])) == 193
    assert not set(world["members"]) - world["shapes"].keys() - world["dots"].keys()
    assert all(re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path) for path in world["shapes"].values())
    assert all(0 <= x <= world["width"] and 0 <= y <= world["height"] for x, y in world["dots"].values())
