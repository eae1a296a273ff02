"""Where the server is reached, and what follows from it: which name it answers to, how its cookies are kept."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import UsageError
from onrecord.serve.guarding import LOCAL_HOST


@dataclass(frozen=True, slots=True)
class Place:
    """The address that people type, ``https://record.example.org``; empty for this machine alone."""

    origin: str = ""

    @staticmethod
    def parse(address: str) -> Place:
        """The place at an address.

        Raises:
            UsageError: it is not that of a whole host over TLS: cookies that let people in would travel in the clear.
        """
        parts = urlsplit(address)
        if (
            parts.scheme != "https"
            or not parts.netloc
            or parts.path.strip("/")
            or parts.query
            or "@" in address
        ):
            raise UsageError(
                f"{address} cannot be the server's address. Give https:// and a name of its own, such as "
                "https://record.example.org, or leave it out to use the server on this machine alone."
            )
        return Place(f"https://{parts.netloc.lower()}")

    def origin_of(self, request: Request) -> str | None:
        """The origin that a request was meant for; None if that is not this server's."""
        host = request.headers.get("host", "").lower()
        if self.origin:
            return self.origin if host == urlsplit(self.origin).netloc else None
        return f"http://{host}" if LOCAL_HOST.fullmatch(host) else None

    def cookie(self, purpose: str, request: Request) -> str:
        """The name of a cookie. Over TLS no other host can set it; on this machine ports are told apart."""
        return f"__Host-onrecord-{purpose}" if self.origin else f"onrecord-{purpose}-{request.url.port or 80}"

    def give(self, response: Response, request: Request, purpose: str, secret: str) -> Response:
        """Have the browser keep a secret until it is closed."""
        name, secure = self.cookie(purpose, request), bool(self.origin)
        response.set_cookie(name, secret, httponly=True, samesite="strict", secure=secure, path="/")
        return response

    def take_back(self, response: Response, request: Request, purpose: str) -> Response:
        """Have the browser forget a secret."""
        name, secure = self.cookie(purpose, request), bool(self.origin)
        response.delete_cookie(name, httponly=True, samesite="strict", secure=secure, path="/")
        return response
