"""Who may sign in to a record, what they may do, and what they looked at.

All of it lies in tables of its own in the record's database, beside the ledger and never in it: it can be forgotten,
and no bag holds it. Nothing here sends mail; an invitation is a link that people hand to one another.
"""

from onrecord.accounts.accounts import Accounts, accounts_of
from onrecord.accounts.errors import SignInRefused, TooManyTries
from onrecord.accounts.limits import Limit
from onrecord.accounts.log import Access
from onrecord.accounts.people import Account, Invitation
from onrecord.accounts.roles import ROLES, Role, may_enter, may_manage, viewer_for
from onrecord.accounts.sessions import SignedIn

__all__ = [
    "ROLES",
    "Access",
    "Account",
    "Accounts",
    "Invitation",
    "Limit",
    "Role",
    "SignInRefused",
    "SignedIn",
    "TooManyTries",
    "accounts_of",
    "may_enter",
    "may_manage",
    "viewer_for",
]
