"""Files made to break readers: more than six hundred, each with the outcomes it may have and what must not appear.

Built by script, never stored: the bombs among them unpack to gigabytes.
"""

from __future__ import annotations

from tests.ingest.hostile import (
    archives,
    crowds,
    floods,
    guises,
    letters,
    lies,
    locked,
    mail_and_web,
    office,
    packings,
    pdfs,
    pictures,
    plainly,
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
    *letters.CASES,
    *plainly.CASES,
)

SLOW: tuple[Case, ...] = (*floods.SLOW, *crowds.SLOW)
"""Those that take seconds until they meet a limit."""
