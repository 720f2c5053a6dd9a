"""The log of RFC 9162: known vectors, every proof of small logs, and every way of damaging one."""

from __future__ import annotations

import pytest
from coursefacts.errors import InputFault
from courselab import merkle
from hypothesis import given, settings
from hypothesis import strategies as st

# Leaves of the test data of github.com/transparency-dev/merkle, rfc6962/rfc6962_test.go and testdata/.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def hexes(proof):
    return [beside.hex() for beside in proof]


@pytest.mark.parametrize(("size", "head"), ROOTS.items())
def test_the_heads_are_those_of_the_vectors(size, head):
    assert merkle.root(LEAVES[:size]).hex() == head


def test_the_hashes_are_those_of_the_vectors():
    assert merkle.leaf(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert (
        merkle.node(b"N123", b"N456").hex()
        == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )
    assert merkle.leaf(b"") != merkle.root([])


@pytest.mark.parametrize(("place", "proof"), INCLUSION.items())
def test_inclusion_proofs_are_those_of_the_vectors(place, proof):
    index, size = place

    assert hexes(merkle.inclusion(LEAVES[:size], index)) == proof


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENCY.items())
def test_consistency_proofs_are_those_of_the_vectors(sizes, proof):
    earlier, size = sizes

    assert hexes(merkle.consistency(LEAVES[:size], earlier)) == proof


SIZES = range(1, 20)


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_of_a_small_log_holds(size):
    log = [bytes([i]) for i in range(size)]
    head = merkle.root(log)
    for index in range(size):
        assert merkle.included(log[index], index, size, merkle.inclusion(log, index), head)
    for earlier in range(1, size + 1):
        proof = merkle.consistency(log, earlier)
        assert merkle.consistent(earlier, size, merkle.root(log[:earlier]), head, proof)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=9), min_size=2, max_size=40), st.data())
def test_a_quiet_edit_is_found(log, data):
    seen = data.draw(st.integers(1, len(log)))
    index = data.draw(st.integers(0, seen - 1))
    old = merkle.root(log[:seen])
    edited = [*log[:index], log[index] + b"!", *log[index + 1 :]]
    proof = merkle.consistency(edited, seen)

    assert not merkle.consistent(seen, len(log), old, merkle.root(edited), proof)
    assert not merkle.included(
        edited[index], index, len(log), merkle.inclusion(edited, index), merkle.root(log)
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.data())
def test_a_damaged_proof_is_refused(size, data):
    log = [bytes([i]) for i in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof, head = merkle.inclusion(log, index), merkle.root(log)
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = [*proof[:place], bytes([proof[place][0] ^ 1]) + proof[place][1:], *proof[place + 1 :]]

    for wrong in (flipped, [], proof[:-1], [*proof, proof[-1]], [bytes(32), *proof]):
        assert not merkle.included(log[index], index, size, wrong, head)
    assert not merkle.included(log[index], size, size, proof, head)


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 40), st.data())
def test_a_damaged_consistency_proof_is_refused(size, data):
    log = [bytes([i]) for i in range(size)]
    earlier = data.draw(st.integers(1, size - 1))
    old, head, proof = merkle.root(log[:earlier]), merkle.root(log), merkle.consistency(log, earlier)

    for wrong in ([], proof[:-1], [*proof, proof[-1]], [bytes(32), *proof]):
        assert not merkle.consistent(earlier, size, old, head, wrong)
    assert not merkle.consistent(earlier, size, head, old, proof)


def test_an_entry_left_out_is_found():
    log = [bytes([i]) for i in range(9)]
    shorter = log[:4] + log[5:]

    assert not merkle.consistent(
        6, 8, merkle.root(log[:6]), merkle.root(shorter), merkle.consistency(shorter, 6)
    )


def test_a_log_that_repeats_its_last_entry_has_another_head():
    # The other common rule, which copies the last node of an odd level, does not tell these two apart.
    assert merkle.root(LEAVES[:3]) != merkle.root([*LEAVES[:3], LEAVES[2]])


def test_a_node_cannot_be_passed_off_as_an_entry():
    joined = merkle.leaf(b"a") + merkle.leaf(b"b")

    assert merkle.root([b"a", b"b"]) != merkle.leaf(joined)


def test_the_same_size_is_consistent_only_with_itself():
    one, other = merkle.root(LEAVES[:4]), merkle.root(LEAVES[1:5])

    assert merkle.consistent(4, 4, one, one, [])
    assert not merkle.consistent(4, 4, one, other, [])
    assert not merkle.consistent(0, 4, one, one, [])


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: merkle.inclusion(LEAVES, 8), "no number 8"),
        (lambda: merkle.inclusion([], 0), "no number 0"),
        (lambda: merkle.consistency(LEAVES, 9), "none of 9"),
        (lambda: merkle.consistency(LEAVES, 0), "none of 0"),
    ],
)
def test_a_proof_of_what_is_not_there_is_refused_in_one_line(ask, says):
    with pytest.raises(InputFault, match=says):
        ask()
