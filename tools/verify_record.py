#!/usr/bin/env python3
"""Check an exported record without the program that made it.

    python verify_record.py BAG [--key KEY] [--since CHECKPOINT]

BAG is the folder that `export bag` wrote, with --public or without. KEY is the record's public key (name+id+base64) as
its owner gave it to you another way; without it the key that lies with the record is used, which shows that nothing was
damaged but not who signed. CHECKPOINT is a file with a checkpoint that you kept: it is shown that nothing before it has
changed. Ends with 0 only if everything holds.

Written against the published formats alone: BagIt (RFC 8493), canonical JSON (RFC 8785), the Merkle tree of
RFC 6962, Ed25519 (RFC 8032), signed notes and checkpoints (C2SP). Needs Python 3.9 and `cryptography`.
"""

import argparse
import json
import os
import sys
from base64 import b64decode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not hold."""


def text_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as stream:
        return stream.read()


def hash_of(*path):
    digest = sha256()
    with open(os.path.join(*path), "rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def check_files(bag):
    """Every file against the manifests and the manifests against every file (RFC 8493, 3)."""
    listed = {}
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        for line in text_of(bag, manifest).splitlines():
            digest, name = line.split(None, 1)
            if os.path.isabs(name) or ".." in name.split("/"):
                raise Wrong(f"{manifest} names a file outside the bag: {name}")
            listed[name] = digest
    walked = (os.path.join(folder, name) for folder, _, names in os.walk(bag) for name in names)
    found = {os.path.relpath(path, bag).replace(os.sep, "/") for path in walked} - {"tagmanifest-sha256.txt"}
    for name in sorted(found ^ set(listed)):
        raise Wrong(f"{name} is missing" if name in listed else f"{name} is in no manifest")
    for name, digest in sorted(listed.items()):
        if hash_of(bag, name) != digest:
            raise Wrong(f"{name} is not what the manifest says")
    return len(listed)


def canonical(line):
    """The JSON of a line, if it is in canonical form: names are ASCII and numbers are integers in a record."""
    value = json.loads(
        line.decode("utf-8"), parse_float=str, parse_constant=str
    )  # a float comes back as text
    if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") != line:
        raise ValueError("not in canonical form")
    return value


def leaf_hash(data):
    return sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The Merkle tree of RFC 6962 over lines added one by one: the roots of its full subtrees, largest first."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, node):
        bits = self.size
        while bits % 2:
            node, bits = node_hash(self.peaks.pop(), node), bits // 2
        self.peaks.append(node)
        self.size += 1

    def root(self):
        node = self.peaks[-1] if self.peaks else sha256(b"").digest()
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def parse_key(text):
    """Name, key id and public key out of name+id+base64 (C2SP signed-note)."""
    name, key_id, material = text.strip().split("+", 2)
    data = b64decode(material, validate=True)
    expected = sha256(name.encode() + b"\n" + data).digest()[:4]
    if expected.hex() != key_id or data[0] != 1 or len(data) != 33:
        raise Wrong(f"this is not an Ed25519 key of a log: {text.strip()}")
    return name, expected, data[1:]


def checkpoint(note, keys):
    """Origin, size and root of a signed checkpoint, if one of the keys signed it (C2SP tlog-checkpoint)."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    for line in signatures.splitlines():
        _, name, blob = line.split(" ")
        data = b64decode(blob, validate=True)
        for public in (key[2] for key in keys if key[0] == name == origin and key[1] == data[:4]):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(data[4:], (text + "\n").encode())
                return origin, int(size), b64decode(root, validate=True)
            except InvalidSignature:
                continue
    raise Wrong(f"the checkpoint of {origin} over {size} lines is not signed with a known key")


def read_ledger(path, sizes):
    """The tree over all lines, the root and the last line at each of the sizes, lines by kind, originals by hash."""
    tree, states, kinds, originals = Tree(), {0: (Tree().root(), {})}, {}, {}
    with open(path, "rb") as lines:
        for line in (line[:-1] for line in lines):
            try:
                value = canonical(line)
            except ValueError as cause:
                raise Wrong(f"line {tree.size} of the ledger: {cause}") from cause
            (kind,) = set(value) - {"by", "recorded", "salt"}
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "custody":
                originals[value[kind]["sha256"]] = value[kind]["size"]
            tree.add(bytes.fromhex(value[kind]) if kind == "withheld" else leaf_hash(line))
            if tree.size in sizes:
                states[tree.size] = tree.root(), value
    return tree, states, kinds, originals


def check_bag(bag, key, since):
    files, data = check_files(bag), os.path.join(bag, "data")
    keys = [parse_key(line) for line in ([key] if key else text_of(data, "keys.txt").splitlines())]
    batches = [json.loads(line) for line in text_of(data, "checkpoints.jsonl").splitlines()]
    said = [checkpoint(batch["checkpoint"], keys) for batch in batches]
    last = checkpoint(text_of(data, "checkpoint"), keys)
    kept = [checkpoint(text_of(since), keys)] if since else []
    sizes = {size for _, size, _ in [*said, last, *kept]}
    tree, states, kinds, originals = read_ledger(os.path.join(data, "ledger.jsonl"), sizes)
    for origin, size, root in [*said, last, *kept]:
        if origin != last[0] or size not in states or root != states[size][0]:
            raise Wrong(f"the first {size} lines are not those that a checkpoint of {origin} was signed over")
    if last[1] != tree.size or [size for _, size, _ in said] != sorted({batch["size"] for batch in batches}):
        raise Wrong(f"{tree.size} lines are there, the checkpoints cover {last[1]} or are out of order")
    for batch in batches:
        by, recorded = (states[batch["size"]][1].get(name) for name in ("by", "recorded"))
        if "withheld" not in kinds and (batch["author"], batch["recorded"]) != (by, recorded):
            raise Wrong(
                f"the batch that ends at line {batch['size']} bears another name or time than its lines"
            )
    for digest, size in sorted(originals.items()):
        path = os.path.join(data, "originals", digest[:2], digest[2:4], digest)
        if not os.path.exists(path) or os.path.getsize(path) != size or hash_of(path) != digest:
            raise Wrong(f"original {digest} is missing or is not what was kept")
    print(f"{files} files are what the manifests say.")
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{tree.size} lines ({counted}), {len(said)} signed batches.")
    print(f"{len(originals)} originals are there, byte for byte.")
    if "withheld" in kinds:
        print(
            "Withheld lines stand as hashes: they exist; what they say is not shown. shown.jsonl is only told."
        )
    for _, size, _ in kept:
        print(f"Nothing in the first {size} lines has changed since the checkpoint that was kept.")
    print(f"Record {last[0]}, root {last[2].hex()}.")


def main():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    for argument in ("bag", "--key", "--since"):
        parser.add_argument(argument)
    given = parser.parse_args()
    try:
        check_bag(given.bag, given.key, given.since)
    except (Wrong, OSError, ValueError, LookupError, TypeError, AttributeError) as cause:
        sys.exit(f"DOES NOT HOLD: {cause}" if isinstance(cause, Wrong) else f"DOES NOT HOLD: {cause!r}")
    if not given.key:
        print("The key lay with the record: who signed is not shown. Give --key with what its owner gave.")
    print("HOLDS")


if __name__ == "__main__":
    main()
