"""Importers: each publisher's file to the same two tables, every row with the place to cite."""

from __future__ import annotations

import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import InvalidInput
from onrecord.votes.importers import import_roll_calls

PLAIN = b"""rollcall,date,body,actor,vote
one,2022-10-06,hrc,FRA,yes
one,2022-10-06,hrc,chn, No
one,2022-10-06,hrc,IND,Abstain
one,2022-10-06,hrc,UKR,absent
two,2022-03-02,unga,FRA,Y
"""

UNDL = b"""undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title,total_yes,total_no,total_abstentions
3959039,AFG,AFGHANISTAN,Y,2022-03-02,11,A/RES/ES-11/1,Aggression against Ukraine,2,1,0
3959039,BLR,BELARUS,N,2022-03-02,11,A/RES/ES-11/1,Aggression against Ukraine,2,1,0
3959039,VEN,VENEZUELA,,2022-03-02,11,A/RES/ES-11/1,Aggression against Ukraine,2,1,0
"""

VOETEN = """rcid\tccode\tvote\tsession\tdate\tunres\tshort
3\t2\t1\t1\t1946-01-01\tR/1/66\tAMENDMENTS
3\t713\t3\t1\t1946-01-01\tR/1/66\tAMENDMENTS
3\t345\t8\t1\t1946-01-01\tR/1/66\tAMENDMENTS
3\t255\t9\t1\t1946-01-01\tR/1/66\tAMENDMENTS
9999\t345\t1.0\t70\t2015-11-01\tR/70/1\t
9999\t255\t2\t70\t2015-11-01\tR/70/1\t
"""


def test_plain_file_reads_words_letters_and_cases_and_keeps_the_row():
    hrc, unga = import_roll_calls({"mine.csv": PLAIN})
    assert (hrc.format, hrc.body, unga.body) == ("plain", "hrc", "unga")
    assert hrc.votes.rows() == [
        ("one", "FRA", 1, "mine.csv", 2),
        ("one", "CHN", 3, "mine.csv", 3),
        ("one", "IND", 2, "mine.csv", 4),
        ("one", "UKR", 8, "mine.csv", 5),
    ]
    assert unga.votes.rows() == [("two", "FRA", 1, "mine.csv", 6)]
    assert hrc.rollcalls.select("rcid", "session", "date", "row").row(0) == (
        "one",
        2022,
        date(2022, 10, 6),
        2,
    )


def test_plain_file_with_a_bad_cell_names_file_row_and_column():
    bad = PLAIN.replace(b"Abstain", b"perhaps").replace(b"2022-03-02", b"2 March")
    with pytest.raises(
        InvalidInput, match=r"mine\.csv, row 4, column vote: 'perhaps' is not yes, no, abstain or absent"
    ):
        import_roll_calls({"mine.csv": bad})
    with pytest.raises(InvalidInput, match="row 6, column date: '2 March' is not a date"):
        import_roll_calls({"mine.csv": PLAIN.replace(b"2022-03-02", b"2 March")})


def test_digital_library_export_reads_blank_as_absent_and_special_sessions_by_their_date():
    (found,) = import_roll_calls({"ga.csv": b"\xef\xbb\xbf" + UNDL})
    assert (found.format, found.body) == ("undl", "unga")
    assert found.votes.select("rcid", "iso3", "vote").rows() == [
        (3959039, "AFG", 1),
        (3959039, "BLR", 3),
        (3959039, "VEN", 8),
    ]
    call = found.rollcalls.row(0, named=True)
    assert (call["symbol"], call["yes"], call["no"], call["abstain"]) == ("A/RES/ES-11/1", 2, 1, 0)
    assert call["session"] == 76
    regular = UNDL.replace(b",11,A/RES/ES-11/1", b",76,A/RES/76/1")
    assert import_roll_calls({"ga.csv": regular})[0].rollcalls["session"].to_list() == [76]


def test_digital_library_export_of_the_security_council_is_its_own_body():
    content = UNDL.replace(b"A/RES/ES-11/1", b"S/RES/2623(2022)")
    (found,) = import_roll_calls({"sc.csv": content})
    assert found.body == "sc"
    assert found.rollcalls["session"].to_list() == [2022]


def test_voeten_file_turns_numbers_into_states_of_their_time():
    (found,) = import_roll_calls({"UNVotes.tab": VOETEN.encode()})
    assert found.votes.select("rcid", "iso3", "vote", "row").rows() == [
        (3, "USA", 1, 2),
        (3, "TWN", 3, 3),
        (3, "YUG", 8, 4),
        (9999, "SRB", 1, 6),
        (9999, "DEU", 2, 7),
    ]


def test_voeten_file_with_an_unknown_number_says_which():
    with pytest.raises(InvalidInput, match="row 2, column ccode: state number 4 is not known"):
        import_roll_calls({"UNVotes.tab": VOETEN.replace("\t2\t1\t1\t", "\t4\t1\t1\t", 1).encode()})


def test_parquet_tables_of_votes_and_roll_calls_go_together():
    votes, calls = io.BytesIO(), io.BytesIO()
    pl.DataFrame({"rcid": [7, 7], "iso3": ["FRA", "USA"], "vote": [1, 3]}).write_parquet(votes)
    pl.DataFrame(
        {"rcid": [7], "session": [3], "date": [date(1948, 12, 10)], "unres": ["R/3/217"], "descr": ["RIGHTS"]}
    ).write_parquet(calls)
    files = {"v.parquet": votes.getvalue(), "r.parquet": calls.getvalue()}
    (found,) = import_roll_calls(files)
    assert found.votes.rows() == [(7, "FRA", 1, "v.parquet", 1), (7, "USA", 3, "v.parquet", 2)]
    assert found.rollcalls.select("symbol", "title", "yes").row(0) == ("R/3/217", "RIGHTS", None)
    with pytest.raises(
        InvalidInput, match=r"v.parquet: comes without its companion. Add the table with rcid and unres"
    ):
        import_roll_calls({"v.parquet": votes.getvalue()})


def test_files_of_no_known_kind_are_refused_by_name():
    with pytest.raises(InvalidInput, match=r"odd\.csv: columns a, b belong to no known roll-call format"):
        import_roll_calls({"odd.csv": b"a,b\n1,2\n"})
    with pytest.raises(InvalidInput, match=r"odd\.docx: is not \.csv, \.tsv or \.parquet"):
        import_roll_calls({"odd.docx": b""})
    with pytest.raises(InvalidInput, match=r"odd\.parquet: cannot be read as parquet"):
        import_roll_calls({"odd.parquet": b"not parquet"})


def test_shared_files_import_whole_and_known_tallies_hold(shared):
    names = ["votes", "rollcalls", "linked_rollcalls"]
    files = {f"{name}.parquet": (shared / "unga" / f"{name}.parquet").read_bytes() for name in names}
    (found,) = import_roll_calls(files)
    assert (found.votes.height, found.rollcalls.height, found.links.height) == (919_548, 6_485, 955)
    for symbol, tally in {
        "A/RES/ES-11/1": (141, 5, 35),
        "R/68/262": (100, 11, 58),
    }.items():
        answers = found.votes.join(found.rollcalls.filter(symbol=symbol), on="rcid")["vote"]
        assert tuple((answers == k).sum() for k in (1, 3, 2)) == tally


def test_shared_council_files_import_whole(shared):
    files = {name: (shared / "hrc" / name).read_bytes() for name in ("votes.csv", "resolutions.csv")}
    (found,) = import_roll_calls(files)
    assert (found.votes.height, found.rollcalls.height) == (41_595, 1_040)
    xinjiang = found.votes.filter(rcid="A/HRC/51/L.6")["vote"]
    assert [(xinjiang == k).sum() for k in (1, 3, 2)] == [17, 19, 11]


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["FRA", "CHN", "USA"]), st.sampled_from(["yes", "no", "abstain", "absent"])
        ),
        min_size=1,
        max_size=20,
    )
)
def test_plain_file_gives_back_every_row_it_was_given(rows):
    lines = ["rollcall,date,body,actor,vote", *(f"r,2020-01-01,b,{actor},{vote}" for actor, vote in rows)]
    (found,) = import_roll_calls({"a.csv": "\n".join(lines).encode()})
    words = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
    assert [(actor, words[vote]) for actor, vote in found.votes.select("iso3", "vote").iter_rows()] == rows
    assert found.votes["row"].to_list() == list(range(2, len(rows) + 2))
