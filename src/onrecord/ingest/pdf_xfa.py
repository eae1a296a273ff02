"""Forms that a PDF describes in XML (XFA, as in ISO 32000-1, 12.7.8): pages that hold them often say only *Please wait*.

A form's parts together are one XML document. Read are the words of its template and the data that was filled in;
scripts are not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from lxml import etree
from pypdfium2 import raw

from onrecord.ingest.limits import Damaged, LimitReached
from onrecord.ingest.markup import local, saved_xml

_PACKETS = 1000
_SHOWN = frozenset({"text", "exData"})
_NAME = "the form (XFA)"


def form_texts(document: pdfium.PdfDocument, allowed: int, missing: list[str]) -> list[str]:
    """Texts of the form in their order, each once; what could not be read of it goes to ``missing`` in words.

    Args:
        allowed: how many bytes of XML are read.
    """
    try:
        data = _joined(document, allowed)
        if not data.strip():
            return []
        root, broken = saved_xml(data, _NAME)
    except (Damaged, LimitReached) as cause:
        missing.append(f"{_NAME}: {cause}" if isinstance(cause, LimitReached) else str(cause))
        return []
    if broken:
        missing.append(broken)
    return list(dict.fromkeys(text for text in _texts(root) if text))


def _joined(document: pdfium.PdfDocument, allowed: int) -> bytes:
    """All parts of the form, one behind the other as the standard puts them together."""
    parts: list[bytes] = []
    left = allowed
    for index in range(min(raw.FPDF_GetXFAPacketCount(document), _PACKETS)):
        size = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(document, index, None, 0, size)
        left -= size.value
        if left < 0:
            raise LimitReached("XML bytes", allowed)
        buffer = ctypes.create_string_buffer(size.value)
        raw.FPDF_GetXFAPacketContent(document, index, buffer, size.value, size)
        parts.append(buffer.raw[: size.value])
    return b"".join(parts)


def _texts(root: etree._Element) -> Iterator[str]:
    for part in root.iter("{*}template", "{*}datasets"):
        is_data = local(part) == "datasets"
        for element in part.iter("*"):
            if local(element) in _SHOWN:
                yield " ".join("".join(map(str, element.itertext())).split())
            elif is_data:
                yield (element.text or "").strip()
