"""RTF by an own pass: Unicode and code-page text, hidden and deleted runs marked, objects taken out and not run."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from onrecord.ingest.embedded import Named, from_ole1, keep_objects
from onrecord.ingest.limits import LimitReached
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Mark, Outcome, Piece, in_part
from onrecord.ingest.source import Source
from onrecord.model.citation import TextPositionSelector

_TOKEN = re.compile(
    rb"\\bin(\d+) ?|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "rsidtbl", "generator",
    "themedata", "colorschememapping", "datastore", "latentstyles", "pict", "objdata", "fldinst",
    "xmlnstbl", "filetbl", "revtbl", "mmathPr", "pgptbl", "nonshppict", "bkmkstart", "bkmkend",
    "panose", "falt", "userprops", "password", "wgrffmtfilter", "shppict", "blipuid", "picprop",
})  # fmt: skip
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t",
           "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019",
           "ldblquote": "\u201c", "rdblquote": "\u201d"}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_CLAIMS = frozenset({
    "title", "subject", "author", "manager", "company", "operator", "category", "keywords", "doccomm", "hlinkbase",
})  # fmt: skip
"""What the file says of itself (``\\info``), each in a group of its own."""
_STORIES: dict[str, Mark] = {"annotation": "comment", "footnote": "note", "header": "header", "footer": "header",
                             "headerl": "header", "headerr": "header", "footerl": "header",
                             "footerr": "header", **dict.fromkeys(_CLAIMS, "claim")}  # fmt: skip
_TOGGLES: dict[str, Mark] = {"v": "hidden", "deleted": "deleted", "revised": "inserted"}
_CHARSETS = {"128": "cp932", "129": "cp949", "134": "cp936", "136": "cp950", "161": "cp1253", "162": "cp1254",
             "177": "cp1255", "178": "cp1256", "186": "cp1257", "204": "cp1251", "238": "cp1250"}  # fmt: skip
_OBJECT = re.compile(rb"\\(objdata|pict)(?![a-z])")
_PICTURES = {b"pngblip": "png", b"jpegblip": "jpeg", b"emfblip": "emf", b"wmetafile": "wmf"}
_DIGITS = re.compile(rb"(?:[0-9a-fA-F]{2})+")
_DEPTH = 2000


@dataclass(frozen=True, slots=True)
class _State:
    mark: Mark = ""
    skipped: bool = False
    after_unicode: int = 1
    encoding: str = ""


def read(source: Source) -> Finding:
    """Pieces by paragraph and mark; ranges count characters of all text found, in order. Objects are members."""
    data = source.whole()
    missing: list[str] = []
    runs, claims, end, is_closed = _runs(data)
    if end > len(data):
        missing.append(f"{end - len(data)} bytes of a picture that are promised, and what would follow them")
    elif not is_closed:
        missing.append(
            "its end: a bracket that was opened is never closed, as in a file that was cut off or damaged"
        )
    children = keep_objects(_objects(data), source, missing)
    outcome, reason = in_part(missing)
    pieces = tuple(_pieces(runs))
    if missing and not pieces and not children:
        outcome = Outcome.FAILED
    return Finding(outcome=outcome, reason=reason, pieces=pieces, children=children, claims=tuple(claims))


def _objects(data: bytes) -> Iterator[Named]:
    """Objects and pictures: each is a group of hexadecimal digits, or of bytes after ``\\bin``.

    The drawing that stands beside a picture for old programs is the same picture again and left out.
    """
    at, count = 0, 0
    while found := _OBJECT.search(data, at):
        at, words, raw = _group(data, found.end())
        if found[1] == b"objdata":
            count += 1
            yield from from_ole1(raw, f"object {count}")
        elif b"\\nonshppict" in data[max(found.start() - 16, 0) : found.start()]:
            continue
        elif ending := next((_PICTURES[word] for word in words if word in _PICTURES), ""):
            count += 1
            yield f"picture {count}.{ending}", raw


def _group(data: bytes, at: int) -> tuple[int, set[bytes], bytes]:
    """Where a group ends, the words in it, and what its digits spell; groups inside it do not count."""
    depth, words, digits = 1, set(), bytearray()
    while depth and (match := _TOKEN.match(data, at)):
        at = match.end()
        binary, word, _, _, _, brace, plain = match.groups()
        if binary:
            digits += data[at : at + int(binary)].hex().encode()
            at += int(binary)
        elif brace:
            depth += 1 if brace == b"{" else -1
        elif depth == 1 and word:
            words.add(word)
        elif depth == 1 and plain:
            digits += plain.translate(None, b" \t")
    whole = _DIGITS.match(digits)
    return at, words, bytes.fromhex(whole[0].decode()) if whole else b""


def _runs(data: bytes) -> tuple[list[tuple[Mark, str]], list[tuple[str, str]], int, bool]:
    """The text in its order, claims, where reading ended, and whether every group is closed.

    It ends beyond the file where bytes are promised that lack.
    """
    fonts, page = _fonts(data), _code_page(data)
    stack, state = [], _State()
    runs: list[tuple[Mark, str]] = []
    pending, to_skip, position = bytearray(), 0, 0

    def flush() -> None:
        if pending:
            runs.append((state.mark, pending.decode(state.encoding or page, errors="replace")))
            pending.clear()

    while match := _TOKEN.match(data, position):
        position = match.end()
        binary, raw_word, parameter, code, symbol, brace, plain = match.groups()
        word = raw_word.decode() if raw_word else ""
        if binary:
            position += int(binary)
        elif brace == b"{":
            flush()
            stack.append(state)
            if len(stack) > _DEPTH:
                raise LimitReached("nested groups", _DEPTH)
        elif brace == b"}":
            flush()
            state, to_skip = stack.pop() if stack else _State(), 0
        elif code is not None or plain is not None:
            raw = bytes([int(code, 16)]) if code else plain
            raw, to_skip = raw[to_skip:], max(to_skip - len(raw), 0)
            if not state.skipped:
                pending += raw
        elif word == "u" and parameter:
            flush()
            to_skip = state.after_unicode
            if not state.skipped:
                runs.append((state.mark, _utf16_unit(int(parameter))))
        elif symbol or word:
            if word not in {"uc"}:
                flush()
            state = _changed(state, word, parameter, symbol, fonts)
            text = "\n" if word in _CLAIMS else _BREAKS.get(word) or _SYMBOLS.get(symbol)
            if text and not state.skipped:
                runs.append((state.mark, text))
    flush()
    return runs, [("code page", page)], position, not stack


def _changed(
    state: _State, word: str, parameter: bytes | None, symbol: bytes | None, fonts: dict[str, str]
) -> _State:
    if word in _STORIES:
        return replace(state, mark=_STORIES[word], skipped=False)
    if word in _SKIPPED:
        return replace(state, skipped=True)
    if symbol == b"*":
        return replace(state, skipped=True)
    if word in _TOGGLES:
        return replace(state, mark="" if parameter == b"0" else _TOGGLES[word])
    if word == "uc" and parameter:
        return replace(state, after_unicode=min(max(int(parameter), 0), 8))
    if word == "f" and parameter:
        return replace(state, encoding=fonts.get(parameter.decode(), ""))
    return state


def _fonts(data: bytes) -> dict[str, str]:
    found = re.findall(rb"\\f(\d+)[^{};]{0,80}?\\fcharset(\d+)", data[:400_000])
    return {number.decode(): _CHARSETS[code.decode()] for number, code in found if code.decode() in _CHARSETS}


def _code_page(data: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d+)", data[:2000])
    name = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def _utf16_unit(value: int) -> str:
    return chr(value & 0xFFFF)


def _pieces(runs: list[tuple[Mark, str]]) -> Iterator[Piece]:
    """Halves of surrogate pairs are joined here, because RTF writes each as a character of its own."""
    at, current, text = 0, "", ""
    for mark, run in [*runs, ("", "\n")]:
        for part in re.split(r"(?<=\n)", run):
            if text and (mark != current or text.endswith("\n")):
                yield from _piece(text, at, current)
                at, text = at + len(text), ""
            current, text = mark, text + part


def _piece(text: str, at: int, mark: str) -> Iterator[Piece]:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if whole.strip():
        place = TextPositionSelector(start=at, end=at + len(text))
        yield Piece(whole.rstrip("\n"), (place,), mark)  # type: ignore[arg-type]


READER = Reader("RTF", package_version(6, "olefile"), ("rtf",), read)
