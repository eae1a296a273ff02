"""The tree against RFC 6962: its published vectors, and a second implementation written straight from the text."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record import merkle

# Inputs and roots of the reference implementation of RFC 6962 (Certificate Transparency, merkle_tree_test).
VECTORS = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Grown:
    """A tree kept in tiles, grown in batches as a ledger grows it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}
        self.size = 0

    def append(self, leaves: list[bytes]) -> None:
        self.kept.update(merkle.appended(self.tiles, self.size, map(merkle.leaf_hash, leaves)))
        self.size += len(leaves)

    def tiles(self, level: int, index: int) -> bytes:
        return self.kept[level, index]


def grown(*sizes: int) -> tuple[list[bytes], Grown]:
    leaves = [number.to_bytes(4, "big") for number in range(sum(sizes))]
    tree = Grown()
    for size in sizes:
        tree.append(leaves[tree.size : tree.size + size])
    return leaves, tree


batches = st.lists(st.integers(1, 150), min_size=1, max_size=5)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int) -> None:
    leaves = [bytes.fromhex(data) for data, _ in VECTORS[:size]]
    tree = Grown()
    tree.append(leaves)
    expected = bytes.fromhex(VECTORS[size - 1][1])
    assert merkle.root(tree.tiles, size) == expected
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in leaves]) == expected


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root(Grown().tiles, 0) == merkle.EMPTY_ROOT == merkle.root_of([]) == naive_root([])
    assert merkle.Frontier().root() == merkle.EMPTY_ROOT


@given(batches, st.data())
def test_every_root_of_the_past_can_be_computed_from_the_tiles(sizes: list[int], data: st.DataObject) -> None:
    leaves, tree = grown(*sizes)
    size = data.draw(st.integers(0, tree.size))
    assert merkle.root(tree.tiles, size) == naive_root(leaves[:size])


@given(batches)
def test_tiles_are_the_same_however_the_leaves_were_divided_into_batches(sizes: list[int]) -> None:
    assert grown(*sizes)[1].kept == grown(sum(sizes))[1].kept


@given(st.integers(0, 600))
def test_a_frontier_has_the_same_root_as_the_tree(size: int) -> None:
    leaves, _ = grown(size)
    frontier = merkle.Frontier()
    for leaf in leaves:
        frontier.add(merkle.leaf_hash(leaf))
    assert (frontier.size, frontier.root()) == (size, naive_root(leaves))


@given(batches, st.data())
def test_the_inclusion_proof_of_any_leaf_is_the_standards_and_holds(
    sizes: list[int], data: st.DataObject
) -> None:
    leaves, tree = grown(*sizes)
    size = data.draw(st.integers(1, tree.size))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(tree.tiles, index, size)
    assert proof == naive_path(index, leaves[:size])
    leaf, root = merkle.leaf_hash(leaves[index]), merkle.root(tree.tiles, size)
    assert merkle.verify_inclusion(leaf, index, size, proof, root)


@given(batches, st.data())
def test_a_tampered_inclusion_proof_fails(sizes: list[int], data: st.DataObject) -> None:
    leaves, tree = grown(*sizes)
    size = data.draw(st.integers(1, tree.size))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(tree.tiles, index, size)
    leaf, root = merkle.leaf_hash(leaves[index]), merkle.root(tree.tiles, size)
    other = sha256(b"something else").digest()
    assert not merkle.verify_inclusion(other, index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, other)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, other], root)
    assert not merkle.verify_inclusion(leaf, size, size, proof, root)
    assert not merkle.verify_inclusion(leaf, -1, size, proof, root)
    if proof:
        spoilt = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(
            leaf, index, size, [*proof[:spoilt], other, *proof[spoilt + 1 :]], root
        )
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
        elsewhere = data.draw(st.integers(0, size - 1).filter(lambda at: at != index))
        assert not merkle.verify_inclusion(leaf, elsewhere, size, proof, root)


@given(batches, st.data())
def test_the_consistency_proof_of_any_two_sizes_is_the_standards_and_holds(
    sizes: list[int], data: st.DataObject
) -> None:
    leaves, tree = grown(*sizes)
    new = data.draw(st.integers(1, tree.size))
    old = data.draw(st.integers(0, new))
    proof = merkle.consistency_proof(tree.tiles, old, new)
    if old:
        assert proof == naive_proof(old, leaves[:new])
    roots = merkle.root(tree.tiles, old), merkle.root(tree.tiles, new)
    assert merkle.verify_consistency(old, new, *roots, proof)


@given(st.integers(2, 400), st.data())
def test_a_tree_whose_past_was_changed_is_not_consistent(size: int, data: st.DataObject) -> None:
    leaves, honest = grown(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    forged = Grown()
    forged.append([*leaves[:changed], b"forged", *leaves[changed + 1 :]])
    proof = merkle.consistency_proof(forged.tiles, old, size)
    old_root, new_root = merkle.root(honest.tiles, old), merkle.root(forged.tiles, size)
    assert not merkle.verify_consistency(old, size, old_root, new_root, proof)


@given(st.integers(2, 400), st.data())
def test_a_tampered_consistency_proof_fails(size: int, data: st.DataObject) -> None:
    _, tree = grown(size)
    old = data.draw(st.integers(1, size - 1))
    proof = merkle.consistency_proof(tree.tiles, old, size)
    roots = merkle.root(tree.tiles, old), merkle.root(tree.tiles, size)
    other = sha256(b"something else").digest()
    spoilt = data.draw(st.integers(0, len(proof) - 1))
    assert not merkle.verify_consistency(old, size, *roots, [*proof[:spoilt], other, *proof[spoilt + 1 :]])
    assert not merkle.verify_consistency(old, size, *roots, [*proof, other])
    assert not merkle.verify_consistency(old, size, *roots, proof[:-1])
    assert not merkle.verify_consistency(old, size, *roots, [])


def test_a_tree_is_never_the_beginning_of_a_shorter_one() -> None:
    _, tree = grown(5)
    with pytest.raises(ValueError, match="cannot be the beginning"):
        merkle.consistency_proof(tree.tiles, 4, 3)
    with pytest.raises(ValueError, match="cannot be the beginning"):
        merkle.consistency_proof(tree.tiles, -1, 3)
    with pytest.raises(IndexError, match="not in a tree of 5"):
        merkle.inclusion_proof(tree.tiles, 5, 5)
    assert not merkle.verify_consistency(5, 3, merkle.root(tree.tiles, 5), merkle.root(tree.tiles, 3), [])


@pytest.mark.slow
def test_a_tree_of_three_levels_of_tiles_has_the_standards_roots() -> None:
    leaves, tree = grown(66_000, 1)
    for size in (255, 256, 257, 65_535, 65_536, 65_537, 66_001):
        assert merkle.root(tree.tiles, size) == naive_root(leaves[:size])
