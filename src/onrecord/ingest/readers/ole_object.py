"""OLE2 containers that wrap a file put into a document: a PDF in a letter, whatever was dropped into a workbook.

Word and Excel keep such objects in their packages (``word/embeddings/oleObject1.bin``), mostly wrapped. What is wrapped
comes out as a member. A container that wraps nothing holds the document of a program not known here.
"""

from __future__ import annotations

from onrecord.ingest.embedded import in_container
from onrecord.ingest.readers.base import Reader, package_version
from onrecord.ingest.reading import Finding, Outcome
from onrecord.ingest.source import Source

_NOT_KNOWN = "it is a container of an old office program and holds no document of a kind known here"


def read(source: Source) -> Finding:
    """The wrapped file as a member.

    Raises:
        Damaged: the container's directory or a stream in it cannot be followed.
    """
    data = source.whole()
    children = tuple(
        source.spool.keep(name, name.encode("utf-8", "surrogatepass"), [wrapped])
        for name, wrapped in in_container(data, source.name)
        if wrapped is not data
    )
    if not children:
        return Finding(outcome=Outcome.UNSUPPORTED, reason=_NOT_KNOWN)
    return Finding(children=children)


READER = Reader("OLE", package_version(1, "olefile"), ("ole",), read)
