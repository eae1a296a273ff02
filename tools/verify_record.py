#!/usr/bin/env python3
"""Check an exported record without the program that made it.

    python verify_record.py BAG [--key KEY] [--since CHECKPOINT]

BAG is what `export bag` wrote, with --public or without. KEY is the record's public key (name+id+base64) as its owner
gave it to you another way, given twice if the record went on under another; without it the keys that lie with it are
used: that shows damage, not who signed. CHECKPOINT is a file with a checkpoint that you kept: nothing before it has
changed. Ends with 0 only if everything holds. Written against the published formats alone: BagIt (RFC 8493), canonical
JSON (RFC 8785), the Merkle tree of RFC 6962, Ed25519 (RFC 8032), signed notes (C2SP). Needs Python 3.11, `cryptography`.
"""

import argparse
import json
import os
import sys
from base64 import b64decode, b64encode
from collections import defaultdict
from contextlib import suppress
from functools import reduce
from hashlib import file_digest, sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KNOWN = {"checkpoint", "checkpoints.jsonl", "keys.txt", "ledger.jsonl"}
TOLD = {"README.txt", "record.toml", "shown.jsonl"}
FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Wrong(Exception):
    """Something does not hold."""


def text_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as stream:
        return stream.read()


def hash_of(*path):
    with open(os.path.join(*path), "rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def check_files(bag):
    """The payload, after every file was held against the manifests and they against every file (RFC 8493, 3)."""
    listed = {}
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        for line in text_of(bag, manifest).splitlines():
            digest, name = line.split(None, 1)
            if os.path.isabs(name) or ".." in name.split("/") or name in listed:
                raise Wrong(f"{manifest} names a file outside the bag, or twice: {name}")
            listed[name] = digest
    walked = [os.path.join(top, name) for top, tops, names in os.walk(bag) for name in tops + names]
    for path in walked:
        if os.path.islink(path) or not (os.path.isfile(path) or os.path.isdir(path)):
            raise Wrong(f"{path} is neither a file nor a folder")
    found = {os.path.relpath(path, bag).replace(os.sep, "/") for path in walked if os.path.isfile(path)}
    for name in sorted(found ^ {*listed, "tagmanifest-sha256.txt"}):
        raise Wrong(f"{name} is missing" if name in listed else f"{name} is in no manifest")
    for name in (name for name, digest in sorted(listed.items()) if hash_of(bag, name) != digest):
        raise Wrong(f"{name} is not what the manifest says")
    return {name[5:] for name in listed if name.startswith("data/")}


def parse_key(text):
    """Name, key id and public key out of name+id+base64 (C2SP signed-note)."""
    name, key_id, material = text.strip().split("+", 2)
    data = b64decode(material, validate=True)
    if sha256(name.encode() + b"\n" + data).hexdigest()[:8] != key_id or data[0] != 1 or len(data) != 33:
        raise Wrong(f"this is not an Ed25519 key of a log: {text.strip()}")
    return name, bytes.fromhex(key_id), data[1:]


def checkpoint(note, keys):
    """Origin, size and root of a signed checkpoint, if one of the keys signed it (C2SP tlog-checkpoint)."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    for line in signatures.splitlines():
        _, name, blob = line.split(" ")
        data = b64decode(blob, validate=True)
        for public in (key[2] for key in keys if key[0] == name == origin and key[1] == data[:4]):
            with suppress(InvalidSignature):
                Ed25519PublicKey.from_public_bytes(public).verify(data[4:], f"{text}\n".encode())
                return origin, int(size), b64decode(root, validate=True)
    raise Wrong(f"the checkpoint of {origin} over {size} lines is not signed with a known key")


class Ledger:
    """What the lines say, and the Merkle tree of RFC 6962 over them, kept as the roots of its full subtrees."""

    def __init__(self, path, batches, sizes):
        self.size, self.peaks, self.ids, self.handlings, self.originals = 0, [], {}, {}, set()
        self.kinds, self.of, self.cited = defaultdict(int), defaultdict(list), defaultdict(list)
        self.roots = {0: sha256(b"").digest()}
        with open(path, "rb") as lines:
            for line in lines:
                try:
                    said = self.read(line[:-1])
                except FAULTS as cause:
                    raise Wrong(f"line {self.size} of the ledger: {cause!r}") from cause
                self.size += 1
                if said and (batches.get(self.size) or said) != said:
                    raise Wrong(f"the batch that ends at line {self.size} bears another name or time than it")
                if self.size in sizes:
                    joined = lambda right, left: sha256(b"\x01" + left + right).digest()  # noqa: E731
                    self.roots[self.size] = reduce(joined, reversed(self.peaks))

    def read(self, line):
        """Take in one line in canonical form; who recorded it and when, None if it is withheld."""
        value = json.loads(line, parse_float=str, parse_constant=str)  # names are ASCII, numbers integers
        if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != line:
            raise ValueError("not in canonical form")
        (kind,) = set(value) if "withheld" in value else set(value) - {"by", "recorded", "salt"}
        what, bits = value[kind], self.size
        node = bytes.fromhex(what) if kind == "withheld" else sha256(b"\x00" + line).digest()
        while bits % 2:
            node, bits = sha256(b"\x01" + self.peaks.pop() + node).digest(), bits // 2
        self.peaks.append(node)
        self.kinds[kind] += 1
        if kind == "custody":
            self.originals.add(what["sha256"])
        elif kind == "handling":
            self.handlings[self.size] = what
        elif kind == "entry":
            if self.ids.setdefault(what["id"], self.size) != self.size:
                raise ValueError(f"{what['id']} is on record already, in line {self.ids[what['id']]}")
            self.of[what.get("sha256")].append(what["id"])
            for citation in what.get("citations", ()):
                self.cited[citation["source"]].append(what["id"])
        return None if kind == "withheld" else (value["by"], value["recorded"])

    def hold(self, said):
        """See that each of the checkpoints was signed over the first of these lines."""
        good = 0
        for origin, size, root in sorted(said, key=lambda one: one[1]):
            if origin != said[0][0] or size > self.size:
                raise Wrong(f"swapped or rolled back: {origin} had {size} lines, {self.size} are here")
            if root != self.roots[size]:
                among = ", ".join([name for name, line in self.ids.items() if good <= line < size][:9])
                raise Wrong(f"the first {size} lines are not those signed for; see from {good} on: {among}")
            good = size


def check_bag(bag, key, since):
    files, data = check_files(bag), os.path.join(bag, "data")
    keys = [parse_key(text) for text in (key or text_of(data, "keys.txt").splitlines())]
    batches = [json.loads(line) for line in text_of(data, "checkpoints.jsonl").splitlines()]
    stamps = {name for name in files if name.startswith("stamps/line-")}
    texts = [text_of(data, "checkpoint"), *(text_of(data, name) for name in stamps if name.endswith(".txt"))]
    notes = texts + [batch["checkpoint"] for batch in batches] + ([text_of(since)] if since else [])
    said = [checkpoint(note, keys) for note in notes]
    closed = {batch["size"]: "author" in batch and (batch["author"], batch["recorded"]) for batch in batches}
    ledger = Ledger(os.path.join(data, "ledger.jsonl"), closed, {size for _, size, _ in said})
    ledger.hold(said)
    if {said[0][1], ledger.size} != {[0, *closed][-1]} or sorted(closed) != [*closed]:
        raise Wrong(f"{ledger.size} lines are there, the checkpoints cover {said[0][1]} or are out of order")
    wanted = {f"originals/{digest[:2]}/{digest[2:4]}/{digest}": digest for digest in ledger.originals}
    for name, digest in sorted(wanted.items()):
        if name not in files or hash_of(data, name) != digest:
            rest = [entry for source in ledger.of[digest] for entry in (source, *ledger.cited[source])]
            raise Wrong(f"original {digest} is missing or is not what was kept; on it rest {rest}")
    stamped = {seq for seq, line in ledger.handlings.items() if line["action"] in ("stamped", "anchored")}
    odd = (files - KNOWN - TOLD - stamps - set(wanted)) | (KNOWN - files)
    for name in sorted(odd | ({f"stamps/line-{seq}/checkpoint.txt" for seq in stamped} - files)):
        raise Wrong(f"{name} is missing, or is no part of what the ledger names")
    for name in sorted(stamps):
        with open(os.path.join(data, name), "rb") as stream:
            kept = stream.read()
        said_so = {*ledger.handlings.get(int(name.split("/")[1][5:]), {}).values()} | {*ledger.kinds} & {
            "withheld"
        }
        if not {"withheld", b64encode(kept).decode(), kept.decode("utf-8", "replace")} & said_so:
            raise Wrong(f"{name} is not what its line of the ledger says")
        about = bytes.fromhex(hash_of(data, os.path.dirname(name), "checkpoint.txt"))
        if name.endswith((".tsr", ".ots")) and about not in kept:
            raise Wrong(f"{name} is about something else than the checkpoint beside it")
    print(f"{len(files)} files are what the manifests say; {', '.join(sorted(TOLD & files))} are only told.")
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(ledger.kinds.items()))
    print(f"{ledger.size} lines ({counted}), {len(batches)} signed batches.")
    print(f"{len(wanted)} originals and {len(stamps)} files of stamps are there, byte for byte.")
    if "withheld" in ledger.kinds:
        print("Withheld lines stand as hashes: they exist; what they say is not shown.")
    if since:
        print(f"Nothing in the first {said[-1][1]} lines has changed since the checkpoint that was kept.")
    print(f"Record {said[0][0]}, root {said[0][2].hex()}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("bag")
    parser.add_argument("--key", action="append")
    parser.add_argument("--since")
    given = parser.parse_args()
    try:
        check_bag(given.bag, given.key, given.since)
    except (Wrong, OSError, *FAULTS) as cause:
        sys.exit(f"DOES NOT HOLD: {cause if isinstance(cause, (Wrong, OSError)) else repr(cause)}")
    print("HOLDS" if given.key else "HOLDS under keys that lay with it: give --key to see who signed.")
