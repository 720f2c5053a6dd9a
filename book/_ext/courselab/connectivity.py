"""How many qubits count: on the chip, connected, working, and both.

The lists count qubits that are fully controlled, connected and working. *Connected* asks for a path of
two-qubit gates between any two of them, not for a coupler between each pair; so it is the size of the
largest connected part. *Working* follows the machine's own specification: here a qubit with a coupler
outside specification is not working, a reading that is stated and not the only possible one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from courselab.layouts import Coupler, Layout


@dataclass(frozen=True)
class Census:
    """The counts of one device.

    total: qubits on the chip. connected: largest part joined by couplers that are present.
    working: qubits of which no coupler is outside specification. counted: largest part of connected and
    working qubits, the number to take to a list.
    """

    total: int
    connected: int
    working: int
    counted: int


def census(layout: Layout, out_of_spec: Iterable[Coupler] = ()) -> Census:
    """Count the qubits of a layout; couplers that are out of specification take both their qubits along."""
    broken = {qubit for coupler in out_of_spec for qubit in coupler}
    return Census(
        total=layout.qubits,
        connected=len(largest_part(layout)),
        working=layout.qubits - len(broken),
        counted=len(largest_part(layout, broken)),
    )


def largest_part(layout: Layout, broken: Iterable[int] = ()) -> frozenset[int]:
    """The qubits of the largest connected part, the broken ones left out."""
    gone = set(broken)
    kept = [(a, b) for a, b in layout.couplers if a not in gone and b not in gone]
    alive = np.array([qubit not in gone for qubit in range(layout.qubits)])
    labels = _labels(layout.qubits, kept)
    if not alive.any():
        return frozenset()
    sizes = np.bincount(labels[alive])
    return frozenset(np.flatnonzero(alive & (labels == sizes.argmax())).tolist())


def counted_couplers(layout: Layout, out_of_spec: Iterable[Coupler] = ()) -> tuple[Coupler, ...]:
    """The couplers whose gates make up the machine's average: those inside the counted part."""
    part = largest_part(layout, {qubit for coupler in out_of_spec for qubit in coupler})
    return tuple((a, b) for a, b in layout.couplers if a in part and b in part)


def share_left(layout: Layout, lost_share: float, trials: int, rng: np.random.Generator) -> float:
    """Mean size of the largest part, as a share of all qubits, when couplers are lost at random."""
    couplers = np.array(layout.couplers)
    lost = round(lost_share * len(couplers))
    sizes = []
    for _ in range(trials):
        kept = rng.permutation(len(couplers))[lost:]
        labels = _labels(layout.qubits, [tuple(pair) for pair in couplers[kept].tolist()])
        sizes.append(np.bincount(labels).max())
    return float(np.mean(sizes)) / layout.qubits


def _labels(qubits: int, couplers: list[Coupler]) -> NDArray[np.int32]:
    """Number the connected part of each qubit, shape (qubits,)."""
    rows, columns = np.array(couplers, dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(qubits, qubits))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels)
