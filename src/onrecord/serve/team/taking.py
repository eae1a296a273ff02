"""Taking the record out as a bag: the public part for everybody with an account, the whole for owners.

The bag is made in a folder of the record that only its owner's system account can read, sent as a tar archive while it is
read, and taken away. What a server that died left there is cleared away by the next one.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from onrecord.pages import addresses
from onrecord.pages.forms import Button, Form
from onrecord.proof.bags import export_bag, export_public_bag
from onrecord.record import Record
from onrecord.serve.guarding import Sent
from onrecord.serve.team.room import Room, Visitor

_CHUNK = 1 << 20
_PREFIX = ".outgoing-"
_ABANDONED_SECONDS = 24 * 3600


def taking_form(visitor: Visitor) -> Form:
    """The buttons with which somebody takes the record out."""
    says: tuple[str, ...] = (
        "The public part holds what everybody may see, and hashes in place of the rest.",
    )
    buttons = [Button("public", "Take the public part")]
    if visitor.seat().manages:
        buttons.append(Button("whole", "Take the whole record"))
        says += ("The whole holds private entries and all originals: keep it as safe as the record.",)
    says += (
        "It comes as a tar archive with a bag (RFC 8493) in it, and can be checked without this program. That you took it "
        "is put on record in your name, for good.",
    )
    return Form(
        "bag", addresses.BAG, visitor.token, (), tuple(buttons), heading="Take it with you", says=says
    )


def take(room: Room, visitor: Visitor, _request: Request, form: Sent) -> Response:
    """Make a bag, and send it once it is written down who takes it.

    Raises:
        NotAllowed: the whole record is for owners.
    """
    whole = form.one("do") == "whole"
    who = visitor.owner() if whole else visitor.account()
    name = "record" if whole else "public-part"
    room.write_down(who, "took", addresses.BAG, ["the whole record" if whole else "the public part"])
    folder = _new_folder(room.record)
    try:
        export = export_bag if whole else export_public_bag
        export(room.record, folder / name, by=who.name, to="a browser")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    headers = {"content-disposition": f'attachment; filename="{name}.tar"'}
    return StreamingResponse(_sent(folder, name), media_type="application/x-tar", headers=headers)


def _new_folder(record: Record) -> Path:
    for left in record.folder.glob(f"{_PREFIX}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=record.folder))


def _sent(folder: Path, name: str) -> Iterator[bytes]:
    try:
        for path in sorted(path for path in (folder / name).rglob("*") if path.is_file()):
            yield from _member(path, path.relative_to(folder).as_posix())
        yield bytes(2 * tarfile.BLOCKSIZE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _member(path: Path, name: str) -> Iterator[bytes]:
    """A file as tar has it: a header, its bytes, and zeros up to a whole block."""
    about = tarfile.TarInfo(name)
    about.size = path.stat().st_size
    yield about.tobuf(tarfile.PAX_FORMAT)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
    yield bytes(-about.size % tarfile.BLOCKSIZE)
