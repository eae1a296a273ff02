"""Build the documentation as a static site: docs/*.md and the changelog, with the look of the record's own pages.

python tools/build_docs.py [FOLDER]        site/ unless given; what was in it is replaced
"""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "src" / "onrecord" / "pages" / "assets"
FIRST = (
    "index",
    "quick-start",
    "commands",
    "python",
    "import-format",
    "evidence",
    "looking",
    "serving",
    "proof",
    "people",
    "votes",
    "glossary",
    "limits",
    "CHANGELOG",
)
"""The order of the pages in the head of each; the decisions follow by name."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · onrecord</title>
<link rel="stylesheet" href="{root}assets/fonts/fonts.css">
<link rel="stylesheet" href="{root}assets/style.css">
</head>
<body>
<header class="masthead">
<a class="record" href="{root}index.html">onrecord</a>
<nav aria-label="Pages"><ul>
{links}
</ul></nav>
</header>
<main>
{body}
</main>
</body>
</html>
"""


def pages() -> dict[str, Path]:
    """Every page by its name without ending (``decisions/votes``), in the order of the head."""
    folder = ROOT / "docs"
    found = {
        file.relative_to(folder).with_suffix("").as_posix(): file for file in sorted(folder.rglob("*.md"))
    }
    found["CHANGELOG"] = ROOT / "CHANGELOG.md"
    return {name: found[name] for name in [*FIRST, *(name for name in found if name not in FIRST)]}


def build(out: Path) -> int:
    """Write the site; returns the number of pages."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(ASSETS, out / "assets")
    for file in (ROOT / "docs").rglob("*"):
        if file.is_file() and file.suffix != ".md":
            target = out / file.relative_to(ROOT / "docs")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    every = pages()
    titles = {name: _title(file.read_text(encoding="utf-8")) for name, file in every.items()}
    for name, file in every.items():
        target = out / f"{name}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_page(name, file.read_text(encoding="utf-8"), titles), encoding="utf-8")
    return len(every)


def _page(name: str, text: str, titles: dict[str, str]) -> str:
    root = "../" * name.count("/")
    links = "\n".join(
        f'<li><a href="{root}{other}.html"{" aria-current=true" if other == name else ""}>{escape(title)}</a></li>'
        for other, title in titles.items()
    )
    return _PAGE.format(title=escape(titles[name]), root=root, links=links, body=_html(text))


def _title(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")


def _html(text: str) -> str:
    """Markdown with tables as HTML; headings can be linked to, and links to pages lead to their HTML."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = markdown.parse(text)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", re.sub(r"[^\w]+", "-", tokens[at + 1].content.lower()).strip("-"))
        for part in token.children or ():
            _lead_to_html(part)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _lead_to_html(part: Token) -> None:
    href = str(part.attrGet("href") or "")
    if part.type == "link_open" and "://" not in href:
        part.attrSet("href", re.sub(r"\.md(?=$|#)", ".html", href))


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    print(f"{build(where)} pages in {where}.")
