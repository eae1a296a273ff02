"""Sound entries of every kind, drawn at random, for laws that must hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from onrecord.model.citation import (
    Citation,
    FragmentSelector,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
)
from onrecord.model.kinds import (
    Actor,
    Consent,
    Correction,
    Decision,
    Entry,
    Event,
    Figure,
    Instrument,
    Membership,
    Name,
    Person,
    Position,
    Promise,
    Quote,
    Sealed,
    Source,
)

words = st.text(min_size=1, max_size=30)
maybe_words = st.none() | words
parts = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,12}", fullmatch=True)
ids = st.lists(parts, min_size=1, max_size=3).map("/".join)
dates = st.dates().map(str) | st.dates().map(lambda d: str(d)[:7]) | st.dates().map(lambda d: str(d)[:4])
maybe_dates = st.none() | dates
decimals = st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", fullmatch=True)
visibility = st.sampled_from(["private", "team", "public"])
languages = st.sampled_from(["ug-Arab", "zh-Hans", "en", "tr"])

selectors = st.one_of(
    st.builds(TextQuoteSelector, exact=words, prefix=maybe_words, suffix=maybe_words),
    st.builds(TextPositionSelector, start=st.integers(0, 10**6), end=st.integers(0, 10**6)),
    st.builds(FragmentSelector, value=words, conformsTo=maybe_words),
    st.builds(XPathSelector, value=words),
)
citations = st.builds(
    Citation,
    source=ids,
    supports=maybe_words,
    selectors=st.lists(selectors, max_size=2).map(tuple),
    stance=st.sampled_from(["supports", "disputes"]),
)
names = st.builds(Name, text=words, language=st.none() | languages, role=maybe_words)
consents = st.builds(
    Consent,
    basis=st.sampled_from(["given", "already_public", "refused"]),
    by=maybe_words,
    on=maybe_dates,
    source=st.none() | ids,
)
seals = st.builds(Sealed, name=words, readers=st.lists(words, max_size=2).map(tuple), age=words)
_FIELDS: dict[type, dict[str, Any]] = {
    Source: {"title": words, "publisher": maybe_words, "published": maybe_dates, "url": maybe_words,
             "found_at": maybe_words, "language": st.none() | languages,
             "sha256": st.none() | st.from_regex(r"[0-9a-f]{64}", fullmatch=True), "media_type": maybe_words},
    Actor: {"name": words, "type": st.sampled_from(["state", "observer", "body"]),
            "iso3": st.none() | st.from_regex(r"[A-Z]{3}", fullmatch=True),
            "names": st.lists(names, max_size=2).map(tuple)},
    Membership: {"actor": ids, "of": ids, "start": maybe_dates, "end": maybe_dates, "seat": maybe_words},
    Person: {"names": st.lists(names, min_size=1, max_size=3).map(tuple), "summary": words, "born": maybe_dates,
             "sex": st.sampled_from([None, "female", "male", "other"]), "from_": maybe_words, "taken": maybe_dates,
             "place": maybe_words, "by_whom": maybe_words, "consent": st.none() | consents},
    Event: {"date": dates, "event_kind": words, "title": words, "actor": maybe_words, "detail": maybe_words,
            "place": maybe_words, "end": maybe_dates, "about": st.lists(ids, max_size=2).map(tuple),
            "refs": st.lists(ids, max_size=2).map(tuple), "symbols": st.lists(words, max_size=2).map(tuple)},
    Instrument: {"title": words, "date": dates, "body": words,
                 "instrument_kind": st.sampled_from(["letter", "joint_statement", "vote"]),
                 "side": st.sampled_from(["critical", "supportive", "neutral"]),
                 "list_status": st.sampled_from(["complete", "partial", "unverified"]), "topic": maybe_words,
                 "lead": st.lists(ids, max_size=2).map(tuple), "stated_count": st.none() | st.integers(0, 2**53 - 1),
                 "symbol": maybe_words},
    Position: {"instrument": ids, "actor": ids, "act": st.sampled_from(["sign", "join_late", "withdraw", "yes"]),
               "date": maybe_dates, "date_is": st.sampled_from(["on", "by"]),
               "confidence": st.sampled_from(["verified", "unverified"])},
    Promise: {"promise_class": st.sampled_from(["promise", "aspiration", "obligation", "ask"]), "made_on": dates,
              "by": words, "what": words, "to_whom": maybe_words, "words": maybe_words, "due": maybe_dates,
              "due_basis": maybe_words, "kept_on": maybe_dates, "kept_by": st.none() | ids,
              "broken_on": maybe_dates, "broken_by": st.none() | ids, "blocked_by": st.none() | ids,
              "unratable": maybe_words, "checked": maybe_dates},
    Figure: {"value": decimals, "unit": words, "of_what": words, "date": dates, "numerator": st.none() | decimals,
             "denominator": st.none() | decimals, "series": maybe_words, "about": st.lists(ids, max_size=2).map(tuple),
             "derived_from": st.lists(ids, max_size=2).map(tuple)},
    Quote: {"speaker": words, "text": words, "date": dates, "language": st.none() | languages,
            "event": st.none() | ids},
    Decision: {"subject": st.lists(ids, min_size=1, max_size=3).map(tuple),
               "verdict": st.sampled_from(["same", "different", "prefer", "sound"]), "reason": words,
               "title": maybe_words, "decided": maybe_dates, "by": maybe_words, "prefers": st.none() | ids},
    Correction: {"replaces": ids, "reason": words,
                 "changes": st.dictionaries(parts, maybe_words | st.integers(-(2**53) + 1, 2**53 - 1), max_size=3),
                 "withdraw": st.booleans(), "conceal": st.booleans()},
}  # fmt: skip

entries: st.SearchStrategy[Entry] = st.one_of(
    *(
        st.builds(
            kind,
            id=ids,
            citations=st.lists(citations, max_size=2).map(tuple),
            visibility=visibility,
            note=maybe_words,
            sealed=st.lists(seals, max_size=1).map(tuple),
            **fields,
        )
        for kind, fields in _FIELDS.items()
    )
)
"""Entries of every kind. Types hold; whether ids lead anywhere and dates follow one another is left open."""
