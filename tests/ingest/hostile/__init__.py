"""Files made to break readers: about a thousand, each with the outcomes it may have and what must not appear.

Built by script, never stored: the bombs among them unpack to gigabytes.
"""

from __future__ import annotations

from tests.ingest.hostile import (
    archives,
    containers,
    crowds,
    floods,
    guises,
    letters,
    lies,
    locked,
    mail_and_web,
    office,
    packages,
    packings,
    pdf_structures,
    pdfs,
    picture_chunks,
    pictures,
    plainly,
    texts,
)
from tests.ingest.hostile.case import Case

CASES: tuple[Case, ...] = (
    *archives.CASES,
    *packings.CASES,
    *office.CASES,
    *packages.CASES,
    *containers.CASES,
    *pdfs.CASES,
    *pdf_structures.CASES,
    *pictures.CASES,
    *picture_chunks.CASES,
    *texts.CASES,
    *mail_and_web.CASES,
    *locked.CASES,
    *floods.CASES,
    *lies.CASES,
    *crowds.CASES,
    *guises.CASES,
    *letters.CASES,
    *plainly.CASES,
)

SLOW: tuple[Case, ...] = (*floods.SLOW, *crowds.SLOW, *packages.SLOW)
"""Those that take seconds until they meet a limit."""
