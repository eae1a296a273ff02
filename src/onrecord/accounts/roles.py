"""The three roles, and what each is to the gate.

An owner sees everything. Editors and readers are the team: they see what is open to it and to the public, and only
editors put anything on record. What is private is for owners alone.
"""

from __future__ import annotations

from typing import Literal, get_args

from onrecord.model.visibility import Visibility
from onrecord.record import Viewer

Role = Literal["owner", "editor", "reader"]

ROLES: tuple[Role, ...] = get_args(Role)

_CLEARANCE: dict[Role, Visibility] = {"owner": "private", "editor": "team", "reader": "team"}


def viewer_for(role: Role) -> Viewer:
    """Whom the gate sees in somebody of this role."""
    return Viewer(role, _CLEARANCE[role])


def may_enter(role: Role) -> bool:
    """True if they may add and correct entries."""
    return role in ("owner", "editor")


def may_manage(role: Role) -> bool:
    """True if they may invite and remove people, read the access log and see the documents."""
    return role == "owner"
