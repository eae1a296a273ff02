"""Who may see an entry: nobody but the record's keepers unless somebody decides otherwise."""

from typing import Literal

Visibility = Literal["private", "team", "public"]

_RANK: dict[Visibility, int] = {"public": 0, "team": 1, "private": 2}


def may_see(clearance: Visibility, visibility: Visibility) -> bool:
    """True if a viewer cleared for ``clearance`` may see something of ``visibility``.

    Clearance ``private`` sees everything, ``team`` sees team and public, ``public`` only public.
    """
    return _RANK[visibility] <= _RANK[clearance]
