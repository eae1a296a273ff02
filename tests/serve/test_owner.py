"""The owner's server: everything for the one browser that holds the key, nothing for anybody else."""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from PIL import Image

from onrecord.ingest.taking_in import take_in
from onrecord.publish.site import publish_site
from onrecord.record import KEEPER, Record
from onrecord.serve.app import make_app
from onrecord.serve.drawing import Drawing
from onrecord.serve.owner import make_owner_app

from ..browsing import asking
from ..evidence import FILES, HOSTILE_NAME, UYGHUR, leaked

KEY = "a-key-for-tests"
DIGEST = {name: sha256(data).hexdigest() for name, data in FILES.items()}
TOOLS = Path(__file__).parents[2] / "tools"
LETTER = f"/documents/{DIGEST['letters/uyghur.txt']}/"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return leaked(tmp_path_factory.mktemp("owner"))


@contextmanager
def served(record: Record) -> Iterator[httpx.Client]:
    with closing(Drawing(record)) as drawing, asking(make_owner_app(record, KEY, drawing)) as client:
        yield client


@pytest.fixture(scope="module")
def stranger(record: Record) -> Iterator[httpx.Client]:
    with served(record) as client:
        yield client


@pytest.fixture(scope="module")
def owner(record: Record) -> Iterator[httpx.Client]:
    with served(record) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        yield client


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "path", ["/", "/documents/", LETTER, "/documents/documents.csv", "/assets/style.css", "/no"]
)
@pytest.mark.parametrize("key", ["", "?key=", "?key=a-key-for-test", "?key=%ff"])
def test_without_the_key_nothing_is_answered(stranger: httpx.Client, path: str, key: str) -> None:
    answer = stranger.get(path + key)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_key_is_exchanged_for_a_strict_cookie_and_leaves_the_address(stranger: httpx.Client) -> None:
    answer = stranger.get(f"{LETTER}?key={KEY}&part=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LETTER}?part=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert KEY not in cookie
    stranger.cookies.clear()


def test_an_address_cannot_lead_the_key_to_another_host(stranger: httpx.Client) -> None:
    answer = stranger.send(httpx.Request("GET", str(stranger.base_url) + f"/evil.example/?key={KEY}"))
    assert answer.headers["location"] == "/evil.example/"
    stranger.cookies.clear()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "0.0.0.0"]
)
def test_another_name_pointed_here_is_refused_even_with_the_key(owner: httpx.Client, host: str) -> None:
    assert owner.get("/", params={"key": KEY}, headers={"host": host}).status_code == 403


def test_the_holder_of_the_cookie_sees_everything_and_no_cache_keeps_it(owner: httpx.Client) -> None:
    answer = owner.get("/documents/")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "7 files were taken in, members included" in answer.text


@pytest.mark.parametrize(
    "path", ["documents/", "documents/search/?q=Kept", LETTER[1:], "documents/documents.csv"]
)
def test_the_public_server_has_no_document(record: Record, path: str) -> None:
    with asking(make_app(record)) as client:
        assert client.get(f"/{path}").status_code == 404


def test_a_form_makes_a_quote_whose_page_leads_back_to_the_passage(
    owner: httpx.Client, record: Record
) -> None:
    fields = {
        "exact": UYGHUR,
        "prefix": "Xet\r\n",
        "speaker": "A neighbour",
        "date": "2018-05",
        "language": "ug-Arab",
    }
    fields["token"] = token(owner.get(LETTER).text)
    answer = owner.post(LETTER, data=fields)
    assert answer.status_code == 303
    page = owner.get(answer.headers["location"]).text
    link = re.search(r'<a href="([^"]+)">See it in the document</a>', page)
    assert link
    back = owner.get(
        httpx.URL(str(owner.base_url) + answer.headers["location"]).join(link[1].replace("&amp;", "&"))
    )
    assert f'<mark id="here">{UYGHUR}</mark>' in back.text
    quote = record.as_seen_by(KEEPER).table("quote").row(0, named=True)
    assert (quote["text"], quote["speaker"], quote["visibility"]) == (UYGHUR, "A neighbour", "private")
    assert owner.post(LETTER, data=fields).headers["location"] == answer.headers["location"]


def test_a_form_without_a_speaker_shows_the_citation_at_the_passage(owner: httpx.Client) -> None:
    path = f"/documents/{DIGEST['letters/names.txt']}/"
    answer = owner.post(path, data={"exact": "王芳", "token": token(owner.get(path).text)})
    page = owner.get(answer.headers["location"]).text
    assert '<mark id="here">王芳</mark>' in page
    assert "TextQuoteSelector" in page


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"exact": "Another line."}, 400, "2 places"),
        ({"exact": "nowhere"}, 400, "do not stand"),
        ({"exact": " "}, 400, "No words are marked"),
        ({"exact": "Xet", "speaker": "Someone"}, 400, "both a speaker and a date"),
        ({"exact": "Xet", "speaker": "Someone", "date": "yesterday"}, 400, "date"),
        ({"exact": "x" * 300_000}, 400, "too large"),
    ],
)
def test_what_cannot_be_cited_is_refused_with_the_reason(
    owner: httpx.Client, record: Record, fields: dict[str, str], status: int, words: str
) -> None:
    before = record.views.refresh().size
    answer = owner.post(LETTER, data={**fields, "token": token(owner.get(LETTER).text)})
    assert answer.status_code == status
    assert words in answer.text
    if len(fields["exact"]) < 100:
        way = re.search(r'<a href="([^"]+)">Back to what was marked</a>', answer.text)
        assert way
        back = owner.get(answer.url.join(html.unescape(way[1]))).text
        marks = {"Another line.": 2, "Xet": 1}.get(fields["exact"], 0)
        assert len(re.findall(f"<mark[^>]*>{fields['exact']}</mark>", back)) == marks
    assert record.views.refresh().size == before


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"token": "0" * 64}, {}),
        ({}, {}),
        ({"token": "good"}, {"origin": "http://evil.example"}),
        ({"token": "good"}, {"sec-fetch-site": "cross-site"}),
    ],
)
def test_nothing_is_written_for_a_form_from_elsewhere(
    owner: httpx.Client, record: Record, fields: dict[str, str], headers: dict[str, str]
) -> None:
    before = record.views.refresh().size
    if fields.get("token") == "good":
        fields = {"token": token(owner.get(LETTER).text)}
    assert owner.post(LETTER, data={"exact": "Xet", **fields}, headers=headers).status_code == 403
    assert record.views.refresh().size == before


def test_hostile_names_and_words_stay_text(owner: httpx.Client) -> None:
    listing = owner.get("/documents/").text
    page = owner.get(f"/documents/{DIGEST['odd/' + HOSTILE_NAME]}/").text
    found = owner.get("/documents/search/", params={"q": "evil OR <img src=x>"}).text
    for text in (listing, page, found):
        assert not re.search("<img src=x|[\x00\u202e]", text)
    assert "⟨U+202E⟩" in listing
    assert "&lt;img src=x onerror=alert(2)&gt;" in page
    assert 'data-code="U+202E"' in page


def test_no_cell_of_an_export_is_a_formula(owner: httpx.Client) -> None:
    page = f"/documents/{DIGEST['lists/detained.csv']}/tables/1/"
    assert "'=cmd|calc" in owner.get(f"{page}table-1.csv").text
    assert "=cmd|calc" in owner.get(page).text


def test_a_page_of_a_pdf_comes_as_pixels_with_the_passage_boxed(owner: httpx.Client) -> None:
    page = owner.get(f"/documents/{DIGEST['scans/order.pdf']}/", params={"exact": "nobody may leave"}).text
    assert "data:image/png;base64,iVBOR" in page
    assert len(re.findall("<rect ", page)) == 1
    assert "%PDF" not in page


def test_a_member_and_its_archive_lead_to_each_other(owner: httpx.Client) -> None:
    inner = sha256(b"Kept inside.").hexdigest()
    holder = owner.get(f"/documents/{DIGEST['both.zip']}/")
    assert f"../../documents/{inner}/" in holder.text
    inside = re.search(r'href="([^"]+)">1 member</a>', holder.text)
    assert inside
    assert "inner/note.txt" in owner.get(holder.url.join(html.unescape(inside[1]))).text
    assert DIGEST["both.zip"] in owner.get(f"/documents/{inner}/").text


@pytest.mark.parametrize(
    "path", ["documents/0000/", f"documents/{'0' * 64}/", LETTER[1:] + "tables/9/", LETTER[1:] + "x/"]
)
def test_what_is_not_there_is_said_to_be_not_there(owner: httpx.Client, path: str) -> None:
    assert owner.get(f"/{path}").status_code == 404


def test_a_line_of_custody_is_proved_to_the_stand_alone_verifier_and_a_changed_one_refused(
    owner: httpx.Client, tmp_path: Path
) -> None:
    page = owner.get(LETTER).text
    command = re.search(r"python (verify_proof\.py \S+ --key '.*?')</pre>", html.unescape(page))
    assert command
    tool, name, *key = shlex.split(command[1])
    assert f'href="../../{LETTER[1:]}{name}"' in page
    proof = owner.get(LETTER + name).text

    def checked(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / name).write_text(text)
        arguments = [sys.executable, TOOLS / tool, tmp_path / name, *key]
        return subprocess.run(arguments, capture_output=True, text=True, check=False)

    done = checked(proof)
    assert (done.returncode, done.stderr) == (0, "")
    line = json.loads(done.stdout.splitlines()[1])
    assert (line["custody"]["action"], line["custody"]["sha256"]) == (
        "added",
        DIGEST["letters/uyghur.txt"],
    )
    form, extra, *rest = proof.split("\n")
    told = b64decode(extra.removeprefix("extra ")).replace(b"uyghur.txt", b"kazakh.txt")
    changed = "\n".join([form, f"extra {b64encode(told).decode()}", *rest])
    assert "DOES NOT HOLD" in checked(changed).stderr


def test_a_query_that_cannot_be_understood_is_told(owner: httpx.Client) -> None:
    answer = owner.get("/documents/search/", params={"q": "(open"})
    assert answer.status_code == 200
    assert "bracket" in answer.text


def test_the_list_is_narrowed_by_folder_outcome_kind_and_year(owner: httpx.Client, record: Record) -> None:
    def paths(**query: str) -> list[str]:
        lines = owner.get("/documents/documents.csv", params=query).text.splitlines()[1:]
        return sorted(Path(line.split(",")[0]).name for line in lines)

    leak = str(record.folder.parent / "leak")
    assert paths(folder=f"{leak}/letters") == ["names.txt", "uyghur.txt"]
    assert paths(folder=f"{leak}/both.zip") == ["note.txt"]
    assert paths(kind="pdf", outcome="read") == ["order.pdf"]
    assert paths(year="1999") == []
    assert "order.pdf" not in paths(year="none", name="TXT")
    assert paths(name="NAMES") == ["names.txt"]


def test_a_folders_own_files_come_before_those_further_down(owner: httpx.Client, record: Record) -> None:
    lines = owner.get("/documents/documents.csv", params={"folder": f"{record.folder.parent}/leak"}).text
    first, *others = [line.split(",")[0] for line in lines.splitlines()[1:]]
    assert Path(first).name == "both.zip"
    assert [Path(other).name for other in others] == [Path(other).name for other in sorted(others)]
    page = owner.get("/documents/", params={"folder": f"{record.folder.parent}/leak/both.zip"}).text
    assert re.search(rf'<a href="[^"]*{DIGEST["both.zip"]}/">the page of this file</a>', page)


def test_the_tables_are_asked_in_sql_and_each_row_leads_to_its_document(owner: httpx.Client) -> None:
    listing = owner.get("/documents/sql/").text
    name = re.search(r">(\w*detained\w*)<", listing)
    assert name
    query = {"q": f"select * from {name[1]} where place = 'Kashgar'"}
    page = owner.get("/documents/sql/", params=query).text
    assert f"../../documents/{DIGEST['lists/detained.csv']}/" in page
    assert "=cmd|calc" in page
    assert "'=cmd|calc" in owner.get("/documents/sql/answer.csv", params=query).text
    refused = owner.get("/documents/sql/", params={"q": "drop table tables"}).text
    assert "Only one SELECT" in refused
    stolen = owner.get("/documents/sql/", params={"q": "select * from read_text('/etc/hostname')"}).text
    assert "cannot be answered" in stolen


def test_each_row_of_an_answer_leads_to_the_row_itself_and_a_count_says_that_it_cannot(
    owner: httpx.Client,
) -> None:
    name = re.search(r">(\w*detained\w*)<", owner.get("/documents/sql/").text)
    assert name
    page = owner.get("/documents/sql/", params={"q": f"select place from {name[1]} where id = '651'"})
    link = re.search(r'<a href="([^"]+)">row 3</a>', page.text)
    assert link
    table = owner.get(page.url.join(link[1].replace("&amp;", "&"))).text
    row = table.partition('<tr class="is-here">')[2].partition("</tr>")[0]
    assert '<th scope="row" class="number" data-sort="3" id="here">' in row
    assert "<mark>Hotan</mark>" in row
    counted = owner.get("/documents/sql/", params={"q": f"select count(*) from {name[1]}"}).text
    assert "No row of this answer stands in a document" in counted
    assert "No row of this answer" not in page.text


def test_a_marked_cell_becomes_an_entry_that_leads_back_to_the_cell(
    owner: httpx.Client, record: Record
) -> None:
    document = f"/documents/{DIGEST['lists/detained.csv']}/"
    page = owner.get(f"{document}tables/1/", params={"cells": "C3"}).text
    chosen = re.search(r'name="cells" dir="auto" required value="([^"]*)"', page)
    assert chosen
    assert chosen[1] == "C3"
    fields = {"cells": "C3", "speaker": "A clerk", "date": "2018", "token": token(page)}
    answer = owner.post(document, data=fields)
    entry = owner.get(answer.headers["location"]).text
    assert "cell C3" in entry
    link = re.search(r'<a href="([^"]+)">See it in the document</a>', entry)
    assert link
    back = owner.get(
        httpx.URL(str(owner.base_url) + answer.headers["location"]).join(link[1].replace("&amp;", "&"))
    ).text
    assert back.count('id="here"') == 1
    row = back.partition('id="here"')[2].partition("</tr>")[0]
    assert re.findall("<mark>(.*?)</mark>", row) == ["Hotan"]
    assert record.as_seen_by(KEEPER).table("quote").filter(text="Hotan")["speaker"].to_list() == ["A clerk"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [("C9", "do not stand"), ("C2:C3", "several rows"), ("place", "names no cells"), ("Z3", "do not stand")],
)
def test_cells_that_are_not_there_are_refused(owner: httpx.Client, cells: str, words: str) -> None:
    document = f"/documents/{DIGEST['lists/detained.csv']}/"
    answer = owner.post(document, data={"cells": cells, "token": token(owner.get(document).text)})
    assert answer.status_code == 400
    assert words in answer.text


def test_a_row_that_a_table_does_not_have_is_told(owner: httpx.Client) -> None:
    table = f"/documents/{DIGEST['lists/detained.csv']}/tables/1/"
    assert "Row 1 is not below" in owner.get(table, params={"row": "1"}).text
    assert "names no cells" in owner.get(table, params={"cells": "<b>"}).text


def test_the_files_of_a_page_are_for_what_its_address_asks(owner: httpx.Client) -> None:
    page = owner.get("/documents/", params={"kind": "pdf"}).text
    assert 'href="documents.json?kind=pdf"' in page


def test_no_published_page_or_file_holds_anything_of_a_document(record: Record, tmp_path: Path) -> None:
    publish_site(record, tmp_path / "site", when=date(2026, 11, 22))
    private = [UYGHUR, "张伟", "Kept inside", "nobody may leave", "uyghur.txt", "detained", *DIGEST.values()]
    for file in (tmp_path / "site").rglob("*"):
        if file.is_file() and "assets" not in file.parts:
            text = file.read_text(errors="replace")
            assert [words for words in private if words in text] == [], file
    assert not (tmp_path / "site" / "documents").exists()


def test_the_archive_in_numbers_says_what_became_of_the_files_and_in_which_scripts_they_are(
    owner: httpx.Client,
) -> None:
    page = owner.get("/documents/statistics/").text
    assert "7 of 7 files were read whole." in html.unescape(page)
    scripts = owner.get("/documents/statistics/scripts.csv").text.splitlines()
    assert scripts == ["what,count", "han,2", "arabic,1", "cyrillic,0", "latin,5"]
    kinds = owner.get("/documents/statistics/kinds.csv").text.splitlines()[1:]
    assert sorted(kinds) == ["csv,1", "pdf,1", "text,4", "zip,1"]
    assert owner.get("/documents/statistics/sizes.svg").headers["content-type"].startswith("image/svg")


def test_documents_are_shown_by_the_year_they_claim_and_without_one_it_is_said(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    mail = b"From: a@example.org\r\nDate: Thu, 24 May 2018 10:00:00 +0000\r\nSubject: x\r\n\r\nbody"
    (tmp_path / "a.eml").write_bytes(mail)
    (tmp_path / "b.txt").write_text("no date")
    take_in(record, [tmp_path / "a.eml", tmp_path / "b.txt"], workers=1)
    with served(record) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        years = client.get("/documents/timeline/").text
        assert "1 file claims a date from 2018-05-24 to 2018-05-24; 1 file claims no date." in years
        undated = re.search(r'href="([^"]+)">1 file</a>', years)
        assert undated
        listed = client.get(f"/documents/timeline/{html.unescape(undated[1])}").text
        assert "b.txt" in listed
        assert "a.eml" not in listed.partition('id="files"')[2]
        assert "a day that is still to come" not in years
        assert (
            "1 file claims a day that is still to come"
            in client.get("/documents/timeline/?as_of=2017-01-01").text
        )
        year = client.get("/documents/timeline/", params={"year": "2018"}).text
        assert "a.eml" in year
        assert "May" in year
        assert "0 files claim to be from 1999" in client.get("/documents/timeline/?year=1999").text


def test_a_document_names_those_that_share_most_of_its_text(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    text = " ".join(f"word{number}" for number in range(300))
    for name, words in (
        ("one", text),
        ("two", f"{text} and more"),
        ("other", "something else altogether here"),
    ):
        (tmp_path / f"{name}.txt").write_text(words)
    take_in(record, [tmp_path / f"{name}.txt" for name in ("one", "two", "other")], workers=1)
    with served(record) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        page = client.get(f"/documents/{sha256(text.encode()).hexdigest()}/").text
    shown = page.partition("Documents that are nearly the same")[2].partition("</ul>")[0]
    assert re.search(r"two\.txt: 9\d% of the text is the same|two\.txt: 100%", shown)
    assert "other.txt" not in shown


def test_a_photograph_saved_again_is_found_by_the_whole_picture(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    picture = Image.linear_gradient("L").rotate(30)
    picture.save(tmp_path / "one.png")
    picture.resize((120, 120)).save(tmp_path / "again.jpg", quality=40)
    picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "other.png")
    files = [tmp_path / name for name in ("one.png", "again.jpg", "other.png")]
    take_in(record, files, workers=1)
    with served(record) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        page = client.get(f"/documents/{sha256(files[0].read_bytes()).hexdigest()}/").text
    shown = page.partition("Pictures that look the same")[2].partition("</ul>")[0]
    assert "again.jpg" in shown
    assert "other.png" not in shown
    assert "no face is looked for" in shown


def test_what_is_kept_and_not_read_yet_is_told(tmp_path: Path) -> None:
    record = Record.create(tmp_path / "record", title="A record")
    (tmp_path / "a.txt").write_text("words")
    take_in(record, [tmp_path / "a.txt"], workers=1)
    for file in (record.folder / "derived").glob("catalogue.sqlite*"):
        file.unlink()
    with served(record) as client:
        client.get("/", params={"key": KEY}, follow_redirects=True)
        page = client.get("/documents/").text
    assert "1 other is kept and not read yet; the next `onrecord add` reads them." in page
