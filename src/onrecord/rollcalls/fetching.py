"""The official files of roll calls: where their publishers offer them, and how one is brought to this machine.

Only ``onrecord votes fetch`` uses this module, and only when it is called; nothing else here asks the network.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from onrecord.errors import NotReached, StorageError

TIMEOUT = 30
CHUNK = 1 << 20
MOST_BYTES = 1 << 30
"""A file that grows beyond this is not the one that was meant."""


class Answer(Protocol):
    """What a publisher's server sends."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header fields, looked up without regard to case."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, all of them where no size is given."""


Network = Callable[[str], AbstractContextManager[Answer]]
"""Opens an address; raises OSError or HTTPException where nothing good comes back."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """One official data set.

    Attributes:
        name: as ``votes fetch`` calls it. title: of the data set. page: where a person downloads it.
        listing: the address that lists its files. terms: under which it may be used.
        pick: the newest file in that list.
    """

    name: str
    title: str
    page: str
    listing: str
    terms: str
    pick: Callable[[Any], Offer]


@dataclass(frozen=True, slots=True)
class Offer:
    """A file on offer: its name, its address, and its size in bytes where the publisher says it."""

    name: str
    address: str
    size: int | None = None


def _of_library(suffix: str) -> Callable[[Any], Offer]:
    def pick(listing: Any) -> Offer:
        files = [file for file in listing if str(file["url"]).split("?")[0].endswith(f"{suffix}.csv")]
        newest = max(files, key=lambda file: _dated(str(file["url"])))
        address = str(newest["url"]).split("?")[0]
        return Offer(address.rsplit("/", 1)[-1], address, newest.get("size"))

    return pick


def _dated(address: str) -> tuple[int, ...]:
    """The date with which the library's file names begin, 2025_9_19 before 2025_11_25."""
    parts = address.rsplit("/", 1)[-1].split("_")[:3]
    return tuple(int(part) if part.isdigit() else 0 for part in parts)


def _of_dataverse(listing: Any) -> Offer:
    files = [file["dataFile"] for file in listing["data"]["latestVersion"]["files"]]
    votes = [file for file in files if str(file["filename"]).lower().startswith("unvotes")]
    newest = max(votes, key=lambda file: int(file["id"]))
    name = str(newest.get("originalFileName") or newest["filename"])
    size = newest.get("originalFileSize") or newest.get("filesize")
    address = f"https://dataverse.harvard.edu/api/access/datafile/{int(newest['id'])}?format=original"
    return Offer(name, address, size)


_LIBRARY = "https://digitallibrary.un.org"

_LIBRARY_TERMS = "copyright United Nations; free for use that is not commercial, with attribution to the Dag Hammarskjöld Library"

PUBLISHERS: Mapping[str, Publisher] = {
    publisher.name: publisher
    for publisher in (
        Publisher(
            "ga",
            "General Assembly voting data, UN Digital Library",
            f"{_LIBRARY}/record/4060887",
            f"{_LIBRARY}/api/v1/file?recid=4060887",
            _LIBRARY_TERMS,
            _of_library("_ga_voting"),
        ),
        Publisher(
            "sc",
            "Security Council voting data, UN Digital Library",
            f"{_LIBRARY}/record/4055387",
            f"{_LIBRARY}/api/v1/file?recid=4055387",
            _LIBRARY_TERMS,
            _of_library("_sc_voting"),
        ),
        Publisher(
            "voeten",
            "United Nations General Assembly Voting Data, Erik Voeten",
            "https://doi.org/10.7910/DVN/LEJUQZ",
            "https://dataverse.harvard.edu/api/datasets/:persistentId/?persistentId=doi:10.7910/DVN/LEJUQZ",
            "CC0; cite Bailey, Strezhnev and Voeten (2017)",
            _of_dataverse,
        ),
    )
}


def opened(address: str) -> AbstractContextManager[Answer]:
    """The network itself: an https address, asked once, for half a minute."""
    request = urllib.request.Request(address, headers={"User-Agent": "onrecord"})  # noqa: S310 - see _https
    answer: AbstractContextManager[Answer] = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
    return answer


def offered(publisher: Publisher, network: Network = opened) -> Offer:
    """The newest file that a publisher offers.

    Raises:
        NotReached: its server did not answer, or answered with something else than its list of files.
    """
    try:
        with network(publisher.listing) as answer:
            offer = publisher.pick(json.loads(answer.read(MOST_BYTES)))
    except (OSError, HTTPException) as cause:
        raise NotReached(_by_hand(publisher, f"could not be asked ({_why(cause)})")) from cause
    except (ValueError, KeyError, TypeError, IndexError) as cause:
        raise NotReached(_by_hand(publisher, "did not answer with its list of files")) from cause
    if urlsplit(offer.address).scheme != "https":
        raise NotReached(_by_hand(publisher, f"offers an address that is not https: {offer.address}"))
    return offer


def fetched(
    publisher: Publisher,
    offer: Offer,
    folder: Path,
    *,
    network: Network = opened,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Bring a file into a folder; it appears there whole, or not at all, and replaces none.

    Args:
        progress: called with bytes done and bytes in all where the size is known.

    Raises:
        NotReached: the server did not send the file.
        StorageError: a file of that name is there already, or the folder cannot be written to.
    """
    target = folder / Path(offer.name).name
    if target.exists():
        raise StorageError(f"{target} is there already; it is left as it is. Move it away to fetch it again.")
    growing = target.with_name(f".{target.name}.growing-{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _save(publisher, offer, growing, network, progress)
        os.replace(growing, target)
    except (NotReached, StorageError):
        raise
    except OSError as cause:
        raise StorageError(f"{target} could not be written: {cause.strerror or cause}.") from cause
    finally:
        growing.unlink(missing_ok=True)
    return target


def _save(
    publisher: Publisher,
    offer: Offer,
    growing: Path,
    network: Network,
    progress: Callable[[int, int], None] | None,
) -> None:
    done = 0
    with growing.open("wb") as file:
        try:
            with network(offer.address) as answer:
                if "html" in str(answer.headers.get("Content-Type", "")):
                    raise NotReached(_by_hand(publisher, "sent a page for people instead of the file"))
                total = offer.size or int(answer.headers.get("Content-Length") or 0)
                while block := answer.read(CHUNK):
                    done += file.write(block)
                    if done > MOST_BYTES:
                        raise NotReached(_by_hand(publisher, "sent more than a file of roll calls can hold"))
                    if progress is not None and total:
                        progress(min(done, total), total)
        except HTTPException as cause:
            raise NotReached(_by_hand(publisher, f"broke off ({_why(cause)})")) from cause
        except (urllib.error.URLError, TimeoutError, ConnectionError) as cause:
            raise NotReached(_by_hand(publisher, f"could not be asked ({_why(cause)})")) from cause
    if not done:
        raise NotReached(_by_hand(publisher, "sent nothing"))


def _why(cause: Exception) -> str:
    return str(getattr(cause, "reason", None) or cause) or type(cause).__name__


def _by_hand(publisher: Publisher, what: str) -> str:
    host = urlsplit(publisher.listing).netloc
    return (
        f"{host} {what}. Nothing was changed. Download the newest data file of “{publisher.title}” by hand, in a browser on a machine "
        f"with a network, from {publisher.page} ({publisher.terms}). Put it into any folder here and take it in with "
        "`onrecord -r DIR votes import FILE`."
    )
