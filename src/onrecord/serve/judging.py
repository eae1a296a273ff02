"""The owner's pages on names in documents, and putting a judgement on two names on record or withdrawing it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import get_args

from starlette.responses import RedirectResponse, Response

from onrecord.errors import UsageError
from onrecord.pages import addresses
from onrecord.pages.answers import judging_names, possible_names
from onrecord.pages.evidence import Evidence
from onrecord.pages.findings import Findings
from onrecord.pages.page import Route
from onrecord.record import Record
from onrecord.search.named.linking import Verdict, judge, undo
from onrecord.serve.guarding import Sent


def name_pages(evidence: Evidence) -> tuple[Route, ...]:
    """The families of pages on names in documents; they come before the public ones."""
    return (
        Route(addresses.FIND, partial(possible_names.answer, evidence), _never_frozen),
        Route(addresses.PEOPLE_TO_JUDGE, partial(judging_names.to_judge, evidence), _never_frozen),
        Route(addresses.PEOPLE_JUDGED, partial(judging_names.judged_page, evidence), _never_frozen),
    )


def judge_pair(record: Record, form: Sent) -> Response:
    """Put a judgement on record; on to all that stand.

    Raises:
        UsageError: no two are named, or no verdict or reason is given.
        EntryNotFound: one of the two is nowhere.
    """
    verdict = next((known for known in get_args(Verdict) if known == form.one("verdict")), None)
    if not (form.one("a") and form.one("b") and verdict):
        raise UsageError(
            "Choose two names, and whether they are the same person, different, or nobody can say."
        )
    judge(record, form.one("a"), form.one("b"), verdict, _reason(form))
    return RedirectResponse(f"/{addresses.PEOPLE_JUDGED}", status_code=303)


def undo_judgement(record: Record, form: Sent) -> Response:
    """Withdraw the last judgement on two; back to those that stand.

    Raises:
        UsageError: no reason is given.
        EntryNotFound: no judgement on these two stands.
    """
    undo(record, form.one("a"), form.one("b"), _reason(form))
    return RedirectResponse(f"/{addresses.PEOPLE_JUDGED}", status_code=303)


def _reason(form: Sent) -> str:
    reason = form.one("reason")
    if not reason:
        raise UsageError("Say why: a judgement without a reason cannot be weighed by anybody.")
    return reason


def _never_frozen(_findings: Findings) -> Iterator[str]:
    return iter(())
