"""Small questions about directed graphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def reachable(edges: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """List what can be reached from a node, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def on_cycles(edges: Mapping[str, Iterable[str]]) -> set[str]:
    """List the nodes from which a walk can come back."""
    return {
        node
        for node, targets in edges.items()
        if any(node in reachable(edges, target) for target in set(targets))
    }
