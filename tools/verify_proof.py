#!/usr/bin/env python3
"""Check the proof of one entry without the rest of the record and without the program that made it.

    python verify_proof.py FILE --key KEY [--hash HEX]

FILE is what `prove ENTRY` printed or what an entry's page offers as proof.tlog-proof (C2SP tlog-proof), or the JSON of
`prove ENTRY --json`. KEY is as in verify_record.py, which must lie beside this file; the JSON form brings a key along,
which shows that nothing was damaged but not who signed. A proof without the line itself needs --hash, the line's hash
in hexadecimal as the page shows it.
"""

import argparse
import json
import sys
from base64 import b64decode
from hashlib import sha256

from verify_record import Wrong, checkpoint, parse_key, text_of


def leaf_hash(data):
    return sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right).digest()


FORM = "c2sp.org/tlog-proof@v1"


def read_tlog_proof(text):
    """Line or None, index, path and checkpoint out of the form of transparency logs."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")[1:]
    extra = lines.pop(0).removeprefix("extra ") if lines[0].startswith("extra ") else None
    word, _, index = lines[0].partition(" ")
    if word != "index" or index != str(int(index)):
        raise Wrong(f"this is no proof: {lines[0]!r} stands where the index should")
    line = None if extra is None else b64decode(extra, validate=True)
    return line, None, int(index), [b64decode(part, validate=True) for part in lines[1:]], note


def read_json(text):
    """The same, with the hash of the line, out of the JSON form."""
    proof = json.loads(text)
    line = None if proof["leaf"] is None else proof["leaf"].encode()
    path = [b64decode(part, validate=True) for part in proof["path"]]
    return line, b64decode(proof["leaf_hash"], validate=True), proof["index"], path, proof["checkpoint"]


def root_above(node, index, size, path):
    """The root that a leaf's hash and the hashes beside its way up give (RFC 9162, 2.1.3.2)."""
    last = size - 1
    for sibling in path:
        if last == 0:
            raise Wrong("the proof has too many hashes")
        if index % 2 or index == last:
            node = node_hash(sibling, node)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = node_hash(node, sibling)
        index, last = index // 2, last // 2
    return node if last == 0 else b""


def check_proof(file, key, given_hash):
    text = text_of(file)
    as_log = text.startswith(FORM + "\n")
    line, leaf, index, path, note = read_tlog_proof(text) if as_log else read_json(text)
    if as_log and not key:
        raise Wrong(
            "this form of proof brings no key along: give --key with the one the record's keeper gave you"
        )
    origin, size, root = checkpoint(note, [parse_key(key or json.loads(text)["key"])])
    hashes = {*([leaf_hash(line)] if line else []), *([leaf] if leaf else [])}
    hashes |= {bytes.fromhex(given_hash)} if given_hash else set()
    if len(hashes) > 1:
        raise Wrong("the line is not the one that the proof is about")
    if not hashes:
        raise Wrong("the line is not in the proof: give its hash as the page shows it, with --hash")
    if not 0 <= index < size or root_above(hashes.pop(), index, size, path) != root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    print(f"Line {index} stands in {origin} under the signed root over {size} lines.")
    print(line.decode() if line else "What it says is not shown here, only its hash.")
    if not key:
        print(
            "The key came with the proof: who signed is not shown. Give --key with the one its owner gave you."
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for argument in ("file", "--key", "--hash"):
        parser.add_argument(argument)
    given = parser.parse_args()
    try:
        check_proof(given.file, given.key, given.hash)
    except (Wrong, OSError, ValueError, LookupError, TypeError, AttributeError) as cause:
        sys.exit(f"DOES NOT HOLD: {cause}" if isinstance(cause, Wrong) else f"DOES NOT HOLD: {cause!r}")
    print("HOLDS")


if __name__ == "__main__":
    main()
