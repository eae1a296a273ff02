#!/usr/bin/env python3
"""Check the proof of one entry without the rest of the record and without the program that made it.

    python verify_proof.py FILE [--key KEY]

FILE is what `prove ENTRY --json` printed. KEY is as in verify_record.py, which must lie beside this file.
"""

import argparse
import json
import sys
from base64 import b64decode

from verify_record import Wrong, checkpoint, leaf_hash, node_hash, parse_key, text_of


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


def check_proof(path, key):
    proof = json.loads(text_of(path))
    origin, size, root = checkpoint(proof["checkpoint"], [parse_key(key or proof["key"])])
    leaf, index = b64decode(proof["leaf_hash"]), proof["index"]
    if proof["leaf"] is not None and leaf_hash(proof["leaf"].encode()) != leaf:
        raise Wrong("the line is not the one that the proof is about")
    if not 0 <= index < size or root_above(leaf, index, size, [b64decode(p) for p in proof["path"]]) != root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    print(f"Line {index} stands in {origin} under the signed root over {size} lines.")
    print(proof["leaf"] or "What it says is not shown here, only its hash.")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for argument in ("file", "--key"):
        parser.add_argument(argument)
    given = parser.parse_args()
    try:
        check_proof(given.file, given.key)
    except (Wrong, OSError, ValueError, LookupError, TypeError, AttributeError) as cause:
        sys.exit(f"DOES NOT HOLD: {cause}" if isinstance(cause, Wrong) else f"DOES NOT HOLD: {cause!r}")
    print("HOLDS")


if __name__ == "__main__":
    main()
