"""Importers: each publisher's file to the same two tables, every row with the place to cite."""

from __future__ import annotations

import io
import sys
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


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "1,2022-02-20,unga,United States,yes,77",
            "column actor: 'United States' is not an ISO 3166 alpha-3",
        ),
        ("1,2022-02-20, ,USA,yes,77", "column body: ' ' is not the name of a body"),
        (",2022-02-20,unga,USA,yes,77", "column rollcall: None is not the name of a roll call"),
        ("1,2022-02-30,unga,USA,yes,77", "column date: '2022-02-30' is not a date"),
        ("1,2022-02-20,unga,USA,yes,lxxvii", "column session: 'lxxvii' is not a number"),
    ],
)
def test_plain_file_s_cell_that_cannot_be_meant_is_named(row, says):
    with pytest.raises(InvalidInput, match=f"mine.csv, row 2, {says}"):
        import_roll_calls({"mine.csv": f"rollcall,date,body,actor,vote,session\n{row}\n".encode()})


def test_a_file_without_rows_is_refused():
    with pytest.raises(InvalidInput, match=r"mine\.csv: has a header and no rows"):
        import_roll_calls({"mine.csv": PLAIN.splitlines()[0]})


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
    with pytest.raises(InvalidInput, match=r"odd\.docx: is not \.csv, \.tsv, \.parquet or \.rda"):
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


GA_2026 = b"""undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
4025240,AFG,AFGHANISTAN,Y,2023-10-27,ES-10,A/RES/ES-10/21,A/ES-10/L.25,,A/ES-10/PV.41,Protection of civilians,Illegal actions,SUBJECT,,1.0,0.0,0.0,1.0,193.0,https://digitallibrary.un.org/record/4025240
4025240,BEN,BENIN,X,2023-10-27,ES-10,A/RES/ES-10/21,A/ES-10/L.25,,A/ES-10/PV.41,Protection of civilians,Illegal actions,SUBJECT,,1.0,0.0,0.0,1.0,193.0,https://digitallibrary.un.org/record/4025240
"""

SC_2026 = b"""undl_id,ms_code,ms_name,ms_vote,permanent_member,date,resolution,draft,meeting,description,agenda,subjects,vote_note,modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
1,CHN,CHINA,Y,True,1950-06-27,S/RES/83(1950),S/1508,S/PV.474,Complaint of aggression,KOREA,WAR,,vote,2.0,0.0,0.0,0.0,2.0,https://digitallibrary.un.org/record/1
1,USA,UNITED STATES,Y,True,1950-06-27,S/RES/83(1950),S/1508,S/PV.474,Complaint of aggression,KOREA,WAR,,vote,2.0,0.0,0.0,0.0,2.0,https://digitallibrary.un.org/record/1
2,CHN,CHINA,X,True,1990-06-27,S/RES/700(1990),,S/PV.1,Admission of a state,MEMBERS,,,without vote,0.0,0.0,0.0,2.0,2.0,https://digitallibrary.un.org/record/2
2,GER,GERMANY,X,False,1990-06-27,S/RES/700(1990),,S/PV.1,Admission of a state,MEMBERS,,,without vote,0.0,0.0,0.0,2.0,2.0,https://digitallibrary.un.org/record/2
3,GER,GERMANY,A,False,1988-06-27,S/RES/600(1988),,S/PV.1,Situation,PLACE,,,vote,0.0,0.0,1.0,0.0,1.0,https://digitallibrary.un.org/record/3
"""


def test_the_assembly_s_official_file_is_read_in_its_layout_of_2026():
    (found,) = import_roll_calls({"2026_02_06_ga_voting.csv": GA_2026})
    assert found.votes.select("iso3", "vote").rows() == [("AFG", 1), ("BEN", 8)]
    call = found.rollcalls.row(0, named=True)
    assert (call["yes"], call["no"], call["abstain"], call["session"]) == (1, 0, 0, 78)
    assert call["undl_link"] == "https://digitallibrary.un.org/record/4025240"


def test_the_security_council_s_official_file_is_read_in_its_layout_of_2026():
    (found,) = import_roll_calls({"2026_02_06_sc_voting.csv": SC_2026})
    assert found.body == "sc"
    assert found.rollcalls.select("symbol", "title", "session", "yes").rows() == [
        ("S/RES/83(1950)", "Complaint of aggression", 1950, 2),
        ("S/RES/700(1990)", "Admission of a state", 1990, 0),
        ("S/RES/600(1988)", "Situation", 1988, 0),
    ]
    assert found.votes.select("rcid", "iso3", "vote").rows() == [
        (1, "TWN", 1),
        (1, "USA", 1),
        (3, "DEU", 2),
    ]


def test_of_a_resolution_adopted_without_vote_nobody_s_answer_is_listed():
    (found,) = import_roll_calls({"sc.csv": SC_2026})
    assert found.votes.filter(rcid=2).is_empty()


@pytest.mark.parametrize(
    ("code", "day", "seat"),
    [
        ("CHN", "1971-10-24", "TWN"),
        ("CHN", "1971-10-25", "CHN"),
        ("YUG", "1992-05-01", "YUG"),
        ("YUG", "2002-05-01", "SRB"),
        ("SCG", "2004-05-01", "SRB"),
        ("SUN", "1980-05-01", "RUS"),
        ("fra ", "1980-05-01", "FRA"),
    ],
)
def test_codes_of_the_library_become_those_of_seats(code, day, seat):
    row = f"1,{code},NAME,Y,{day},30,A/RES/30/1,T"
    (found,) = import_roll_calls(
        {"a.csv": f"undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title\n{row}\n".encode()}
    )
    assert found.votes["iso3"].to_list() == [seat]


def r_files(tmp_path, **frames):
    pyreadr = pytest.importorskip("pyreadr", reason="pyreadr is not installed")
    for name, columns in frames.items():
        pyreadr.write_rdata(str(tmp_path / f"{name}.rda"), pl.DataFrame(columns), df_name=name)
    return {f"{name}.rda": (tmp_path / f"{name}.rda").read_bytes() for name in frames}


R_VOTES = {
    "rcid": [3.0, 3.0, 3.0, 4.0],
    "country": ["United States", "Taiwan", "Yemen Arab Republic", "Namibia"],
    "country_code": ["US", "TW", None, "NA"],
    "vote": ["yes", "no", "abstain", "yes"],
}
R_CALLS = {
    "rcid": [3, 4],
    "session": [5.0, 60.0],
    "date": [date(1950, 11, 1), date(2005, 11, 1)],
    "unres": ["R/5/1", "R/60/1"],
    "short": ["ONE", None],
    "descr": ["FIRST", "SECOND"],
}


def test_the_r_package_s_files_become_votes_and_roll_calls(tmp_path):
    issues = {"rcid": [4], "short_name": ["hr"], "issue": ["Human rights"]}
    files = r_files(tmp_path, un_votes=R_VOTES, un_roll_calls=R_CALLS, un_roll_call_issues=issues)
    (found,) = import_roll_calls(files)
    assert (found.format, found.body) == ("r-package", "unga")
    assert found.votes.select("rcid", "iso3", "vote", "file", "row").rows() == [
        (3, "USA", 1, "un_votes.rda", 1),
        (3, "TWN", 3, "un_votes.rda", 2),
        (3, "YEM", 2, "un_votes.rda", 3),
        (4, "NAM", 1, "un_votes.rda", 4),
    ]
    assert found.rollcalls.select("session", "date", "title", "hr").rows() == [
        (5, date(1950, 11, 1), "ONE", 0),
        (60, date(2005, 11, 1), "SECOND", 1),
    ]


def test_a_state_that_the_r_package_names_without_a_known_code_is_named(tmp_path):
    votes = R_VOTES | {
        "country": ["Atlantis", *R_VOTES["country"][1:]],
        "country_code": ["XX", "TW", None, "NA"],
    }
    files = r_files(tmp_path, un_votes=votes, un_roll_calls=R_CALLS)
    with pytest.raises(InvalidInput, match=r"un_votes\.rda, row 1, column country: 'Atlantis'"):
        import_roll_calls(files)


def test_a_file_that_r_did_not_save_is_refused():
    pytest.importorskip("pyreadr", reason="pyreadr is not installed")
    with pytest.raises(InvalidInput, match=r"odd\.rda: cannot be read as R data"):
        import_roll_calls({"odd.rda": b"not R"})


def test_without_pyreadr_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyreadr", None)
    with pytest.raises(InvalidInput, match=r"pip install 'onrecord\[r\]'"):
        import_roll_calls({"odd.rda": b""})
