"""What a record is about: ``record.toml``, the one file of a record that people edit by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from onrecord.errors import InvalidInput, Problem, RecordNotFound, StorageError


class Wording(msgspec.Struct, frozen=True):
    """What the sides are called on the pages of this record."""

    critical: str = "critical"
    supportive: str = "supportive"


class Description(msgspec.Struct, frozen=True):
    """The title page of a record.

    Attributes:
        about: ids of the actors that the record is about.
        main_topics: topics of instruments that counts and movers are made from; empty means all.
        keeper: the name that entries are recorded under unless another is given.
        ledger: the address of the database of the ledger; empty for a SQLite file beside this one.
        archive: the address of the store of the originals; empty for a folder beside this file.
        readers: name to age recipient of those for whom texts are sealed.
        address: where the published record stands, for permalinks; empty if it is nowhere yet.
    """

    title: str
    description: str = ""
    languages: tuple[str, ...] = ("en",)
    about: tuple[str, ...] = ()
    main_topics: tuple[str, ...] = ()
    as_of: str | None = None
    licence: str = ""
    keeper: str = "keeper"
    ledger: str = ""
    archive: str = ""
    address: str = ""
    readers: dict[str, str] = {}
    wording: Wording = Wording()


FILE = "record.toml"


def read(folder: Path) -> Description:
    """The description in a folder.

    Raises:
        RecordNotFound: the folder holds no record.
        StorageError: it is there and cannot be read.
        InvalidInput: the file is not as it should be.
    """
    path = folder / FILE
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError) as cause:
        raise RecordNotFound(
            f"There is no record in {folder} ({FILE}: {cause.strerror}). "
            "Name one with -r DIR or ONRECORD=DIR, or make one with `onrecord new DIR`."
        ) from cause
    except OSError as cause:
        raise StorageError(f"{path} cannot be read: {cause.strerror}.") from cause
    except UnicodeDecodeError as cause:
        raise InvalidInput([Problem("The file is not UTF-8.", "Save it as UTF-8.", str(path))]) from cause
    try:
        return msgspec.convert(tomllib.loads(text), Description)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as cause:
        raise InvalidInput([Problem(f"{cause}.", "Mend the line.", str(path))]) from cause
