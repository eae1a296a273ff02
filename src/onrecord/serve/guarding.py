"""What servers for more than the public look at before they answer: the name asked for, and where a form comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from onrecord.accounts.secrets import same
from onrecord.errors import NotAllowed, UsageError
from onrecord.serve.headers import HEADERS

PRIVATE_HEADERS = {"cache-control": "no-store", "cross-origin-resource-policy": "same-origin"}

LOCAL_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?")
_LARGEST_FORM = 1 << 18
_MOST_FIELDS = 500


class FormRefused(UsageError):
    """A form that cannot be done as it was filled in, with the way to where it is filled in better.

    Attributes:
        path: the page of the form within the site, with its part after ``#``.
        query: what its address asks, so that what was typed stands there again.
    """

    def __init__(self, message: str, path: str, query: Mapping[str, str]) -> None:
        super().__init__(message)
        self.path, self.query = path, query


class Sent:
    """What somebody sent with a form: names and values, in order."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def one(self, name: str) -> str:
        """The last value of a name, without what surrounds it; empty if there is none."""
        return next((value.strip() for known, value in reversed(self.pairs) if known == name), "")

    def raw(self, name: str) -> str:
        """The last value of a name as it was typed."""
        return next((value for known, value in reversed(self.pairs) if known == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a name that is not empty, each once."""
        values = (value.strip() for known, value in self.pairs if known == name)
        return list(dict.fromkeys(value for value in values if value))

    def need_token(self, token: str) -> None:
        """See that the form came from a page of this server, sent to this browser.

        Raises:
            NotAllowed: it did not.
        """
        if not token or not same(self.one("token"), token):
            raise NotAllowed(
                "The form is not from this server, or you signed in or out since, or the server was started anew. "
                "Load the page again."
            )


async def read_form(request: Request) -> Sent:
    """The fields of a form, as browsers send them (``application/x-www-form-urlencoded``).

    Raises:
        UsageError: it is too large.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise UsageError(f"The form is too large: it may have {_LARGEST_FORM:,} bytes. Shorten a text.")
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as cause:
        raise UsageError(f"The form has more than {_MOST_FIELDS} fields.") from cause
    return Sent([(name, value.replace("\r\n", "\n")) for name, value in pairs])


def comes_from_elsewhere(request: Request, origin: str) -> bool:
    """Whether another site sent what would change something. Origin is ``null`` where no referrer is sent, as here."""
    if request.method in {"GET", "HEAD"}:
        return False
    foreign = request.headers.get("origin", origin) not in {origin, "null"}
    return foreign or request.headers.get("sec-fetch-site", "same-origin") != "same-origin"


def refused(why: str) -> Response:
    """The answer to what is not looked at any further."""
    return PlainTextResponse(f"Refused. {why}\n", status_code=403, headers=HEADERS)
