"""The tables of accounts, in words that SQLite and PostgreSQL both understand; their triggers differ."""

from __future__ import annotations

from onrecord.record.stores import Store
from onrecord.record.stores.sqlite import SqliteStore

_TABLES = (
    "create table if not exists accounts (key text primary key, name text not null, role text not null,"
    " password text not null, made text not null, signed_in text)",
    "create table if not exists invitations (token text primary key, key text not null, name text not null,"
    " role text not null, made_by text not null, expires text not null)",
    "create table if not exists sign_ins (token text primary key, account text not null, started text not null,"
    " seen text not null, expires text not null)",
    "create table if not exists tries (name text primary key, until bigint not null)",
    "create table if not exists accesses (seq bigint primary key, at text not null, who text not null,"
    " role text not null, act text not null, address text not null, what text not null, size bigint not null)",
)
"""Times are RFC 3339 in UTC, which sorts as text; tokens are hashes; ``until`` is in microseconds since 1970."""

_ONLY_GROWS = "the access log only grows"

_SQLITE_TRIGGERS = tuple(
    f"create trigger if not exists accesses_no_{act} before {act} on accesses"
    f" begin select raise(abort, '{_ONLY_GROWS}'); end"
    for act in ("update", "delete")
)

_POSTGRES_TRIGGERS = (
    "create or replace function accesses_only_grow() returns trigger language plpgsql as"
    f" $$ begin raise exception '{_ONLY_GROWS}'; end $$",
    "create or replace trigger accesses_only_grow before update or delete or truncate on accesses"
    " for each statement execute function accesses_only_grow()",
)


def prepare(store: Store) -> None:
    """Make the tables, where they are not there yet.

    Raises:
        StorageError: the database cannot be written to.
    """
    triggers = _SQLITE_TRIGGERS if isinstance(store, SqliteStore) else _POSTGRES_TRIGGERS
    with store.writing() as db:
        for statement in (*_TABLES, *triggers):
            db.do(statement)
