"""Files made to break readers: more than four hundred and fifty, each with the outcomes it may have and what must not appear.

Built by script, never stored: the bombs among them unpack to gigabytes.
"""

from __future__ import annotations

from tests.ingest.hostile import (
    archives,
    crowds,
    floods,
    guises,
    lies,
    locked,
    mail_and_web,
    office,
    packings,
    pdfs,
    pictures,
    texts,
)
from tests.ingest.hostile.case import Case

CASES: tuple[Case, ...] = (
    *archives.CASES,
    *packings.CASES,
    *office.CASES,
    *pdfs.CASES,
    *pictures.CASES,
    *texts.CASES,
    *mail_and_web.CASES,
    *locked.CASES,
    *floods.CASES,
    *lies.CASES,
    *crowds.CASES,
    *guises.CASES,
)

SLOW: tuple[Case, ...] = (*floods.SLOW, *crowds.SLOW)
"""Those that take seconds until they meet a limit."""
