"""A log that cannot be quietly changed: the Merkle tree of RFC 9162, section 2.1.

    >>> from courselab import merkle
    >>> log = [b"22:10 cooled down", b"22:40 first key", b"23:05 door opened"]
    >>> head = merkle.root(log)
    >>> proof = merkle.inclusion(log, 1)
    >>> merkle.included(b"22:40 first key", 1, 3, proof, head)
    True

Entries are bytes, hashes are 32 bytes of SHA-256. A proof is a list of hashes; checking it needs neither the
other entries nor trust in whoever keeps the log, only a head that somebody else has seen before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from coursefacts.errors import InputFault

HASH_BYTES = 32
# RFC 9162 2.1.1: one byte tells a leaf from a node, so that nobody can pass off a node as an entry.
_LEAF = b"\x00"
_NODE = b"\x01"


def leaf(entry: bytes) -> bytes:
    """Hash one entry."""
    return hashlib.sha256(_LEAF + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring hashes into the one above them."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(entries: Sequence[bytes]) -> bytes:
    """The head of the log: one hash that changes when any entry changes; without entries, that of nothing."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return leaf(entries[0])
    cut = _split(len(entries))
    return node(root(entries[:cut]), root(entries[cut:]))


def inclusion(entries: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that an entry stands at a place (counted from 0): the hashes beside its way up, lowest first."""
    if not 0 <= index < len(entries):
        raise InputFault(
            f"the log has {len(entries)} entries and no number {index}",
            remedy=f"count from 0 to {len(entries) - 1}" if entries else "append an entry first",
        )
    if len(entries) == 1:
        return []
    cut = _split(len(entries))
    if index < cut:
        return [*inclusion(entries[:cut], index), root(entries[cut:])]
    return [*inclusion(entries[cut:], index - cut), root(entries[:cut])]


def consistency(entries: Sequence[bytes], earlier: int) -> list[bytes]:
    """Prove that the log of `earlier` entries is the beginning of this one."""
    if not 0 < earlier <= len(entries):
        raise InputFault(
            f"the log has {len(entries)} entries, so none of {earlier} can be its beginning",
            remedy=f"name a size from 1 to {len(entries)}",
        )
    return _subproof(entries, earlier, whole=True)


def _subproof(entries: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    # RFC 9162 2.1.4.1: `whole` while the part is still the old tree itself, whose head the reader knows.
    if earlier == len(entries):
        return [] if whole else [root(entries)]
    cut = _split(len(entries))
    if earlier <= cut:
        return [*_subproof(entries[:cut], earlier, whole=whole), root(entries[cut:])]
    return [*_subproof(entries[cut:], earlier - cut, whole=False), root(entries[:cut])]


def included(entry: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Check an inclusion proof against the head of a log of that size (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    found = leaf(entry)
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(beside, found)
            place, last = _up_to_a_right_child(place, last)
        else:
            found = node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == head


def consistent(earlier: int, size: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """Check that the log with head `new` begins with the log with head `old` (RFC 9162 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and old == new
    # A full binary tree is a node of the larger one, so its hash is not sent again.
    way = [old, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not way:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = way[0]
    for beside in way[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node(beside, found_old), node(beside, found_new)
            place, last = _up_to_a_right_child(place, last)
        else:
            found_new = node(found_new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old and found_new == new


def _up_to_a_right_child(place: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the last node of an uneven tree has no partner."""
    while not place & 1 and place:
        place, last = place >> 1, last >> 1
    return place, last


def _split(size: int) -> int:
    """The largest power of two below a size (RFC 9162 2.1.1)."""
    return 1 << (size - 1).bit_length() - 1
