"""Invented people with evidence of their own."""

from __future__ import annotations

import hashlib
from typing import Any


def named(learner: dict[str, Any], name: str) -> dict[str, Any]:
    """The same evidence for somebody else, whose hand-in has bytes of its own."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    first, *rest = learner["evidence"]
    return {**learner, "learner": name, "evidence": [{**first, "submission_sha256": digest}, *rest]}
