"""The independent verifier: says that a good bag holds, and names what was done to a bad one."""

from __future__ import annotations

import base64
import html
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

from onrecord.proof import checkpoint, prove, public_key
from onrecord.proof.bags import export_bag, import_bag
from onrecord.publish.site import publish_site
from onrecord.record import PUBLIC, Record
from onrecord.record.handling import Handling
from onrecord.record.leaf import draft_handling
from tests.proof.making import events, fill
from tests.proof.test_bags import seal_again

TOOLS = Path(__file__).parents[2] / "tools"
FILE = TOOLS / "verify_record.py"


@pytest.fixture
def bag(record: Record, tmp_path: Path) -> Path:
    export_bag(record, tmp_path / "bag")
    return tmp_path / "bag"


def run(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The tool by itself, with the program's own modules out of reach."""
    command = [sys.executable, "-P", str(TOOLS / tool), *map(str, arguments)]
    environment = {"PYTHONPATH": str(TOOLS)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_it_is_short_and_shares_no_code_with_the_program() -> None:
    text = FILE.read_text()
    assert len(text.splitlines()) < 200
    imported = {
        line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_a_good_bag_holds_under_the_owners_key_and_an_older_checkpoint(
    record: Record, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(checkpoint(record)))
    record.enter(events(400, 410))
    export_bag(record, tmp_path / "bag")
    done = run("verify_record.py", tmp_path / "bag", "--key", public_key(record), "--since", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing in the first 38 lines has changed" in done.stdout
    assert done.stdout.endswith("HOLDS\n")


def test_a_bag_under_a_foreign_key_does_not_hold(bag: Path, other: Record) -> None:
    done = run("verify_record.py", bag, "--key", public_key(other))
    assert done.returncode == 1
    assert "not signed with a known key" in done.stderr


def test_a_bit_flipped_in_any_file_does_not_hold(bag: Path, verifier: ModuleType) -> None:
    verifier.check_bag(bag, None, None)
    rng = random.Random(2)
    for path in sorted(p for p in bag.rglob("*") if p.is_file()):
        whole = path.read_bytes()
        for at in rng.sample(range(len(whole)), min(8, len(whole))):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
            with pytest.raises((verifier.Wrong, OSError, *verifier.FAULTS)):
                verifier.check_bag(bag, None, None)
        path.write_bytes(whole)
    verifier.check_bag(bag, None, None)


def swap_lines(text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    lines[3], lines[7] = lines[7], lines[3]
    return b"".join(lines)


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        ("ledger.jsonl", lambda t: t.replace(b"happened", b"happenex", 1), "lines are not those signed for"),
        ("ledger.jsonl", lambda t: t.replace(b'","entry', b'", "entry', 1), "not in canonical form"),
        ("ledger.jsonl", swap_lines, "lines are not those signed for"),
        ("ledger.jsonl", lambda t: b"".join(t.splitlines(keepends=True)[1:]), "lines are not those signed for|bears another name"),
        ("ledger.jsonl", lambda t: b"".join(t.splitlines(keepends=True)[:-1]), "rolled back"),
        ("ledger.jsonl", lambda t: t + t.splitlines(keepends=True)[-1], "the checkpoints cover"),
        ("checkpoints.jsonl", lambda t: t.replace(b'"author":"keeper"', b'"author":"nobody"', 1), "another name or time"),
        ("checkpoints.jsonl", swap_lines, "out of order"),
    ],
)  # fmt: skip
def test_a_bag_changed_with_its_manifests_does_not_hold(
    bag: Path, verifier: ModuleType, file: str, change: Callable[[bytes], bytes], why: str
) -> None:
    path = bag / "data" / file
    path.write_bytes(change(path.read_bytes()))
    seal_again(bag)
    with pytest.raises(verifier.Wrong, match=why):
        verifier.check_bag(bag, None, None)


@pytest.fixture
def stamped(record: Record, tmp_path: Path) -> Path:
    """A bag with what an authority and a calendar answered, as far as a bag shows it."""
    note = str(checkpoint(record))
    about = {"checkpoint": note, "key": str(public_key(record)), "tool": "test"}
    answer, ots = (
        base64.b64encode(word + sha256(note.encode()).digest()).decode() for word in (b"tsr", b"ots")
    )
    kept = [
        Handling(action="stamped", answer=answer, roots="roots", **about),
        Handling(action="anchored", ots=ots, **about),
    ]
    with record.ledger.writing() as writer:
        writer.append([draft_handling(each) for each in kept], by="x", recorded=record.clock())
    export_bag(record, tmp_path / "bag")
    return tmp_path / "bag" / "data"


def an_original(data: Path) -> Path:
    return min(path for path in (data / "originals").rglob("*") if path.is_file())


def lines_changed(change: Callable[[list[bytes]], object]) -> Callable[[Path], object]:
    def go(data: Path) -> None:
        lines = (data / "ledger.jsonl").read_bytes().splitlines(keepends=True)
        change(lines)
        (data / "ledger.jsonl").write_bytes(b"".join(lines))

    return go


def rolled_back(data: Path) -> None:
    batches = (data / "checkpoints.jsonl").read_text().splitlines(keepends=True)[:3]
    last = json.loads(batches[-1])
    (data / "checkpoints.jsonl").write_text("".join(batches))
    (data / "checkpoint").write_text(last["checkpoint"])
    lines_changed(lambda lines: lines.__delitem__(slice(last["size"], None)))(data)
    shutil.rmtree(data / "originals")
    shutil.rmtree(data / "stamps")


DEEP = b'{"by":"x","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: (data / "stamps/line-38/answer.tsr").write_bytes(b"x"), "answer.tsr is not what its line"),
        (lambda data: (data / "stamps/line-38/authorities.pem").write_bytes(b"x"), "authorities.pem is not what its line"),
        (lambda data: (data / "stamps/line-39/checkpoint.txt.ots").write_bytes(b"x"), "txt.ots is not what its line"),
        (lambda data: (data / "stamps/line-39/checkpoint.txt").write_text((data / "checkpoint").read_text()),
         "is about something else|is not what its line"),
        (lambda data: shutil.rmtree(data / "stamps/line-38"), "stamps/line-38/checkpoint.txt is missing"),
        (lambda data: (data / "stamps/line-5").mkdir() or (data / "stamps/line-5/answer.tsr").write_bytes(b"x"),
         "line-5/answer.tsr is not what its line"),
        (lambda data: (data / "originals/evil").write_bytes(b"x"), "originals/evil is missing, or is no part"),
        (lambda data: (data / "more.jsonl").write_bytes(b"{}"), "more.jsonl is missing, or is no part"),
        (lambda data: (data / "keys.txt").unlink(), "keys.txt is missing, or is no part"),
        (lambda data: an_original(data).write_bytes(b"x"), "is not what was kept; on it rest .'source/"),
        (lambda data: (data / "checkpoints.jsonl").write_bytes(b""), "the checkpoints cover"),
        (rolled_back, "rolled back: .* had 38 lines, 31 are here"),
        (lines_changed(lambda lines: lines.insert(6, lines[5])), "line 6 of the ledger: .*event/4 is on record already"),
        (lines_changed(lambda lines: lines.append(DEEP)), "line 41 of the ledger: RecursionError"),
        (lines_changed(lambda lines: lines.append(b"[1]\n")), "line 41 of the ledger"),
        (lines_changed(lambda lines: lines.__setitem__(5, b'{"by":"x","recorded":"2019","withheld":"%s"}\n' % (
            sha256(b"\0" + lines[5][:-1]).hexdigest().encode()))), "line 5 of the ledger: .*too many values"),
        (lines_changed(lambda lines: lines.__setitem__(5, lines[5].replace(b"public", b"team"))),
         "first 11 lines are not those signed for; see from 0 on: source/paper, event/0"),
    ],
)  # fmt: skip
def test_what_was_slipped_into_a_bag_left_out_or_exchanged_is_named(
    stamped: Path,
    verifier: ModuleType,
    record: Record,
    tmp_path: Path,
    change: Callable[[Path], object],
    why: str,
) -> None:
    kept = tmp_path / "kept"
    kept.write_text((stamped / "stamps/line-38/checkpoint.txt").read_text())
    verifier.check_bag(stamped.parent, [str(public_key(record))], kept)
    change(stamped)
    seal_again(stamped.parent)
    with pytest.raises(verifier.Wrong, match=why):
        verifier.check_bag(stamped.parent, [str(public_key(record))], kept)


def test_a_pipe_or_a_link_in_a_bag_is_named_and_nobody_waits_for_it(bag: Path, verifier: ModuleType) -> None:
    place = an_original(bag / "data")
    content = place.read_bytes()
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(verifier.Wrong, match="neither a file nor a folder"):
        verifier.check_bag(bag, None, None)
    place.unlink()
    (bag.parent / "elsewhere").write_bytes(content)
    place.symlink_to(bag.parent / "elsewhere")
    with pytest.raises(verifier.Wrong, match="neither a file nor a folder"):
        verifier.check_bag(bag, None, None)


def test_a_record_that_went_on_under_another_key_holds_under_both(
    bag: Path, record: Record, tmp_path: Path, verifier: ModuleType
) -> None:
    import_bag(bag, tmp_path / "copy", key=public_key(record))
    copy = Record(tmp_path / "copy")
    copy.enter(events(500, 505))
    export_bag(copy, tmp_path / "again")
    keys = [str(public_key(record)), str(public_key(copy))]
    verifier.check_bag(tmp_path / "again", keys, None)
    with pytest.raises(verifier.Wrong, match="not signed with a known key"):
        verifier.check_bag(tmp_path / "again", keys[:1], None)


def test_an_original_left_out_with_the_manifests_mended_does_not_hold(
    bag: Path, verifier: ModuleType
) -> None:
    next(p for p in (bag / "data" / "originals").rglob("*") if p.is_file()).unlink()
    seal_again(bag)
    with pytest.raises(verifier.Wrong, match="missing or is not what was kept"):
        verifier.check_bag(bag, None, None)


def test_a_history_written_anew_does_not_hold_against_a_checkpoint_that_was_kept(
    record: Record, tmp_path: Path, verifier: ModuleType
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(checkpoint(record)))
    origin = public_key(record).name
    (record.folder / "ledger.sqlite").unlink()
    type(record.ledger).create(record.folder / "ledger.sqlite", origin, record.signer)
    fill(record)
    export_bag(record, tmp_path / "bag")
    with pytest.raises(verifier.Wrong, match="first 38 lines are not those signed for"):
        verifier.check_bag(tmp_path / "bag", None, kept)


def test_the_proof_of_an_entry_holds_by_itself_and_a_changed_one_does_not(
    record: Record, tmp_path: Path
) -> None:
    fields = prove(record, "event/7").fields()
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(fields))
    done = run("verify_proof.py", file, "--key", public_key(record))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Line 8 stands in")
    for field, value in (
        ("leaf", fields["leaf"].replace("№7", "№8")),
        ("index", 9),
        ("path", fields["path"][1:]),
        ("leaf_hash", prove(record, "event/8").fields()["leaf_hash"]),
    ):
        file.write_text(json.dumps({**fields, field: value}))
        assert run("verify_proof.py", file).returncode == 1, field


def test_the_form_of_transparency_logs_holds_by_itself_and_a_changed_one_does_not(
    record: Record, tmp_path: Path
) -> None:
    text, key = str(prove(record, "event/7")), public_key(record)
    file = tmp_path / "proof.tlog-proof"
    for whole in (text, text.strip()):  # copied from a page it may have lost its last line feed
        file.write_text(whole)
        done = run("verify_proof.py", file, "--key", key)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Line 8 stands in")
        assert '"id":"event/7"' in done.stdout
    lines = text.split("\n")
    of_another = str(prove(record, "event/8")).split("\n")
    changed = {
        "the line of another": [lines[0], of_another[1], *lines[2:]],
        "another place": [*lines[:2], "index 9", *lines[3:]],
        "a hash left out": lines[:3] + lines[4:],
        "hashes exchanged": [*lines[:3], lines[4], lines[3], *lines[5:]],
        "no place": lines[:2] + lines[3:],
        "no checkpoint": lines[:8],
    }
    for what, proof in changed.items():
        file.write_text("\n".join(proof))
        assert run("verify_proof.py", file, "--key", key).returncode == 1, what


def test_the_form_of_transparency_logs_is_checked_with_a_key_that_did_not_come_with_it(
    record: Record, other: Record, tmp_path: Path
) -> None:
    file = tmp_path / "proof.tlog-proof"
    file.write_text(str(prove(record, "event/7")))
    assert "give --key" in run("verify_proof.py", file).stderr
    assert "not signed with a known key" in run("verify_proof.py", file, "--key", public_key(other)).stderr


def test_a_proof_without_the_line_holds_for_the_hash_that_the_page_shows(
    record: Record, tmp_path: Path
) -> None:
    proof = replace(prove(record, "event/1"), leaf=None)
    file = tmp_path / "proof.tlog-proof"
    file.write_text(str(proof))
    arguments = ["verify_proof.py", file, "--key", public_key(record)]
    assert "with --hash" in run(*arguments).stderr
    done = run(*arguments, "--hash", proof.leaf_hash.hex())
    assert (done.returncode, done.stdout.splitlines()[1][:7]) == (0, "What it")
    assert run(*arguments, "--hash", "0" * 64).returncode == 1


def test_every_entry_of_a_published_site_comes_with_a_proof_that_holds_under_the_sites_checkpoint(
    record: Record, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    publish_site(record, site, when=date(2026, 11, 22))
    key = (site / "data" / "key.txt").read_text().strip()
    proofs = sorted(site.glob("entries/**/proof.tlog-proof"))
    assert len(proofs) == len(record.as_seen_by(PUBLIC).ids) == 31
    for proof in (proofs[0], proofs[12], proofs[-1]):
        page = (proof.parent / "index.html").read_text()
        command = next(line for line in page.splitlines() if "python verify_proof.py" in line)
        arguments = shlex.split(html.unescape(command.split(">", 1)[1].split("<")[0]))[2:]
        done = run("verify_proof.py", proof, *arguments[1:])
        assert (done.returncode, done.stderr) == (0, ""), page
        assert arguments[2] == key == str(public_key(record))
        assert proof.read_text().endswith((site / "data" / "checkpoint.txt").read_text())
        assert html.escape(proof.read_text(), quote=False).splitlines()[-1] in page
